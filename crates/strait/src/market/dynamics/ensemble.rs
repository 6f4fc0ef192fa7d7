//! Many paths: one a draw, the same draws under every scenario, in blocks that can be kept and taken up again.

use super::calendar::{MONTHS, quarters};
use super::environment::Environment;
use super::parameters::{Names, Priors, Theta};
use super::path::Path;
use super::posterior::Posterior;
use super::shocks::Shocks;
use super::variables::{Detail, Key, Variable, read, variables};
use crate::market::{Quarter, Stream};
use crate::scenario::{MarketChange, Verb};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Paths a block.
pub const BLOCK: usize = 250;

/// What a run is made from.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// What buyers meet.
    pub env: &'a Environment,
    /// Priors.
    pub priors: &'a Priors,
    /// Draws of the parameters.
    pub posterior: &'a Posterior,
    /// Parameters held by the scenario.
    pub held: &'a [(usize, f64)],
    /// Seed of the shocks.
    pub seed: u64,
}

/// Parameters that a scenario's `assume` holds, with the score each is held at.
pub fn held(changes: &[MarketChange]) -> Vec<(usize, f64)> {
    changes
        .iter()
        .filter(|c| c.verb == Verb::Assume)
        .filter_map(|c| {
            let at = Names::ALL
                .iter()
                .position(|id| Some(*id) == c.parameter.as_deref())?;
            Some((at, c.score?))
        })
        .collect()
}

impl Run<'_> {
    /// Standard scores of a draw, held ones in place.
    pub fn scores(&self, index: usize) -> Vec<f64> {
        let mut z = self.posterior.draw(index).to_vec();
        for (at, score) in self.held {
            z[*at] = *score;
        }
        z
    }

    /// Values of a draw.
    pub fn theta(&self, index: usize) -> Theta {
        self.priors.theta(&self.scores(index))
    }

    /// Shocks of a draw: they depend on seed and index alone, so that scenarios share them.
    pub fn shocks(&self, index: usize) -> Shocks {
        let mut stream = Stream::new(self.seed, index as u64);
        Shocks {
            budget: (0..MONTHS).map(|_| stream.normal()).collect(),
            ..Shocks::default()
        }
    }

    /// One path.
    pub fn path(&self, index: usize) -> Path {
        Path::simulate(self.env, &self.theta(index), &self.shocks(index), MONTHS)
    }

    /// A block of paths, of each the series that variables are read off: `[draw][series * quarters + quarter]`.
    pub fn block(&self, block: usize, draws: usize, detail: Detail) -> Vec<Vec<f32>> {
        let never = AtomicBool::new(false);
        self.block_unless(&never, block, draws, detail)
            .unwrap_or_default()
    }

    /// The same, given up where `stop` is set before it is whole.
    pub fn block_unless(
        &self,
        stop: &AtomicBool,
        block: usize,
        draws: usize,
        detail: Detail,
    ) -> Option<Vec<Vec<f32>>> {
        let from = block * BLOCK;
        (from..(from + BLOCK).min(draws))
            .into_par_iter()
            .map(|n| (!stop.load(Ordering::Relaxed)).then(|| read(&self.path(n), self.env, detail)))
            .collect()
    }

    /// All blocks; `done` hears of each and may stop the run by returning false.
    pub fn ensemble(&self, draws: usize, detail: Detail, mut done: impl FnMut(usize) -> bool) -> Ensemble {
        let mut out = Ensemble::new(variables(self.env, detail));
        for block in 0..draws.div_ceil(BLOCK) {
            out.values.extend(self.block(block, draws, detail));
            if !done(out.values.len()) {
                break;
            }
        }
        out
    }
}

/// What is kept of every path, and the variables that are read off it.
#[derive(Debug, Clone, Default)]
pub struct Ensemble {
    /// Variables.
    pub variables: Vec<Variable>,
    /// Quarters.
    pub quarters: Vec<Quarter>,
    /// What is kept of each path: `[draw][series * quarters + quarter]`.
    pub values: Vec<Vec<f32>>,
}

/// A median with its 50 % and 90 % bands.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Band {
    /// 5th percentile.
    pub p05: f64,
    /// 25th percentile.
    pub p25: f64,
    /// Median.
    pub median: f64,
    /// 75th percentile.
    pub p75: f64,
    /// 95th percentile.
    pub p95: f64,
}

impl Band {
    /// Of values.
    pub fn of(mut values: Vec<f64>) -> Self {
        // What is the same in every draw, as a good that is not on sale, has no band to look for.
        if let Some(first) = values.first().filter(|x| values.iter().all(|y| y == *x)) {
            let same = *first;
            return Self {
                p05: same,
                p25: same,
                median: same,
                p75: same,
                p95: same,
            };
        }
        let [p05, p25, median, p75, p95] =
            crate::market::score::quantiles(&mut values, [0.05, 0.25, 0.5, 0.75, 0.95]);
        Self {
            p05,
            p25,
            median,
            p75,
            p95,
        }
    }
}

