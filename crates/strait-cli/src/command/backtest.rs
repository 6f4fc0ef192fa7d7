//! `strait validate market`: the quarterly market tried on the past.

use crate::args::{Global, ValidateArgs};
use crate::input::{Inputs, bundle, today};
use crate::text::Layout;
use crate::view::{Page, Section, Table};
use crate::{Exit, output, text};
use miette::Result;
use serde_json::json;
use std::fmt::Write as _;
use strait::brief::{Backtest, Effort, Library, Said, Trial, UNKNOWN};

pub(crate) fn run(args: &ValidateArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let library = Library::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let effort = Effort {
        steps: args.steps.max(100),
        draws: 600,
        seed: args.seed,
    };
    let found = library
        .backtest(&inputs.data, today(), effort, &mut |step| output::remark(step))
        .map_err(bundle)?;
    if let Some(path) = &args.page {
        output::write_whole(path, &markdown(&found, &library.dynamics.observed.hash(), effort))?;
    }
    if global.json {
        let about = json!({ "version": env!("CARGO_PKG_VERSION"), "data": inputs.data.version(), "seed": args.seed,
            "steps": effort.steps, "draws": effort.draws });
        output::print_json(&json!({ "strait": about, "backtest": found }))?;
    } else {
        output::print(&text::page(&page(&found), Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}

fn usd(x: f64) -> String {
    format!("{:.2}", x / 1e9)
}

fn error(said: &Said) -> String {
    said.log_error
        .map_or_else(|| format!("{:.2} bn", said.error_bn), |e| format!("{e:.2}"))
}

fn band(said: &Said) -> String {
    said.bands
        .map_or_else(|| "–".into(), |b| format!("{} to {}", usd(b[0]), usd(b[3])))
}

fn tally_rows(found: &Backtest) -> Vec<Vec<String>> {
    found
        .tallies
        .iter()
        .map(|t| {
            vec![
                t.by.clone(),
                t.n.to_string(),
                t.log_error
                    .map_or_else(|| "–".into(), |(e, n)| format!("{e:.2} (n = {n})")),
                t.model_log_error
                    .map_or_else(|| "–".into(), |e| format!("{e:.2}")),
                format!("{:.2}", t.crps_bn),
                format!("{:.2}", t.model_crps_bn),
                t.coverage.map_or_else(
                    || "–".into(),
                    |(a, b)| format!("{:.0} % / {:.0} %", a * 100.0, b * 100.0),
                ),
                t.brier.map_or_else(|| "–".into(), |b| format!("{b:.2}")),
            ]
        })
        .collect()
}

const TALLY: [&str; 8] = [
    "forecaster",
    "n",
    "mean absolute log error",
    "the model's on the same",
    "CRPS, bn USD",
    "the model's on the same",
    "in 50 % / 90 % band",
    "Brier, under 0.2 bn",
];

/// Where a naive forecast or another came nearer than the model.
fn lost(found: &Backtest) -> Vec<String> {
    let nearer = |t: &Trial, s: &Said| {
        let own = &t.said[0];
        let less = match (s.log_error, own.log_error) {
            (Some(a), Some(b)) => a < b,
            _ => s.error_bn < own.error_bn,
        };
        less && !s.by.starts_with("strait")
    };
    found
        .trials
        .iter()
        .flat_map(|t| {
            t.said.iter().filter(|s| nearer(t, s)).map(move |s| {
                format!(
                    "{} from {}: {} came nearer ({} against {})",
                    t.target,
                    t.origin,
                    s.by,
                    error(s),
                    error(&t.said[0])
                )
            })
        })
        .collect()
}

fn page(found: &Backtest) -> Page {
    let mut table = Table::new(
        "By target, bn USD",
        &[
            "origin",
            "target",
            "outcome",
            "forecaster",
            "median",
            "90 % band",
            "error",
            "CRPS",
        ],
    );
    for t in &found.trials {
        for s in &t.said {
            table.row([
                format!("{}{}", t.origin, if t.weak { " (weak)" } else { "" }),
                t.target.clone(),
                usd(t.outcome),
                s.by.clone(),
                usd(s.median),
                band(s),
                error(s),
                format!("{:.2}", s.crps_bn),
            ]);
        }
    }
    let mut tallies = Table::new("By forecaster", &TALLY);
    for row in tally_rows(found) {
        tallies.row(row);
    }
    let mut section = Section::new("Backtest");
    section.table(tallies);
    section.table(table);
    section.items("Where another came nearer than the model:", lost(found));
    Page {
        title: "Market model tried on the past".into(),
        sections: vec![section],
        ..Page::default()
    }
}

/// What the model gains in CRPS over naive forecasts, and how wide its bands are.
fn skill(found: &Backtest) -> String {
    let mut out = String::new();
    for t in found
        .tallies
        .iter()
        .filter(|t| ["last value", "trend"].contains(&t.by.as_str()) && t.crps_bn > 0.0)
    {
        let _ = writeln!(
            out,
            "\nCRPS skill of the model over {}, on the {} targets it speaks of: {:+.0} %.",
            t.by,
            t.n,
            (1.0 - t.model_crps_bn / t.crps_bn) * 100.0
        );
    }
    for (words, weak) in [("weak origins", true), ("the others", false)] {
        let own: Vec<&Trial> = found.trials.iter().filter(|t| t.weak == weak).collect();
        let logs: Vec<f64> = own.iter().filter_map(|t| t.said[0].log_error).collect();
        let naive: Vec<f64> = own
            .iter()
            .filter_map(|t| t.said.iter().find(|s| s.by == "last value")?.log_error)
            .collect();
        let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len().max(1) as f64;
        let _ = writeln!(
            out,
            "\nMean absolute log error from {words}: {:.2} (n = {}); of the last value {:.2} (n = {}).",
            mean(&logs),
            logs.len(),
            mean(&naive),
            naive.len()
        );
    }
    let mut widths: Vec<f64> = found
        .trials
        .iter()
        .filter(|t| t.outcome > 2e8)
        .filter_map(|t| t.said[0].bands)
        .map(|b| b[3] / b[0].max(1.0))
        .collect();
    widths.sort_unstable_by(f64::total_cmp);
    if let Some(width) = widths.get(widths.len() / 2) {
        let _ = writeln!(
            out,
            "\nThe upper end of the 90 % band is {width:.1} times the lower, at the median."
        );
    }
    out
}

fn markdown(found: &Backtest, observations: &str, effort: Effort) -> String {
    let mut out = String::from(
        "# How wrong the market model was\n\nWritten by `strait validate market --page docs/market_accuracy.md`; do not edit. From each origin the model was fitted\nto what was public then (observations, law, chips, prices and supply by the day they were known, priors of later sources in\ntheir wider form), and asked for what came one to four quarters later.\n\n",
    );
    let _ = write!(
        out,
        "Observations `{observations}`, {} steps a chain in two chains, {} draws, seed {}.\n\n- **Policy unknown**: law beyond the origin is drawn from a hazard of tightening and reopening; the real forecast.\n- **Policy known**: law, chips, prices and supply of later days are read; parameters are those of the origin. It tests the\n  economics alone.\n- **Last value**, **trend**: the last quarter of the same target public then, and its last change carried on.\n- Published forecasts of a half year are set against the one quarter of it that was reported, at half their value.\n\nErrors are absolute natural logarithms of median over outcome; where the outcome is under 0.2 bn USD they are in bn USD.\nCRPS is in bn USD; every point forecast gets the same spread, {:.2} in the logarithm, pooled over all point forecasts here.\nTargets overlap and origins are few: nothing here is significant, and none is claimed.\n\n## By forecaster\n\n",
        effort.steps, effort.draws, effort.seed, found.point_spread
    );
    let _ = writeln!(out, "| {} |\n|{}", TALLY.join(" | "), "---|".repeat(TALLY.len()));
    for row in tally_rows(found) {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out.push_str(&skill(found));
    out.push_str("\n## By target\n\nbn USD. Weak origins rest nearly wholly on recalled figures.\n\n| origin | target | period | outcome | forecaster | median | 90 % band | error | CRPS |\n|---|---|---|---|---|---|---|---|---|\n");
    for t in &found.trials {
        for s in &t.said {
            let _ = writeln!(
                out,
                "| {}{} | {} | {} | {} | {} | {} | {} | {} | {:.2} |",
                t.origin,
                if t.weak { " (weak)" } else { "" },
                t.what,
                t.period,
                usd(t.outcome),
                s.by,
                usd(s.median),
                band(s),
                error(s),
                s.crps_bn
            );
        }
    }
    out.push_str("\n## Where another came nearer than the model\n\n");
    for line in lost(found) {
        let _ = writeln!(out, "- {line}");
    }
    let own = found.tallies.iter().find(|t| t.by == UNKNOWN);
    if let Some((fifty, ninety)) = own.and_then(|t| t.coverage) {
        let _ = write!(
            out,
            "\n## Bands\n\nWith policy unknown {:.0} % of outcomes lie in the 50 % band and {:.0} % in the 90 % band.\n",
            fifty * 100.0,
            ninety * 100.0
        );
    }
    out
}
