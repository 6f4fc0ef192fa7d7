//! Fits the parameters to fully specified steps; any family of chips may be left out.

use super::hardware::{Hardware, Memo};
use super::memory::Bytes;
use super::parameters::Fit;
use super::plan::{Execution, Job};
use super::step::{Pieces, exchanges, step};
use crate::perf::kernels::minimise;
use crate::perf::ops::Parameters;
use std::collections::BTreeMap;

/// Moves of the simplex.
const MOVES: usize = 900;
/// Weight of the priors against a mean absolute log error: one standard deviation costs half a percent.
const PRIOR: f64 = 0.005;

/// A step whose plan is known, on its chip.
pub(crate) struct Known<'a> {
    pub(crate) job: Job<'a>,
    pub(crate) plan: Execution,
    pub(crate) hardware: &'a Hardware,
    pub(crate) family: &'a str,
    pub(crate) measured: f64,
}

impl Known<'_> {
    /// Whether the plan fits the memory.
    pub(crate) fn fits(&self) -> bool {
        let pieces = Pieces::of(&self.job, self.hardware, &self.plan.split(), &Memo::default());
        let room = self.hardware.capacity * self.hardware.usable;
        pieces.is_some_and(|pieces| Bytes::of(&self.job, &self.plan, &pieces.layer).total() <= room)
    }

    /// Seconds under other parameters; `None` where the chip lacks the arithmetic.
    pub(crate) fn seconds(&self, fit: Fit) -> Option<f64> {
        let hardware = self.hardware.with(fit);
        let pieces = Pieces::of(&self.job, &hardware, &self.plan.split(), &Memo::default())?;
        let sent = exchanges(&self.job, &hardware, &self.plan);
        Some(step(&self.job, &hardware, &self.plan, &pieces, sent).total())
    }

    fn error(&self, fit: Fit) -> f64 {
        // A row that cannot be computed is as wrong as any.
        self.seconds(fit).map_or(3.0, |s| (s / self.measured).ln())
    }
}

/// Mean over families of the mean absolute log error, and what the priors cost.
pub(crate) fn loss(rows: &[&Known<'_>], values: &[f64]) -> f64 {
    let fit = Fit::from_list(values);
    let mut by_family: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for row in rows {
        let sum = by_family.entry(row.family).or_default();
        *sum = (sum.0 + row.error(fit).abs(), sum.1 + 1.0);
    }
    let families = by_family.len().max(1) as f64;
    let error: f64 = by_family.values().map(|(sum, n)| sum / n).sum();
    let prior: f64 = Fit::LIST
        .iter()
        .zip(values)
        .map(|(p, v)| ((v / p.prior).ln() / p.sigma).powi(2))
        .sum();
    error / families + PRIOR * prior
}

/// The parameters, in the order of their list.
pub(crate) fn fit(rows: &[&Known<'_>]) -> Vec<f64> {
    let start: Vec<f64> = Fit::LIST.iter().map(|p| p.prior).collect();
    let bounds: Vec<(f64, f64)> = Fit::LIST.iter().map(|p| (p.low, p.high)).collect();
    let (values, _) = minimise(&start, &bounds, MOVES, &mut |values| loss(rows, values));
    // Four digits are more than the rows can tell, and keep the file readable.
    values
        .into_iter()
        .map(|v| format!("{v:.4}").parse().unwrap_or(v))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::data::{DataSet, load_sources};
    use crate::perf::{PerfModel, RowUse};
    use crate::scenario::Scenario;

    #[test]
    fn the_committed_parameters_stand_at_the_bottom() {
        let data = DataSet::embedded();
        let perf = PerfModel::load(&data, &load_sources(&data).unwrap()).unwrap();
        let catalog = Catalog::load(&data, &Scenario::default()).unwrap();
        let chips = perf.training_chips(perf.training.rows.iter().map(|row| &row.step), &|id| {
            catalog.get(id)
        });
        let rows: Vec<Known<'_>> = perf
            .training
            .rows
            .iter()
            .filter(|row| row.role == RowUse::Calibrate)
            .filter_map(|row| perf.known(&row.step, &chips))
            .collect();
        let rows: Vec<&Known<'_>> = rows.iter().collect();
        assert_eq!(rows.len(), perf.training.fitted.rows);
        let held = perf.training.fitted.fit.list();
        let bottom = loss(&rows, &held);
        for name in ["products", "heat", "backward", "flash2", "contention"] {
            let at = Fit::LIST.iter().position(|p| p.name == name).unwrap();
            for factor in [0.9, 1.1] {
                let mut values = held.clone();
                values[at] *= factor;
                let moved = loss(&rows, &values);
                assert!(moved > bottom - 2e-4, "{name} x {factor}: {moved} under {bottom}");
            }
        }
    }
}