impl Ensemble {
    /// None yet.
    pub fn new(variables: Vec<Variable>) -> Self {
        Self {
            variables,
            quarters: quarters(),
            values: Vec::new(),
        }
    }

    /// Position of a variable.
    pub fn find(&self, key: Key<'_>) -> Option<usize> {
        self.variables.iter().position(|v| v.key() == key)
    }

    /// A draw's value of a variable over quarters: flows added up, parts of the sums, rates their mean, stocks the last.
    fn value(&self, draw: &[f32], variable: usize, over: Range<usize>) -> f64 {
        self.variables[variable].over(draw, over)
    }

    /// Draws of a variable in a quarter.
    pub fn draws(&self, variable: usize, quarter: usize) -> Vec<f64> {
        self.over(variable, quarter..quarter + 1)
    }

    /// Draws of a variable over quarters: of flows the sums, of parts those of the sums, of rates the means, of stocks the
    /// last.
    pub fn over(&self, variable: usize, over: Range<usize>) -> Vec<f64> {
        let draws = self.values.iter();
        draws.map(|d| self.value(d, variable, over.clone())).collect()
    }

    /// Median and bands of a variable over each of several spans of quarters.
    pub fn bands(&self, variable: usize, spans: &[Range<usize>]) -> Vec<Band> {
        self.bands_of(variable..variable + 1, spans).concat()
    }

    /// The same of several variables that stand together. A path is read once for all of them, so that a few at a
    /// time cost less than one by one.
    pub fn bands_of(&self, variables: Range<usize>, spans: &[Range<usize>]) -> Vec<Vec<Band>> {
        let readings = self.variables[variables.clone()].iter().map(|v| &v.reading);
        let mut columns: Vec<Vec<f64>> = (0..variables.len() * spans.len())
            .map(|_| Vec::with_capacity(self.values.len()))
            .collect();
        for draw in &self.values {
            for (reading, columns) in readings.clone().zip(columns.chunks_mut(spans.len().max(1))) {
                reading.each(draw, spans, |n, value| columns[n].push(value));
            }
        }
        let mut columns = columns.into_iter();
        variables
            .map(|_| columns.by_ref().take(spans.len()).map(Band::of).collect())
            .collect()
    }

    /// Median and bands of a variable in a quarter.
    pub fn band(&self, variable: usize, quarter: usize) -> Band {
        Band::of(self.draws(variable, quarter))
    }

    /// Position of a quarter.
    pub fn quarter(&self, quarter: Quarter) -> Option<usize> {
        self.quarters.iter().position(|q| *q == quarter)
    }

    /// Positions of a calendar year's quarters; nothing where the model does not reach it.
    pub fn year(&self, year: i16) -> Option<Range<usize>> {
        let from = self.quarters.iter().position(|q| q.year == year)?;
        Some(from..from + 4)
    }

    /// For every draw the first quarter from which a variable over four quarters, taken as [`Ensemble::over`] takes it, stays
    /// at or above a level for good; none where it does not by 2030. Of the last quarters fewer than four are left.
    pub fn reaches(&self, variable: usize, level: f64, from: usize) -> Vec<Option<usize>> {
        let n = self.quarters.len();
        self.values
            .iter()
            .map(|d| {
                let year = |q: usize| self.value(d, variable, q..(q + 4).min(n));
                let mut first = None;
                for q in (from..n).rev() {
                    if year(q) < level {
                        break;
                    }
                    first = Some(q);
                }
                first
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::variables::{Reading, Region};
    use super::*;

    #[test]
    fn a_level_is_reached_by_a_years_sums_and_not_by_the_mean_of_its_quarters() {
        let n = quarters().len();
        let mut ensemble = Ensemble::new(vec![Variable {
            name: "Share".into(),
            region: Region::Mainland,
            unit: "1",
            reading: Reading::Part(vec![0], vec![1]),
        }]);
        let mut kept = vec![0.0_f32; 2 * n];
        // A part of 0.9 of 10 in every fourth quarter, from the eighth on of 1 in the others and of nothing before.
        for q in 0..n {
            let large = q % 4 == 3;
            kept[n + q] = if large { 10.0 } else { 1.0 };
            kept[q] = match (large, q < 8) {
                (true, _) => 9.0,
                (false, true) => 0.0,
                (false, false) => 0.5,
            };
        }
        ensemble.values.push(kept);
        // Sums: 9 of 13 before, 10.5 of 13 after, 0.81. The means of quarters are 0.23 and 0.6.
        assert_eq!(ensemble.reaches(0, 0.75, 0), [Some(6)]);
        assert_eq!(ensemble.reaches(0, 0.6, 0), [Some(0)]);
        assert_eq!(ensemble.reaches(0, 0.91, 0), [None]);
    }
}
