//! What errors on left-out chips must reach, and the table that says whether they do.

use super::page::heads;
use super::{Evaluation, Score};
use std::fmt::Write as _;

/// One line of the bars: what is scored, and the percentage it must not exceed.
struct Bar {
    title: &'static str,
    operator: &'static str,
    precision: &'static str,
    /// `best`, or `*` for the worst engine.
    engine: &'static str,
    regime: &'static str,
    shapes: &'static str,
    limit: f64,
    /// Another limit for one chip.
    but: Option<(&'static str, f64)>,
}

const L40S: &str = "nvidia-l40s";

const BARS: [Bar; 9] = [
    bar(
        "GEMM, shapes of real models, over 20 us",
        "gemm",
        "bf16",
        "best",
        "over_20us",
        "real",
        12.0,
        Some((L40S, 18.0)),
    ),
    bar(
        "GEMM, whole grid",
        "gemm",
        "bf16",
        "best",
        "all",
        "grid",
        20.0,
        Some((L40S, 28.0)),
    ),
    bar(
        "GEMM, fp8, whole grid",
        "gemm",
        "fp8",
        "best",
        "all",
        "grid",
        30.0,
        None,
    ),
    bar(
        "GEMM, fp4, whole grid",
        "gemm",
        "nvfp4",
        "best",
        "all",
        "grid",
        30.0,
        None,
    ),
    bar(
        "attention prefill, shapes of real models",
        "attention_prefill",
        "bf16",
        "best",
        "all",
        "real",
        20.0,
        Some((L40S, 35.0)),
    ),
    bar(
        "attention prefill, whole grid",
        "attention_prefill",
        "bf16",
        "best",
        "all",
        "grid",
        20.0,
        Some((L40S, 35.0)),
    ),
    bar(
        "attention decode, cache beyond twice the last-level cache",
        "attention_decode",
        "bf16",
        "best",
        "kv_over_2x_cache",
        "grid",
        20.0,
        None,
    ),
    bar(
        "experts, engine known, worst engine",
        "grouped_gemm",
        "bf16",
        "*",
        "all",
        "grid",
        35.0,
        None,
    ),
    bar(
        "NCCL over 1 MiB on the scale-up link",
        "collective",
        "any",
        "*",
        "over_1mib",
        "grid",
        20.0,
        None,
    ),
];

#[allow(clippy::too_many_arguments)]
const fn bar(
    title: &'static str,
    operator: &'static str,
    precision: &'static str,
    engine: &'static str,
    regime: &'static str,
    shapes: &'static str,
    limit: f64,
    but: Option<(&'static str, f64)>,
) -> Bar {
    Bar {
        title,
        operator,
        precision,
        engine,
        regime,
        shapes,
        limit,
        but,
    }
}

impl Bar {
    fn takes(&self, s: &Score) -> bool {
        s.operator == self.operator
            && s.precision == self.precision
            && (s.engine == self.engine || self.engine == "*")
            && s.regime == self.regime
            && s.shapes == self.shapes
    }

    fn limit(&self, chip: &str) -> f64 {
        self.but
            .filter(|(but, _)| *but == chip)
            .map_or(self.limit, |(_, limit)| limit)
    }
}

/// The table of what must be reached.
pub(super) fn bars(text: &mut String, found: &Evaluation, chips: &[&str]) {
    heads(text, "left-out chip", chips, "must reach");
    for bar in &BARS {
        let _ = write!(text, "| {} |", bar.title);
        let mut passed = true;
        for chip in chips {
            let worst = |scores: &[Score]| {
                scores
                    .iter()
                    .filter(|s| s.chip.0 == *chip && bar.takes(s))
                    .map(|s| s.mape)
                    .fold(None, |a: Option<f64>, b| Some(a.map_or(b, |a| a.max(b))))
            };
            match worst(&found.scores) {
                Some(error) => {
                    let over = error > bar.limit(chip);
                    passed &= !over;
                    let mark = if over { "**" } else { "" };
                    let floor = worst(&found.floors).map_or_else(String::new, |f| format!(" ({f:.1})"));
                    let _ = write!(text, " {mark}{error:.1}{mark}{floor} |");
                }
                None => text.push_str(" – |"),
            }
        }
        let but = bar
            .but
            .map_or_else(String::new, |(chip, limit)| format!(", {chip} {limit:.0}"));
        let _ = writeln!(
            text,
            " {:.0}{but}: {} |",
            bar.limit,
            if passed { "reached" } else { "**not reached**" }
        );
    }
}
