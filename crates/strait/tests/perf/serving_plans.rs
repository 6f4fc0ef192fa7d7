//! Plans of serving: the best is the best there is, more chips never serve less, no engine beats the best of all, and
//! no interval ends beyond what the chip can do.

use proptest::prelude::*;
use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, load_sources};
use strait::figure::{Outcome, Quantity};
use strait::perf::inference::{
    Demand, Formats, Inference, Limits, Mode, Operating, Pair, Replica, Setup, Spread, best, within,
};
use strait::perf::ops::End;
use strait::perf::{Model, ModelId, PerfModel, Scale};
use strait::scenario::Scenario;

struct World {
    catalog: Catalog,
    perf: PerfModel,
}

fn world() -> &'static World {
    static WORLD: std::sync::OnceLock<World> = std::sync::OnceLock::new();
    WORLD.get_or_init(|| {
        let data = DataSet::embedded();
        let sources = load_sources(&data).unwrap_or_else(|p| panic!("{p}"));
        World {
            catalog: Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}")),
            perf: PerfModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}")),
        }
    })
}

fn chip(name: &str) -> &'static Chip {
    world().catalog.resolve(name).unwrap().chip
}

fn model(name: &str) -> &'static Model {
    world().perf.model(&ModelId(name.into())).unwrap()
}

fn setup(of: &str, on: &str) -> Setup<'static> {
    let system = world().perf.inference().system(chip(on), End::Middle).unwrap();
    Setup {
        model: model(of),
        formats: Formats::of(Formats::usual(&system)).unwrap(),
        spread: Spread::ONE,
        system,
        engine: None,
    }
}

fn replica(inference: &Inference, of: &str, on: &str, tensor: u32) -> Replica<'static> {
    let spread = Spread::tensor(tensor);
    inference
        .replica(&Setup {
            spread,
            ..setup(of, on)
        })
        .unwrap_or_else(|n| panic!("{n:?}"))
}

fn limits(ttft: f64, tpot: f64) -> Limits {
    Limits { ttft, tpot }
}

#[test]
fn the_best_users_serve_what_a_search_over_all_finds() {
    let inference = world().perf.inference();
    let none = f64::INFINITY;
    for (of, on, tensor, demand, limits) in [
        (
            "llama-3.1-70b",
            "h20",
            4,
            Demand::new(1024.0, 512.0),
            limits(none, 0.1),
        ),
        (
            "llama-3.1-70b",
            "h20",
            8,
            Demand::new(1024.0, 512.0),
            limits(2.0, 0.1),
        ),
        (
            "llama-3.1-70b",
            "h20",
            8,
            Demand::new(1024.0, 512.0),
            Limits::NONE,
        ),
        (
            "llama-3.1-70b",
            "ascend-910c",
            8,
            Demand::new(1024.0, 512.0),
            limits(none, 0.08),
        ),
        (
            "llama-3.1-8b",
            "h100-sxm",
            1,
            Demand::new(512.0, 256.0),
            limits(none, 0.03),
        ),
        (
            "llama-3.1-8b",
            "l20",
            1,
            Demand::new(2000.0, 200.0),
            limits(5.0, 0.07),
        ),
        (
            "qwen3-32b",
            "mi300x",
            2,
            Demand::new(1024.0, 1024.0),
            limits(none, 0.05),
        ),
    ] {
        let r = replica(inference, of, on, tensor);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let most = r.fits(&demand).min(700.0) as u32;
        let all = (1..=most).map(|users| r.at(&demand, f64::from(users)));
        let most = all
            .filter(|way| limits.keep(way))
            .map(|way| way.per_chip)
            .fold(0.0, f64::max);
        let found = within(&r, &demand, &limits, 0.0).unwrap();
        assert!(limits.keep(&found));
        assert!(
            found.per_chip > 0.985 * most,
            "{of} on {on}: {} with {} users, {most} can be had",
            found.per_chip,
            found.users
        );
    }
}

