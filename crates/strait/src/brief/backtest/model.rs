//! The quarterly model as a forecaster: fitted at each origin to what was public there.

use super::Effort;
use crate::brief::{Knowledge, Library};
use crate::data::{Problem, Problems};
use crate::market::Stream;
use crate::market::backtest::{Forecast, Forecaster, KnownBy, PolicyPath, Question};
use crate::market::dynamics::{
    Answers, Environment, Fit, Hazard, MONTHS, Observations, Path, Posterior, Priors, Run, Target, answered,
    answers, drawn_policy, hazard,
};
use crate::market::sampler::{Sampler, Settings, diagnostics::convergence};
use jiff::civil::Date;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

/// A fit at one origin.
struct Fitting {
    day: Date,
    priors: Priors,
    observed: Observations,
    posterior: Posterior,
    unknown: Environment,
    known: Environment,
    hazard: Hazard,
    /// Makers' answers to the losses of law as known on the day, and as it came.
    answers: [Answers; 2],
}

/// What was learnt and what went wrong on the way.
#[derive(Default)]
struct State {
    fitting: Option<Fitting>,
    notes: Vec<String>,
    problems: Problems,
}

/// The model.
pub(super) struct ModelForecaster<'a> {
    library: &'a Library,
    today: Date,
    effort: Effort,
    state: Mutex<State>,
}

/// Draws of a posterior that are simulated from.
const KEPT: usize = 400;

impl<'a> ModelForecaster<'a> {
    pub(super) fn new(library: &'a Library, today: Date, effort: Effort) -> Self {
        Self {
            library,
            today,
            effort,
            state: Mutex::new(State::default()),
        }
    }

