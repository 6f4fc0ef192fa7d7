//! Percentiles of a sample.

use crate::figure::{Quantity, Seconds};
use serde::Serialize;

/// Mean and percentiles; a percentile lies between the two nearest of the ordered values, in proportion
/// (Hyndman and Fan's type 7).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Percentiles {
    pub mean: Seconds,
    pub p50: Seconds,
    pub p90: Seconds,
    pub p99: Seconds,
    pub max: Seconds,
}

impl Percentiles {
    /// Of times; absent for none.
    #[must_use]
    pub fn of(times: impl Iterator<Item = Seconds>) -> Option<Self> {
        let mut sorted: Vec<f64> = times.map(Quantity::get).collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let at = |share: f64| {
            let place = share * last as f64;
            let low = place.floor() as usize;
            let high = (low + 1).min(last);
            Seconds::of(sorted[low] + (sorted[high] - sorted[low]) * (place - place.floor()))
        };
        Some(Self {
            mean: Seconds::of(sorted.iter().sum::<f64>() / sorted.len() as f64),
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            max: Seconds::of(sorted[last]),
        })
    }
}
