//! What the model leaves of a series: errors that last, so that what it missed last quarter it will partly miss in the next.
//!
//! On the logarithm (log odds for shares) errors of one series are Student's t with four degrees of freedom, of scale
//! m² exp(−|Δ|/τ) between two periods Δ years apart, and own error² more on the diagonal: m the model's error, τ its memory.
//! Errors of different series are taken as independent. Kotz and Nadarajah, Multivariate t Distributions (2004), 1.10 and
//! 1.11 have the density and the conditional.

use super::parameters::Theta;

/// Degrees of freedom.
pub(crate) const DEGREES: f64 = 4.0;

/// Published values of one series: the middle of each period in years, and the error of its source.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Times {
    pub(crate) at: Vec<f64>,
    pub(crate) own: Vec<f64>,
}

/// Where a further value of a series lies about the model's, given those before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditional {
    /// Location on the logarithm.
    pub location: f64,
    /// Scale.
    pub scale: f64,
    /// Degrees of freedom.
    pub degrees: f64,
}

fn covariance(theta: &Theta, a: f64, b: f64) -> f64 {
    theta.model_error.powi(2) * (-(a - b).abs() / theta.error_memory).exp()
}

/// Lower factor of the scale matrix, rows one after another.
fn factor(times: &Times, theta: &Theta) -> Vec<f64> {
    let n = times.at.len();
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let own = if i == j { times.own[i].powi(2) } else { 0.0 };
            let known: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
            let rest = covariance(theta, times.at[i], times.at[j]) + own - known;
            l[i * n + j] = if i == j {
                rest.max(1e-12).sqrt()
            } else {
                rest / l[j * n + j]
            };
        }
    }
    l
}

/// L⁻¹ x.
fn solve(l: &[f64], x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let mut out = vec![0.0; n];
    for i in 0..n {
        let known: f64 = (0..i).map(|k| l[i * n + k] * out[k]).sum();
        out[i] = (x[i] - known) / l[i * n + i];
    }
    out
}

/// Logarithm of Γ(h/2).
fn log_gamma_of_half(halves: usize) -> f64 {
    let (mut at, mut sum) = if halves.is_multiple_of(2) {
        (1.0, 0.0)
    } else {
        (0.5, std::f64::consts::PI.sqrt().ln())
    };
    while at + 0.25 < halves as f64 / 2.0 {
        sum += f64::ln(at);
        at += 1.0;
    }
    sum
}

/// Logarithm of the density of a series' errors.
pub(crate) fn log_density(times: &Times, errors: &[f64], theta: &Theta) -> f64 {
    let n = errors.len();
    let l = factor(times, theta);
    let square: f64 = solve(&l, errors).iter().map(|x| x * x).sum();
    let log_root: f64 = (0..n).map(|i| l[i * n + i].ln()).sum();
    log_gamma_of_half(4 + n)
        - log_gamma_of_half(4)
        - 0.5 * n as f64 * (DEGREES * std::f64::consts::PI).ln()
        - log_root
        - 0.5 * (DEGREES + n as f64) * (1.0 + square / DEGREES).ln()
}

/// Errors made from independent standard normals and one root of (degrees over a chi-square) for them all.
pub(crate) fn made(times: &Times, theta: &Theta, normals: &[f64], wide: f64) -> Vec<f64> {
    let n = normals.len();
    let l = factor(times, theta);
    (0..n)
        .map(|i| wide * (0..=i).map(|k| l[i * n + k] * normals[k]).sum::<f64>())
        .collect()
}

