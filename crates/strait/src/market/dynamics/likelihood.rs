//! How well a path fits: Student's t on the logarithm (log odds for shares), zeros and bounds censored.
//!
//! With x the model's value, y the observation's, s² = own error² + model error²: density t₄((ln y − ln x)/s)/s for an
//! observation, and its cumulative for a bound. Priors are standard normal in their scores.

use super::environment::Environment;
use super::observations::{Form, Observation, Observations, scale};
use super::parameters::{Priors, Theta};
use super::path::{Path, Shocks};

/// What is fitted: priors, what buyers met, and what was observed.
#[derive(Debug, Clone, Copy)]
pub struct Fit<'a> {
    /// Priors.
    pub priors: &'a Priors,
    /// Law, prices, value.
    pub env: &'a Environment,
    /// What was observed.
    pub observed: &'a Observations,
    /// Months a path must run.
    pub months: usize,
}

impl<'a> Fit<'a> {
    /// The problem of fitting to observations.
    pub fn new(priors: &'a Priors, env: &'a Environment, observed: &'a Observations) -> Self {
        Self {
            priors,
            env,
            observed,
            months: observed.months().max(1),
        }
    }

    /// Logarithm of the posterior density at standard scores, up to a constant.
    pub fn log_posterior(&self, z: &[f64]) -> f64 {
        let prior: f64 = z.iter().map(|z| -0.5 * z * z).sum();
        prior + self.log_likelihood(&self.priors.theta(z))
    }

    /// Logarithm of the likelihood.
    pub fn log_likelihood(&self, theta: &Theta) -> f64 {
        let path = Path::simulate(self.env, theta, &Shocks::default(), self.months);
        let one = |o: &Observation| term(o, &path, self.env, theta);
        self.observed.0.iter().map(one).sum()
    }

    /// The model's value of every observation.
    pub fn predicted(&self, theta: &Theta) -> Vec<f64> {
        let path = Path::simulate(self.env, theta, &Shocks::default(), self.months);
        self.observed
            .0
            .iter()
            .map(|o| o.target.of(&path, self.env, theta, &o.period))
            .collect()
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

/// Standard deviation an observation has about the model's value.
pub(crate) fn deviation(o: &Observation, theta: &Theta) -> f64 {
    (o.own_error().powi(2) + theta.model_error.powi(2)).sqrt()
}

fn term(o: &Observation, path: &Path, env: &Environment, theta: &Theta) -> f64 {
    let model = scale(&o.target, o.target.of(path, env, theta, &o.period));
    let s = deviation(o, theta);
    match o.form {
        Form::About => log_t4((scale(&o.target, o.value()) - model) / s) - s.ln(),
        Form::Below => cumulative_t4((scale(&o.target, o.high) - model) / s)
            .max(1e-300)
            .ln(),
        Form::Above => cumulative_t4((model - scale(&o.target, o.low)) / s)
            .max(1e-300)
            .ln(),
    }
}

/// Logarithm of the density of Student's t with four degrees of freedom: 3/8·(1 + x²/4)^(−5/2).
fn log_t4(x: f64) -> f64 {
    0.375_f64.ln() - 2.5 * (1.0 + x * x / 4.0).ln()
}

/// Its cumulative: 1/2 + 3/8·u·(1 − u²·... ) in closed form, u = x/√(4+x²): 1/2 + 3/4·(u − u³/3).
pub(crate) fn cumulative_t4(x: f64) -> f64 {
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
    fn student_is_a_density_and_its_integral() {
        // Tabulated: t4 at 2.776 leaves 2.5 % above it.
        assert!((cumulative_t4(2.776_445) - 0.975).abs() < 1e-6);
        assert!((cumulative_t4(0.0) - 0.5).abs() < 1e-15);
        let (a, b): (f64, f64) = (-1.0, 1.5);
        let steps = 20_000;
        let h = (b - a) / f64::from(steps);
        let area: f64 = (0..steps)
            .map(|i| log_t4(a + (f64::from(i) + 0.5) * h).exp() * h)
            .sum();
        assert!((area - (cumulative_t4(b) - cumulative_t4(a))).abs() < 1e-8);
        let near = cumulative_t4(-49.9);
        assert!((cumulative_t4(-50.1) / near - (49.9_f64 / 50.1).powi(4)).abs() < 0.02);
    }
}
