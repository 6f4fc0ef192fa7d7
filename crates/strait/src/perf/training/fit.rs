//! Fits the parameters to fully specified steps; any family of chips may be left out.

use super::hardware::{Hardware, Memo};
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
