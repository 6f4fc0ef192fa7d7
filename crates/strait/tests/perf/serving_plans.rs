//! Plans of serving: the best is the best there is, more chips never serve less; engines and intervals of them.

mod engines;
mod intervals;

use super::shipped::{chip, model, world};
use proptest::prelude::*;
use strait::perf::inference::{
    Demand, Formats, Inference, Limits, Pair, Replica, Setup, Spread, best, within,
};
use strait::perf::ops::End;

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