#[test]
fn more_chips_never_serve_less() {
    let inference = world().perf.inference();
    let demand = Demand::new(1024.0, 512.0);
    for (of, on, counts) in [
        (
            "llama-3.1-8b",
            "h20",
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17][..],
        ),
        ("llama-3.1-405b", "h100-sxm", &[8, 12, 16, 60, 64, 70, 100, 128]),
        ("deepseek-v3", "h800-sxm", &[16, 24, 64, 72, 80, 100]),
        ("deepseek-v3", "gb200", &[16, 64, 71, 72, 73]),
    ] {
        let mut last = 0.0;
        for chips in counts {
            let limits = limits(3.0, 0.08);
            let found = best(inference, &setup(of, on), *chips, &demand, &limits).unwrap();
            let requests = found
                .as_ref()
                .map_or(0.0, strait::perf::inference::Chosen::requests);
            assert!(requests >= last, "{of} on {chips} {on}: {requests} after {last}");
            if let Some(found) = found {
                assert_eq!(
                    found.replicas * found.replica.steps.spread().chips() + found.idle,
                    *chips
                );
            }
            last = requests;
        }
        assert!(last > 0.0, "{of} on {on}");
    }
}

fn ways(inference: &Inference, engine: Option<&str>, of: &str, on: &str) -> Vec<Operating> {
    let setup = Setup {
        engine,
        ..setup(of, on)
    };
    let r = inference.replica(&setup).unwrap();
    let demands = [
        Demand::new(128.0, 4096.0),
        Demand::new(1024.0, 1024.0),
        Demand::new(4000.0, 1.0),
    ];
    let users = [1.0, 8.0, 64.0];
    demands
        .iter()
        .flat_map(|demand| users.map(|users| r.at(demand, users)))
        .collect()
}

/// Its kernels are each shape's fastest, its host's part is typical: an engine whose host is quicker may gain a little.
#[test]
fn no_engine_is_much_faster_than_best_kernels_under_a_typical_host() {
    let inference = world().perf.inference();
    for (of, on) in [
        ("llama-3.1-8b", "h100-sxm"),
        ("qwen3-30b-a3b", "h200"),
        ("llama-3.1-8b", "ascend-910c"),
    ] {
        let fastest = ways(inference, None, of, on);
        let versions = inference.kernels.versions();
        assert_eq!(
            versions.keys().copied().collect::<Vec<_>>(),
            ["SGLang", "TRTLLM", "VLLM"]
        );
        for engine in versions.keys() {
            for (best, way) in fastest.iter().zip(ways(inference, Some(engine), of, on)) {
                // A request's time outside the model is 22 to 104 ms by engine, 30 ms typically.
                assert!(
                    best.ttft <= 1.25 * way.ttft + 0.02 && best.tpot <= 1.15 * way.tpot,
                    "{engine}: {way:?} beside {best:?}"
                );
            }
        }
    }
}

#[test]
fn captured_graphs_and_warm_caches_never_slow_a_step() {
    let plain = world().perf.inference();
    let run = |mode| world().perf.clone().run_as(mode);
    let eager = run(Mode {
        eager: true,
        warm: false,
    });
    let warm = run(Mode {
        eager: false,
        warm: true,
    });
    for engine in [None, Some("TRTLLM"), Some("VLLM")] {
        let at = |inference: &Inference| ways(inference, engine, "llama-3.1-8b", "h100-sxm");
        let (cold, eager, warm) = (at(plain), at(eager.inference()), at(warm.inference()));
        assert!(
            eager[0].tpot > 1.01 * cold[0].tpot,
            "{:?} {:?}",
            eager[0],
            cold[0]
        );
        for ((c, e), w) in cold.iter().zip(&eager).zip(&warm) {
            assert!(e.tpot >= c.tpot && w.tpot <= c.tpot && w.ttft <= c.ttft);
        }
        assert!(warm[0].tpot < cold[0].tpot, "{:?} {:?}", warm[0], cold[0]);
    }
}

#[test]
fn nothing_is_faster_than_its_operators_at_their_least_time() {
    let inference = world().perf.inference();
    for (of, on, tensor) in [
        ("llama-3.1-8b", "h100-sxm", 1),
        ("llama-3.1-70b", "h20", 4),
        ("deepseek-v3", "b200", 8),
        ("qwen3-30b-a3b", "ascend-910c", 2),
    ] {
        let r = replica(inference, of, on, tensor);
        for demand in [
            Demand::new(1024.0, 1024.0),
            Demand::new(4096.0, 1.0),
            Demand::new(100.0, 4000.0),
        ] {
            for users in [1.0, 16.0, 100.0] {
                let (way, floor) = (r.at(&demand, users), r.floor(&demand, users));
                assert!(
                    floor.ttft > 0.0 && floor.ttft < way.ttft,
                    "{of} {way:?} {floor:?}"
                );
                assert!(
                    floor.tpot > 0.0 && floor.tpot < way.tpot,
                    "{of} {way:?} {floor:?}"
                );
                assert!(floor.requests > way.requests, "{of} {way:?} {floor:?}");
            }
        }
    }
}

