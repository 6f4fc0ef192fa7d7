//! Simulation-based calibration: parameters drawn from the prior, data made from them, a posterior fitted, and the rank of
//! the true value among its draws. Ranks of a right sampler and a right likelihood are uniform.
//!
//! Talts, Betancourt, Simpson, Vehtari and Gelman, "Validating Bayesian inference algorithms with simulation-based
//! calibration" (arXiv 1804.06788).

use super::super::stream::Stream;
use rayon::prelude::*;
use serde::Serialize;

/// Ranks of one parameter and how uniform they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Position of the parameter.
    pub parameter: usize,
    /// Rank of the true value among the draws in each simulation, 0 to the number of draws.
    pub ranks: Vec<usize>,
    /// Chi-square of the ranks in equal classes.
    pub chi_square: f64,
    /// Chance of a chi-square so large from uniform ranks.
    pub p_value: f64,
}

/// How many draws lie below the true value; draws equal to it are split by the counter of the stream.
pub fn rank(truth: f64, draws: &[f64], stream: &mut Stream) -> usize {
    let below = draws.iter().filter(|x| **x < truth).count();
    let equal = draws.iter().filter(|x| **x == truth).count();
    below + stream.below(equal + 1)
}

/// Makes data from parameters and draws from the posterior they give.
pub type FitOne<'a> = dyn Fn(&[f64], &mut Stream) -> Vec<Vec<f64>> + Sync + 'a;

/// Runs `simulations`: `truth` draws parameters from the prior, `posterior` makes data from them and gives
/// `draws` vectors of their posterior, thinned to be nearly independent. Simulation `n` gets its own stream, so threads
/// change nothing.
pub fn calibrate(
    seed: u64,
    simulations: usize,
    draws: usize,
    truth: &(dyn Fn(&mut Stream) -> Vec<f64> + Sync),
    posterior: &FitOne<'_>,
) -> Vec<Calibration> {
    let ranks: Vec<Vec<usize>> = (0..simulations)
        .into_par_iter()
        .map(|n| {
            let mut stream = Stream::new(seed, n as u64);
            let truth = truth(&mut stream);
            let found = posterior(&truth, &mut stream);
            let kept = &found[..found.len().min(draws)];
            let one = |p: usize| kept.iter().map(|x| x[p]).collect::<Vec<f64>>();
            (0..truth.len())
                .map(|p| rank(truth[p], &one(p), &mut stream))
                .collect()
        })
        .collect();
    let parameters = ranks.first().map_or(0, Vec::len);
    (0..parameters)
        .map(|p| {
            let own: Vec<usize> = ranks.iter().map(|r| r[p]).collect();
            let (chi_square, p_value) = uniformity(&own, draws);
            Calibration {
                parameter: p,
                ranks: own,
                chi_square,
                p_value,
            }
        })
        .collect()
}

/// Pearson's chi-square of ranks 0 to `draws` in as many equal classes as give at least five expected in each (at most
/// twenty), and its p-value. Classes take ranks in proportion where their number does not divide `draws` + 1.
pub fn uniformity(ranks: &[usize], draws: usize) -> (f64, f64) {
    let classes = (ranks.len() / 5).min(20).min(draws + 1);
    if classes < 2 {
        return (0.0, 1.0);
    }
    let class = |rank: usize| rank * classes / (draws + 1);
    let mut counts = vec![0.0; classes];
    for r in ranks {
        counts[class((*r).min(draws))] += 1.0;
    }
    let mut widths = vec![0.0; classes];
    for r in 0..=draws {
        widths[class(r)] += 1.0;
    }
    let chi_square: f64 = counts
        .iter()
        .zip(&widths)
        .map(|(count, width)| {
            let expected = ranks.len() as f64 * width / (draws + 1) as f64;
            (count - expected).powi(2) / expected
        })
        .sum();
    (
        chi_square,
        upper_gamma((classes - 1) as f64 / 2.0, chi_square / 2.0),
    )
}

/// Regularised upper incomplete gamma function Q(a, x) for a a multiple of one half: Q(a+1, x) = Q(a, x) + xᵃe⁻ˣ/Γ(a+1)
/// (DLMF 8.8.6), from Q(1, x) = e⁻ˣ or Q(1/2, x) = erfc(√x) = 2 Φ(−√(2x)).
fn upper_gamma(a: f64, x: f64) -> f64 {
    let half = (a.fract() - 0.5).abs() < 1e-9;
    let (mut at, mut q) = if half {
        (
            0.5,
            2.0 * super::super::draws::normal_probability(-(2.0 * x).sqrt()),
        )
    } else {
        (1.0, (-x).exp())
    };
    // xᵃe⁻ˣ/Γ(a+1), carried from one a to the next.
    let gamma = if half {
        std::f64::consts::PI.sqrt() / 2.0
    } else {
        1.0
    };
    let mut term = x.powf(at) * (-x).exp() / gamma;
    while at + 0.25 < a {
        q += term;
        at += 1.0;
        term *= x / at;
    }
    q.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chi_square_tails_are_tabulated_ones() {
        // Upper 5 % points: 3.841 (1), 5.991 (2), 16.919 (9), 30.144 (19 degrees of freedom).
        for (degrees, point) in [
            (1.0, 3.841_459),
            (2.0, 5.991_465),
            (9.0, 16.918_978),
            (19.0, 30.143_527),
        ] {
            let p = upper_gamma(degrees / 2.0, point / 2.0);
            assert!((p - 0.05).abs() < 1e-6, "{degrees}: {p}");
        }
    }

    /// y = θ + e, both standard normal: the posterior is N(y/2, 1/2).
    fn ranks(spread: f64) -> Vec<Calibration> {
        let posterior = |truth: &[f64], s: &mut Stream| {
            let y = truth[0] + s.normal();
            (0..63).map(|_| vec![y / 2.0 + spread * s.normal()]).collect()
        };
        calibrate(3, 400, 63, &|s: &mut Stream| vec![s.normal()], &posterior)
    }

    #[test]
    fn right_posteriors_rank_uniformly_and_narrow_ones_do_not() {
        assert!(ranks(0.5_f64.sqrt())[0].p_value > 0.01);
        assert!(ranks(0.4)[0].p_value < 1e-6);
    }

    #[test]
    fn ties_are_split() {
        let mut s = Stream::new(1, 1);
        let found: Vec<usize> = (0..200)
            .map(|_| rank(1.0, &[0.0, 1.0, 1.0, 2.0], &mut s))
            .collect();
        assert!(found.iter().all(|r| (1..=3).contains(r)) && found.contains(&1) && found.contains(&3));
    }
}
