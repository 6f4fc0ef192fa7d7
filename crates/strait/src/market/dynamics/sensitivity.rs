//! What moves an answer of the quarterly model: one parameter at a time, and parts of its variance.

use super::ensemble::Run;
use super::parameters::Names;
use super::path::Path;
use super::shocks::Shocks;
use crate::market::Stream;
use crate::market::score::quantile;
use crate::market::sensitivity::{Bar, Factor, Index, SensitivityError, sobol_indices, tornado};
use serde::Serialize;

/// One parameter's hand in an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// The answer with the parameter at the 10th and at the 90th percentile of its posterior.
    pub bar: Bar,
    /// Part of the answer's variance that it explains alone.
    pub first: Index,
    /// Part in which it has any hand.
    pub total: Index,
    /// Whether the data moved it less than a tenth from its prior.
    pub assumed: bool,
}

/// Tornado and Sobol' indices of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sensitivity {
    /// The answer with every parameter at the middle of its posterior.
    pub base: f64,
    /// Parameters with the longest bars, longest first.
    pub moved: Vec<Moved>,
}

/// Parameters that indices are worked out for: those with the longest bars.
const INDEXED: usize = 12;
/// Moves every parameter alone between the 10th and the 90th percentile of its posterior, then the twelve that moved the
/// answer most all together, over their own posteriors and independently of one another, the rest at their middle, on
/// `points` of each of eight scramblings.
///
/// # Errors
/// Fewer than two points.
pub fn sensitivity(
    run: &Run<'_>,
    (seed, points): (u64, u32),
    assumed: impl Fn(&str) -> bool,
    answer: impl Fn(&Path) -> f64 + Sync,
) -> Result<Sensitivity, SensitivityError> {
    let columns: Vec<Vec<f64>> = (0..Names::ALL.len())
        .map(|k| {
            let mut column: Vec<f64> = run.posterior.draws.iter().map(|d| d[k]).collect();
            column.sort_unstable_by(f64::total_cmp);
            column
        })
        .collect();
    let held = |k: usize| run.held.iter().find(|(at, _)| *at == k).map(|(_, score)| *score);
    let at = |k: usize, p: f64| held(k).unwrap_or_else(|| quantile(&columns[k], p));
    let of = |z: &[f64]| {
        let theta = run.priors.theta(z);
        answer(&Path::simulate(
            run.env,
            &theta,
            &Shocks::default(),
            super::MONTHS,
        ))
    };
    let factors: Vec<Factor> = Names::ALL
        .iter()
        .enumerate()
        .map(|(k, name)| Factor {
            name: (*name).to_owned(),
            low: at(k, 0.1),
            base: at(k, 0.5),
            high: at(k, 0.9),
        })
        .collect();
    let (base, bars) = tornado(&factors, of)?;
    let bars: Vec<Bar> = bars.into_iter().take(INDEXED).collect();
    let place = |bar: &Bar| Names::ALL.iter().position(|n| *n == bar.name);
    let moved: Vec<usize> = bars.iter().filter_map(place).collect();
    let middle: Vec<f64> = factors.iter().map(|f| f.base).collect();
    let indices = sobol_indices(seed, moved.len(), points, &|unit: &[f64]| {
        let mut z = middle.clone();
        for (k, p) in moved.iter().zip(unit) {
            z[*k] = at(*k, *p);
        }
        of(&z)
    })?;
    let moved = bars
        .into_iter()
        .zip(indices.first.into_iter().zip(indices.total))
        .map(|(bar, (first, total))| Moved {
            assumed: assumed(&bar.name),
            bar,
            first,
            total,
        })
        .collect();
    Ok(Sensitivity { base, moved })
}

/// Draws of a quantity as they would be published, with an error of a tenth; the errors depend on `number` alone.
pub fn noisy(draws: Vec<f64>, number: u64) -> Vec<f64> {
    let mut stream = Stream::new(41, number);
    draws
        .into_iter()
        .map(|x| x * (0.1 * stream.normal()).exp())
        .collect()
}
