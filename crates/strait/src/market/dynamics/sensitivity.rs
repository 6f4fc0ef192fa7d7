//! What moves an answer: one parameter at a time, shares of variance, and which datum would shrink it most.

use super::ensemble::{Ensemble, Run};
use super::parameters::Names;
use super::path::{Path, Shocks};
use super::{MONTHS, mean, variance};
use rayon::prelude::*;
use serde::Serialize;

/// What one parameter does to an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swing {
    /// Parameter.
    pub id: &'static str,
    /// Answer with the parameter at the 10th percentile of its posterior, others at their means.
    pub low: f64,
    /// At the 90th.
    pub high: f64,
    /// First-order Sobol index over the draws; see [`first_order`].
    pub sobol: f64,
    /// Whether the data moved it less than a tenth from its prior.
    pub assumed: bool,
}

/// Tornado and Sobol indices of an answer, largest swing first.
///
/// `answer` reads a path; `draws` holds the same answer for the run's draws.
pub fn swings(
    run: &Run<'_>,
    draws: &[f64],
    assumed: impl Fn(&str) -> bool + Sync,
    answer: impl Fn(&Path) -> f64 + Sync,
) -> Vec<Swing> {
    let center = run.posterior.center();
    let count = run.posterior.draws.len();
    let mut out: Vec<Swing> = (0..Names::ALL.len())
        .into_par_iter()
        .map(|k| {
            let mut column: Vec<f64> = run.posterior.draws.iter().map(|d| d[k]).collect();
            column.sort_unstable_by(f64::total_cmp);
            let at = |p: f64| {
                let mut z = center.clone();
                z[k] = crate::market::score::quantile(&column, p);
                for (held, score) in run.held {
                    z[*held] = *score;
                }
                answer(&Path::simulate(
                    run.env,
                    &run.priors.theta(&z),
                    &Shocks::default(),
                    MONTHS,
                ))
            };
            let scores: Vec<f64> = (0..draws.len())
                .map(|n| run.posterior.draws[n % count][k])
                .collect();
            Swing {
                id: Names::ALL[k],
                low: at(0.1),
                high: at(0.9),
                sobol: first_order(&scores, draws),
                assumed: assumed(Names::ALL[k]),
            }
        })
        .collect();
    out.sort_by(|a, b| {
        (b.high - b.low)
            .abs()
            .total_cmp(&(a.high - a.low).abs())
            .then(a.id.cmp(b.id))
    });
    out
}

/// First-order index Var(E[y|x])/Var(y) from given draws: x cut into classes of equal count, less what classes of chance
/// would show (Plischke, Borgonovo and Smith 2013, with the bias taken off).
pub fn first_order(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len().min(y.len());
    let classes = ((n as f64).sqrt() / 2.0).clamp(2.0, 20.0) as usize;
    let total = variance(&y[..n]);
    if n < 20 || total <= 0.0 {
        return 0.0;
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_unstable_by(|a, b| x[*a].total_cmp(&x[*b]).then(a.cmp(b)));
    let grand = mean(&y[..n]);
    let mut between = 0.0;
    for c in 0..classes {
        let members = &order[c * n / classes..(c + 1) * n / classes];
        let own = members.iter().map(|i| y[*i]).sum::<f64>() / members.len().max(1) as f64;
        between += members.len() as f64 * (own - grand).powi(2);
    }
    let raw = between / n as f64 / total;
    let chance = (classes - 1) as f64 / (n - 1) as f64;
    ((raw - chance) / (1.0 - chance)).clamp(0.0, 1.0)
}

/// A datum that could be published, and what it would do to an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Datum {
    /// What would be published.
    pub what: String,
    /// Part of the answer's variance that would go, were it published with an error of a tenth.
    pub shrinks: f64,
}

/// Which of the run's own variables, published with an error of a tenth, would shrink an answer most.
pub fn data_worth(
    ensemble: &Ensemble,
    answer: &[f64],
    candidates: &[(String, usize, std::ops::Range<usize>)],
) -> Vec<Datum> {
    let mut out: Vec<Datum> = candidates
        .iter()
        .map(|(what, variable, over)| {
            let mut stream = super::random::Stream::new(41, *variable as u64);
            let noisy: Vec<f64> = ensemble
                .summed(*variable, over.clone())
                .into_iter()
                .map(|x| x * (0.1 * stream.normal()).exp())
                .collect();
            Datum {
                what: what.clone(),
                shrinks: first_order(&noisy, answer),
            }
        })
        .collect();
    out.sort_by(|a, b| b.shrinks.total_cmp(&a.shrinks).then(a.what.cmp(&b.what)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::dynamics::random::Stream;

    #[test]
    fn first_order_of_a_sum() {
        // y = 2a + b: a has 4/5 of the variance, b 1/5, c none.
        let mut s = Stream::new(2, 2);
        let draw = |s: &mut Stream| (0..4_000).map(|_| s.normal()).collect::<Vec<f64>>();
        let (a, b, c) = (draw(&mut s), draw(&mut s), draw(&mut s));
        let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 2.0 * a + b).collect();
        assert!((first_order(&a, &y) - 0.8).abs() < 0.04);
        assert!((first_order(&b, &y) - 0.2).abs() < 0.04);
        assert!(first_order(&c, &y) < 0.01);
    }
}
