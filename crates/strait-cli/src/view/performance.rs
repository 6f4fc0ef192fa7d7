//! Part 3: what each chip does on each workload, with the limit that binds.

use super::brief::name;
use super::number::{estimate, given, number, unknown, word};
use super::{Section, Table};
use crate::chart::{Bar, Chart, Group, bars};
use strait::brief::{Brief, PerformanceRow};
use strait::figure::{Outcome, Quantity};
use strait::perf::{Performance, Scale};

pub(super) fn section(brief: &Brief) -> Section {
    let mut section = Section::new("3. What it does");
    section.text(
        "Rates are computed from each chip's figures, calibrated on published measurements; the interval \
         holds the spread of that fit and disputed figures. `prior` marks a chip whose family nobody has measured.",
    );
    section.chart("performance", chart(brief));
    for row in &brief.performance {
        section.table(table(brief, row));
    }
    section
}

/// `8 chips` or `1,024 chips`.
pub(super) fn scale(scale: Scale) -> String {
    match scale {
        Scale::Node => "one node of 8 chips".to_owned(),
        Scale::Cluster(1) => "one chip".to_owned(),
        Scale::Cluster(chips) => format!("cluster of {} chips", given(f64::from(chips))),
    }
}

fn chart(brief: &Brief) -> Chart {
    let groups: Vec<Group> = brief
        .performance
        .iter()
        .map(|row| {
            let base = subject_rate(brief, row);
            Group {
                label: format!("{}, {}", word(&row.class), scale(row.scale)),
                bars: row
                    .chips
                    .iter()
                    .enumerate()
                    .map(|(series, (chip, outcome))| Bar {
                        label: name(brief, chip).to_owned(),
                        series,
                        value: base.and_then(|base| {
                            let rate = &outcome.known()?.rate;
                            Some((
                                rate.value.get() / base,
                                rate.low.get() / base,
                                rate.high.get() / base,
                            ))
                        }),
                    })
                    .collect(),
            }
        })
        .collect();
    bars(
        &format!("Throughput relative to {}", brief.subject.name),
        "Bars: tokens a second of each chip over the subject's central value, by workload; whiskers: the chip's own interval. The tables below have the numbers.",
        &format!("tokens/s, {} = 1", brief.subject.name),
        Some(1.0),
        &groups,
    )
}

fn subject_rate(brief: &Brief, row: &PerformanceRow) -> Option<f64> {
    let (_, outcome) = row.chips.iter().find(|(chip, _)| *chip == brief.subject.chip)?;
    Some(outcome.known()?.rate.value.get()).filter(|r| *r > 0.0)
}

fn table(brief: &Brief, row: &PerformanceRow) -> Table {
    let head = [
        "chip",
        "tokens/s",
        "tokens/s a chip",
        "TFLOP/s a chip",
        "of peak",
        "limit",
        "plan",
        "against subject",
    ];
    let mut table = Table::new(
        format!("{}: {} ({})", word(&row.class), row.title, scale(row.scale)),
        &head,
    );
    let base = subject_rate(brief, row);
    let mut missing = Vec::new();
    for (chip, outcome) in &row.chips {
        match outcome {
            Outcome::Known(p) => {
                table.figures.extend(p.rests_on.iter().cloned());
                let against = base.map_or_else(|| "–".into(), |b| format!("{:.2}×", p.rate.value.get() / b));
                let mark = if p.extrapolated { " (prior)" } else { "" };
                table.row([
                    format!("{}{mark}", name(brief, chip)),
                    estimate(&p.rate),
                    number(p.per_chip.value.get()),
                    number(p.achieved.value.get()),
                    format!("{:.0} %", p.mfu * 100.0),
                    word(&p.limit),
                    plan(p),
                    against,
                ]);
            }
            Outcome::Unknown(needs) => {
                missing.push(format!("{}: {}", name(brief, chip), unknown(needs)));
                let mut cells = vec![name(brief, chip).to_owned(), "unknown".to_owned()];
                cells.resize(head.len(), String::new());
                table.row(cells);
            }
        }
    }
    table.note = (!missing.is_empty()).then(|| missing.join("; "));
    table
}

fn plan(p: &Performance) -> String {
    let plan = &p.plan;
    let parts = [
        ("TP", plan.tensor),
        ("PP", plan.pipeline),
        ("DP", plan.data),
        ("EP", plan.expert),
    ];
    let split: Vec<String> = parts
        .iter()
        .filter(|(_, n)| *n > 1)
        .map(|(name, n)| format!("{name}{n}"))
        .collect();
    format!(
        "{} batch {} {}",
        split.join(" "),
        plan.batch,
        word(&plan.arithmetic)
    )
    .trim()
    .to_owned()
}
