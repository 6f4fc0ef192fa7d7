//! Scores of forecasts against what came.

use super::random::Stream;

/// Continuous ranked probability score of draws: E|X − y| − E|X − X'|/2 (Gneiting and Raftery 2007); of a point |x − y|.
pub fn crps(draws: &[f64], y: f64) -> f64 {
    let n = draws.len() as f64;
    let mut sorted = draws.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let distance = sorted.iter().map(|x| (x - y).abs()).sum::<f64>() / n;
    // Σ|xi − xj| over pairs from ranks.
    let pairs: f64 = sorted
        .iter()
        .enumerate()
        .map(|(i, x)| (2.0 * i as f64 - n + 1.0) * x)
        .sum();
    distance - pairs / (n * n)
}

/// A point forecast with a spread: draws of point·exp(s·t₄), or of t₄·s bn around zero for a point of zero.
pub fn spread(point: f64, sd: f64, seed: u64, count: usize) -> Vec<f64> {
    let mut stream = Stream::new(seed, 31);
    (0..count)
        .map(|_| {
            let t = stream.student4();
            if point > 0.0 {
                point * (sd * t).clamp(-6.0, 6.0).exp()
            } else {
                (0.05e9 * t).abs()
            }
        })
        .collect()
}

/// Brier score of a probability for an event.
pub fn brier(probability: f64, happened: bool) -> f64 {
    (probability - f64::from(u8::from(happened))).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crps_of_known_cases() {
        // A point mass: the absolute error. Two points 0 and 1 at y = 0: 1/2 − 1/4.
        assert!((crps(&[2.0; 5], 3.5) - 1.5).abs() < 1e-12);
        assert!((crps(&[0.0, 1.0], 0.0) - 0.25).abs() < 1e-12);
        // Standard normal at 0: 2φ(0) − 1/√π = 0.2337.
        let mut s = Stream::new(4, 4);
        let draws: Vec<f64> = (0..40_000).map(|_| s.normal()).collect();
        assert!((crps(&draws, 0.0) - 0.2337).abs() < 0.005);
        assert_eq!(brier(0.3, true), 0.7 * 0.7);
    }
}
