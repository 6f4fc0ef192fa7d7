//! Counts of models beside published ones, and against arithmetic done by hand.

use super::shipped::{model, world};
use std::collections::BTreeSet;
use strait::figure::Quantity;
use strait::perf::{CountOf, Counts};

#[test]
fn published_counts_of_fifteen_models_and_more_are_met() {
    let stated = world().perf.stated_counts();
    let models: BTreeSet<_> = stated.iter().map(|s| &s.model).collect();
    assert!(models.len() >= 15, "{}", models.len());
    for s in stated {
        // What is stated is often rounded to one or two digits, active parameters most of all.
        let allowed = match s.of {
            CountOf::KvBytes => 1e-9,
            CountOf::Parameters => 0.025,
            CountOf::TrainingFlop => 0.04,
            CountOf::Active | CountOf::ActiveOutput | CountOf::ActiveInner => 0.12,
        };
        assert!(
            s.error.abs() <= allowed,
            "{} {}: {} for {} ({}, {})",
            s.model,
            s.of.name(),
            s.counted,
            s.stated,
            s.source,
            s.place
        );
    }
    let caches = stated.iter().filter(|s| s.of == CountOf::KvBytes).count();
    let flop = stated.iter().filter(|s| s.of == CountOf::TrainingFlop).count();
    assert!(caches >= 4 && flop >= 4);
    // Counts from the headers of weights are exact but for norms and biases.
    for s in stated.iter().filter(|s| s.source.0 == "hf-safetensors") {
        assert!(s.error.abs() < 5e-4, "{}: {}", s.model, s.error);
    }
}

#[test]
fn weights_and_caches_by_format_are_what_the_bytes_say() {
    let llama = model("llama-3.1-8b");
    let counts = Counts::of(llama, 8192);
    let held = |name: &str| counts.formats.iter().find(|h| h.format.name == name).unwrap();
    let tables = 2.0 * 4096.0 * 128_256.0;
    let inner = llama.parameters() as f64 - tables;
    for (name, weight, wide, cached) in [
        ("fp32", 4.0, 4.0, 4.0),
        ("tf32", 4.0, 4.0, 4.0),
        ("bf16", 2.0, 2.0, 2.0),
        ("fp8", 1.0, 2.0, 1.0),
        ("int8", 1.0, 2.0, 2.0),
        ("int4", 0.5, 2.0, 2.0),
        ("int4_wo", 0.5, 2.0, 2.0),
        // A scale of one byte every 16 numbers, every 32.
        ("nvfp4", 0.5 + 1.0 / 16.0, 2.0, 1.0),
        ("mxfp4", 0.5 + 1.0 / 32.0, 2.0, 1.0),
        ("mxfp4_wo", 0.5 + 1.0 / 32.0, 2.0, 2.0),
    ] {
        let h = held(name);
        let expected = (weight * inner + wide * tables) / 1e9;
        assert!(
            (h.weights.get() / expected - 1.0).abs() < 1e-9,
            "{name}: {} GB",
            h.weights.get()
        );
        assert_eq!(h.token, 2.0 * 32.0 * 8.0 * 128.0 * cached, "{name}");
        assert!((h.sequence.get() - 8192.0 * h.token / 1e9).abs() < 1e-9, "{name}");
    }
    // Three of four layers of Qwen3-Next keep a state of 32 heads of 128 by 128 in 32 bits, whatever the format of the cache.
    let next = Counts::of(model("qwen3-next-80b-a3b"), 1);
    let of = |name: &str| next.formats.iter().find(|h| h.format.name == name).unwrap();
    let more = of("bf16").sequence.get() - of("fp8").sequence.get();
    assert!((more * 1e9 - 12.0 * 2.0 * 2.0 * 256.0).abs() < 1.0, "{more}");
}
