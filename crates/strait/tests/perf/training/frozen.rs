//! Adapters beside frozen weights: what is held, what is kept, what travels.

use super::{chip, job, loaded, model};
use strait::catalog::Format;
use strait::figure::Quantity;
use strait::perf::training::{Execution, Job, Overlap, Recompute, Sharding, Step, Trained};

fn step(trained: Trained, arithmetic: Format, sharding: Sharding) -> Step {
    let (_, catalog, perf) = loaded();
    let job = Job {
        trained,
        arithmetic,
        ..job(model(&perf, "llama-2-70b"), 8, 8192, 8)
    };
    let plan = Execution {
        tensor: 1,
        context: 1,
        pipeline: 1,
        data: 8,
        expert: 1,
        chunks: 1,
        microbatch: 1,
        sharding,
        recompute: Recompute::None,
        recomputed: 0,
        sequence_parallel: false,
        overlap: Overlap::ALL,
    };
    perf.run_training(chip(&catalog, "mi300x"), &job, &plan).unwrap()
}

#[test]
fn frozen_weights_travel_only_where_they_are_shared_out() {
    let data = |trained, sharding| step(trained, Format::Fp8, sharding).parts.data.get();
    for sharding in [Sharding::None, Sharding::Optimiser, Sharding::Gradients] {
        assert_eq!(data(Trained::Adapters, sharding), 0.0, "{sharding:?}");
        assert!(data(Trained::All, sharding) > 0.0, "{sharding:?}");
    }
    // Gathered in both passes, with no gradients to scatter.
    let (frozen, all) = (
        data(Trained::Adapters, Sharding::Weights),
        data(Trained::All, Sharding::Weights),
    );
    assert!(frozen > 0.0 && frozen < all, "{frozen} {all}");
}

#[test]
fn frozen_weights_are_held_once_and_their_inputs_are_not_kept() {
    let of = |trained, arithmetic| step(trained, arithmetic, Sharding::Optimiser).memory;
    let (narrow, wide) = (
        of(Trained::Adapters, Format::Fp8),
        of(Trained::Adapters, Format::Fp16),
    );
    assert!((narrow.weights.get() / wide.weights.get() - 0.5).abs() < 1e-9);
    assert_eq!(of(Trained::All, Format::Fp8).weights, wide.weights);
    // Of a token and layer: the input of the first feed-forward product, a byte a width of 8,192, and of the last one,
    // 28,672.
    let all = of(Trained::All, Format::Fp8).activations.get();
    let saved = all - narrow.activations.get();
    let expected = 80.0 * 8192.0 * (8192.0 + 28672.0) / 1e9;
    assert!((saved / expected - 1.0).abs() < 1e-6, "{saved} {expected}");
}

/// AMD's entry to MLPerf 5.1 on eight MI300X (log of its first run): 2.1155 sequences a second between evaluations, each chip
/// with whole weights in FP8 and 21 of 80 layers computed again.
#[test]
fn a_published_step_of_adapters_is_met() {
    let (_, catalog, perf) = loaded();
    let report = perf.validate_training(|id| catalog.get(id), false);
    let row = report.rows.iter().find(|r| r.id == "T175").unwrap();
    let logged = 8.0 / 2.1155;
    assert!(
        (row.measured.get() / logged - 1.0).abs() < 0.02,
        "{}",
        row.measured.get()
    );
    assert!(
        (row.computed.get() / logged - 1.0).abs() < 0.1,
        "{}",
        row.computed.get()
    );
}
