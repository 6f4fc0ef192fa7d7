//! The part of `docs/accuracy.md` about chips whose order turns with the work.

use super::{Crossovers, Pair, Turn, Two, served_pairs, trained_pairs};
use crate::catalog::{Catalog, Chip, ChipId};
use crate::figure::{Outcome, Quantity};
use crate::perf::training::StepReport;
use crate::perf::validate::grouped;
use crate::perf::{PerfModel, RowError, ValidationReport};
use std::fmt::Write as _;

/// The page's part, from the scores of all published rows.
#[must_use]
pub fn page(
    perf: &PerfModel,
    catalog: &Catalog,
    asked: &Crossovers,
    served: &ValidationReport,
    trained: &StepReport,
) -> String {
    let mut text = format!(
        "## Crossovers\n\nWhich of two chips is faster turns with the work: {} has more memory bandwidth than {} and a \
         seventh of its arithmetic. Written by `strait validate perf --page docs/accuracy.md`; which chips and what work \
         are asked stands in `data/validation/crossovers.toml`. Nothing here is fitted.\n\n",
        asked.slow, asked.fast
    );
    measured(&mut text, asked, &pairs(perf, asked, served, trained));
    if let [Some(slow), Some(fast)] = [&asked.slow, &asked.fast].map(|id| catalog.get(id)) {
        turning(&mut text, perf, asked, [slow, fast]);
        training(&mut text, perf, [slow, fast]);
    }
    rows(&mut text, perf, catalog, asked, served, trained);
    text
}

fn pairs(perf: &PerfModel, asked: &Crossovers, served: &ValidationReport, trained: &StepReport) -> Vec<Pair> {
    let mut pairs = served_pairs(perf, served, asked);
    pairs.extend(trained_pairs(perf, trained, asked));
    pairs
}

fn measured(text: &mut String, asked: &Crossovers, pairs: &[Pair]) {
    let mut off: Vec<f64> = pairs.iter().map(|p| p.error().abs()).collect();
    off.sort_by(f64::total_cmp);
    let median = off.get(off.len() / 2).map_or(0.0, |x| (x.exp() - 1.0) * 100.0);
    let _ = writeln!(
        text,
        "### Pairs that somebody measured\n\nRates a chip, the first over the second, as measured and as computed. Rows of \
         one work are joined by their geometric mean. Each chip ran its own software and spread, and is computed at what \
         its row says: a ratio is of two deployments, not of two chips alone. Decoding rows are set beside the nearest \
         batch, at most four times apart; with drafted tokens 0.7 are taken as kept. Of {} pairs {} are on the same side \
         of 1; half of the ratios lie within {median:.0} %.\n\n| phase | model | work | chip | beside | rows | measured | \
         computed | computed over measured |\n|---|---|---|---|---|---|---|---|---|",
        pairs.len(),
        pairs.iter().filter(|p| p.same_side()).count()
    );
    for p in pairs {
        let side = if p.same_side() { "" } else { " (other side)" };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} and {} | {:.2} | {:.2} | {:.2}{side} |",
            p.phase,
            p.model,
            p.work,
            p.chip,
            p.against,
            p.rows[0],
            p.rows[1],
            p.measured,
            p.computed,
            p.error().exp()
        );
    }
    text.push_str(
        "\nOne report alone sets an H20 beside an H100 on the same work: 1.1 times as fast in decoding, slower over prompts \
         (Llama-2-13B, 16 bits, 16 sequences; besthub.dev, 2024, of unnamed measurements). It names no lengths and is not \
         scored.\n",
    );
    for phase in ["prefill", "decode", "mixed", "training"] {
        let lacking: Vec<&str> = asked
            .subjects
            .iter()
            .filter(|chip| !pairs.iter().any(|p| p.phase == phase && p.chip == **chip))
            .map(|chip| chip.0.as_str())
            .collect();
        if !lacking.is_empty() {
            let _ = writeln!(text, "\nNo published pair in {phase}: {}.", lacking.join(", "));
        }
    }
}

