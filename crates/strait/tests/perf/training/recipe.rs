//! Precision of a step, what it is taken to be where nothing is said, and traffic to experts behind other work.

use super::{chip, job, loaded, model};
use strait::catalog::Format;
use strait::figure::Quantity;
use strait::perf::training::{Execution, Job, Overlap, Recipe, Recompute, Sharding};

#[test]
fn a_chip_is_trained_in_eight_bits_where_it_has_them() {
    let (_, catalog, _) = loaded();
    for (name, usual) in [
        ("h800", Recipe::Fp8),
        ("h20", Recipe::Fp8),
        ("b200", Recipe::Fp8),
        ("mi300x", Recipe::Fp8),
        ("a100-sxm-80gb", Recipe::Bf16),
        ("a800-sxm", Recipe::Bf16),
        ("ascend-910c", Recipe::Bf16),
    ] {
        assert_eq!(Recipe::usual(chip(&catalog, name)), usual, "{name}");
    }
    let missing = Recipe::Fp8.missing(chip(&catalog, "a100-sxm-80gb")).unwrap();
    assert!(
        missing.fact.contains("fp8") && missing.fact.contains("a100"),
        "{}",
        missing.fact
    );
}

fn plan(microbatch: u32, experts: bool) -> Execution {
    Execution {
        tensor: 1,
        context: 1,
        pipeline: 4,
        data: 16,
        expert: 16,
        chunks: 1,
        microbatch,
        sharding: Sharding::Optimiser,
        recompute: Recompute::None,
        recomputed: 0,
        sequence_parallel: false,
        overlap: Overlap {
            experts,
            ..Overlap::ALL
        },
    }
}

/// Inputs of products are kept as narrow as they were multiplied; nothing else of the memory shrinks.
#[test]
fn narrow_products_keep_narrow_inputs_alone() {
    let (_, catalog, perf) = loaded();
    let on = chip(&catalog, "h800");
    let of = |arithmetic| {
        let job = Job {
            arithmetic,
            ..job(model(&perf, "qwen3-30b-a3b"), 64, 4096, 64)
        };
        perf.run_training(on, &job, &plan(1, true)).unwrap()
    };
    let (wide, narrow) = (of(Format::Fp16), of(Format::Fp8));
    // Experts this small gain little: narrowing their inputs costs about what multiplying them saves.
    let speed = wide.seconds.get() / narrow.seconds.get();
    assert!((0.9..1.5).contains(&speed), "{speed}");
    let share = narrow.memory.activations.get() / wide.memory.activations.get();
    assert!((0.5..0.9).contains(&share), "{share}");
    for (a, b) in [
        (narrow.memory.weights, wide.memory.weights),
        (narrow.memory.gradients, wide.memory.gradients),
        (narrow.memory.optimiser, wide.memory.optimiser),
    ] {
        assert_eq!(a, b);
    }
}

/// On links as slow as those between nodes of H800, sending tokens to experts takes about as long as computing them
/// (DeepSeek-AI 2024, section 3.2.1: "approximately 1:1"; here half of it); hidden it costs a part of that.
#[test]
fn traffic_to_experts_hides_behind_another_microbatch() {
    let (_, catalog, perf) = loaded();
    let on = chip(&catalog, "h800");
    let job = Job {
        arithmetic: Format::Fp8,
        ..job(model(&perf, "deepseek-v3"), 1024, 4096, 512)
    };
    let of = |experts| {
        let plan = Execution {
            pipeline: 16,
            data: 64,
            expert: 64,
            ..plan(1, experts)
        };
        perf.run_training(on, &job, &plan).unwrap()
    };
    let (open, hidden) = (of(false), of(true));
    let share = open.parts.context_and_experts.get() / open.parts.work.get();
    assert!((0.4..1.5).contains(&share), "{share}");
    assert!(hidden.parts.context_and_experts.get() < 0.3 * open.parts.context_and_experts.get());
    assert!(hidden.seconds < open.seconds);
    let more = hidden.memory.activations.get() / open.memory.activations.get();
    // Eight microbatches of 16 stages are in flight at most: the ninth is not there.
    assert!((more - 1.0).abs() < 1e-9, "{more}");
}
