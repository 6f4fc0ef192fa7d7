//! What intervals of serving rest on, and that none ends beyond what the chip can do.

use super::{chip, model, replica, setup, world};
use crate::shipped::World;
use strait::figure::{Outcome, Quantity};
use strait::perf::Scale;
use strait::perf::inference::{Demand, Formats, Setup};
use strait::perf::ops::End;

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
        let formats = setup("llama-3.1-8b", on).formats;
        let kind = (model("llama-3.1-8b"), &formats);
        let found = perf.serving_intervals(&[chip], kind, &at).unwrap();
        let middle = at(End::Middle).unwrap().0;
        assert!(found.tpot.low.unwrap() < middle.tpot && middle.tpot < found.tpot.high.unwrap());
        assert!(
            found.per_chip.low.unwrap() < middle.per_chip && middle.per_chip < found.per_chip.high.unwrap()
        );
        found.tpot.high.unwrap() / middle.tpot
    };
    assert!(perf.was_measured(chip("h100-sxm")) && !perf.was_measured(chip("ascend-910c")));
    // Beside the fit's spread stands only what is disputed of the chip.
    let ratio = |on: &str, first| {
        let formats = setup("llama-3.1-8b", on).formats;
        perf.serving_ratio(chip(on), (model("llama-3.1-8b"), &formats), first)
    };
    let beyond = width("h100-sxm") / ratio("h100-sxm", false);
    assert!((1.0 - 1e-9..1.2).contains(&beyond), "{beyond}");
    assert!(width("ascend-910c") > 1.05 * width("h100-sxm"));
    assert!(width("v100-sxm2") > 1.1 * width("h100-sxm"));
    // Of a maker of which no rate of a kernel was read, kernels may be off too.
    for first in [true, false] {
        assert!(ratio("mtt-s5000", first) > ratio("ascend-910c", first));
        assert!(ratio("ascend-910c", first) > ratio("h100-sxm", first));
        // A family without a rate takes its maker's.
        assert!((ratio("ascend-950pr", first) - ratio("ascend-910c", first)).abs() < 1e-12);
        assert!(ratio("mtt-s5000", first) < 4.0, "wider than anybody could use");
    }
}

/// A precision whose kernels nobody measured is timed by those of another: wider, in what the answer rests on, and by as
/// much as the kernels of the other precisions lie apart on the call.
#[test]
fn a_precision_that_was_not_measured_is_less_certain_and_says_whose_kernels_it_takes() {
    let perf = &world().perf;
    let of = |on: &str, model_id: &str, word: &str| {
        let formats = Formats::named(word).unwrap();
        let model = model(model_id);
        let lent = perf.inference().lent(model, &formats);
        let ratio = [true, false].map(|first| perf.serving_ratio(chip(on), (model, &formats), first));
        (ratio, lent.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let (usual, none) = of("b200", "llama-3.1-8b", "bf16");
    assert!(none.is_empty());
    for word in ["fp8", "nvfp4", "int4_wo"] {
        assert_eq!(of("b200", "llama-3.1-8b", word), (usual, Vec::new()), "{word}");
    }
    for (on, word, by) in [
        ("b200", "fp32", "bf16"),
        ("b200", "tf32", "bf16"),
        ("b200", "mxfp4", "nvfp4"),
        ("a100-sxm-80gb", "int4", "int8"),
    ] {
        let usual = of(on, "llama-3.1-8b", "bf16").0;
        let (ratio, lent) = of(on, "llama-3.1-8b", word);
        assert_eq!(lent, [format!("gemm in {word} (kernels of {by})")]);
        for (wide, usual) in ratio.into_iter().zip(usual) {
            assert!(
                wide > 1.005 * usual && wide < 4.0 * usual,
                "{word}: {wide} for {usual}"
            );
        }
    }
    // Experts were measured where dense products were not, and the other way round.
    assert_eq!(
        of("b200", "qwen3-30b-a3b", "mxfp4_wo").1,
        ["gemm in mxfp4_wo (kernels of int4_wo)"]
    );
    assert_eq!(
        of("b200", "qwen3-30b-a3b", "int8").1,
        ["grouped_gemm in int8 (kernels of bf16)"]
    );
}

#[test]
fn answers_rest_on_the_topology_and_say_where_it_is_assumed() {
    let World { catalog, perf } = world();
    let chat = perf.workloads().iter().find(|w| w.id.0 == "chat").unwrap();
    for (name, assumed) in [("mtt-s5000", true), ("mi300x", false)] {
        let chip = catalog.resolve(name).unwrap().chip;
        let Outcome::Known(p) = perf.run(chip, &chat.id, Scale::Node) else {
            panic!("{name}");
        };
        let found: Vec<_> = p
            .rests_on
            .iter()
            .filter(|r| r.path == "io.scale_up_topology")
            .collect();
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(
            found[0].grade == strait::figure::Grade::Assumed,
            assumed,
            "{name}"
        );
        assert!(found[0].place.file.starts_with("chips/"), "{:?}", found[0].place);
    }
}
