//! Amount decimals as they are shown and written: text without trailing zeros, never a rounded float.

use crate::rules::chip::metrics::Range;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use std::fmt;

/// An exact decimal; JSON carries it as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub Decimal);

impl Amount {
    /// A fraction in percent, rounded to two decimals for display.
    #[must_use]
    pub fn percent(self) -> Self {
        Self((self.0 * Decimal::ONE_HUNDRED).round_dp(2))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.normalize().to_string())
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A value inside what is known of it; ends that are missing are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// The value taken; missing where nobody gives one.
    pub value: Option<Amount>,
    /// Lowest that still stands.
    pub low: Amount,
    /// Highest that still stands.
    pub high: Option<Amount>,
}

impl Interval {
    pub(crate) fn of(range: Range) -> Self {
        Self {
            value: range.value.map(Amount),
            low: Amount(range.low),
            high: range.high.map(Amount),
        }
    }

    /// True where only one value stands.
    pub fn is_exact(&self) -> bool {
        self.value == Some(self.low) && self.high == Some(self.low)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match (self.value, self.high) {
            (Some(value), _) if self.is_exact() => value.to_string(),
            (Some(value), Some(high)) => format!("{value} ({} to {high})", self.low),
            (Some(value), None) => format!("{value} ({} or more)", self.low),
            (None, Some(high)) => format!("not known ({} to {high})", self.low),
            (None, None) if self.low.0.is_zero() => "not known".to_owned(),
            (None, None) => format!("{} or more", self.low),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn an_interval_says_what_is_open() {
        let range = |low: &str, value: Option<&str>, high: Option<&str>| Range {
            low: dec(low),
            value: value.map(dec),
            high: high.map(dec),
        };
        for (of, text) in [
            (range("2368.00", Some("2368"), Some("2368")), "2368"),
            (range("1406", Some("2368"), Some("2368")), "2368 (1406 to 2368)"),
            (range("1406", Some("2368"), None), "2368 (1406 or more)"),
            (Range::UNKNOWN, "not known"),
            (range("128", None, None), "128 or more"),
        ] {
            assert_eq!(Interval::of(of).to_string(), text);
        }
        assert_eq!(serde_json::to_string(&Amount(dec("3.20"))).unwrap(), "\"3.2\"");
    }
}
