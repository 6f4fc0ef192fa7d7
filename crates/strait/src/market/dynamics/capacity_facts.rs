//! What limits Chinese makers beside parameters: `data/market/dynamics/capacity.toml`.

use super::assumed::Read;
use super::calendar::MONTHS;
use crate::data::{DataFile, Problems, RawFact, RawFigure};
use crate::figure::{Sources, When};
use serde::Deserialize;
use toml::Spanned;

/// What limits Chinese makers beside parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct CapacityFacts {
    /// Wafers a month as planned, by month up to the end of the last year named.
    pub(crate) wafers: Vec<f64>,
    pub(crate) wafers_before: f64,
    pub(crate) dies_a_wafer: f64,
    /// The last month in which wafers are those planned.
    pub(crate) planned_to: usize,
    /// Months in which banked dies arrive.
    pub(crate) bank_from: usize,
    pub(crate) bank_to: usize,
    pub(crate) bank_lasts: f64,
    pub(crate) memory_counted_from: usize,
    pub(crate) memory_lasts: f64,
    pub(crate) memory_made_from: usize,
    pub(crate) other_dies: f64,
    pub(crate) other_stacks: f64,
}

impl CapacityFacts {
    /// Wafers made by the end of the last year of the plan, had all of it been made as planned.
    pub(crate) fn made_as_planned(&self) -> f64 {
        self.wafers_before + self.wafers.iter().sum::<f64>()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCapacity {
    wafers_before: RawFigure,
    wafers: Vec<RawWafers>,
    dies: RawDies,
    memory: RawMemory,
    other: RawOther,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWafers {
    year: Spanned<i16>,
    a_month: RawFigure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDies {
    a_wafer: RawFigure,
    planned_to: RawFact<When>,
    bank_from: RawFact<When>,
    bank_to: RawFact<When>,
    bank_lasts: RawFigure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMemory {
    counted_from: RawFact<When>,
    bank_lasts: RawFigure,
    made_from: RawFact<When>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOther {
    dies: RawFigure,
    stacks: RawFigure,
}

/// Reads `capacity.toml`.
pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> CapacityFacts {
    let Some((mut read, raw)) = Read::open::<RawCapacity>(file, sources, problems) else {
        return CapacityFacts::default();
    };
    // Middles of years, in years from January 2022.
    let mut years: Vec<(f64, f64)> = Vec::new();
    for row in &raw.wafers {
        let middle = f64::from(*row.year.get_ref() - 2022) + 0.5;
        if years.last().is_some_and(|(before, _)| *before >= middle) {
            read.0
                .problem(row.year.span(), "years of `wafers` out of order", None);
        }
        years.push((middle, read.count(&row.a_month)));
    }
    let out = CapacityFacts {
        wafers: planned(&years),
        wafers_before: read.count(&raw.wafers_before),
        dies_a_wafer: read.count(&raw.dies.a_wafer),
        planned_to: read.month(&raw.dies.planned_to),
        bank_from: read.month(&raw.dies.bank_from),
        bank_to: read.month(&raw.dies.bank_to),
        bank_lasts: read.count(&raw.dies.bank_lasts),
        memory_counted_from: read.month(&raw.memory.counted_from),
        memory_lasts: read.count(&raw.memory.bank_lasts),
        memory_made_from: read.month(&raw.memory.made_from),
        other_dies: read.count(&raw.other.dies),
        other_stacks: read.count(&raw.other.stacks),
    };
    // Revenue of a year before is what wafers grow by.
    if out.planned_to + 1 < 12 || out.planned_to >= out.wafers.len() {
        read.0.problem(
            raw.dies.planned_to.value.span(),
            "`planned_to` must lie from 2022-12 to the end of the last year of `wafers`",
            None,
        );
    }
    if out.bank_to < out.bank_from {
        read.0.problem(
            raw.dies.bank_to.value.span(),
            "`bank_to` before `bank_from`",
            None,
        );
    }
    read.close(problems);
    out
}

/// Wafers of every month to the end of the last year: straight between middles of years, level beyond the ends.
fn planned(years: &[(f64, f64)]) -> Vec<f64> {
    let months = years.last().map_or(0.0, |(middle, _)| (middle + 0.5) * 12.0);
    (0..(months.max(0.0) as usize).min(MONTHS))
        .map(|t| {
            let now = (t as f64 + 0.5) / 12.0;
            let after = years.iter().position(|(middle, _)| *middle >= now);
            match after {
                None => years.last().map_or(0.0, |y| y.1),
                Some(0) => years[0].1,
                Some(k) => {
                    let ((from, low), (to, high)) = (years[k - 1], years[k]);
                    low + (high - low) * (now - from) / (to - from)
                }
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_is_straight_between_middles_of_years_and_level_beyond() {
        let plan = planned(&[(0.5, 100.0), (1.5, 220.0), (2.5, 100.0)]);
        assert_eq!(plan.len(), 36);
        // The middle of June 2022 lies before the first middle of a year, that of July half a month past it.
        assert!((plan[0] - 100.0).abs() < 1e-9 && (plan[5] - 100.0).abs() < 1e-9);
        assert!((plan[6] - 105.0).abs() < 1e-9 && (plan[17] - 215.0).abs() < 1e-9);
        assert!((plan[18] - 215.0).abs() < 1e-9 && (plan[35] - 100.0).abs() < 1e-9);
        // What is made as planned is all of it and what was made before.
        let facts = CapacityFacts {
            wafers: plan.clone(),
            wafers_before: 10.0,
            ..CapacityFacts::default()
        };
        assert!((facts.made_as_planned() - 10.0 - plan.iter().sum::<f64>()).abs() < 1e-9);
    }
}
