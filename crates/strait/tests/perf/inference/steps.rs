//! What a step computes, and that more of anything never slows it.

use super::{inference, replica, setup, world};
use proptest::prelude::*;
use strait::perf::inference::{Formats, Mixture, Setup, Spread, Stack, StepBatch, StepModel, Work};
use strait::perf::ops::grouped_gemm::Routing;
use strait::perf::ops::{Call, Precision};

#[test]
fn a_decoding_step_reads_every_multiplied_weight_once() {
    for model in world().perf.models() {
        let formats = Formats::all(Precision::BF16, 2.0);
        let stack = Stack {
            model,
            formats: &formats,
            spread: &Spread::ONE,
            mixture: Mixture {
                routing: Routing::Balanced,
                walks_all: false,
            },
            domain: 8,
            hidden: 0.7,
            scattered: false,
        };
        let mut weights = 0.0;
        stack.walk(&StepBatch::decodes(1.0, 1024.0), &mut |item| {
            weights += item.count
                * match item.work {
                    Work::Call(Call::Gemm(g)) => g.n * g.k,
                    Work::Call(Call::GroupedGemm(g)) => g.experts * g.matrices * g.hidden * g.inner,
                    _ => 0.0,
                };
        });
        let table = f64::from(model.hidden) * f64::from(model.vocabulary);
        let input = if model.tied { 0.0 } else { table };
        let expected =
            model.parameters() as f64 - input - f64::from(model.hidden) * f64::from(model.positions);
        // Low-rank gates of linear attention are lowered without their second matrix.
        assert!(
            (weights / expected - 1.0).abs() < 0.01,
            "{}: {weights} for {expected}",
            model.id
        );
    }
}

#[test]
fn an_h20_decodes_like_an_h100_and_computes_prompts_at_a_higher_share_of_its_peak() {
    let seconds = |chip, batch: &StepBatch| {
        let steps = replica("llama-3.1-8b", chip, Spread::ONE).steps.step(batch);
        steps.work()
    };
    // Few users: memory alone, of which the H20 has a fifth more. Many: its arithmetic begins to bind.
    let few = StepBatch::decodes(1.0, 2048.0);
    let ratio = seconds("h100-sxm", &few) / seconds("h20", &few);
    assert!(ratio > 1.05, "decoding {ratio}");
    let many = StepBatch::decodes(32.0, 2048.0);
    let ratio = seconds("h100-sxm", &many) / seconds("h20", &many);
    assert!(ratio > 0.7, "decoding {ratio}");
    let prompt = StepBatch::prompts(4.0, 2048.0, 0.0);
    let ratio = seconds("h20", &prompt) / seconds("h100-sxm", &prompt);
    // A seventh of the arithmetic, but a larger share of it.
    assert!((3.0..6.2).contains(&ratio), "prompts {ratio}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn more_of_anything_never_slows_a_step(
        sequences in 1u32..256, context in 64u32..8192, tokens in 1u32..4096, which in 0usize..4, k in 1.05f64..4.0,
    ) {
        let base = setup("qwen3-30b-a3b", "h100-sxm", Spread::tensor(2));
        let mut faster = base;
        match which {
            0 => faster.system.device.memory *= k,
            1 => faster.system.device.link *= k,
            2 => {
                faster.system.device.peak16 *= k;
                faster.system.device.peak8 *= k;
            }
            _ => faster.system.device.cache *= k,
        }
        let batch = StepBatch::prompts(1.0, f64::from(tokens), 0.0)
            .with_decodes(f64::from(sequences), f64::from(context));
        let time = |s: &Setup<'static>| {
            let step = StepModel::new(s, &inference().kernels).unwrap().step(&batch);
            step.work() + step.launch
        };
        prop_assert!(time(&faster) <= time(&base) * 1.0001);
    }
}