#[test]
fn no_interval_ends_beyond_the_chip() {
    let World { catalog, perf } = world();
    let mut seen = 0;
    for name in [
        "h20",
        "ascend-910c",
        "h100-sxm",
        "mi300x",
        "l20",
        "t4",
        "ascend-910b3",
    ] {
        let chip = catalog.resolve(name).unwrap().chip;
        let board = chip.tdp.as_ref().map(|f| f.estimate().high.get());
        for workload in perf.workloads().iter().filter(|w| !w.is_training()) {
            let Outcome::Known(p) = perf.run(chip, &workload.id, Scale::Node) else {
                continue;
            };
            seen += 1;
            let peak = chip
                .tensor_peak(p.plan.arithmetic)
                .unwrap()
                .rate
                .estimate()
                .high
                .get();
            let achieved = p.achieved.high.get();
            assert!(achieved <= peak, "{name} {}: {achieved} of {peak}", workload.id);
            let watts = p.power.map(|w| w.high.get());
            assert!(watts <= board, "{name} {}: {watts:?} of {board:?}", workload.id);
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn intervals_are_the_fit_s_and_wider_for_families_nobody_measured() {
    let perf = &world().perf;
    let demand = Demand::new(1024.0, 1024.0);
    let width = |on: &str| {
        let chip = chip(on);
        let at = |end| {
            let system = perf.inference().system(chip, end).ok()?;
            let r = perf
                .inference()
                .replica(&Setup {
                    system,
                    ..setup("llama-3.1-8b", on)
                })
                .ok()?;
            Some((r.at(&demand, 8.0), r.floor(&demand, 8.0)))
        };
        let found = perf.serving_intervals(&[chip], &at).unwrap();
        let middle = at(End::Middle).unwrap().0;
        assert!(found.tpot.low.unwrap() < middle.tpot && middle.tpot < found.tpot.high.unwrap());
        assert!(
            found.per_chip.low.unwrap() < middle.per_chip && middle.per_chip < found.per_chip.high.unwrap()
        );
        found.tpot.high.unwrap() / middle.tpot
    };
    assert!(perf.was_measured(chip("h100-sxm")) && !perf.was_measured(chip("ascend-910c")));
    // Beside the fit's spread stands only what is disputed of the chip.
    let beyond = width("h100-sxm") / perf.serving_ratio(chip("h100-sxm"), false);
    assert!((1.0 - 1e-9..1.2).contains(&beyond), "{beyond}");
    assert!(width("ascend-910c") > 1.05 * width("h100-sxm"));
    assert!(width("v100-sxm2") > 1.1 * width("h100-sxm"));
}

#[test]
fn pools_are_whole_replicas_that_keep_up_with_each_other() {
    let inference = world().perf.inference();
    let (prompts, decodes) = (
        replica(inference, "llama-3.1-70b", "h100-sxm", 4),
        replica(inference, "llama-3.1-70b", "h20", 4),
    );
    for (demand, chips) in [
        (Demand::new(1024.0, 1024.0), 8),
        (Demand::new(8000.0, 100.0), 16),
        (Demand::new(8000.0, 20.0), 32),
    ] {
        let pair = Pair {
            prompts: &prompts,
            decodes: &decodes,
            chips,
            busy: 0.8,
            transfer: 0.01,
        };
        let found = pair.best(&demand, &Limits::NONE).unwrap();
        assert!(found.prompts >= 1 && found.decodes >= 1);
        assert!(4 * found.prompts.max(found.decodes) <= chips, "{found:?}");
        assert!(found.busy > 0.0 && found.busy <= 0.8 + 1e-9, "{found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn more_chips_of_any_number_never_serve_less(
        chips in 1u32..80, more in 1u32..40, of in 0usize..3, tpot in 0.02f64..0.2,
    ) {
        let (of, on) = [("llama-3.1-8b", "l20"), ("llama-3.1-70b", "h20"), ("qwen3-30b-a3b", "ascend-910c")][of];
        let demand = Demand::new(1024.0, 256.0);
        let limits = limits(4.0, tpot);
        let at = |chips| {
            let found = best(world().perf.inference(), &setup(of, on), chips, &demand, &limits);
            found.ok().flatten().map_or(0.0, |c| c.requests())
        };
        prop_assert!(at(chips + more) >= at(chips), "{of} on {on}: {} and {}", at(chips), at(chips + more));
    }
}
