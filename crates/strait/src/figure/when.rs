//! Dates as exact as they are known: a day, a month, a quarter or a year.

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A date known to the day, month, quarter or year, kept as the first and last day it may be.
///
/// Written `2025-04-09`, `2025-04`, `2025-Q2` or `2025`, or as the first and last day it may be
/// (`2025-07-16/2025-08-05`); a leading `circa ` widens a day, month, quarter or year by two weeks on either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    first: Date,
    last: Date,
    circa: bool,
}

/// A text that is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no date: expected `2025-04-09`, `2025-04`, `2025-Q2`, `2025`, `2025-04-09/2025-04-20` or `circa 2025-04-09`"
)]
pub struct WhenError(String);

impl When {
    /// An exact day.
    pub fn day(day: Date) -> Self {
        Self {
            first: day,
            last: day,
            circa: false,
        }
    }

    /// The earliest day it may be.
    pub fn first(self) -> Date {
        self.first
    }

    /// The latest day it may be.
    pub fn last(self) -> Date {
        self.last
    }

    /// True where only one day is possible.
    pub fn is_exact(self) -> bool {
        self.first == self.last
    }

    /// Whether it lies on or before `day`: yes, no, or unknown where the date is not exact enough.
    pub fn on_or_before(self, day: Date) -> Option<bool> {
        if self.last <= day {
            Some(true)
        } else if self.first > day {
            Some(false)
        } else {
            None
        }
    }
}

fn number(text: &str, digits: usize) -> Option<i16> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn span_to_last(first: Date, span: Span) -> Option<Date> {
    first.checked_add(span).ok()?.yesterday().ok()
}

fn parse(text: &str) -> Option<When> {
    if let Some(rest) = text.strip_prefix("circa ") {
        // A span is what may be meant as it stands: it is not widened, and nothing is widened twice.
        let inner = (!rest.starts_with("circa ") && !rest.contains('/'))
            .then(|| parse(rest))
            .flatten()?;
        let first = inner.first.checked_sub(14.days()).ok()?;
        let last = inner.last.checked_add(14.days()).ok()?;
        return Some(When {
            first,
            last,
            circa: true,
        });
    }
    if let Some((first, last)) = text.split_once('/') {
        let (first, last) = (parse(first)?, parse(last)?);
        let exact = first.is_exact() && last.is_exact();
        return (exact && first.first < last.last).then_some(When {
            first: first.first,
            last: last.last,
            circa: false,
        });
    }
    let mut parts = text.split('-');
    let (year, second, third) = (parts.next()?, parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let year = number(year, 4)?;
    if !(1950..=2199).contains(&year) {
        return None;
    }
    let (first, last) = match (second, third) {
        (None, None) => (date(year, 1, 1), date(year, 12, 31)),
        (Some(q), None) if q.starts_with('Q') => {
            let quarter = i8::try_from(number(&q[1..], 1)?).ok()?;
            if !(1..=4).contains(&quarter) {
                return None;
            }
            let first = date(year, quarter * 3 - 2, 1);
            (first, span_to_last(first, 3.months())?)
        }
        (Some(month), None) => {
            let first = Date::new(year, i8::try_from(number(month, 2)?).ok()?, 1).ok()?;
            (first, span_to_last(first, 1.month())?)
        }
        (Some(month), Some(day)) => {
            let month = i8::try_from(number(month, 2)?).ok()?;
            let day = Date::new(year, month, i8::try_from(number(day, 2)?).ok()?).ok()?;
            (day, day)
        }
        (None, Some(_)) => return None,
    };
    Some(When {
        first,
        last,
        circa: false,
    })
}

impl FromStr for When {
    type Err = WhenError;
    fn from_str(text: &str) -> Result<Self, WhenError> {
        parse(text).ok_or_else(|| WhenError(text.to_owned()))
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.circa {
            // What was widened, as it was written.
            let written = Self {
                first: self.first.checked_add(14.days()).map_err(|_| fmt::Error)?,
                last: self.last.checked_sub(14.days()).map_err(|_| fmt::Error)?,
                circa: false,
            };
            return write!(f, "circa {written}");
        }
        let (first, last) = (self.first, self.last);
        let (year, month) = (first.year(), first.month());
        let months = i16::from(last.month()) - i16::from(month) + 12 * (last.year() - year);
        let whole = first.day() == 1 && last == last.last_of_month();
        match months {
            _ if first == last => write!(f, "{first}"),
            0 if whole => write!(f, "{year:04}-{month:02}"),
            2 if whole && month % 3 == 1 => write!(f, "{year:04}-Q{}", (month + 2) / 3),
            11 if whole && month == 1 => write!(f, "{year:04}"),
            _ => write!(f, "{first}/{last}"),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    /// Reads a TOML date, a year or a text.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => text,
            toml::Value::Datetime(datetime) => datetime.to_string(),
            toml::Value::Integer(year) => year.to_string(),
            other => return Err(serde::de::Error::custom(WhenError(other.to_string()))),
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_precision_it_was_given() {
        for text in [
            "2025-04-09",
            "2025-04",
            "2025-Q2",
            "2025",
            "circa 2026-06-01",
            "circa 2025-01",
            "circa 2025-Q2",
            "circa 2025",
            "2025-07-16/2025-08-05",
            "2024-12-20/2025-01-03",
        ] {
            let when = text.parse::<When>().unwrap();
            assert_eq!(when.to_string(), text);
            assert_eq!(when.to_string().parse::<When>().unwrap(), when);
        }
        let month: When = "2026-02".parse().unwrap();
        assert_eq!(
            (month.first(), month.last()),
            (date(2026, 2, 1), date(2026, 2, 28))
        );
    }

    #[test]
    fn an_imprecise_date_is_unknown_only_inside_its_span() {
        let month: When = "2026-02".parse().unwrap();
        assert_eq!(month.on_or_before(date(2026, 1, 31)), Some(false));
        assert_eq!(month.on_or_before(date(2026, 2, 10)), None);
        assert_eq!(month.on_or_before(date(2026, 2, 28)), Some(true));
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "25-04-09",
            "2025-13",
            "2025-02-30",
            "2025-Q5",
            "2025-4-9",
            "2025-04-09-01",
            "+025",
            "2025-04-09/2025-04-09",
            "2025-04-09/2025-04-01",
            "2025-04/2025-05",
            "2025-04-09/",
            "circa circa 2025-04-09",
            "circa 2025-04-09/2025-04-20",
            "circa 2025-04-09/circa 2025-04-20",
        ] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }
}
