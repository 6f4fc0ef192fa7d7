//! Checks of the fit itself: data made from known parameters, and observations against what the posterior expects.

use super::discrepancy::{DEGREES, made};
use super::likelihood::Fit;
use super::observations::{Form, Observation, Observations};
use super::posterior::Posterior;
use super::target::scale;
use crate::market::Stream;
use crate::market::sampler::{Calibration, Sampler, SamplerError, Settings, calibrate};
use crate::market::score::quantile;
use rayon::prelude::*;
use serde::Serialize;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

/// Back from the scale errors are symmetric on.
fn unscaled(o: &Observation, y: f64) -> f64 {
    if o.target.is_share() {
        1.0 / (1.0 + (-y).exp())
    } else {
        y.exp()
    }
}

/// Observations as the model would have made them at known scores: errors of a series hang together as the likelihood
/// has it, those of bounds are their own.
pub fn synthetic(fit: &Fit<'_>, z: &[f64], stream: &mut Stream) -> Observations {
    let theta = fit.priors.theta(z);
    let predicted = fit.predicted(&theta);
    let mut errors = vec![0.0; predicted.len()];
    for (o, error) in fit.observed.0.iter().zip(&mut errors) {
        if o.form != Form::About {
            *error = fit.deviation(o, &theta) * stream.student(DEGREES);
        }
    }
    for series in &fit.series {
        let normals: Vec<f64> = series.rows.iter().map(|_| stream.normal()).collect();
        let wide = (DEGREES / (2.0 * stream.gamma(DEGREES / 2.0))).sqrt();
        for (row, error) in series
            .rows
            .iter()
            .zip(made(&series.times, &theta, &normals, wide))
        {
            errors[*row] = error;
        }
    }
    let one = |((o, x), error): ((&Observation, f64), f64)| {
        let value = unscaled(o, scale(&o.target, x) + error);
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
    Observations(
        fit.observed
            .0
            .iter()
            .zip(predicted)
            .zip(errors)
            .map(one)
            .collect(),
    )
}

/// Simulation-based calibration: parameters drawn from the prior, data made from them, the model fitted to these; the
/// rank of the true value among `draws` of the posterior is uniform where sampler and likelihood are right. `done` hears
/// of each data set.
///
/// # Errors
/// Settings that cannot work.
pub fn self_check(
    fit: &Fit<'_>,
    sets: usize,
    draws: usize,
    settings: &Settings,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Calibration>, SamplerError> {
    let n = fit.priors.len();
    settings.check()?;
    let failed = Mutex::new(None);
    let posterior = |truth: &[f64], stream: &mut Stream| {
        let made = synthetic(fit, truth, stream);
        let again = Fit::new(fit.priors, fit.env, &made);
        let own = Settings {
            seed: settings.seed ^ ((stream.uniform() * 1e9) as u64),
            ..settings.clone()
        };
        done();
        match fitted(&again, own) {
            Ok(found) => thinned(&found, draws),
            Err(wrong) => {
                *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(wrong);
                vec![truth.to_vec(); draws]
            }
        }
    };
    let truth = |stream: &mut Stream| (0..n).map(|_| stream.normal()).collect::<Vec<f64>>();
    let found = calibrate(settings.seed, sets, draws, &truth, &posterior);
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(wrong) => Err(wrong),
        None => Ok(found),
    }
}

/// Kept states of all chains of a fit.
fn fitted(fit: &Fit<'_>, settings: Settings) -> Result<Vec<Vec<f64>>, SamplerError> {
    let mut sampler = Sampler::new(settings, fit, &|s| fit.priors.start(s))?;
    sampler.run(fit, &AtomicBool::new(false), &mut |_| ())?;
    let rows = |c: &crate::market::sampler::Chain| c.draws().map(<[f64]>::to_vec).collect::<Vec<_>>();
    Ok(sampler.chains().iter().flat_map(rows).collect())
}

/// So many of the rows, evenly apart.
fn thinned(rows: &[Vec<f64>], count: usize) -> Vec<Vec<f64>> {
    (0..count.min(rows.len()))
        .map(|k| rows[k * rows.len() / count.min(rows.len())].clone())
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
            let predicted = fit.predicted(&theta);
            let mut stream = Stream::new(seed, n as u64);
            fit.observed
                .0
                .iter()
                .zip(predicted)
                .map(|(o, predicted)| {
                    let x = scale(&o.target, predicted);
                    unscaled(o, x + fit.deviation(o, &theta) * stream.student(DEGREES))
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
