//! Months of the model, and the periods that sellers and analysts speak of.

use crate::figure::DAYS_A_YEAR;
use crate::market::{Quarter, days};
use jiff::civil::{Date, date};

/// First year of the model.
const FIRST_YEAR: i16 = 2022;

/// Months modelled: January 2022 to December 2030.
pub const MONTHS: usize = 108;

/// A month of the model, counted from January 2022.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub usize);

impl Month {
    /// The month a day lies in; the first or last for days outside the model.
    pub fn of(day: Date) -> Self {
        let n = i32::from(day.year() - FIRST_YEAR) * 12 + i32::from(day.month()) - 1;
        Self(usize::try_from(n.max(0)).unwrap_or(0).min(MONTHS - 1))
    }

    /// Its day of that number; days past its end are the last.
    pub fn day(self, day: i8) -> Date {
        let first = self.first_day();
        date(first.year(), first.month(), day.min(first.days_in_month()))
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        let year = FIRST_YEAR + i16::try_from(self.0 / 12).unwrap_or(0);
        date(year, i8::try_from(self.0 % 12).unwrap_or(0) + 1, 1)
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// Its calendar quarter.
    pub fn quarter(self) -> Quarter {
        Quarter::of(self.first_day())
    }

    /// Years from mid-2022 to its middle.
    pub(crate) fn years_from_mid_2022(self) -> f64 {
        (self.0 as f64 + 0.5) / 12.0 - 0.5
    }

    /// Every month.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..MONTHS).map(Self)
    }
}

/// Every calendar quarter of the model.
pub(crate) fn quarters() -> Vec<Quarter> {
    Month::all().step_by(3).map(Month::quarter).collect()
}

/// A span of days with the words it was named by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// As written (`FY2026Q1`, `CY2024`, `H1-2025`, `2025-Q2`, `2025-04`).
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Period {
    /// Reads a period; NVIDIA's fiscal years end on the last Sunday of January, their quarters with April, July and
    /// October.
    pub fn read(name: &str) -> Option<Self> {
        let (from, to) = span(name)?;
        Some(Self {
            name: name.to_owned(),
            from,
            to,
        })
    }

    /// The model's months it covers, each with the part of the month's days that lie in it.
    pub fn months(&self) -> Vec<(Month, f64)> {
        (Month::of(self.from).0..=Month::of(self.to).0)
            .map(Month)
            .filter_map(|m| {
                let from = self.from.max(m.first_day());
                let to = self.to.min(m.last_day());
                (from <= to).then(|| (m, days(from, to) / days(m.first_day(), m.last_day())))
            })
            .collect()
    }

    /// Years from the beginning of the model to its middle.
    pub(crate) fn middle(&self) -> f64 {
        (days(Month(0).first_day(), self.from) - 1.0) / DAYS_A_YEAR + self.years() / 2.0
    }

    /// Length in years of 365.25 days.
    pub fn years(&self) -> f64 {
        days(self.from, self.to) / DAYS_A_YEAR
    }
}

/// Last Sunday of a month.
fn last_sunday(year: i16, month: i8) -> Date {
    let last = date(year, month, 1).last_of_month();
    let back = last.weekday().to_sunday_zero_offset();
    date(year, month, last.day() - back)
}

/// Last day of NVIDIA's fiscal quarter, 0 being the one before the first.
fn fiscal_end(year: i16, quarter: i8) -> Date {
    match quarter {
        0 => last_sunday(year - 1, 1),
        4 => last_sunday(year, 1),
        q => last_sunday(year - 1, 3 * q + 1),
    }
}

/// A year of four digits, of which every day exists.
fn year_of(text: &str) -> Option<i16> {
    let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|year| digits && (1..9999).contains(year))
}

fn span(name: &str) -> Option<(Date, Date)> {
    let fiscal = |year: i16, from: i8, to: i8| {
        let from = fiscal_end(year, from).tomorrow().ok()?;
        Some((from, fiscal_end(year, to)))
    };
    let calendar = |year: i16, from: i8, to: i8| (date(year, from, 1), date(year, to, 1).last_of_month());
    if let Some(rest) = name.strip_prefix("FY") {
        let year = year_of(rest.get(..4)?)?;
        return match &rest[4..] {
            "" => fiscal(year, 0, 4),
            "H1" => fiscal(year, 0, 2),
            "H2" => fiscal(year, 2, 4),
            "Q1" => fiscal(year, 0, 1),
            "Q2" => fiscal(year, 1, 2),
            "Q3" => fiscal(year, 2, 3),
            "Q4" => fiscal(year, 3, 4),
            _ => None,
        };
    }
    if let Some(rest) = name.strip_prefix("CY") {
        return Some(calendar(year_of(rest)?, 1, 12));
    }
    if let Some(rest) = name.strip_prefix("H1-") {
        return Some(calendar(year_of(rest)?, 1, 6));
    }
    if let Some(rest) = name.strip_prefix("H2-") {
        return Some(calendar(year_of(rest)?, 7, 12));
    }
    let when: crate::figure::When = name.parse().ok()?;
    Some((when.first(), when.last()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fiscal_quarters_end_on_the_reported_days() {
        // Ends as NVIDIA prints them.
        for (name, end) in [
            ("FY2023Q1", date(2022, 5, 1)),
            ("FY2025Q4", date(2025, 1, 26)),
            ("FY2026Q1", date(2025, 4, 27)),
            ("FY2026Q3", date(2025, 10, 26)),
        ] {
            let period = Period::read(name).unwrap();
            // The last Sunday of April 2022 was the 24th: that year the quarter ended on 1 May.
            let gap = period.to.until(end).unwrap().get_days();
            assert!(
                gap == 0 || (name == "FY2023Q1" && gap == 7),
                "{name}: {}",
                period.to
            );
        }
    }

    #[test]
    fn months_of_a_period_add_up_to_its_days() {
        let period = Period::read("FY2026Q1").unwrap();
        let total: f64 = period
            .months()
            .iter()
            .map(|(m, w)| w * f64::from(m.first_day().days_in_month()))
            .sum();
        assert!((total - 91.0).abs() < 1e-9, "{total}");
        let year: f64 = Period::read("CY2024")
            .unwrap()
            .months()
            .iter()
            .map(|(_, w)| w)
            .sum();
        assert!((year - 12.0).abs() < 1e-12);
        for wrong in [
            "per quarter",
            "CY32000",
            "CY-100",
            "CY0",
            "CY9999",
            "FY0000",
            "H1-32000",
            "H2-99999",
            "FY+123",
        ] {
            assert!(Period::read(wrong).is_none(), "{wrong}");
        }
    }
}
