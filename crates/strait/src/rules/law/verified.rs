//! Until when each family of instruments has been read, and how stale an answer is past that day.

use crate::figure::When;
use crate::rules::{Instrument, InstrumentForm};
use crate::scenario::Side;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Instruments that are read from the same kind of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Regulations and proclamations, from their text.
    UsRegulations,
    /// Letters, guidance, statements and practice, from filings and the press.
    UsLetters,
    /// Bills.
    UsBills,
    /// The China side, nearly all from the press.
    China,
}

impl Family {
    /// The family of an instrument.
    pub fn of(instrument: &Instrument) -> Self {
        match (instrument.side, instrument.form) {
            (Side::Cn, _) => Self::China,
            (Side::Us, InstrumentForm::Bill) => Self::UsBills,
            (Side::Us, InstrumentForm::Regulation | InstrumentForm::Proclamation) => Self::UsRegulations,
            (Side::Us, _) => Self::UsLetters,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::UsRegulations => "US regulations",
            Self::UsLetters => "US letters, guidance and practice",
            Self::UsBills => "US bills",
            Self::China => "the China side",
        }
    }
}

/// Last day through which each family was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifiedThrough {
    us_regulations: When,
    us_letters: When,
    us_bills: When,
    china: When,
}

impl VerifiedThrough {
    pub(crate) fn of(&self, family: Family) -> Date {
        match family {
            Family::UsRegulations => self.us_regulations,
            Family::UsLetters => self.us_letters,
            Family::UsBills => self.us_bills,
            Family::China => self.china,
        }
        .last()
    }

    /// The earliest day of the families an answer may rest on; the China side only where it takes part.
    pub(crate) fn earliest(&self, china: bool) -> Date {
        Self::relied_on(china)
            .map(|f| self.of(f))
            .min()
            .unwrap_or(Date::MIN)
    }

    /// The families read through an earlier day than `on`, each with the days that lie between.
    pub(crate) fn stale(&self, on: Date, china: bool) -> Vec<Stale> {
        Self::relied_on(china)
            .map(|family| Stale {
                family,
                verified_through: self.of(family),
                days: days_past(self.of(family), on),
            })
            .filter(|stale| stale.days > 0)
            .collect()
    }

    fn relied_on(china: bool) -> impl Iterator<Item = Family> {
        let us = [Family::UsRegulations, Family::UsLetters];
        us.into_iter().chain(china.then_some(Family::China))
    }
}

/// Days from `read` to `on`, zero where it lies before.
pub(crate) fn days_past(read: Date, on: Date) -> i64 {
    on.since(read).map_or(0, |span| i64::from(span.get_days())).max(0)
}

/// A family read through an earlier day than the one asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stale {
    /// Which.
    pub family: Family,
    /// Last day through which it was read.
    pub verified_through: Date,
    /// Days from then to the day asked.
    pub days: i64,
}
