//! Electricity tariffs: by country or region, for all chips or for those designed in the place.

use super::fx::Rates;
use super::prices::Currency;
use super::region::{country_of, is_country, is_region};
use super::{checks, need};
use crate::data::{DataSet, Problem, Problems, read_table};
use crate::figure::{
    Estimate, FigureRef, Grade, Need, Place, Quantity, SourceId, Sources, UsdPerKilowattHour, When,
};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeSet;

const TARIFFS: &str = "market/tariffs.csv";

/// Whose chips a tariff is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TariffFor {
    Any,
    /// Only data centres on chips designed in the place itself.
    Domestic,
}

#[derive(Debug, Clone, Deserialize)]
struct TariffRow {
    id: String,
    place: String,
    chips: TariffFor,
    from_date: When,
    known_from: When,
    low: f64,
    value: f64,
    high: f64,
    currency: Currency,
    source: SourceId,
    grade: Grade,
    notes: String,
}

/// The tariff that counts.
#[derive(Debug, Clone)]
pub(crate) struct Tariff {
    pub(crate) usd: Estimate<UsdPerKilowattHour>,
    pub(crate) rests_on: Vec<FigureRef>,
    /// What the reader should know of it.
    pub(crate) notes: Vec<String>,
}

/// The electricity tariffs of `data/market/tariffs.csv`, for one kWh.
#[derive(Debug, Clone)]
pub(crate) struct Tariffs(Vec<(Place, TariffRow)>);

impl Tariffs {
    pub(crate) fn read(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let file = data.require(TARIFFS)?;
        let mut problems = Problems::default();
        let mut seen = BTreeSet::new();
        let rows = read_table::<TariffRow>(file)?;
        for (place, row) in &rows {
            checks::unique(&mut problems, &mut seen, &row.id, place);
            checks::source(&mut problems, sources, &row.source, row.grade, place);
            checks::interval(&mut problems, row.low, row.high, place);
            if !(is_country(&row.place) || is_region(&row.place) || row.place == "*") {
                let message = format!("`{}` is no place", row.place);
                let help = "a country such as `CN`, a region such as `CN-GS`, or `*`";
                problems.push(Problem::at(place.clone(), message).help(help));
            }
            if !(row.low..=row.high).contains(&row.value) {
                let message = format!("`value` {} is outside `low` to `high`", row.value);
                problems.push(Problem::at(place.clone(), message));
            }
        }
        problems.or(Self(rows))
    }

    /// The tariff a data centre in `place` pays: the latest row of the place itself, one for domestic chips
    /// before one for all; else its country's row for all; else the row `*`; or what is missing. A tariff is paid in the currency of
    /// the day asked, so it is converted at that day's rate, unlike a price, which was paid on its own day.
    pub(crate) fn on(
        &self,
        place: &str,
        domestic: bool,
        on: Date,
        known: Date,
        rates: &Rates,
    ) -> Result<Tariff, Need> {
        let usable = |r: &TariffRow| checks::usable(r.from_date, r.known_from, on, known);
        let latest = |code: &str, chips: TariffFor| {
            let rows = self.0.iter().filter(|(_, r)| r.place == code && r.chips == chips);
            rows.filter(|(_, r)| usable(r))
                .max_by_key(|(p, r)| (r.from_date.first(), p.line))
        };
        let country = country_of(place);
        let own = domestic.then(|| latest(place, TariffFor::Domestic)).flatten();
        let (at, row) = own
            .or_else(|| latest(place, TariffFor::Any))
            .or_else(|| latest(country, TariffFor::Any))
            .or_else(|| latest("*", TariffFor::Any))
            .ok_or_else(|| {
                need(
                    format!("electricity tariff in {place} on {on}, as known on {known}"),
                    "a row of data/market/tariffs.csv (`--data DIR`)",
                    "the electricity of a chip-hour rests on it",
                )
            })?;
        let mut notes = Vec::new();
        if !row.notes.is_empty() && row.grade >= Grade::Derived {
            notes.push(format!("tariff {}: {}", row.id, row.notes));
        }
        if domestic && place != country && own.is_none() {
            let with: BTreeSet<&str> = self
                .0
                .iter()
                .map(|(_, r)| r)
                .filter(|r| r.chips == TariffFor::Domestic && country_of(&r.place) == country)
                .filter(|r| is_region(&r.place) && usable(r))
                .map(|r| r.place.as_str())
                .collect();
            if !with.is_empty() {
                let with = with.into_iter().collect::<Vec<_>>().join(", ");
                notes.push(format!(
                    "a power subsidy for domestic chips is reported for {with}; whether {place} pays one is unknown, none is taken"
                ));
            }
        }
        let mut rests_on = vec![FigureRef {
            of: row.id.clone(),
            path: "tariff".to_owned(),
            source: row.source.clone(),
            grade: row.grade,
            place: at.clone(),
        }];
        let per_usd = match row.currency {
            Currency::Usd => 1.0,
            Currency::Cny => {
                let why = format!("tariff {} is in yuan", row.id);
                let fx = rates.on(on, known).ok_or_else(|| Rates::need(on, known, &why))?;
                rests_on.push(fx.row);
                fx.cny_per_usd
            }
        };
        let usd = |amount: f64| UsdPerKilowattHour::of(amount / per_usd);
        Ok(Tariff {
            usd: Estimate::new(usd(row.value), usd(row.low), usd(row.high)),
            rests_on,
            notes,
        })
    }
}
