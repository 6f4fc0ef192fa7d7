//! A variable's value over quarters, out of the series kept of a path.

use super::super::calendar::MONTHS;
use std::ops::Range;

/// Quarters of the model.
const QUARTERS: usize = MONTHS / 3;

/// How a variable is read off the series that a run keeps of a path, and what it is over several quarters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Series added up, over quarters too.
    Flow(Vec<usize>),
    /// A series, over quarters its mean.
    Rate(usize),
    /// A series, over quarters its last.
    Level(usize),
    /// Series added up over others, of several quarters their sums; nothing where the others are nothing.
    Part(Vec<usize>, Vec<usize>),
}

impl Reading {
    /// What is added up, and over what.
    fn series(&self) -> (&[usize], &[usize]) {
        match self {
            Self::Flow(series) => (series, &[]),
            Self::Rate(series) | Self::Level(series) => (std::slice::from_ref(series), &[]),
            Self::Part(series, whole) => (series, whole),
        }
    }

    /// The value over quarters; `kept` runs over series, then over quarters.
    pub(crate) fn over(&self, kept: &[f32], over: Range<usize>) -> f64 {
        let (series, whole) = self.series();
        let (top, whole) = (added(series, kept, &over), added(whole, kept, &over));
        self.value(&top[..over.len()], &whole[..over.len()])
    }

    /// The values over each of several spans, the same bits as one by one.
    pub(crate) fn each(&self, kept: &[f32], spans: &[Range<usize>], mut told: impl FnMut(usize, f64)) {
        let (series, whole) = self.series();
        let all = 0..QUARTERS;
        let (top, whole) = (added(series, kept, &all), added(whole, kept, &all));
        for (n, over) in spans.iter().enumerate() {
            told(n, self.value(&top[over.clone()], &whole[over.clone()]));
        }
    }

    /// The value over quarters, from what the series come to in each.
    fn value(&self, top: &[f64], whole: &[f64]) -> f64 {
        let sum = |each: &[f64]| each.iter().sum::<f64>();
        match self {
            Self::Flow(_) => sum(top),
            Self::Rate(_) => sum(top) / top.len().max(1) as f64,
            Self::Level(_) => top.last().copied().unwrap_or(0.0),
            Self::Part(..) => match sum(whole) {
                whole if whole > 0.0 => sum(top) / whole,
                _ => 0.0,
            },
        }
    }
}

/// Series added up in each of some quarters, which stand first in the answer.
fn added(series: &[usize], kept: &[f32], over: &Range<usize>) -> [f64; QUARTERS] {
    let mut sum = [0.0; QUARTERS];
    for s in series {
        let row = &kept[s * QUARTERS..(s + 1) * QUARTERS][over.clone()];
        for (sum, x) in sum.iter_mut().zip(row) {
            *sum += f64::from(*x);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_quarters_flows_add_up_rates_are_averaged_levels_end_and_parts_are_of_sums() {
        // Two series, of which three quarters are not nothing.
        let mut kept = [0.0; 2 * QUARTERS];
        kept[..3].copy_from_slice(&[1.0, 2.0, 4.0]);
        kept[QUARTERS..QUARTERS + 2].copy_from_slice(&[4.0, 4.0]);
        let of = |reading: Reading, over: Range<usize>| {
            let value = reading.over(&kept, over.clone());
            let mut each = Vec::new();
            reading.each(&kept, &[0..1, over], |_, x| each.push(x));
            assert_eq!(each, [reading.over(&kept, 0..1), value]);
            value
        };
        assert_eq!(of(Reading::Flow(vec![0]), 0..3), 7.0);
        assert_eq!(of(Reading::Flow(vec![0, 1]), 1..2), 6.0);
        assert_eq!(of(Reading::Rate(1), 0..3), 8.0 / 3.0);
        assert_eq!(of(Reading::Level(0), 0..2), 2.0);
        // A quarter with no whole has no part, and over all three it is 7 of 8, not the mean of quarters.
        assert_eq!(of(Reading::Part(vec![0], vec![1]), 2..3), 0.0);
        assert_eq!(of(Reading::Part(vec![0], vec![1]), 0..3), 7.0 / 8.0);
        assert_eq!(of(Reading::Part(vec![1], vec![0, 1]), 0..3), 8.0 / 15.0);
    }
}
