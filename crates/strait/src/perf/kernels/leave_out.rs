//! Every chip left out of the fit in turn: its scores, the spreads of the others' errors, and the intervals that rest
//! on them.

use super::calibrate::{Settings, fit};
use super::score::{Evaluation, Score, score};
use super::spread::{quantile, spread, usual};
use super::{Groups, Kernels, Key, Sample};
use crate::catalog::ChipId;
use crate::perf::measured::RealShapes;
use crate::perf::ops::Device;
use serde::Serialize;
use std::collections::BTreeMap;

/// The interval's quality on one chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntervalScore {
    /// Chip.
    pub chip: ChipId,
    /// Share of rows inside, every operator and precision counting alike.
    pub coverage90: f64,
    /// Interval score of the logarithm (width plus twenty times the miss), the same way; smaller is better.
    pub score: f64,
    /// The score of one constant width that holds 90 % of the other chips' rows.
    pub naive: f64,
    /// Share of rows inside that one.
    pub naive_coverage: f64,
}

/// Errors of a key on a chip: log error and predicted seconds of every row its parameters are fitted to.
type ErrorsOf = BTreeMap<(Key, ChipId), Vec<(f64, f64)>>;

/// Leaves every chip out in turn, and fits to it alone; also the kernels fitted to all, with spreads.
///
/// `step` is told what begins.
pub fn leave_one_out(
    groups: &Groups,
    settings: &Settings,
    real: &RealShapes,
    floors: bool,
    step: &mut dyn FnMut(&str),
) -> (Kernels, Evaluation) {
    step("fit to every chip");
    let mut all = fit(groups, settings, &|_| true, None);
    let mut chips: Vec<&ChipId> = groups.by_key.values().flat_map(BTreeMap::keys).collect();
    chips.sort();
    chips.dedup();
    let mut errors = ErrorsOf::new();
    let mut folds = Vec::new();
    for chip in &chips {
        step(&format!("fit without {chip}"));
        let without = fit(groups, settings, &|c| c != *chip, Some(&all));
        for (key, by_chip) in &groups.by_key {
            if let Some(group) = by_chip.get(*chip) {
                let rows = errors_of(&group.fitted(), key, &without, &groups.devices[*chip]);
                if !rows.is_empty() {
                    errors.insert((key.clone(), (*chip).clone()), rows);
                }
            }
        }
        folds.push(without);
    }
    set_spreads(&mut all, &errors, &|_| true);
    let mut found = Evaluation::default();
    for (chip, mut without) in chips.iter().zip(folds) {
        // The interval for a chip rests on the errors of the others alone.
        set_spreads(&mut without, &errors, &|c| c != *chip);
        for (key, by_chip) in &groups.by_key {
            if by_chip.contains_key(*chip) {
                let half = |seconds| without.half_width(key.0, &key.1, seconds);
                found.add(score(groups, key, chip, &without, real, &half));
            }
        }
        found.intervals.push(interval(chip, &without, &errors));
        if floors {
            step(&format!("fit to {chip} alone"));
            let alone = fit(groups, settings, &|c| c == *chip, Some(&all));
            for (key, by_chip) in &groups.by_key {
                if by_chip.contains_key(*chip) {
                    let (floors, ..) = score(groups, key, chip, &alone, real, &|_| 0.0);
                    found.floors.extend(floors);
                }
            }
        }
    }
    let order = |s: &Score| {
        (
            s.operator.clone(),
            s.precision.clone(),
            s.engine.clone(),
            s.shapes,
            s.regime.clone(),
            s.chip.clone(),
        )
    };
    found.scores.sort_by_key(order);
    found.floors.sort_by_key(order);
    (all, found)
}

/// Log error and predicted seconds of rows under a fit.
pub(super) fn errors_of(rows: &[&Sample], key: &Key, kernels: &Kernels, device: &Device) -> Vec<(f64, f64)> {
    rows.iter()
        .filter_map(|row| {
            let t = kernels.seconds(&row.call, &key.1, None, device)?;
            Some(((t / row.seconds).ln(), t))
        })
        .collect()
}

/// Spreads from the errors of the chips that `counts` lets through.
fn set_spreads(kernels: &mut Kernels, errors: &ErrorsOf, counts: &dyn Fn(&ChipId) -> bool) {
    let keys: std::collections::BTreeSet<&Key> = errors.keys().map(|(key, _)| key).collect();
    let of = |key: &Key| -> Vec<&[(f64, f64)]> {
        errors
            .iter()
            .filter(|((k, chip), _)| k == key && counts(chip))
            .map(|(_, rows)| rows.as_slice())
            .collect()
    };
    let usual = usual(&keys.iter().map(|key| of(key)).collect::<Vec<_>>());
    kernels.between = usual.between;
    for key in keys {
        kernels.spreads.insert(key.clone(), spread(&of(key), &usual));
    }
}

/// Width plus twenty times the miss of a 90 % interval of half-width `half` about an error.
fn interval_score(error: f64, half: f64) -> f64 {
    2.0 * half + 20.0 * (error.abs() - half).max(0.0)
}

fn interval(chip: &ChipId, kernels: &Kernels, errors: &ErrorsOf) -> IntervalScore {
    let mut others: Vec<f64> = errors
        .iter()
        .filter(|((_, c), _)| c != chip)
        .flat_map(|(_, rows)| rows.iter().map(|e| e.0.abs()))
        .collect();
    let constant = quantile(&mut others, 0.9);
    let mut sums = [0.0; 4];
    let mut keys = 0.0;
    for ((key, _), rows) in errors.iter().filter(|((_, c), _)| c == chip) {
        #[allow(clippy::cast_precision_loss)]
        let n = rows.len() as f64;
        keys += 1.0;
        for (error, seconds) in rows {
            let half = kernels.half_width(key.0, &key.1, *seconds);
            sums[0] += f64::from(u8::from(error.abs() <= half)) / n;
            sums[1] += interval_score(*error, half) / n;
            sums[2] += interval_score(*error, constant) / n;
            sums[3] += f64::from(u8::from(error.abs() <= constant)) / n;
        }
    }
    let mean = sums.map(|s| if keys > 0.0 { s / keys } else { 0.0 });
    IntervalScore {
        chip: chip.clone(),
        coverage90: mean[0],
        score: mean[1],
        naive: mean[2],
        naive_coverage: mean[3],
    }
}
