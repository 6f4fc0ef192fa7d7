//! Served runs more than twice off, line by line, with the cause as far as other runs tell it.

use super::{ServedRun, ServingRow};
use crate::figure::median;
use std::fmt::Write as _;

/// Runs of one setting, and what other runs come out at, are told apart from this factor on.
const APART: f64 = 1.5;

/// One phase of a run: its name, what was measured, and computed over measured.
struct Phase {
    name: &'static str,
    measured: fn(&ServingRow) -> f64,
    ratio: fn(&ServedRun) -> f64,
}

const PHASES: [Phase; 2] = [
    Phase {
        name: "ttft",
        measured: |row| row.ttft,
        ratio: |run| run.seen.ttft / run.timed.row.ttft,
    },
    Phase {
        name: "tpot",
        measured: |row| row.tpot,
        ratio: |run| run.seen.tpot / run.timed.row.tpot,
    },
];

/// Steady runs of one model, chip, engine and precision.
type Line<'a> = (&'a str, &'a str, &'a str, &'a str);

fn line(row: &ServingRow) -> Line<'_> {
    (&row.model.0, &row.chip.0, &row.engine, &row.precision)
}

fn is_far(ratio: f64) -> bool {
    !(0.5..=2.0).contains(&ratio)
}

/// The table: lines with runs more than twice off, how many of how many, and why.
#[must_use]
pub(super) fn table(left_out: &[ServedRun], alone: &[ServedRun]) -> String {
    let mut text = "\n### More than twice off\n\nThe cause is told from other runs: those of the same setting, the same runs computed with parameters fitted to \
                    the chip alone, the same model under the engine on other chips, and under other engines on the chip; or from both times together.\n\n\
                    | model | chip | engine | precision | phase | runs | computed over measured, median | cause |\n|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    let steady: Vec<&ServedRun> = left_out.iter().filter(|r| r.regime() == "steady").collect();
    let mut lines: Vec<Line<'_>> = steady.iter().map(|r| line(&r.timed.row)).collect();
    lines.sort_unstable();
    lines.dedup();
    for of in lines {
        for phase in &PHASES {
            let runs = steady.iter().filter(|r| line(&r.timed.row) == of);
            let far: Vec<&ServedRun> = runs
                .clone()
                .filter(|r| is_far((phase.ratio)(r)))
                .copied()
                .collect();
            let Some(ratio) = middle(far.iter().map(|r| (phase.ratio)(r))) else {
                continue;
            };
            let (model, chip, engine, precision) = of;
            let _ = writeln!(
                text,
                "| {model} | {chip} | {engine} | {precision} | {} | {} of {} | {ratio:.2} | {} |",
                phase.name,
                far.len(),
                runs.count(),
                cause(phase, &far, ratio, &steady, alone)
            );
        }
    }
    text
}

/// Why, as far as other runs tell.
fn cause(
    phase: &Phase,
    far: &[&ServedRun],
    ratio: f64,
    steady: &[&ServedRun],
    alone: &[ServedRun],
) -> String {
    let rows = || far.iter().map(|r| &r.timed.row);
    let widest = |row: &ServingRow| {
        let others = steady.iter().map(|r| &r.timed.row);
        let others = others.filter(|o| o.id != row.id && row.repeats(o));
        others
            .map(|o| ((phase.measured)(o) / (phase.measured)(row)).ln().abs().exp())
            .fold(1.0, f64::max)
    };
    let contradicted: Vec<f64> = rows().map(widest).filter(|w| *w > APART).collect();
    if contradicted.len() * 2 >= far.len() {
        let most = contradicted.iter().copied().fold(1.0, f64::max);
        return format!("runs of the same setting lie up to x {most:.1} apart: what differs is not said");
    }
    let own = alone.iter().filter(|a| rows().any(|row| *row == a.timed.row));
    if let Some(own) = middle(own.map(|r| (phase.ratio)(r)))
        && !is_far(own)
    {
        return format!("the chip under this engine stands apart: fitted to it alone x {own:.2}");
    }
    let (model, chip, engine, precision) = line(&far[0].timed.row);
    let of = |keep: &dyn Fn(&ServingRow) -> bool| {
        middle(
            steady
                .iter()
                .filter(|r| r.timed.row.model.0 == model && keep(&r.timed.row))
                .map(|r| (phase.ratio)(r)),
        )
    };
    if let Some(elsewhere) = of(&|row| row.engine == engine && row.chip.0 != chip)
        && elsewhere.ln().abs() > APART.ln()
        && (elsewhere > 1.0) == (ratio > 1.0)
    {
        return format!("the engine with this model: on other chips x {elsewhere:.2}");
    }
    if let Some(others) = of(&|row| row.engine != engine && row.chip.0 == chip && row.precision == precision)
        && others.ln().abs() <= APART.ln()
    {
        return format!(
            "version or options of the engine: other engines on the chip come out at x {others:.2}"
        );
    }
    together(far).map_or_else(|| "no other run tells".to_owned(), str::to_owned)
}

/// What both times of the same runs tell together.
fn together(far: &[&ServedRun]) -> Option<&'static str> {
    let of = |phase: &Phase| middle(far.iter().map(|r| (phase.ratio)(r)));
    let (first, further) = (of(&PHASES[0])?, of(&PHASES[1])?);
    let apart = |ratio: f64| ratio.ln().abs() > APART.ln();
    if !apart(first) || !apart(further) {
        return None;
    }
    if (first > 1.0) == (further > 1.0) {
        Some("both times are off the same way: spread, format or drafted tokens may be others than said")
    } else if first < 1.0 {
        Some(
            "first tokens wait longer and further ones come faster: fewer sequences run at once than there are users",
        )
    } else {
        Some("first tokens come sooner and further ones later: more sequences run at once than is said")
    }
}

fn middle(ratios: impl Iterator<Item = f64>) -> Option<f64> {
    let mut list: Vec<f64> = ratios.collect();
    list.sort_by(f64::total_cmp);
    median(&list)
}
