//! Checks of the fit itself: data made from known parameters, and observations against what the posterior expects.
//!
//! Simulation-based calibration (Talts et al. 2018): parameters drawn from the prior, data made from them, the posterior
//! fitted to these; the rank of the true value among the draws is uniform where the sampler is right.

use super::likelihood::{Fit, deviation};
use super::mcmc::{Chain, Settings};
use super::observations::{Form, Observation, Observations, scale};
use super::parameters::Names;
use super::path::{Path, Shocks};
use super::posterior::Posterior;
use super::random::Stream;
use crate::market::score::quantile;
use rayon::prelude::*;
use serde::Serialize;

/// Observations as the model would have made them at known scores: own error and model error, t with four degrees.
pub fn synthetic(fit: &Fit<'_>, z: &[f64], seed: u64) -> Observations {
    let theta = fit.priors.theta(z);
    let predicted = fit.predicted(&theta);
    let mut stream = Stream::new(seed, 1_000);
    let one = |(o, x): (&Observation, f64)| {
        let y = scale(&o.target, x) + deviation(o, &theta) * stream.student4();
        let value = if o.target.is_share() {
            1.0 / (1.0 + (-y).exp())
        } else {
            y.exp()
        };
        let mut made = o.clone();
        let bound = match o.form {
            Form::Below => value <= o.high,
            Form::Above => value >= o.low,
            Form::About => false,
        };
        if !bound {
            let width = if o.low > 0.0 && o.form == Form::About {
                o.high / o.low
            } else {
                1.0
            };
            made.form = Form::About;
            made.low = value / width.sqrt();
            made.high = value * width.sqrt();
        }
        made
    };
    Observations(fit.observed.0.iter().zip(predicted).map(one).collect())
}

/// What calibration on synthetic data found of one parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rank {
    /// Parameter.
    pub id: &'static str,
    /// Part of data sets whose true value lies in the central 90 % of the posterior.
    pub inside_90: f64,
    /// The same for the central 50 %.
    pub inside_50: f64,
    /// Mean rank of the true value, 0 to 1; a half where there is no bias.
    pub mean_rank: f64,
}

/// Fits `sets` synthetic data sets; `done` hears of each.
pub fn self_check(fit: &Fit<'_>, sets: usize, settings: &Settings, done: &(dyn Fn() + Sync)) -> Vec<Rank> {
    let n = fit.priors.len();
    let ranks: Vec<Vec<f64>> = (0..sets)
        .into_par_iter()
        .map(|set| {
            let mut stream = Stream::new(settings.seed, 5_000 + set as u64);
            let truth: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
            let made = synthetic(fit, &truth, settings.seed ^ (set as u64 + 1));
            let again = Fit {
                observed: &made,
                ..*fit
            };
            let target = |z: &[f64]| again.log_posterior(z);
            let own = Settings {
                seed: settings.seed.wrapping_add(set as u64),
                chains: 1,
                ..*settings
            };
            let mut chain = Chain::start(&own, 0, n, &target);
            chain.advance(&own, usize::MAX / 2, &target);
            done();
            (0..n)
                .map(|k| {
                    chain.kept.iter().filter(|z| z[k] < truth[k]).count() as f64
                        / chain.kept.len().max(1) as f64
                })
                .collect()
        })
        .collect();
    let part = |k: usize, low: f64, high: f64| {
        ranks.iter().filter(|r| (low..=high).contains(&r[k])).count() as f64 / sets.max(1) as f64
    };
    Names::ALL
        .iter()
        .enumerate()
        .map(|(k, id)| Rank {
            id,
            inside_90: part(k, 0.05, 0.95),
            inside_50: part(k, 0.25, 0.75),
            mean_rank: ranks.iter().map(|r| r[k]).sum::<f64>() / sets.max(1) as f64,
        })
        .collect()
}

/// An observation beside what the posterior expects of it, errors included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predicted {
    /// Row of `observations.csv`.
    pub id: String,
    /// What is measured, in words.
    pub what: String,
    /// Period.
    pub period: String,
    /// Observed value or bound.
    pub observed: f64,
    /// What it says.
    pub form: Form,
    /// 5th, 25th, 50th, 75th, 95th percentile of what the posterior expects to be observed.
    pub band: [f64; 5],
    /// Place of the observed value among the expected, 0 to 1.
    pub place: f64,
}

/// Posterior predictive check of every observation, over the draws of the posterior.
pub fn posterior_predictive(fit: &Fit<'_>, posterior: &Posterior, draws: usize, seed: u64) -> Vec<Predicted> {
    let made: Vec<Vec<f64>> = (0..draws)
        .into_par_iter()
        .map(|n| {
            let theta = fit
                .priors
                .theta(posterior.draw(n * posterior.draws.len() / draws.max(1)));
            let path = Path::simulate(fit.env, &theta, &Shocks::default(), fit.months);
            let mut stream = Stream::new(seed, 9_000 + n as u64);
            fit.observed
                .0
                .iter()
                .map(|o| {
                    let x = scale(&o.target, o.target.of(&path, fit.env, &theta, &o.period));
                    let y = x + deviation(o, &theta) * stream.student4();
                    if o.target.is_share() {
                        1.0 / (1.0 + (-y).exp())
                    } else {
                        y.exp()
                    }
                })
                .collect()
        })
        .collect();
    fit.observed
        .0
        .iter()
        .enumerate()
        .map(|(k, o)| {
            let mut values: Vec<f64> = made.iter().map(|m| m[k]).collect();
            values.sort_unstable_by(f64::total_cmp);
            let observed = match o.form {
                Form::About => o.value(),
                Form::Below => o.high,
                Form::Above => o.low,
            };
            Predicted {
                id: o.id.clone(),
                what: o.target.words(),
                period: o.period.name.clone(),
                observed,
                form: o.form,
                band: [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| quantile(&values, p)),
                place: values.partition_point(|v| *v < observed) as f64 / values.len().max(1) as f64,
            }
        })
        .collect()
}
