//! Whether chains agree, how many draws they are worth, and how far the data moved a prior.

/// Split R-hat (Gelman et al., Bayesian Data Analysis, 3rd ed., 11.4): chains are cut in half; 1 where they agree.
pub fn r_hat(chains: &[Vec<f64>]) -> f64 {
    let halves: Vec<&[f64]> = chains
        .iter()
        .flat_map(|c| {
            let (a, b) = c.split_at(c.len() / 2);
            [a, &b[..a.len()]]
        })
        .collect();
    let n = halves.first().map_or(0, |h| h.len()) as f64;
    if n < 2.0 {
        return f64::NAN;
    }
    let means: Vec<f64> = halves.iter().map(|h| mean(h)).collect();
    let within = halves.iter().map(|h| variance(h)).sum::<f64>() / halves.len() as f64;
    let between = n * variance(&means);
    if within <= 0.0 {
        return f64::NAN;
    }
    (((n - 1.0) / n * within + between / n) / within).sqrt()
}

/// Effective number of draws by Geyer's initial positive sequence over all chains (same book, 11.5).
pub fn effective_draws(chains: &[Vec<f64>]) -> f64 {
    let n = chains.iter().map(Vec::len).min().unwrap_or(0);
    let m = chains.len();
    if n < 4 {
        return f64::NAN;
    }
    let within = chains.iter().map(|c| variance(&c[..n])).sum::<f64>() / m as f64;
    let means: Vec<f64> = chains.iter().map(|c| mean(&c[..n])).collect();
    let between = if m > 1 { variance(&means) } else { 0.0 };
    let total = (n as f64 - 1.0) / n as f64 * within + between;
    if total <= 0.0 {
        return f64::NAN;
    }
    let correlation = |lag: usize| {
        let variogram: f64 = chains
            .iter()
            .map(|c| (lag..n).map(|i| (c[i] - c[i - lag]).powi(2)).sum::<f64>())
            .sum::<f64>()
            / (m * (n - lag)) as f64;
        1.0 - variogram / (2.0 * total)
    };
    let mut sum = 0.0;
    let mut lag = 1;
    while lag + 1 < n {
        let pair = correlation(lag) + correlation(lag + 1);
        if pair < 0.0 {
            break;
        }
        sum += pair;
        lag += 2;
    }
    (m * n) as f64 / (1.0 + 2.0 * sum)
}

/// How far a parameter moved from its prior: 1 − sd of its standard score, or the shift of its mean in prior standard
/// deviations, whichever is more. Under a tenth it counts as assumed.
pub fn contraction(scores: &[f64]) -> f64 {
    let narrower = 1.0 - variance(scores).sqrt();
    narrower.max(mean(scores).abs()).max(0.0)
}

/// Arithmetic mean.
pub fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len().max(1) as f64
}

/// Sample variance.
pub fn variance(x: &[f64]) -> f64 {
    let centre = mean(x);
    x.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / (x.len() as f64 - 1.0).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::dynamics::random::Stream;

    #[test]
    fn independent_chains_agree_and_shifted_ones_do_not() {
        let chain = |k: u64, shift: f64| {
            let mut s = Stream::new(9, k);
            (0..2_000).map(|_| s.normal() + shift).collect::<Vec<_>>()
        };
        let good = [chain(0, 0.0), chain(1, 0.0)];
        assert!((r_hat(&good) - 1.0).abs() < 0.01);
        let draws = effective_draws(&good);
        assert!((3_000.0..=4_500.0).contains(&draws), "{draws}");
        assert!(r_hat(&[chain(0, 0.0), chain(1, 3.0)]) > 1.5);
        // An autoregression of 0.9 is worth a nineteenth.
        let mut s = Stream::new(9, 7);
        let mut x = 0.0;
        let slow: Vec<f64> = (0..20_000)
            .map(|_| {
                x = 0.9 * x + s.normal();
                x
            })
            .collect();
        let worth = effective_draws(&[slow]) / 20_000.0;
        assert!((0.035..0.075).contains(&worth), "{worth}");
    }

    #[test]
    fn contraction_sees_narrowing_and_shift() {
        let mut s = Stream::new(1, 1);
        let prior: Vec<f64> = (0..4_000).map(|_| s.normal()).collect();
        assert!(contraction(&prior) < 0.05);
        assert!((contraction(&prior.iter().map(|x| 0.5 * x).collect::<Vec<_>>()) - 0.5).abs() < 0.03);
        assert!((contraction(&prior.iter().map(|x| x + 0.8).collect::<Vec<_>>()) - 0.8).abs() < 0.05);
    }
}
