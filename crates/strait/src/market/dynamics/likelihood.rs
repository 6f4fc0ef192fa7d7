//! How well a path fits: Student's t on the logarithm (log odds for shares), zeros and bounds censored.
//!
//! Errors of one series hang together ([`super::discrepancy`]); a bound stands alone and gives the cumulative of
//! Student's t with four degrees of freedom at ((ln y − ln x)/s), s² = own error² + model error². Priors are standard
//! normal in their scores.

use super::calendar::Period;
use super::discrepancy::{Conditional, Times, conditional, log_density};
use super::environment::Environment;
use super::if_open::{IfOpen, Paths};
use super::observations::{Form, Observation, Observations};
use super::parameters::{Priors, Theta};
use super::target::{Target, scale};

/// Values of one target, by their place among the observations.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    target: Target,
    pub(crate) rows: Vec<usize>,
    pub(crate) times: Times,
}

/// What is fitted: priors, what buyers met, and what was observed.
#[derive(Debug, Clone)]
pub struct Fit<'a> {
    /// Priors.
    pub priors: &'a Priors,
    /// Law, prices, value.
    pub env: &'a Environment,
    /// What was observed.
    pub observed: &'a Observations,
    /// Months a path must run.
    pub months: usize,
    pub(crate) series: Vec<Series>,
    /// Histories on which a good stayed open.
    open: Vec<IfOpen>,
}

impl<'a> Fit<'a> {
    /// The problem of fitting to observations.
    pub fn new(priors: &'a Priors, env: &'a Environment, observed: &'a Observations) -> Self {
        let mut series: Vec<Series> = Vec::new();
        for (n, o) in observed
            .0
            .iter()
            .enumerate()
            .filter(|(_, o)| o.form == Form::About)
        {
            let at = series
                .iter()
                .position(|s| s.target == o.target)
                .unwrap_or_else(|| {
                    series.push(Series {
                        target: o.target.clone(),
                        rows: Vec::new(),
                        times: Times::default(),
                    });
                    series.len() - 1
                });
            series[at].rows.push(n);
            series[at].times.at.push(o.period.middle());
            series[at].times.own.push(o.own_error(&env.assumed.errors));
        }
        Self {
            priors,
            env,
            observed,
            months: observed.months().max(1),
            open: IfOpen::all(env, observed),
            series,
        }
    }

    /// Logarithm of the posterior density at standard scores, up to a constant.
    pub fn log_posterior(&self, z: &[f64]) -> f64 {
        let prior: f64 = z.iter().map(|z| -0.5 * z * z).sum();
        prior + self.log_likelihood(&self.priors.theta(z))
    }

    /// Logarithm of the likelihood.
    pub fn log_likelihood(&self, theta: &Theta) -> f64 {
        let predicted = self.predicted(theta);
        let about: f64 = self
            .series
            .iter()
            .map(|s| log_density(&s.times, &self.errors(s, &predicted), theta))
            .sum();
        let bounds: f64 = self
            .observed
            .0
            .iter()
            .zip(&predicted)
            .map(|(o, x)| self.bound(o, *x, theta))
            .sum();
        about + bounds
    }

    /// Observed over predicted, on the scale errors are symmetric on.
    fn errors(&self, series: &Series, predicted: &[f64]) -> Vec<f64> {
        let one = |n: &usize| {
            let o = &self.observed.0[*n];
            scale(&o.target, o.value()) - scale(&o.target, predicted[*n])
        };
        series.rows.iter().map(one).collect()
    }

    /// The model's value of every observation.
    pub fn predicted(&self, theta: &Theta) -> Vec<f64> {
        let paths = Paths::of(self.env, &self.open, theta, self.months);
        self.observed
            .0
            .iter()
            .map(|o| paths.value(&o.target, self.env, theta, &o.period))
            .collect()
    }

    /// Where a value of a target to be published of a period lies about the model's, given what was published of that
    /// target. `predicted` are the model's values of the observations. A source is taken to err as the target's
    /// earlier ones did, a first one as `errors.toml` says.
    pub fn next(&self, target: &Target, period: &Period, theta: &Theta, predicted: &[f64]) -> Conditional {
        let middle = period.middle();
        match self.series.iter().find(|s| s.target == *target) {
            Some(s) => {
                let own = s.times.own.iter().sum::<f64>() / s.times.own.len() as f64;
                conditional(&s.times, &self.errors(s, predicted), theta, middle, own)
            }
            None => conditional(
                &Times::default(),
                &[],
                theta,
                middle,
                self.env.assumed.errors.first,
            ),
        }
    }

    /// Standard deviation an observation has about the model's value.
    pub(crate) fn deviation(&self, o: &Observation, theta: &Theta) -> f64 {
        o.own_error(&self.env.assumed.errors).hypot(theta.model_error)
    }

    /// What a bound adds to the logarithm of the likelihood.
    fn bound(&self, o: &Observation, predicted: f64, theta: &Theta) -> f64 {
        let model = scale(&o.target, predicted);
        let within = match o.form {
            Form::About => return 0.0,
            Form::Below => scale(&o.target, o.high) - model,
            Form::Above => model - scale(&o.target, o.low),
        };
        cumulative_t4(within / self.deviation(o, theta)).max(1e-300).ln()
    }
}

impl crate::market::sampler::Target for Fit<'_> {
    fn dimensions(&self) -> usize {
        self.priors.len()
    }

    fn log_density(&self, z: &[f64]) -> f64 {
        self.log_posterior(z)
    }
}

/// Cumulative of Student's t with four degrees of freedom, u = x/√(4+x²): 1/2 + 3/4·(u − u³/3).
fn cumulative_t4(x: f64) -> f64 {
    let u = x / (4.0 + x * x).sqrt();
    // From u near −1 the difference would cancel: there the tail is that of 12/|x|⁵, 3/x⁴.
    if x < -50.0 {
        return 3.0 / x.powi(4);
    }
    0.5 + 0.75 * (u - u.powi(3) / 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cumulative_is_the_tabulated_one() {
        // t4 at 2.776 leaves 2.5 % above it.
        assert!((cumulative_t4(2.776_445) - 0.975).abs() < 1e-6);
        assert!((cumulative_t4(0.0) - 0.5).abs() < 1e-15);
        let near = cumulative_t4(-49.9);
        assert!((cumulative_t4(-50.1) / near - (49.9_f64 / 50.1).powi(4)).abs() < 0.02);
    }
}
