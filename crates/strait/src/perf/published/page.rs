//! The section of `docs/accuracy.md` on what other simulators published.

use super::{PublishedScores, Publisher};
use std::fmt::Write as _;

/// What each says of itself.
fn theirs(publisher: Publisher) -> &'static str {
    match publisher {
        Publisher::LlmCompass => {
            "LLMCompass reports 10.9 % for its own simulator on its measured operators (ISCA 2024). Its clock was \
             the host's; a file's smallest call beyond ours is taken for the host's part, added to every other row, \
             and not scored, as LLMCompass adds its measured launch times."
        }
        Publisher::Vidur => {
            "vidur predicts from these tables and so has no error on them. They are of 2023 and 2024: a framework's \
             kernels of that time where ours are fitted to the best of 2026. The A40 is no chip of the fit and of \
             another memory; collectives that leave a node or a bridge are left out. Their prefill kernel walked all keys, \
             those after a query too: with 4,096 keys in all, 384 queries after 3,712, 2,240 after 1,856 and 4,096 after \
             none take 193, 1,150 and 2,314 us, which is 134, 131 and 119 TFLOP/s over all pairs, and 127, 95 and 59 over \
             causal ones; a fit of time to queries times cached keys and to queries squared gives both the same weight, \
             where a causal kernel would halve the second. So all pairs are counted."
        }
    }
}

/// The section of one publisher.
#[must_use]
pub fn page(found: &PublishedScores, publisher: Publisher, files: &str) -> String {
    let mut text = format!(
        "## Beside {}\n\n{}\n\nFiles `{files}`. Constants: 5 us, 0.75 of the peak, 0.80 of the bandwidth. No row enters a \
         fit.\n\n| chip | operator | rows | mean error | median | bias | constants | more than twice off |\n\
         |---|---|---|---|---|---|---|---|\n",
        publisher.name(),
        theirs(publisher)
    );
    let mut all = (0.0, 0);
    for s in found.scores.iter().filter(|s| s.publisher == publisher) {
        let constants = s
            .constants
            .map_or_else(|| "–".to_owned(), |c| format!("{c:.1} %"));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.1} % | {:.1} % | {:+.2} | {constants} | {} |",
            s.chip, s.operator, s.n, s.mape, s.medape, s.bias, s.far
        );
        all = (all.0 + s.mape, all.1 + 1);
    }
    if all.1 > 0 {
        let _ = writeln!(
            text,
            "\nMean over these lines: {:.1} %.",
            all.0 / f64::from(all.1)
        );
    }
    let far: Vec<_> = found.far.iter().filter(|f| f.publisher == publisher).collect();
    if !far.is_empty() {
        text.push_str("\nRows more than twice off, by cause:\n\n| cause | chip | operator | rows | furthest: measured over computed |\n|---|---|---|---|---|\n");
        for f in far {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {:.2} ({}) |",
                f.cause, f.chip, f.operator, f.n, f.worst, f.example
            );
        }
    }
    if !found.unpredicted.is_empty() {
        text.push_str("\nNot scored: ");
        let why: Vec<String> = found
            .unpredicted
            .iter()
            .map(|(why, n)| format!("{n} rows: {why}"))
            .collect();
        let _ = writeln!(text, "{}.", why.join("; "));
    }
    text
}
