//! Performance density: which dies count, and the sum of their areas.

use super::{DensitySum, DieRow, Input, Work, compare};
use crate::catalog::{Die, DieRole, Transistor};
use crate::rules::chip::metrics::{Range, die_area};
use crate::rules::{Interval, MetricName, Ternary};

pub(super) fn sum(work: &Work<'_>) -> DensitySum {
    let dies: Vec<DieRow> = work.chip.dies.iter().map(row).collect();
    let area = work.measured.area;
    let terms: Vec<String> = dies
        .iter()
        .filter_map(|d| d.total)
        .map(|t| t.to_string())
        .collect();
    let text = match area {
        None => {
            "no logic die with non-planar transistors: density is undefined and meets no bound".to_owned()
        }
        Some(_) if work.chip.dies.is_empty() => "no die is known".to_owned(),
        Some(area) if terms.len() > 1 => format!("{} = {}", terms.join(" + "), Interval::of(area)),
        Some(area) => Interval::of(area).to_string(),
    };
    // Rounded by the same function as the verdict's metrics; comparisons never read it.
    let shown = super::shown(work.measured.display(work.chip).performance_density.as_ref());
    DensitySum {
        definitions: work.definitions(MetricName::PerformanceDensity),
        area: area.map(Interval::of),
        text,
        shown,
        comparisons: compare::bounds(work, MetricName::PerformanceDensity),
        dies,
    }
}

fn row(die: &Die) -> DieRow {
    let area = die
        .area
        .as_ref()
        .map(|a| Input::of(format!("die.{}.area", die.name), a));
    let total = die_area(die);
    let (counts, why) = match (die.logic, die.transistor) {
        (false, _) => (
            Ternary::No,
            match die.role {
                DieRole::Memory => "memory, no logic die: out",
                DieRole::Interposer => "interposer, no logic die: out",
                _ => "no logic die: out",
            },
        ),
        (true, Transistor::Planar) => (Ternary::No, "logic, planar transistors: out"),
        (true, Transistor::NonPlanar) if die.role == DieRole::Io => {
            (Ternary::Yes, "logic (I/O), non-planar transistors: in")
        }
        (true, Transistor::NonPlanar) => (Ternary::Yes, "logic, non-planar transistors: in"),
        (true, Transistor::Unknown) => (
            Ternary::Unknown,
            "logic, transistors not known: in or out, so from zero",
        ),
    };
    let text = match (&area, total) {
        (None, _) => format!("{} x not known", die.count),
        (Some(one), Some(total)) => format!("{} x {} = {}", die.count, one.value, Interval::of(total)),
        (Some(one), None) => format!("{} x {}", die.count, one.value),
    };
    DieRow {
        name: die.name.clone(),
        role: die.role,
        count: die.count,
        count_source: die.count_from.as_ref().map(|o| o.source.clone()),
        process: die.process.as_ref().map(|p| p.value.clone()),
        transistor: die.transistor,
        area,
        counts,
        why: why.to_owned(),
        total: total.map(|t| Interval::of(if t.high.is_none() { Range::UNKNOWN } else { t })),
        text,
    }
}
