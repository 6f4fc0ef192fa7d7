//! `docs/accuracy.md`: errors on chips left out, beside what must be reached.

use super::bars::bars;
use super::outliers::outliers;
use super::{Evaluation, Kernels, Score};
use crate::figure::median;
use std::fmt::Write as _;

/// The page's text; `light` is the same evaluation with priors a tenth as heavy.
#[must_use]
pub fn page(
    kernels: &Kernels,
    found: &Evaluation,
    light: &Evaluation,
    skipped: &[(String, usize)],
) -> String {
    let mut chips: Vec<&str> = found.scores.iter().map(|s| s.chip.0.as_str()).collect();
    chips.sort_unstable();
    chips.dedup();
    let mut text = String::from(HEAD);
    let _ = write!(
        text,
        "Measured folder `{}`, seed {}, {} rows drawn a chip, operator and precision for fitting; every row is scored.\n\n## What must be reached\n\nMean absolute error in percent on the chip left out, in brackets the same form fitted to that chip alone (its floor).\n\n",
        kernels.origin.data, kernels.seed, kernels.sample
    );
    bars(&mut text, found, &chips);
    intervals(&mut text, found);
    text.push_str(LIGHT);
    bars(&mut text, light, &chips);
    text.push_str(READING);
    every(&mut text, found, &chips);
    outliers(&mut text, found);
    text.push_str("\n## Not scored\n\n| why | rows |\n|---|---|\n");
    for (why, n) in skipped {
        let _ = writeln!(text, "| {why} | {n} |");
    }
    text
}

pub(super) fn heads(text: &mut String, first: &str, chips: &[&str], last: &str) {
    let _ = writeln!(text, "| {first} | {} | {last} |", chips.join(" | "));
    let _ = writeln!(text, "|---|{}---|", "---|".repeat(chips.len()));
}

fn intervals(text: &mut String, found: &Evaluation) {
    text.push_str("\n## Intervals\n\nShare of rows of the left-out chip inside the 90 % interval, and its interval score (width plus twenty times the miss, of the logarithm; smaller is better) beside one constant width that holds 90 % of the other chips' rows. Every operator and precision counts alike. Must reach: 80 to 98 % each, and the better score.\n\n| chip | inside | score | constant width: inside | score |\n|---|---|---|---|---|\n");
    for i in &found.intervals {
        let good = (0.80..=0.98).contains(&i.coverage90);
        let mark = if good { "" } else { "**" };
        let better = if i.score < i.naive { "" } else { "**" };
        let _ = writeln!(
            text,
            "| {} | {mark}{:.0} %{mark} | {better}{:.3}{better} | {:.0} % | {:.3} |",
            i.chip,
            i.coverage90 * 100.0,
            i.score,
            i.naive_coverage * 100.0,
            i.naive
        );
    }
}

/// Every operator, precision and engine over the whole grid.
fn every(text: &mut String, found: &Evaluation, chips: &[&str]) {
    text.push_str("\n## Every operator, precision and engine\n\nMean absolute error in percent on the chip left out, its floor in brackets; all shapes, all calls.\n\n");
    heads(text, "operator, precision, engine", chips, "median over chips");
    let mut lines: Vec<(&str, &str, &str)> = found
        .scores
        .iter()
        .map(|s| (s.operator.as_str(), s.precision.as_str(), s.engine.as_str()))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    for line in lines {
        let _ = write!(text, "| {}, {}, {} |", line.0, line.1, line.2);
        let mut all = Vec::new();
        for chip in chips {
            let of = |scores: &[Score]| {
                scores
                    .iter()
                    .find(|s| {
                        (s.operator.as_str(), s.precision.as_str(), s.engine.as_str()) == line
                            && s.chip.0 == *chip
                            && s.regime == "all"
                            && s.shapes == "grid"
                    })
                    .map(|s| s.mape)
            };
            match of(&found.scores) {
                Some(error) => {
                    all.push(error);
                    let floor = of(&found.floors).map_or_else(String::new, |f| format!(" ({f:.0})"));
                    let _ = write!(text, " {error:.0}{floor} |");
                }
                None => text.push_str(" – |"),
            }
        }
        all.sort_by(f64::total_cmp);
        let _ = writeln!(text, " {:.0} |", median(&all).unwrap_or(0.0));
    }
}

const HEAD: &str = "\
# Accuracy of the operator models

Written by `strait validate perf --measured DIR --leave-one-out --page docs/accuracy.md`; do not edit.
Each chip in turn is left out of the fit and predicted from its chip file alone: peaks, memory, cache, cores,
clock, power. `best` is the fastest engine of every shape that at least two engines measured; a named engine takes
its own factors, fitted on the other chips.

";

const LIGHT: &str = "
## How much rests on the priors

Parameters are drawn to priors whose centres were chosen with all four chips in view. The same table with priors a
tenth as heavy, so that three chips speak nearly alone for the fourth:

";

const READING: &str = "
## How to read this

- The forms of the models and of the intervals and the centres of the parameters' priors were chosen with all four
  chips in view. The parameters never saw the left-out chip, those choices did: a fifth
  chip may do somewhat worse than this page. Where the left-out error is near its floor, the form is the limit.
- GPUs of one maker alone are measured here. A chip of another maker is further from them than they are from
  one another: its interval rests on published reports instead (chips of other makers, below).
- Intervals have no weight set by hand. How far chips' biases lie apart is pooled over operators; what holds 90 % of a
  chip's calls stands between the operator's own and the typical one as their variances say, and is widened by what a
  further chip may differ. The constant width is told from the same three chips, every call counting alike.
- Latent attention of a new token on the A100, and experts in FP8 under vLLM, are kernels that are poor on one
  chip and good on the others (their floors are low, or the bias has opposite signs): kernel maturity, which no
  chip file tells.
- Products in INT8 and with narrow weights alone (int8, int8_wo, int4_wo) were measured on the A100 and nowhere
  else, so that they are predicted with the parameters of 16-bit weights: their kernels are slower.
- Collectives of the L40S cross the host and are a property of the server. That its large products reach little of
  the peak is laid to its power limit; the tables hold no clock that could prove it.
- A floor above the error left out (decode on the A100) is no contradiction: a fit minimises the mean log error of
  all calls of the operator, and the line shows the error of a part of them.
- Training steps are scored in [training.md](training.md): 98 fully specified steps, families of chips left out in turn.
- Prefill of fewer than 64 tokens is in the grid, not among the shapes of real models.
- Tables were measured warm for attention and experts (the same buffers again and again) and nearly cold for
  products (several sets of weights); the models take the cache's state as an input.
- A precision that one chip alone measured (fp4) is predicted with the parameters of the next wider one (fp8).
";
