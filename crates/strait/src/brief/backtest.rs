//! The quarterly market tried on the past: what it would have said on a day, against what came.

use super::{Knowledge, Library};
use crate::data::{DataSet, Problem, Problems};
use crate::market::dynamics::{
    Chain, Fit, Fitted, Form, MONTHS, Observation, Path, Posterior, Run, Settings, brier, crps, drawn_policy,
    hazard, quantile, spread,
};
use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    origin: Vec<RawOrigin>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOrigin {
    day: Date,
    weak: bool,
    #[allow(dead_code, reason = "for the reader of the file")]
    why: String,
    targets: Vec<String>,
    #[serde(default)]
    last: BTreeMap<String, f64>,
    #[serde(default)]
    #[allow(dead_code, reason = "for the reader of the file")]
    last_why: String,
}

#[derive(Deserialize)]
struct RawForecast {
    id: String,
    target: String,
    period: String,
    low: f64,
    high: f64,
    made_on: Date,
    organisation: String,
}

/// One forecaster's word on one target.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Said {
    /// Who: `strait, policy unknown`, `strait, policy known`, `last value`, `trend`, or an organisation.
    pub by: String,
    /// Median or point, USD.
    pub median: f64,
    /// Ends of the 50 % and 90 % bands of a density; none of a point.
    pub bands: Option<[f64; 4]>,
    /// Absolute logarithmic error of the median; none where the outcome is next to nothing.
    pub log_error: Option<f64>,
    /// Absolute error, bn USD.
    pub error_bn: f64,
    /// CRPS, bn USD; points with the pooled spread of point forecasts.
    pub crps_bn: f64,
    /// Probability of less than 0.2 bn USD.
    pub below_200m: Option<f64>,
}

/// One target from one origin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// Origin.
    pub origin: Date,
    /// What could be known then is nearly all recalled.
    pub weak: bool,
    /// Row of `observations.csv`.
    pub target: String,
    /// In words.
    pub what: String,
    /// Period.
    pub period: String,
    /// What came, USD.
    pub outcome: f64,
    /// Observations the model was fitted to.
    pub fitted_to: usize,
    /// Forecasts.
    pub said: Vec<Said>,
}

/// Scores over trials of one forecaster, on the trials it spoke of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tally {
    /// Who.
    pub by: String,
    /// Trials.
    pub n: usize,
    /// Mean absolute log error, and over how many.
    pub log_error: Option<(f64, usize)>,
    /// The model's (policy unknown) on the same trials.
    pub model_log_error: Option<f64>,
    /// Mean CRPS, bn USD.
    pub crps_bn: f64,
    /// The model's (policy unknown) on the same trials.
    pub model_crps_bn: f64,
    /// Part of outcomes in the 50 % and 90 % bands, for densities.
    pub coverage: Option<(f64, f64)>,
    /// Mean Brier score of less than 0.2 bn USD.
    pub brier: Option<f64>,
}

/// The backtest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backtest {
    /// By origin and target.
    pub trials: Vec<Trial>,
    /// By forecaster.
    pub tallies: Vec<Tally>,
    /// Pooled standard deviation of logarithmic errors of point forecasts.
    pub point_spread: f64,
}

/// Steps of the fits made at the origins.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Steps kept a chain.
    pub steps: usize,
    /// Draws a density.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
}

/// Who the model is in a list of forecasters.
pub const UNKNOWN: &str = "strait, policy unknown";
/// The same with the law of later days known.
pub const KNOWN: &str = "strait, policy known";
/// Below this an outcome is next to nothing: errors count in dollars.
const NOTHING: f64 = 2e8;

impl Library {
    /// Runs the backtest; `step` hears of each origin.
    ///
    /// # Errors
    /// On a wrong `data/market/backtest.toml` or `forecasts.csv`.
    pub fn backtest(
        &self,
        data: &DataSet,
        today: Date,
        effort: Effort,
        step: &mut dyn FnMut(&str),
    ) -> Result<Backtest, Problems> {
        let origins = origins(self, data)?;
        let forecasts = forecasts(data)?;
        let mut trials = Vec::new();
        for origin in &origins {
            step(&format!("origin {}", origin.day));
            trials.extend(self.from(origin, today, effort)?);
        }
        published(&mut trials, &forecasts);
        let point_spread = pooled(&trials);
        score(&mut trials, point_spread, effort);
        let tallies = tallies(&trials);
        Ok(Backtest {
            trials,
            tallies,
            point_spread,
        })
    }

