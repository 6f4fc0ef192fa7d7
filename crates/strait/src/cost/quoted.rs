//! What a published price and a published rent have in common.

use super::checks::{self, ChipNames};
use super::prices::{PriceRow, RentalRow, means};
use crate::catalog::Chip;
use crate::data::Problems;
use crate::figure::{Grade, Place, SourceId, Sources, When};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Of whom an amount was published, when and where.
#[derive(Debug, Clone, Copy)]
pub struct Quote<'a> {
    /// Id of the row.
    pub id: &'a str,
    /// Chip id, or `family:NAME`.
    pub chip: &'a str,
    /// Market, two-letter code.
    pub market: &'a str,
    /// Day it held.
    pub from_date: &'a When,
    /// Day it became public.
    pub known_from: &'a When,
    /// Both ends of the amount.
    pub ends: [f64; 2],
    /// Source.
    pub source: &'a SourceId,
    /// Grade.
    pub grade: Grade,
    /// Where it is written.
    pub place: &'a Place,
}

/// A row of published amounts.
pub trait Quoted {
    /// Of whom, when and where.
    fn quote(&self) -> Quote<'_>;
    /// The amount as its source gives it.
    fn as_published(&self) -> String;
}

macro_rules! quoted {
    ($row:ty) => {
        impl Quoted for $row {
            fn quote(&self) -> Quote<'_> {
                Quote {
                    id: &self.id,
                    chip: &self.chip,
                    market: &self.market,
                    from_date: &self.from_date,
                    known_from: &self.known_from,
                    ends: [self.low, self.high],
                    source: &self.source,
                    grade: self.grade,
                    place: &self.place,
                }
            }

            fn as_published(&self) -> String {
                self.as_published()
            }
        }
    };
}

quoted!(PriceRow);
quoted!(RentalRow);

/// Notes what does not fit in a row.
pub(super) fn check(
    row: &impl Quoted,
    place: &Place,
    seen: &mut BTreeSet<String>,
    sources: &Sources,
    names: &ChipNames,
    problems: &mut Problems,
) {
    let q = row.quote();
    checks::unique(problems, seen, q.id, place);
    checks::source(problems, sources, q.source, q.grade, place);
    checks::interval(problems, q.ends[0], q.ends[1], place);
    checks::country_code(problems, q.market, place);
    names.check(problems, q.chip, place);
}

/// Every row of a chip in `market` public by `known`, oldest first.
pub(super) fn of_chip<'r, R: Quoted>(rows: &'r [R], chip: &Chip, market: &str, known: Date) -> Vec<&'r R> {
    let public = |row: &&R| {
        let q = row.quote();
        q.market == market && q.known_from.last() <= known && means(q.chip, chip)
    };
    let mut found: Vec<&R> = rows.iter().filter(public).collect();
    found.sort_by(|a, b| {
        let (a, b) = (a.quote(), b.quote());
        (a.from_date.first(), a.id).cmp(&(b.from_date.first(), b.id))
    });
    found
}
