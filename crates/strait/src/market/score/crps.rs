//! Continuous ranked probability score of draws.

/// CRPS of an empirical distribution, E|X − y| − E|X − X′|/2 (Gneiting and Raftery 2007, eq. 21), in the unit of y; of a
/// single draw the absolute error. NaN without draws. The pairs are summed by rank: Σᵢ (2i − m − 1) x₍ᵢ₎ / m².
pub fn crps(draws: &[f64], outcome: f64) -> f64 {
    let m = draws.len() as f64;
    let mut sorted = draws.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let distance = sorted.iter().map(|x| (x - outcome).abs()).sum::<f64>() / m;
    let pairs: f64 = sorted
        .iter()
        .enumerate()
        .map(|(i, x)| (2.0 * i as f64 + 1.0 - m) * x)
        .sum();
    distance - pairs / (m * m)
}

/// Part of the reference's CRPS a forecast saves, 1 − ΣCRPS/ΣCRPS of the reference on the same targets: 1 is perfect, 0 no
/// better, below 0 worse. Nothing where the reference has no error.
pub fn crps_skill(own: &[f64], reference: &[f64]) -> Option<f64> {
    let sum: f64 = reference.iter().sum();
    (sum > 0.0 && own.len() == reference.len()).then(|| 1.0 - own.iter().sum::<f64>() / sum)
}

#[cfg(test)]
mod tests {
    use super::super::super::draws::normal_quantile;
    use super::*;

    #[test]
    fn by_hand_and_in_closed_form() {
        assert_eq!(crps(&[3.0], 5.0), 2.0);
        // Draws 0 and 1 at 0: (0 + 1)/2 − (1/2)·(0 + 1 + 1 + 0)/4.
        assert!((crps(&[1.0, 0.0], 0.0) - 0.25).abs() < 1e-15);
        // Three draws 1, 2, 4 at 3: (2 + 1 + 1)/3 − (1/2)·2·(1 + 3 + 2)/9.
        assert!((crps(&[4.0, 1.0, 2.0], 3.0) - (4.0 / 3.0 - 6.0 / 9.0)).abs() < 1e-15);
        // Standard normal at its mean: 2φ(0) − 1/√π = 0.233695.
        let n = 20_000;
        let normal: Vec<f64> = (0..n)
            .map(|i| normal_quantile((f64::from(i) + 0.5) / f64::from(n)))
            .collect();
        assert!((crps(&normal, 0.0) - 0.233_695).abs() < 1e-4);
        // Uniform on 0 to 1 at y: y² − y + 1/3.
        let uniform: Vec<f64> = (0..n).map(|i| (f64::from(i) + 0.5) / f64::from(n)).collect();
        assert!((crps(&uniform, 0.3) - (0.09 - 0.3 + 1.0 / 3.0)).abs() < 1e-6);
    }

    #[test]
    fn skill() {
        assert_eq!(crps_skill(&[1.0, 1.0], &[2.0, 2.0]), Some(0.5));
        assert_eq!(crps_skill(&[3.0], &[2.0]), Some(-0.5));
        assert_eq!(crps_skill(&[1.0], &[0.0]), None);
    }
}