    /// A line an origin.
    pub(super) fn into_notes(self) -> Result<Vec<String>, Problems> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.problems.or(state.notes)
    }

    fn fit(&self, view: &KnownBy<'_>) -> Result<(Fitting, String), Problems> {
        let day = view.day();
        let wrong = |what: String| Problems::from(Problem::in_file("market/backtest.toml", what));
        let here = self
            .library
            .environment(Knowledge::of(day))
            .map_err(|e| wrong(e.to_string()))?;
        let lost = answers(&here).lost.map(|g| here.goods[g].id.clone());
        let env = |law: Date| {
            let known = Knowledge { law, market: day };
            match &lost {
                Some(lost) => self.library.environment_with_successor(known, lost),
                None => self.library.environment(known),
            }
            .map_err(|e| wrong(e.to_string()))
        };
        let (unknown, mut known) = (env(day)?, env(self.today)?);
        known.known = day;
        let priors = self.library.dynamics.priors.known(day);
        // Charges, stocks and demand are no series and go by their own dates; everything else must be in view.
        let observed = self.library.dynamics.observed.known(day);
        let once = |t: &Target| {
            matches!(
                t,
                Target::WriteDown(_) | Target::Stock(_) | Target::Demand | Target::RevenueIfOpen(_)
            )
        };
        let visible = |id: &str, t: &Target| once(t) || view.points(&t.key()).is_empty() || view.shows(id);
        let observed = Observations(
            observed
                .0
                .into_iter()
                .filter(|o| visible(&o.id, &o.target))
                .collect(),
        );
        let fit = Fit::new(&priors, &unknown, &observed);
        let settings = Settings {
            seed: self.effort.seed,
            chains: 4,
            warm_up: self.effort.steps,
            steps: self.effort.steps,
            thin: (self.effort.steps / 400).max(1),
            standard_scores: true,
            ..Settings::default()
        };
        let mut sampler =
            Sampler::new(settings, &fit, &|s| priors.start(s)).map_err(|e| wrong(e.to_string()))?;
        sampler
            .run(&fit, &AtomicBool::new(false), &mut |_| ())
            .map_err(|e| wrong(e.to_string()))?;
        let found: Vec<_> = (0..priors.len())
            .map(|k| convergence(&sampler.values(k)))
            .collect();
        let mut by_r_hat: Vec<(f64, &str)> = found
            .iter()
            .zip(&priors.0)
            .map(|(c, prior)| (c.r_hat, prior.id))
            .collect();
        by_r_hat.sort_by(|a, b| b.0.total_cmp(&a.0));
        let worst = by_r_hat[0].0;
        let slow: Vec<&str> = by_r_hat.iter().take(3).map(|(_, id)| *id).collect();
        let least = found
            .iter()
            .map(|c| c.bulk_ess.min(c.tail_ess))
            .fold(f64::INFINITY, f64::min);
        let all: Vec<&[f64]> = sampler.chains().iter().flat_map(|c| c.draws()).collect();
        let draws = (0..KEPT.min(all.len()))
            .map(|k| all[k * all.len() / KEPT.min(all.len())].to_vec())
            .collect();
        let hazard = hazard(&unknown);
        let answers = [answers(&unknown), answers(&known)];
        let rate = |h: &crate::market::policy_hazard::Hazard| {
            format!(
                "{:.2} a quarter (chance within four {:.0} %)",
                h.mean(),
                100.0 * h.chance_within(4.0)
            )
        };
        let note = format!(
            "{day}: fitted to {} observations, worst R̂ {worst:.3} (slowest {}), least effective draws {least:.0}; policy tightens {}, \
             reopens {}, makers answer a loss {}",
            observed.0.len(),
            slow.join(", "),
            rate(&hazard.rates.adverse),
            rate(&hazard.rates.relaxing),
            rate(&answers[0].rate)
        );
        let posterior = Posterior {
            draws,
            ..Posterior::default()
        };
        Ok((
            Fitting {
                day,
                priors,
                observed,
                posterior,
                unknown,
                known,
                hazard,
                answers,
            },
            note,
        ))
    }

    fn simulate(
        &self,
        fitting: &Fitting,
        questions: &[(Target, &Question<'_>)],
        policy: PolicyPath,
    ) -> Vec<Vec<f64>> {
        let (env, answers) = match policy {
            PolicyPath::Unknown => (&fitting.unknown, &fitting.answers[0]),
            PolicyPath::Known => (&fitting.known, &fitting.answers[1]),
        };
        let seed = self.effort.seed;
        let run = Run {
            env,
            priors: &fitting.priors,
            posterior: &fitting.posterior,
            held: &[],
            seed,
        };
        let fit = Fit::new(&fitting.priors, &fitting.unknown, &fitting.observed);
        let rows: Vec<Vec<f64>> = (0..self.effort.draws)
            .into_par_iter()
            .map(|n| {
                let (theta, mut shocks) = (run.theta(n), run.shocks(n));
                if policy == PolicyPath::Unknown {
                    shocks = drawn_policy(env, &fitting.hazard, shocks, seed, n);
                }
                shocks = answered(env, answers, shocks, seed, n);
                let path = Path::simulate(env, &theta, &shocks, MONTHS.min(66));
                let past = fit.predicted(&theta);
                questions
                    .iter()
                    .enumerate()
                    .map(|(k, (target, q))| {
                        // What the model leaves of a series goes on from what it left of it so far; the same stream for a
                        // target on both paths.
                        let mut stream = Stream::new(seed ^ n as u64, 1 + k as u64);
                        let next = fit.next(target, q.period, &theta, &past);
                        let error =
                            (next.location + next.scale * stream.student(next.degrees)).clamp(-6.0, 6.0);
                        let value = target.of(&path, env, &theta, q.period);
                        if target.is_share() {
                            let x = value.clamp(1e-4, 1.0 - 1e-4);
                            1.0 / (1.0 + (-((x / (1.0 - x)).ln() + error)).exp())
                        } else {
                            value * error.exp()
                        }
                    })
                    .collect()
            })
            .collect();
        (0..questions.len())
            .map(|k| rows.iter().map(|r| r[k]).collect())
            .collect()
    }
}

impl Forecaster for ModelForecaster<'_> {
    fn name(&self) -> &'static str {
        "strait"
    }

    fn reads_policy(&self) -> bool {
        true
    }

    fn forecast(
        &self,
        known: &KnownBy<'_>,
        questions: &[Question<'_>],
        policy: PolicyPath,
    ) -> Vec<Option<Forecast>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.fitting.as_ref().is_none_or(|f| f.day != known.day()) {
            match self.fit(known) {
                Ok((fitting, note)) => {
                    state.fitting = Some(fitting);
                    state.notes.push(note);
                }
                Err(mut found) => {
                    state.problems.0.append(&mut found.0);
                    return questions.iter().map(|_| None).collect();
                }
            }
        }
        let Some(fitting) = &state.fitting else {
            return questions.iter().map(|_| None).collect();
        };
        let targets: Vec<Option<Target>> = questions.iter().map(|q| Target::read(q.series)).collect();
        let asked: Vec<(Target, &Question<'_>)> = targets
            .iter()
            .zip(questions)
            .filter_map(|(t, q)| Some((t.clone()?, q)))
            .collect();
        let mut found = self.simulate(fitting, &asked, policy).into_iter();
        targets
            .iter()
            .map(|t| t.as_ref().and_then(|_| found.next()).map(Forecast::Draws))
            .collect()
    }
}