    fn from(&self, origin: &RawOrigin, today: Date, effort: Effort) -> Result<Vec<Trial>, Problems> {
        let wrong = |e: crate::market::dynamics::UnknownName| {
            Problems::from(Problem::in_file("market/backtest.toml", e.to_string()))
        };
        let env = self.environment(Knowledge::of(origin.day)).map_err(wrong)?;
        let mut later = self.environment(Knowledge::of(today)).map_err(wrong)?;
        later.known = origin.day;
        let priors = self.dynamics.priors.known(origin.day);
        let observed = self.dynamics.observed.known(origin.day);
        let fit = Fit::new(&priors, &env, &observed);
        let settings = Settings {
            seed: effort.seed,
            chains: 2,
            warm_up: effort.steps / 2,
            steps: effort.steps,
            thin: (effort.steps / 200).max(1),
        };
        let target = |z: &[f64]| fit.log_posterior(z);
        let chains: Vec<Chain> = (0..settings.chains)
            .into_par_iter()
            .map(|n| {
                let mut chain = Chain::start(&settings, n, priors.len(), &target);
                chain.advance(&settings, usize::MAX / 2, &target);
                chain
            })
            .collect();
        let posterior = Posterior::of(&chains, Fitted::default(), 400);
        let targets: Vec<&Observation> = origin
            .targets
            .iter()
            .filter_map(|id| self.dynamics.observed.0.iter().find(|o| o.id == *id))
            .collect();
        let danger = hazard(&env);
        // Draws by target, policy unknown and known.
        let draw = |unknown: bool| -> Vec<Vec<f64>> {
            let world = if unknown { &env } else { &later };
            let run = Run {
                env: world,
                priors: &priors,
                posterior: &posterior,
                held: &[],
                seed: effort.seed,
            };
            (0..effort.draws)
                .into_par_iter()
                .map(|n| {
                    let (theta, mut shocks) = (run.theta(n), run.shocks(n));
                    if unknown {
                        shocks = drawn_policy(world, &danger, shocks, effort.seed, n);
                    }
                    let path = Path::simulate(world, &theta, &shocks, MONTHS.min(60));
                    let error = spread(1.0, theta.model_error, effort.seed ^ n as u64, targets.len());
                    targets
                        .iter()
                        .zip(error)
                        .map(|(o, e)| o.target.of(&path, world, &theta, &o.period) * e)
                        .collect()
                })
                .collect()
        };
        let (unknown, known) = (draw(true), draw(false));
        let column = |rows: &[Vec<f64>], k: usize| rows.iter().map(|r| r[k]).collect::<Vec<f64>>();
        let mut out = Vec::new();
        for (k, o) in targets.iter().enumerate() {
            let outcome = if o.form == Form::Below && o.high <= 6e7 {
                0.0
            } else {
                o.value()
            };
            let mut said = vec![
                density(UNKNOWN, column(&unknown, k), outcome),
                density(KNOWN, column(&known, k), outcome),
            ];
            let history = history(&observed.0, o);
            if let Some(last) = origin
                .last
                .get(&o.id)
                .map(|m| m * 1e6)
                .or(history.last().copied())
            {
                said.push(point("last value", last, outcome));
            }
            if let [.., before, last] = history[..] {
                // The change of the last quarter carried on to the period's distance.
                said.push(point("trend", last * last / before, outcome));
            }
            out.push(Trial {
                origin: origin.day,
                weak: origin.weak,
                target: o.id.clone(),
                what: o.target.words(),
                period: o.period.name.clone(),
                outcome,
                fitted_to: observed.0.len(),
                said,
            });
        }
        Ok(out)
    }
}

/// Quarterly values of the same target known then, oldest first.
fn history(known: &[Observation], of: &Observation) -> Vec<f64> {
    let mut rows: Vec<&Observation> = known
        .iter()
        .filter(|o| {
            o.target == of.target
                && o.form == Form::About
                && o.period.years() < 0.3
                && o.period.to < of.period.to
        })
        .collect();
    rows.sort_by_key(|o| o.period.to);
    rows.iter().map(|o| o.value()).collect()
}

fn log_error(median: f64, outcome: f64) -> Option<f64> {
    (outcome >= NOTHING && median > 0.0).then(|| (median / outcome).ln().abs())
}

fn density(by: &str, mut draws: Vec<f64>, outcome: f64) -> Said {
    let crps_bn = crps(&draws, outcome) / 1e9;
    draws.sort_unstable_by(f64::total_cmp);
    let at = |p| quantile(&draws, p);
    let median = at(0.5);
    Said {
        by: by.into(),
        median,
        bands: Some([at(0.05), at(0.25), at(0.75), at(0.95)]),
        log_error: log_error(median, outcome),
        error_bn: (median - outcome).abs() / 1e9,
        crps_bn,
        below_200m: Some(draws.partition_point(|x| *x < NOTHING) as f64 / draws.len().max(1) as f64),
    }
}

fn point(by: &str, value: f64, outcome: f64) -> Said {
    Said {
        by: by.into(),
        median: value,
        bands: None,
        log_error: log_error(value, outcome),
        error_bn: (value - outcome).abs() / 1e9,
        crps_bn: 0.0,
        below_200m: None,
    }
}

fn origins(library: &Library, data: &DataSet) -> Result<Vec<RawOrigin>, Problems> {
    const FILE: &str = "market/backtest.toml";
    let file = data
        .get(FILE)
        .ok_or_else(|| Problem::in_file(FILE, "the file is missing"))?;
    let raw: File = toml::from_str(file.text).map_err(|e| Problem::from_toml(FILE, file.text, &e))?;
    let known = |id: &String| library.dynamics.observed.0.iter().any(|o| o.id == *id);
    if let Some(id) = raw.origin.iter().flat_map(|o| &o.targets).find(|id| !known(id)) {
        return Err(Problem::in_file(FILE, format!("`{id}` is no row of observations.csv")).into());
    }
    Ok(raw.origin)
}

