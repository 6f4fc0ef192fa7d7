//! `docs/market_accuracy.md` from a backtest.

use super::super::score::Primary;
use super::by_origin::by_origin;
use super::tally::Tally;
use super::trial::{Backtest, Kind, Said, Trial};
use std::fmt::Write as _;

const HEAD: &str = "\
# How wrong forecasts of this market were

Written by `strait validate market --page docs/market_accuracy.md`; do not edit.

From each origin every forecaster is asked for every value that became public afterwards, of a period that ends one to four
quarters ahead. It is shown no row that was not public on that day. A quarter that ended within a month before the
origin and was not yet reported is one ahead. The primary score is the absolute natural logarithm of median over outcome; where
the outcome is next to nothing (under 0.2 bn USD, 20,000 cards, one percent) it is the plain error. CRPS, bands, interval and
Brier score need a density: every point forecast is given the same, Student's t with four degrees of freedom on the
logarithm, its scale told from the point forecasts of all other days. A point of zero stays a point.

- **last value**: the rate of the latest period public then goes on. **trend**: a line through the logarithms of the last four
  rates public then. **company guidance**: the company's latest word on that very period.
- **policy unknown**: law beyond the origin is drawn from the hazard told from the changes known by then: the real forecast.
  **policy known**: law as it came is read, which tests the economics alone.
- Published forecasts are scored on the day they were made. One of a half year of which a part is reported is scored on the
  days reported, at their part of the forecast; the part is given.

Targets overlap and surprises were few: n is given, nothing here is significant and none is claimed. Weak targets rest on
recalled figures, at the origin or as outcome.
";

