//! Load of the busiest rank of experts, of a step.

use super::{inference, setup};
use crate::shipped::world;
use proptest::prelude::*;
use strait::figure::{Quantity, Ratio};
use strait::perf::inference::{Mode, Part, Spread, StepBatch, StepModel};

/// Experts of DeepSeek-V3 dealt to so many chips, each with attention of its own.
fn steps(ranks: u32, imbalance: Option<f64>) -> StepModel<'static> {
    let spread = Spread {
        data: ranks,
        experts: ranks,
        ..Spread::ONE
    };
    let mode = Mode {
        imbalance: imbalance.map(Ratio::of),
        ..Mode::default()
    };
    let setup = setup("deepseek-v3", "h20", spread);
    inference().steps(&setup).unwrap().run_as(mode)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_heavier_load_never_makes_a_step_faster(
        ranks in prop_oneof![Just(1u32), Just(8), Just(32)], rows in 1u32..512, prompts in any::<bool>(), one in 1.0..6.0_f64,
        more in 1.0..3.0_f64,
    ) {
        let rows = f64::from(rows);
        let batch = if prompts { StepBatch::prompts(1.0, 16.0 * rows, 0.0) } else { StepBatch::decodes(rows, 2048.0) };
        let [light, heavy] = [one, one * more].map(|x| steps(ranks, Some(x)).step(&batch));
        prop_assert!(light.work() <= heavy.work() * (1.0 + 1e-9), "{} {}", light.work(), heavy.work());
        if ranks == 1 {
            prop_assert_eq!(light, steps(1, None).step(&batch));
        }
    }
}

#[test]
fn products_and_the_exchange_wait_for_the_busiest_rank() {
    let batch = StepBatch::prompts(1.0, 8192.0, 0.0);
    let part = |load, part: Part| steps(8, Some(load)).step(&batch).work[part as usize];
    let experts = part(2.0, Part::Experts) / part(1.0, Part::Experts);
    assert!((1.7..2.05).contains(&experts), "{experts}");
    // A token reaches 5.3 of 8 ranks: the busiest can get at most 8 / 5.3 times the mean.
    let exchange = part(2.0, Part::Communication) / part(1.0, Part::Communication);
    let most = 1.0 / (1.0 - (7.0_f64 / 8.0).powi(8));
    assert!((1.3..most + 1e-9).contains(&exchange), "{exchange} of {most}");
    // A rank has every token at most: no load beyond eight ranks' is one.
    assert_eq!(part(8.0, Part::Experts), part(800.0, Part::Experts));
}

#[test]
fn an_answer_can_name_the_load_it_takes() {
    let batch = StepBatch::decodes(32.0, 2048.0);
    let busiest = |ranks, given| steps(ranks, given).busiest_over_mean(&batch).map(Ratio::get);
    assert_eq!(busiest(8, Some(1.5)), Some(1.5));
    assert_eq!(busiest(1, Some(1.5)), None);
    // 256 choices a rank: 1 + sqrt(2 ln 8 / 256).
    let chance = 1.0 + (2.0 * 8.0_f64.ln() / 256.0).sqrt();
    assert!((busiest(8, None).unwrap() - chance).abs() < 1e-12);
    let dense = world()
        .perf
        .inference()
        .steps(&setup("llama-3.1-8b", "h20", Spread::ONE))
        .unwrap();
    assert_eq!(dense.busiest_over_mean(&batch), None);
}