/// A further value at a time with an error of its own, given the errors of those before.
pub(crate) fn conditional(times: &Times, errors: &[f64], theta: &Theta, at: f64, own: f64) -> Conditional {
    let n = errors.len();
    let l = factor(times, theta);
    let toward: Vec<f64> = times.at.iter().map(|t| covariance(theta, *t, at)).collect();
    let (a, b) = (solve(&l, &toward), solve(&l, errors));
    let location = a.iter().zip(&b).map(|(x, y)| x * y).sum();
    let square: f64 = b.iter().map(|x| x * x).sum();
    let left = theta.model_error.powi(2) + own.powi(2) - a.iter().map(|x| x * x).sum::<f64>();
    let degrees = DEGREES + n as f64;
    Conditional {
        location,
        scale: (left.max(1e-12) * (DEGREES + square) / degrees).sqrt(),
        degrees,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parameters::{Names, Theta};
    use super::*;

    fn theta(error: f64, memory: f64) -> Theta {
        let mut theta = Theta::from_values(&vec![0.5; Names::ALL.len()]);
        (theta.model_error, theta.error_memory) = (error, memory);
        theta
    }

    /// Density of t with `degrees` about a location and of a scale.
    fn log_t(x: f64, c: Conditional) -> f64 {
        let z = (x - c.location) / c.scale;
        log_gamma_of_half(c.degrees as usize + 1)
            - log_gamma_of_half(c.degrees as usize)
            - 0.5 * (c.degrees * std::f64::consts::PI).ln()
            - c.scale.ln()
            - 0.5 * (c.degrees + 1.0) * (1.0 + z * z / c.degrees).ln()
    }

    #[test]
    fn the_density_is_the_product_of_its_conditionals() {
        let theta = theta(0.3, 0.8);
        let times = Times {
            at: vec![0.0, 0.25, 0.5, 1.5],
            own: vec![0.03, 0.1, 0.03, 0.2],
        };
        let errors = [0.2, 0.35, -0.1, 0.4];
        let mut product = 0.0;
        for n in 0..4 {
            let before = Times {
                at: times.at[..n].to_vec(),
                own: times.own[..n].to_vec(),
            };
            let c = conditional(&before, &errors[..n], &theta, times.at[n], times.own[n]);
            product += log_t(errors[n], c);
        }
        assert!((product - log_density(&times, &errors, &theta)).abs() < 1e-10);
        // Of one value it is t with four degrees: Γ(5/2)/(Γ(2)√(4π)) = 3/8 at the middle.
        let one = Times {
            at: vec![0.0],
            own: vec![0.0],
        };
        assert!((log_density(&one, &[0.0], &theta) - (0.375_f64 / 0.3).ln()).abs() < 1e-12);
    }

    #[test]
    fn what_was_missed_last_is_missed_next_and_forgotten_in_time() {
        let theta = theta(0.3, 1.0);
        let times = Times {
            at: vec![0.0],
            own: vec![0.03],
        };
        let after = |years| conditional(&times, &[0.5], &theta, years, 0.03);
        // m²e^(−Δ)/(m² + own²) of the error is carried on.
        let want = 0.5 * 0.09 * (-0.25_f64).exp() / (0.09 + 0.0009);
        assert!((after(0.25).location - want).abs() < 1e-12);
        assert!(after(0.25).scale < after(2.0).scale && after(20.0).location < 1e-6);
        let nothing = conditional(&Times::default(), &[], &theta, 3.0, 0.04);
        assert_eq!((nothing.location, nothing.degrees), (0.0, 4.0));
        assert!((nothing.scale - 0.3_f64.hypot(0.04)).abs() < 1e-12);
    }

    #[test]
    fn made_errors_have_the_scale_that_was_asked() {
        let theta = theta(0.3, 0.5);
        let times = Times {
            at: vec![0.0, 0.25],
            own: vec![0.0, 0.1],
        };
        let one = made(&times, &theta, &[1.0, 0.0], 1.0);
        let other = made(&times, &theta, &[0.0, 1.0], 1.0);
        let product = |a: usize, b: usize| one[a] * one[b] + other[a] * other[b];
        assert!((product(0, 0) - 0.09).abs() < 1e-12);
        assert!((product(0, 1) - 0.09 * (-0.5_f64).exp()).abs() < 1e-12);
        assert!((product(1, 1) - 0.1).abs() < 1e-12);
    }
}
