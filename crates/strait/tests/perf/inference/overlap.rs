//! What engines do so that chips neither wait for one another nor compute the same, and what drafting costs.

use super::world;
use strait::perf::ModelId;
use strait::perf::inference::{Formats, Replica, Setup, Spread, StepBatch, Work};
use strait::perf::ops::{Arithmetic, Call, End};

/// DeepSeek-V3 on chips of a kind, `hidden` of the exchange behind work, attention in some arithmetic.
fn replica(
    chip: &str,
    spread: Spread,
    hidden: f64,
    scores: Arithmetic,
    engine: Option<&'static str>,
) -> Replica<'static> {
    let (w, id) = (world(), ModelId("deepseek-v3".into()));
    let inference = w.perf.inference();
    let mut system = inference
        .system(w.catalog.resolve(chip).unwrap().chip, End::Middle)
        .unwrap_or_else(|n| panic!("{n:?}"));
    system.hidden = hidden;
    let mut formats = Formats::named("fp8").unwrap();
    formats.scores = scores;
    let setup = Setup {
        model: w.perf.model(&id).unwrap(),
        formats,
        spread,
        system,
        engine,
    };
    inference.replica(&setup).unwrap_or_else(|n| panic!("{n:?}"))
}

fn dealt(ranks: u32) -> Spread {
    Spread {
        data: ranks,
        experts: ranks,
        ..Spread::ONE
    }
}

#[test]
fn halves_of_a_batch_take_turns_where_that_ends_sooner() {
    let of = |chip, ranks, hidden| replica(chip, dealt(ranks), hidden, Arithmetic::Bits16, None);
    let (open, turns) = (of("h800-sxm", 64, 0.0), of("h800-sxm", 64, 0.7));
    let total = |r: &Replica<'_>, sequences: f64| {
        let time = r.steps.step(&StepBatch::decodes(sequences, 4096.0));
        time.work() + time.launch
    };
    for sequences in [1.0, 2.0, 8.0, 32.0, 128.0, 256.0] {
        assert!(total(&turns, sequences) <= total(&open, sequences), "{sequences}");
    }
    assert!(total(&turns, 256.0) < 0.95 * total(&open, 256.0));
    // Halves of few sequences would read the weights twice for nothing.
    assert!((total(&turns, 2.0) - total(&open, 2.0)).abs() < 1e-12);
    // What is listed is what is timed.
    let mut listed = 0.0;
    let batch = StepBatch::decodes(256.0, 4096.0);
    turns.steps.each(&batch, &mut |item, work, launch| {
        listed += item.count * (work + launch);
    });
    assert!((listed / total(&turns, 256.0) - 1.0).abs() < 1e-9);
    // Inside the domain nothing crosses the network.
    let (open, turns) = (of("h200-sxm", 8, 0.0), of("h200-sxm", 8, 0.7));
    assert!((total(&turns, 256.0) - total(&open, 256.0)).abs() < 1e-12);
}

#[test]
fn chips_that_share_a_matrix_take_their_rows_of_the_projection_down() {
    let rows = |engine| {
        let r = replica("h20", Spread::tensor(8), 0.7, Arithmetic::Bits16, engine);
        let mut seen = 0.0;
        r.steps
            .each(&StepBatch::prompts(2.0, 4096.0, 0.0), &mut |item, _, _| {
                if let (Work::Call(Call::Gemm(g)), "down to latents") = (item.work, item.name) {
                    seen = g.m;
                }
            });
        seen
    };
    assert!((rows(None) - 1024.0).abs() < 1e-9);
    // Engines are timed as they were when they were measured.
    assert!((rows(Some("SGLang")) - 8192.0).abs() < 1e-9);
}

#[test]
fn attention_in_eight_bits_is_faster_and_drafting_costs_a_block_and_the_head() {
    let of = |scores| replica("h20", dealt(16), 0.7, scores, None);
    let seconds = |r: &Replica<'_>, queries: f64| {
        let mut batch = StepBatch::decodes(32.0, 4096.0);
        batch.queries = queries;
        r.steps.step(&batch).work()
    };
    let (wide, narrow) = (of(Arithmetic::Bits16), of(Arithmetic::Float8));
    let saved = seconds(&narrow, 2.0) / seconds(&wide, 2.0);
    assert!((0.5..0.9).contains(&saved), "{saved}");
    let blocks = |queries: f64| {
        let mut batch = StepBatch::decodes(32.0, 4096.0);
        batch.queries = queries;
        let (mut attention, mut heads) = (0.0, 0.0);
        wide.steps.each(&batch, &mut |item, _, _| match item.name {
            "latent attention of new tokens" => attention += item.count,
            "head" => heads += item.count,
            _ => {}
        });
        (attention, heads)
    };
    assert_eq!(blocks(1.0), (61.0, 1.0));
    assert_eq!(blocks(3.0), (63.0, 3.0));
}