/// The page. `about` names what it was made with.
pub fn page(found: &Backtest, about: &str) -> String {
    let mut out = format!("{HEAD}\n{about}\n\n## By forecaster\n\n");
    let heads = tally_heads();
    let _ = writeln!(out, "| {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len()));
    for t in &found.tallies {
        let _ = writeln!(out, "| {} |", tally_row(t).join(" | "));
    }
    out.push_str("\nTargets of this market by origin: ");
    let counts: Vec<String> = found
        .targets
        .iter()
        .map(|(day, n)| format!("{day}: n = {n}"))
        .collect();
    let _ = writeln!(out, "{}.", counts.join("; "));
    if let Some(s) = found.spread {
        let _ = writeln!(
            out,
            "\nScale of the common spread, all days: {:.2} on the logarithm, from {} errors.",
            s.scale, s.n
        );
    }
    beside(&mut out, found);
    out.push_str("\n## By target\n\n");
    table(&mut out, &found.trials, true);
    out.push_str("\n## Published forecasts\n\n");
    table(&mut out, &found.published, false);
    if !found.waiting.is_empty() {
        let _ = writeln!(
            out,
            "\n{} published forecasts wait for an outcome that is public here: {}.",
            found.waiting.len(),
            found.waiting.join(", ")
        );
    }
    if !found.unmeasured.is_empty() {
        let _ = writeln!(
            out,
            "\n{} forecasts and plans speak of what no published series measures, or of no period of the model: {}.",
            found.unmeasured.len(),
            found.unmeasured.join(", ")
        );
    }
    out.push_str("\n## Where the naive ones win\n\n");
    let lost = lost_to(found);
    if lost.is_empty() {
        out.push_str("Nowhere yet: no model was asked.\n");
    }
    for line in lost {
        let _ = writeln!(out, "- {line}");
    }
    out
}

/// Models beside the last value, by origin and series.
fn beside(out: &mut String, found: &Backtest) {
    let rows = by_origin(found);
    if rows.is_empty() {
        return;
    }
    out.push_str("\n## Beside the last value, by origin and series\n\n");
    out.push_str("Mean log errors on the targets that both spoke of; why where: [market.md](market.md#where-the-last-value-wins).\n\n");
    out.push_str(
        "| day | target | n | forecaster | its log error | last value's |\n|---|---|---|---|---|---|\n",
    );
    for r in rows {
        let (day, words, by) = (r.origin, &r.words, &r.by);
        let _ = writeln!(
            out,
            "| {day} | {words} | {} | {by} | {:.2} | {:.2} |",
            r.n, r.own, r.last
        );
    }
}

/// Heads of the table of tallies.
pub fn tally_heads() -> [&'static str; 12] {
    [
        "forecaster",
        "unit",
        "n (weak)",
        "log error (n)",
        "last value's on the same",
        "error, outcome next to nothing (n)",
        "CRPS",
        "CRPS skill over last value",
        "in 50 % / 90 % band",
        "interval score",
        "90 % width over median",
        "Brier",
    ]
}

/// One row under [`tally_heads`].
pub fn tally_row(t: &Tally) -> Vec<String> {
    let (divisor, unit) = t.measure.unit();
    let dash = || "–".to_owned();
    vec![
        t.by.clone(),
        format!("{unit}{}", if t.reference { ", reference" } else { "" }),
        format!("{} ({})", t.n, t.weak),
        t.log_error.map_or_else(dash, |(e, n)| format!("{e:.2} ({n})")),
        t.log_error_beside
            .map_or_else(dash, |(a, b, n)| format!("{b:.2} against {a:.2} ({n})")),
        t.plain_error
            .map_or_else(dash, |(e, n)| format!("{:.2} ({n})", e / divisor)),
        format!("{:.2}", t.crps / divisor),
        t.crps_skill.map_or_else(dash, |s| format!("{s:+.2}")),
        t.coverage
            .map_or_else(dash, |(a, b)| format!("{:.0} % / {:.0} %", a * 100.0, b * 100.0)),
        format!("{:.2}", t.interval_90 / divisor),
        format!("{:.1}", t.width_90),
        format!("{:.2}", t.brier),
    ]
}

fn error(said: &Said, divisor: f64, unit: &str) -> String {
    match said.error {
        Primary::Log(e) => format!("{e:.2}"),
        Primary::Plain(e) => format!("{:.2} {unit}", e / divisor),
    }
}

fn table(out: &mut String, trials: &[Trial], ahead: bool) {
    let heads = trial_heads(ahead);
    let _ = writeln!(out, "| {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len()));
    for row in trials.iter().flat_map(|t| trial_rows(t, ahead)) {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
}

/// Heads of a table of trials: by quarters ahead, or by the part of the period that was reported.
pub fn trial_heads(ahead: bool) -> [&'static str; 9] {
    let middle = if ahead {
        "quarters ahead"
    } else {
        "part of its days reported"
    };
    [
        "day",
        "target",
        "period",
        middle,
        "outcome",
        "forecaster",
        "median",
        "90 % band",
        "error; CRPS",
    ]
}

/// A row a word said, under [`trial_heads`].
pub fn trial_rows(t: &Trial, ahead: bool) -> Vec<Vec<String>> {
    let (d, unit) = t.measure.unit();
    let middle = if ahead {
        t.ahead.to_string()
    } else {
        format!("{:.0} %", t.covered * 100.0)
    };
    t.said
        .iter()
        .map(|s| {
            let condition = if s.condition.is_empty() {
                String::new()
            } else {
                format!(", {}", s.condition)
            };
            vec![
                format!("{}{}", t.origin, if t.weak { " (weak)" } else { "" }),
                t.words.clone(),
                t.period.clone(),
                middle.clone(),
                format!(
                    "{}{:.2} {unit}",
                    if t.bound { "at most " } else { "" },
                    t.outcome / d
                ),
                format!("{}{condition}", s.by),
                format!("{:.2}", s.median / d),
                format!("{:.2} to {:.2}", s.bands.ninety.0 / d, s.bands.ninety.1 / d),
                format!("{}; {:.2}", error(s, d, unit), s.crps / d),
            ]
        })
        .collect()
}

/// Where a naive forecast came nearer than a model, or than a published forecast, on the same target, with a count first.
pub fn lost_to(found: &Backtest) -> Vec<String> {
    let mut lines = Vec::new();
    let mut counts: Vec<(String, usize, usize)> = Vec::new();
    for t in found.trials.iter().chain(&found.published) {
        let (d, unit) = t.measure.unit();
        for own in t.said.iter().filter(|s| s.kind != Kind::Naive) {
            for naive in t.said.iter().filter(|s| s.kind == Kind::Naive) {
                let whose = if own.kind == Kind::Published {
                    "published forecasts"
                } else {
                    &own.by
                };
                let title = format!("{} against {whose}", naive.by);
                let at = counts.iter().position(|c| c.0 == title).unwrap_or_else(|| {
                    counts.push((title, 0, 0));
                    counts.len() - 1
                });
                counts[at].2 += 1;
                if naive.error.beats(own.error) == Some(true) {
                    counts[at].1 += 1;
                    lines.push(format!(
                        "{}, {} {}: {} came nearer than {} ({} against {})",
                        t.origin,
                        t.words,
                        t.period,
                        naive.by,
                        own.by,
                        error(naive, d, unit),
                        error(own, d, unit)
                    ));
                }
            }
        }
    }
    let mut out: Vec<String> = counts
        .into_iter()
        .map(|(title, won, of)| format!("{title}: nearer on {won} of {of} targets"))
        .collect();
    out.extend(lines);
    out
}
