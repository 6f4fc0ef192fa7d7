//! One spread for every point forecast, told from how wrong the others were.

use serde::Serialize;

/// Scale of Student's t with four degrees of freedom around a point, on the logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// Scale on the logarithm.
    pub scale: f64,
    /// Errors it was told from.
    pub n: usize,
}

/// Upper quartile of t₄.
const QUARTILE: f64 = 0.740_697_084;

impl Spread {
    /// From absolute logarithmic errors: their median over the upper quartile of t₄, so that one wild miss does not set
    /// it. Nothing of none. Leave the forecast to be scored out of `errors`.
    pub fn of(errors: &[f64]) -> Option<Self> {
        let mut sorted = errors.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        (!sorted.is_empty()).then(|| Self {
            scale: super::interval::quantile(&sorted, 0.5) / QUARTILE,
            n: sorted.len(),
        })
    }

    /// `count` equally likely values about a point, at the middles of `count` equal parts of probability. A point of zero
    /// has no logarithm and stays a point.
    pub fn about(&self, point: f64, count: usize) -> Vec<f64> {
        (0..count)
            .map(|k| point * (self.scale * t4_quantile((k as f64 + 0.5) / count as f64)).exp())
            .collect()
    }
}

/// Quantile of Student's t with four degrees of freedom, in closed form (Shaw 2006, eq. 41): with a = 4p(1 − p) and
/// q = cos(arccos(√a)/3)/√a, it is ±2√(q − 1).
pub fn t4_quantile(p: f64) -> f64 {
    let a = (4.0 * p * (1.0 - p)).clamp(0.0, 1.0);
    if a == 0.0 {
        return if p < 0.5 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let root = a.sqrt();
    let q = (root.acos() / 3.0).cos() / root;
    (p - 0.5).signum() * 2.0 * (q - 1.0).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_tabulated_ones() {
        for (p, t) in [
            (0.5, 0.0),
            (0.75, QUARTILE),
            (0.95, 2.131_846_786),
            (0.975, 2.776_445_105),
            (0.01, -3.746_947_388),
        ] {
            assert!((t4_quantile(p) - t).abs() < 1e-8, "{p}: {}", t4_quantile(p));
        }
    }

    #[test]
    fn half_of_the_values_are_as_wrong_as_the_median_error() {
        let found = Spread::of(&[0.1, 0.4, 9.0]).unwrap();
        let values = found.about(10.0, 1_000);
        let inside = values.iter().filter(|x| (*x / 10.0).ln().abs() < 0.4).count();
        assert!((495..=505).contains(&inside), "{inside}");
        assert_eq!(found.about(0.0, 2), [0.0, 0.0]);
        assert!(Spread::of(&[]).is_none());
    }
}
