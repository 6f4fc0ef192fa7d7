//! What intervals of serving rest on, and that none ends beyond what the chip can do.

use super::{chip, replica, setup, world};
use crate::shipped::World;
use strait::figure::{Outcome, Quantity};
use strait::perf::Scale;
use strait::perf::inference::{Demand, Setup};
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
    // Of a maker of which no rate of a kernel was read, kernels may be off too.
    let ratio = |on: &str, first| perf.serving_ratio(chip(on), first);
    for first in [true, false] {
        assert!(ratio("mtt-s5000", first) > ratio("ascend-910c", first));
        assert!(ratio("ascend-910c", first) > ratio("h100-sxm", first));
        // A family without a rate takes its maker's.
        assert!((ratio("ascend-950pr", first) - ratio("ascend-910c", first)).abs() < 1e-12);
        assert!(ratio("mtt-s5000", first) < 4.0, "wider than anybody could use");
    }
}