/// A published forecast with its target's words.
struct Published {
    target: String,
    period: String,
    value: f64,
    made_on: Date,
    organisation: String,
}

fn forecasts(data: &DataSet) -> Result<Vec<Published>, Problems> {
    const FILE: &str = "market/forecasts.csv";
    let file = data
        .get(FILE)
        .ok_or_else(|| Problem::in_file(FILE, "the file is missing"))?;
    let rows = crate::data::read_table::<RawForecast>(file)?;
    Ok(rows
        .into_iter()
        .map(|(_, r)| Published {
            target: r.target,
            period: r.period,
            value: (r.low + r.high) / 2.0 * 1e6,
            made_on: r.made_on,
            organisation: format!("{} ({})", r.organisation, r.id),
        })
        .collect())
}

/// Adds forecasts of others to the trials they speak of. Half-year forecasts of H20 are set against the one quarter of
/// that half year that was reported, at half their value.
fn published(trials: &mut [Trial], forecasts: &[Published]) {
    for trial in trials
        .iter_mut()
        .filter(|t| t.target == "h20-fy2026q3" && t.origin == jiff::civil::date(2025, 8, 28))
    {
        for f in forecasts.iter().filter(|f| f.target == "revenue:nvidia-h20") {
            let share = if f.period.starts_with("H2") { 0.5 } else { 1.0 };
            if f.made_on <= trial.origin.saturating_add(jiff::Span::new().days(7)) {
                trial
                    .said
                    .push(point(&f.organisation, f.value * share, trial.outcome));
            }
        }
    }
}

/// Standard deviation of logarithmic errors of all point forecasts; outcomes next to nothing left out.
fn pooled(trials: &[Trial]) -> f64 {
    let errors: Vec<f64> = trials
        .iter()
        .flat_map(|t| &t.said)
        .filter(|s| s.bands.is_none())
        .filter_map(|s| s.log_error)
        .collect();
    (errors.iter().map(|e| e * e).sum::<f64>() / errors.len().max(1) as f64).sqrt()
}

fn score(trials: &mut [Trial], sd: f64, effort: Effort) {
    for trial in trials {
        let outcome = trial.outcome;
        for said in trial.said.iter_mut().filter(|s| s.bands.is_none()) {
            let draws = spread(said.median, sd, effort.seed, 2_000);
            said.crps_bn = crps(&draws, outcome) / 1e9;
            said.below_200m =
                Some(draws.iter().filter(|x| **x < NOTHING).count() as f64 / draws.len() as f64);
        }
    }
}

fn tallies(trials: &[Trial]) -> Vec<Tally> {
    let mut names: Vec<&str> = Vec::new();
    for said in trials.iter().flat_map(|t| &t.said) {
        let name = class(&said.by);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mean = |x: &[f64]| (!x.is_empty()).then(|| x.iter().sum::<f64>() / x.len() as f64);
    names
        .into_iter()
        .map(|name| {
            let pairs: Vec<(&Trial, &Said, &Said)> = trials
                .iter()
                .flat_map(|t| {
                    t.said
                        .iter()
                        .filter(|s| class(&s.by) == name)
                        .map(move |s| (t, s, &t.said[0]))
                })
                .collect();
            let logs: Vec<f64> = pairs.iter().filter_map(|(_, s, _)| s.log_error).collect();
            let own: Vec<f64> = pairs
                .iter()
                .filter(|(_, s, _)| s.log_error.is_some())
                .filter_map(|(_, _, m)| m.log_error)
                .collect();
            let inside = |k: [usize; 2]| {
                let bands: Vec<f64> = pairs
                    .iter()
                    .filter_map(|(t, s, _)| {
                        s.bands
                            .map(|b| f64::from(u8::from((b[k[0]]..=b[k[1]]).contains(&t.outcome))))
                    })
                    .collect();
                mean(&bands)
            };
            let briers: Vec<f64> = pairs
                .iter()
                .filter_map(|(t, s, _)| Some(brier(s.below_200m?, t.outcome < NOTHING)))
                .collect();
            let scored = |of: &dyn Fn(&(&Trial, &Said, &Said)) -> f64| {
                mean(&pairs.iter().map(of).collect::<Vec<_>>()).unwrap_or(0.0)
            };
            Tally {
                by: name.to_owned(),
                n: pairs.len(),
                log_error: mean(&logs).map(|m| (m, logs.len())),
                model_log_error: mean(&own),
                crps_bn: scored(&|(_, s, _)| s.crps_bn),
                model_crps_bn: scored(&|(_, _, m)| m.crps_bn),
                coverage: inside([1, 2]).zip(inside([0, 3])),
                brier: mean(&briers),
            }
        })
        .collect()
}

/// Organisations count together.
fn class(by: &str) -> &str {
    match by {
        UNKNOWN | KNOWN | "last value" | "trend" => by,
        name if name.starts_with("NVIDIA") => "company guidance",
        _ => "published forecasts",
    }
}
