//! What renting a chip costs by the hour: published rents, selected as prices are.

use super::fx::{Rates, days};
use super::parameters::Term;
use super::prices::{Currency, RentalRow, means};
use super::region::country_of;
use super::{CostModel, Money, checks, need};
use crate::catalog::{Chip, ChipId};
use crate::figure::{Estimate, FigureRef, Grade, Outcome, Quantity, SourceId, UsdPerHour, When};
use jiff::civil::Date;
use serde::Serialize;

/// The rent of one chip for an hour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rent {
    /// Chip.
    pub chip: ChipId,
    /// Market, two-letter code.
    pub market: String,
    /// The latest rent's middle inside the hull of those of nearly the same time.
    pub hour: Money<UsdPerHour>,
    /// Terms of each rent in the hull, latest first.
    pub terms: Vec<String>,
    /// As published, latest first.
    pub as_published: String,
    /// Date of the latest.
    pub date: When,
    /// Days between its date and the day asked.
    pub age_days: i64,
    /// Row of `data/market/rentals.csv` (id).
    pub row: String,
    /// Source.
    pub source: SourceId,
    /// Grade.
    pub grade: Grade,
    /// Every row it rests on.
    pub rests_on: Vec<FigureRef>,
}

impl CostModel {
    /// The rent of one chip in the country of `place` on `on`, as known on `known`: the latest published one, with
    /// those within `dispute_days` before it as its interval, whatever their terms. Rents of another market are
    /// never used: they differ with scarcity, not with cost.
    pub fn rent(&self, chip: &Chip, place: &str, on: Date, known: Date) -> Outcome<Rent> {
        let market = country_of(place);
        let fx = self.fx(on, known).map(|fx| fx.cny_per_usd);
        let usable: Vec<&RentalRow> = self
            .rentals
            .iter()
            .filter(|r| r.market == market && means(&r.chip, chip))
            .filter(|r| checks::usable(r.from_date, r.known_from, on, known))
            .collect();
        let mut rows: Vec<(&RentalRow, (f64, f64), Option<FigureRef>)> = usable
            .iter()
            .copied()
            .filter_map(|r| {
                let (rate, row) = match r.currency {
                    Currency::Usd => (1.0, None),
                    Currency::Cny => {
                        let rate = self.fx(r.from_date.first(), known)?;
                        (rate.cny_per_usd, Some(rate.row))
                    }
                };
                Some((r, (r.low / rate, r.high / rate), row))
            })
            .collect();
        rows.sort_by_key(|(r, ..)| (std::cmp::Reverse(r.from_date.first()), r.id.as_str()));
        let Some((lead, range, _)) = rows.first().cloned() else {
            if let Some(r) = usable.first() {
                let why = format!("rent {} is in yuan", r.id);
                return Outcome::Unknown(vec![Rates::need(r.from_date.first(), known, &why)]);
            }
            return Outcome::Unknown(vec![need(
                format!("rent of {} in {market} on {on}, as known on {known}", chip.id),
                "a row of data/market/rentals.csv (`--data DIR`)",
                "renting is compared with owning by it",
            )]);
        };
        let most = self.parameters.whole_days(Term::DisputeDays);
        rows.retain(|(r, ..)| days(r.from_date.first(), lead.from_date.first()) <= most);
        let low = rows.iter().map(|(_, r, _)| r.0).fold(f64::MAX, f64::min);
        let high = rows.iter().map(|(_, r, _)| r.1).fold(0.0, f64::max);
        let usd = Estimate::new(
            UsdPerHour::of(f64::midpoint(range.0, range.1)),
            UsdPerHour::of(low),
            UsdPerHour::of(high),
        );
        let mut rests_on: Vec<FigureRef> = rows.iter().map(|(r, ..)| r.reference()).collect();
        rests_on.extend(rows.iter().filter_map(|(.., fx)| fx.clone()));
        let published: Vec<String> = rows.iter().map(|(r, ..)| r.as_published()).collect();
        Outcome::Known(Rent {
            chip: chip.id.clone(),
            market: market.to_owned(),
            hour: Money::of(usd, fx),
            terms: rows.iter().map(|(r, ..)| r.terms.clone()).collect(),
            as_published: published.join("; "),
            date: lead.from_date,
            age_days: days(lead.from_date.first(), on),
            row: lead.id.clone(),
            source: lead.source.clone(),
            grade: lead.grade,
            rests_on,
        })
    }
}
