//! Bands of a density and how honest they are.

use serde::Serialize;

/// Median and central bands of draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bands {
    /// Middle draw.
    pub median: f64,
    /// 25th to 75th percentile.
    pub fifty: (f64, f64),
    /// 5th to 95th percentile.
    pub ninety: (f64, f64),
}

impl Bands {
    /// Of draws in any order; nothing where there are none.
    pub fn of(draws: &[f64]) -> Option<Self> {
        let mut sorted = draws.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |p| quantile(&sorted, p);
        (!sorted.is_empty()).then(|| Self {
            median: at(0.5),
            fifty: (at(0.25), at(0.75)),
            ninety: (at(0.05), at(0.95)),
        })
    }
}

/// Quantile of sorted values by linear interpolation (Hyndman and Fan 1996, type 7); NaN of none.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = p.clamp(0.0, 1.0) * last as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (at - below as f64)
}

/// Quantiles of values in any order, at ascending probabilities: [`quantile`]'s own, without sorting all; NaN of none.
pub fn quantiles<const N: usize>(values: &mut [f64], ascending: [f64; N]) -> [f64; N] {
    let Some(last) = values.len().checked_sub(1) else {
        return [f64::NAN; N];
    };
    let mut from = 0;
    ascending.map(|p| {
        let at = p.clamp(0.0, 1.0) * last as f64;
        let below = at.floor() as usize;
        let (_, low, above) = values[from..].select_nth_unstable_by(below - from, f64::total_cmp);
        let low = *low;
        let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
        from = below;
        low + (high - low) * (at - below as f64)
    })
}

/// Interval score of a central band that should hold 1 − `alpha` of outcomes (Gneiting and Raftery 2007, eq. 43): its
/// width, plus 2/alpha of the distance by which the outcome lies outside. Smaller is better.
pub fn interval_score(band: (f64, f64), alpha: f64, outcome: f64) -> f64 {
    let (low, high) = band;
    high - low + 2.0 / alpha * ((low - outcome).max(0.0) + (outcome - high).max(0.0))
}

/// Part of outcomes inside their bands, ends counted in; nothing of none.
pub fn coverage(cases: impl IntoIterator<Item = ((f64, f64), f64)>) -> Option<f64> {
    let (mut inside, mut n) = (0_u32, 0_u32);
    for ((low, high), outcome) in cases {
        inside += u32::from(low <= outcome && outcome <= high);
        n += 1;
    }
    (n > 0).then(|| f64::from(inside) / f64::from(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_bands() {
        let found = Bands::of(&[4.0, 0.0, 2.0, 1.0, 3.0]).unwrap();
        assert_eq!((found.median, found.fifty), (2.0, (1.0, 3.0)));
        assert!((found.ninety.0 - 0.2).abs() < 1e-12 && (found.ninety.1 - 3.8).abs() < 1e-12);
        assert!(Bands::of(&[]).is_none());
    }

    #[test]
    fn quantiles_without_sorting_are_those_of_sorted_values() {
        let ps = [0.0, 0.05, 0.06, 0.25, 0.5, 0.75, 0.95, 1.0];
        for n in 1..40_usize {
            // Ties, and an order that is none.
            let values: Vec<f64> = (0..n).map(|k| ((k * 7919) % 31) as f64 / 3.0).collect();
            let mut sorted = values.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            let found = quantiles(&mut values.clone(), ps);
            assert_eq!(found, ps.map(|p| quantile(&sorted, p)), "{n}");
        }
        assert!(quantiles(&mut [], [0.5])[0].is_nan());
    }

    #[test]
    fn scores_inside_at_the_end_and_outside() {
        assert_eq!(interval_score((1.0, 3.0), 0.1, 2.0), 2.0);
        assert_eq!(interval_score((1.0, 3.0), 0.1, 3.0), 2.0);
        assert_eq!(interval_score((1.0, 3.0), 0.1, 3.5), 12.0);
        assert_eq!(interval_score((1.0, 3.0), 0.5, 0.0), 6.0);
        let cases = [
            ((0.0, 1.0), 1.0),
            ((0.0, 1.0), 1.001),
            ((0.0, 1.0), 0.5),
            ((0.0, 1.0), -1.0),
        ];
        assert_eq!(coverage(cases), Some(0.5));
        assert_eq!(coverage([]), None);
    }
}