fn turning(text: &mut String, perf: &PerfModel, asked: &Crossovers, chips: [&Chip; 2]) {
    let _ = writeln!(
        text,
        "\n### Where {} stops being faster\n\nSpeed of {} over that of {}, both on the same chips and spread. A batch is of one attention replica; beyond what fits, the model says what a step would \
         take.\n\n| model | tokens in the cache | decoding alone | as fast until | fits, {} | fits, {} |\n|---|---|---|---|---|---|",
        asked.slow, asked.slow, asked.fast, asked.slow, asked.fast
    );
    let mut prompts = String::new();
    for held in &asked.models {
        let chips_each = held.tensor * held.data;
        let named = format!("{}, {}, {chips_each} chips", held.id, held.format.name());
        let two = match Two::of(perf, chips, held) {
            Ok(two) => two,
            Err(needs) => {
                let why = needs.first().map_or("", |n| n.fact.as_str());
                let _ = writeln!(text, "| {named} | – | not computed: {why} | | | |");
                continue;
            }
        };
        for context in &asked.contexts {
            let turn = two.decoding_turns(*context);
            let [here, there] = two.fits(*context);
            let _ = writeln!(
                text,
                "| {named} | {context} | {:.2} | {} | {here} | {there} |",
                turn.first,
                until(&turn, "sequences")
            );
        }
        let turn = two.prompt_turns();
        for tokens in &asked.prompts {
            let [slow, fast] = two.reached(*tokens).map(|share| share * 100.0);
            let _ = writeln!(
                prompts,
                "| {named} | {tokens} | {:.2} | {slow:.0} % | {fast:.0} % | {} |",
                two.prompt(*tokens),
                until(&turn, "tokens")
            );
        }
    }
    text.push_str(
        "\nDecoding turns where the rows of a step fill more than the narrowest tile: arithmetic then binds the chip with less of \
         it. A longer cache asks for bandwidth where keys are shared by few queries, and the turn moves to larger batches; \
         a latent shared by all heads (DeepSeek-V3) asks for arithmetic, and it moves to smaller ones.\n",
    );
    let _ = write!(
        text,
        "\n| model | tokens of a prompt | speed over {} | share of its peak, {} | share, {} | as fast until |\n\
         |---|---|---|---|---|---|\n{prompts}",
        asked.fast, asked.slow, asked.fast
    );
}

fn until(turn: &Turn, what: &str) -> String {
    match turn.until {
        Some(n) => format!("{n} {what}"),
        None if turn.first < 1.0 => "never".to_owned(),
        None => "all that were tried".to_owned(),
    }
}

fn training(text: &mut String, perf: &PerfModel, [slow, fast]: [&Chip; 2]) {
    let _ = writeln!(
        text,
        "\n| training | chips | speed over {} | MFU, {} | MFU, {} |\n|---|---|---|---|---|",
        fast.id, slow.id, fast.id
    );
    for workload in perf.workloads().iter().filter(|w| w.is_training()) {
        for scale in perf.scales(workload) {
            let ran = [slow, fast].map(|chip| match perf.run(chip, &workload.id, scale) {
                Outcome::Known(ran) => Some((ran.rate.value.get(), ran.mfu)),
                Outcome::Unknown(_) => None,
            });
            let cells = match ran {
                [Some((slow, a)), Some((fast, b))] => {
                    format!("{:.2} | {:.0} % | {:.0} %", slow / fast, a * 100.0, b * 100.0)
                }
                _ => "no plan fits | – | –".to_owned(),
            };
            let _ = writeln!(text, "| {} | {} | {cells} |", workload.title, scale.chips());
        }
    }
}

fn rows(
    text: &mut String,
    perf: &PerfModel,
    catalog: &Catalog,
    asked: &Crossovers,
    served: &ValidationReport,
    trained: &StepReport,
) {
    text.push_str(
        "\n### Rows end to end\n\nEvery published row of these chips; errors are natural logarithms of the computed over \
         the measured rate, positive where computed too fast.\n\n| chip | rows of | number | median absolute error | bias | \
         inside the 90 % interval |\n|---|---|---|---|---|---|\n",
    );
    for id in &asked.subjects {
        let own: Vec<RowError> = served
            .rows
            .iter()
            .filter(|row| row.chip == *id)
            .cloned()
            .collect();
        let phase = |row: &RowError| {
            let found = perf.rows.iter().find(|r| r.id == row.id);
            found.map_or("", |row| row.phase.name())
        };
        for (phase, e) in grouped(&own, phase) {
            line(
                text,
                id,
                phase,
                e.rows,
                [e.median_abs_log_error, e.bias, e.coverage],
            );
        }
        let Some(chip) = catalog.get(id) else { continue };
        let steps: Vec<(f64, bool)> = trained
            .rows
            .iter()
            .filter(|row| row.chip == *id)
            .filter_map(|row| {
                let step = perf.training.rows.iter().find(|r| r.step.id == row.id)?;
                let half = perf
                    .training_ratio(chip, perf.model(&step.step.model)?, step.step.arithmetic)
                    .ln();
                let error = -(1.0 + row.error).ln();
                Some((error, error.abs() <= half))
            })
            .collect();
        if !steps.is_empty() {
            let mut off: Vec<f64> = steps.iter().map(|s| s.0.abs()).collect();
            off.sort_by(f64::total_cmp);
            let n = steps.len() as f64;
            let median = f64::midpoint(off[(off.len() - 1) / 2], off[off.len() / 2]);
            let bias = steps.iter().map(|s| s.0).sum::<f64>() / n;
            let inside = steps.iter().filter(|s| s.1).count() as f64 / n;
            line(text, id, "training", steps.len(), [median, bias, inside]);
        }
    }
}

fn line(text: &mut String, chip: &ChipId, of: &str, n: usize, [median, bias, inside]: [f64; 3]) {
    let _ = writeln!(
        text,
        "| {chip} | {of} | {n} | {median:.2} | {bias:+.2} | {:.0} % |",
        inside * 100.0
    );
}
