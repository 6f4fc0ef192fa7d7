//! Searches beside each other.

use super::{chip, job, loaded, model, search};
use std::sync::atomic::{AtomicU64, Ordering};
use strait::catalog::Format;
use strait::figure::{Outcome, Quantity};
use strait::perf::training::{Breadth, Effort, Fixed, Job, Step};
use strait::perf::{Scale, WorkloadId};

fn parts(step: &Step) -> f64 {
    let p = &step.parts;
    [
        p.work,
        p.recomputed,
        p.bubble,
        p.tensor,
        p.context_and_experts,
        p.pipeline,
        p.data,
        p.optimiser,
        p.host,
        p.stragglers,
    ]
    .iter()
    .map(|s| s.get())
    .sum()
}

#[test]
fn a_pruned_search_finds_what_an_exhaustive_one_does() {
    let (_, catalog, perf) = loaded();
    for (name, on, chips, sequence, batch) in [
        ("llama-3.1-8b", "h100-sxm", 16, 4096, 32),
        ("llama-3.1-70b", "a100-sxm-80gb", 64, 8192, 32),
        ("qwen3-30b-a3b", "h20", 16, 4096, 16),
    ] {
        let job = job(model(&perf, name), chips, sequence, batch);
        let on = chip(&catalog, on);
        let all = search(&perf, on, &job, Breadth::Wide, Effort::Exhaustive);
        let some = search(&perf, on, &job, Breadth::Wide, Effort::Pruned);
        assert_eq!(all.steps[0], some.steps[0], "{name}");
        assert!(
            some.examined * 4 < all.examined,
            "{} of {}",
            some.examined,
            all.examined
        );
        assert!(all.fitting <= all.examined && all.fitting > 0);
        // Nothing found needs more than there is, and parts sum to the step.
        for step in &all.steps {
            assert!(step.memory.total <= step.memory.usable);
            assert!((parts(step) / step.seconds.get() - 1.0).abs() < 1e-9);
            assert!(step.hfu >= step.mfu && step.mfu.get() < 1.0);
        }
    }
}

#[test]
fn threads_change_nothing() {
    let (_, catalog, perf) = loaded();
    let job = job(model(&perf, "llama-3.1-8b"), 8, 4096, 16);
    let on = chip(&catalog, "h100-sxm");
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| search(&perf, on, &job, Breadth::Wide, Effort::Pruned))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn a_search_stops_when_told() {
    let (_, catalog, perf) = loaded();
    let job = job(model(&perf, "llama-3.1-8b"), 64, 4096, 64);
    let blocks = AtomicU64::new(0);
    let stop = |_, _| blocks.fetch_add(1, Ordering::Relaxed) < 1;
    let on = chip(&catalog, "h100-sxm");
    let found = perf.search_training(
        on,
        &job,
        &Fixed::default(),
        Breadth::Wide,
        Effort::Exhaustive,
        &stop,
    );
    let Outcome::Known(found) = found else { panic!() };
    assert!(found.interrupted);
    assert!(blocks.load(Ordering::Relaxed) < 40);
}

/// A seventh of the arithmetic beside more bandwidth: slower, but at a larger share of its peak, since products are
/// never starved and traffic hides behind them.
#[test]
fn an_h20_trains_slower_than_an_h100_at_a_higher_utilisation() {
    let (_, catalog, perf) = loaded();
    for (name, chips, batch) in [("llama-3.1-8b", 8, 64), ("llama-3.1-70b", 256, 256)] {
        let job = job(model(&perf, name), chips, 4096, batch);
        let best = |on| search(&perf, chip(&catalog, on), &job, Breadth::Narrow, Effort::Pruned).steps[0];
        let (h20, h100) = (best("h20"), best("h100-sxm"));
        let ratio = h100.rate.get() / h20.rate.get();
        // Peaks stand 6.7 to 1.
        assert!(ratio > 3.5 && ratio < 6.7, "{name}: {ratio}");
        assert!(
            h20.mfu.get() > h100.mfu.get() + 0.1,
            "{name}: {} {}",
            h20.mfu,
            h100.mfu
        );
    }
}

#[test]
fn less_to_do_and_more_to_do_it_with_are_never_slower() {
    let (_, catalog, perf) = loaded();
    let on = chip(&catalog, "h100-sxm");
    let of = |chips, batch, arithmetic| {
        let job = Job {
            arithmetic,
            ..job(model(&perf, "llama-3.1-8b"), chips, 4096, batch)
        };
        search(&perf, on, &job, Breadth::Narrow, Effort::Pruned).steps[0].seconds
    };
    assert!(of(8, 64, Format::Fp16) < of(8, 128, Format::Fp16));
    assert!(of(16, 128, Format::Fp16) < of(8, 128, Format::Fp16));
    assert!(of(8, 128, Format::Fp8) < of(8, 128, Format::Fp16));
}

#[test]
fn what_does_not_fit_is_said_with_what_it_needs() {
    let (_, catalog, perf) = loaded();
    let job = job(model(&perf, "llama-3.1-405b"), 8, 4096, 8);
    let found = search(
        &perf,
        chip(&catalog, "h100-sxm"),
        &job,
        Breadth::Narrow,
        Effort::Pruned,
    );
    assert!(found.steps.is_empty() && found.fitting == 0 && found.rate.is_none());
    // Two bytes a weight, four a gradient and twelve of state, over eight chips.
    assert!(found.least.get() > 405.0 * 18.0 / 8.0 * 0.98, "{}", found.least);
    let int8 = Job {
        arithmetic: Format::Int8,
        ..job
    };
    let asked = perf.search_training(
        chip(&catalog, "a100-sxm-80gb"),
        &Job {
            arithmetic: Format::Fp8,
            ..int8
        },
        &Fixed::default(),
        Breadth::Narrow,
        Effort::Pruned,
        &|_, _| true,
    );
    assert!(matches!(asked, Outcome::Unknown(_)), "an A100 has no FP8");
}

#[test]
fn a_search_draws_what_the_same_step_of_a_workload_draws() {
    let (_, catalog, perf) = loaded();
    let workload = perf.workload(&WorkloadId("dense-pretraining".into())).unwrap();
    let Outcome::Known(brief) = perf.run(chip(&catalog, "h100"), &workload.id, Scale::Cluster(1024)) else {
        panic!("no answer")
    };
    let job = Job {
        arithmetic: brief.plan.arithmetic,
        ..job(
            model(&perf, "llama-3.1-70b"),
            1024,
            workload.input,
            workload.global_batch,
        )
    };
    let found = search(
        &perf,
        chip(&catalog, "h100"),
        &job,
        Breadth::Narrow,
        Effort::Pruned,
    );
    assert_eq!(found.rate.unwrap().value, brief.rate.value);
    assert_eq!(found.power, brief.power);
    // It is an interval below the board power, above idle.
    let power = found.power.unwrap();
    assert!(power.low.get() > 100.0 && power.low < power.value && power.high.get() <= 700.0);
}
