//! Spans of quarters as users give them.

use miette::{Result, miette};
use std::fmt;
use std::ops::Range;
use strait::market::Quarter;
use strait::market::dynamics::Month;

/// Quarters shown where none are given.
const SHOWN: &str = "2025-Q1..2027-Q4";

/// First and last quarter of `2025-Q1..2027-Q4`, or of that where none are given.
pub(super) fn window(given: Option<&str>) -> Result<(Quarter, Quarter)> {
    let text = given.unwrap_or(SHOWN);
    let read = |part: &str| -> Option<Quarter> {
        let (year, quarter) = part.trim().split_once("-Q")?;
        let quarter: i8 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
        let year: i16 = year.parse().ok().filter(|y| (2022..=2030).contains(y))?;
        Some(Quarter { year, quarter })
    };
    text.split_once("..")
        .and_then(|(a, b)| Some((read(a)?, read(b)?)))
        .filter(|(a, b)| a <= b)
        .ok_or_else(|| {
            miette!(
                help = "two quarters from 2022-Q1 to 2030-Q4, like 2025-Q1..2027-Q4",
                "`{text}` is no span of quarters"
            )
        })
}

/// Months from the first to the one before the last, told by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Months(pub(crate) Range<usize>);

impl Months {
    /// Those of quarters, both counted.
    pub(super) fn of((from, to): (Quarter, Quarter)) -> Self {
        Self(Month::of(from.first_day()).0..Month::of(to.last_day()).0 + 1)
    }
}

impl fmt::Display for Months {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |t: usize| Month(t).first_day().strftime("%B %Y");
        write!(f, "{} to {}", named(self.0.start), named(self.0.end - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_months_with_both_ends_and_told_by_name() {
        let months = Months::of(window(Some("2025-Q1..2026-Q2")).unwrap());
        assert_eq!(months.0, 36..54);
        assert_eq!(months.to_string(), "January 2025 to June 2026");
        assert_eq!(window(None).unwrap(), window(Some(SHOWN)).unwrap());
        for wrong in [
            "2025-Q2..2025-Q1",
            "2021-Q4..2025-Q1",
            "2025-Q1..2031-Q1",
            "2025-Q1",
            "2025-Q0..2025-Q1",
        ] {
            assert!(window(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
