//! Exchange rates and electricity tariffs: dated series where the latest earlier row counts.

use super::checks;
use super::prices::Currency;
use crate::data::{DataSet, Problem, Problems, read_table};
use crate::figure::{
    Estimate, FigureRef, Grade, Place, Quantity, SourceId, Sources, UsdPerKilowattHour, When,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const FX: &str = "market/fx.csv";
const TARIFFS: &str = "market/tariffs.csv";

#[derive(Debug, Clone, Deserialize)]
struct FxRow {
    date: When,
    cny_per_usd: f64,
    source: SourceId,
    grade: Grade,
}

/// An exchange rate as applied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FxRate {
    /// Yuan for one US dollar.
    pub cny_per_usd: f64,
    /// Its date.
    pub date: When,
    /// Days between its date and the day asked.
    pub age_days: i64,
    /// The row.
    pub row: FigureRef,
}

/// Days from `from` to `to`.
pub(crate) fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// The exchange rates of `data/market/fx.csv`.
#[derive(Debug, Clone)]
pub(crate) struct Rates(Vec<(Place, FxRow)>);

impl Rates {
    pub(crate) fn read(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let file = data
            .get(FX)
            .ok_or_else(|| Problem::in_file(FX, "the file is missing"))?;
        let mut problems = Problems::default();
        let mut rows = read_table::<FxRow>(file)?;
        for (place, row) in &rows {
            checks::source(&mut problems, sources, &row.source, row.grade, place);
            checks::interval(&mut problems, row.cny_per_usd, row.cny_per_usd, place);
        }
        rows.sort_by_key(|(place, row)| (row.date.first(), place.line));
        problems.or(Self(rows))
    }

    /// The latest rate dated on or before `on`.
    pub(crate) fn on(&self, on: Date) -> Option<FxRate> {
        let (place, row) = self.0.iter().rev().find(|(_, row)| row.date.first() <= on)?;
        Some(FxRate {
            cny_per_usd: row.cny_per_usd,
            date: row.date,
            age_days: days(row.date.first(), on),
            row: FigureRef {
                of: format!("fx {}", row.date),
                path: "cny_per_usd".to_owned(),
                source: row.source.clone(),
                grade: row.grade,
                place: place.clone(),
            },
        })
    }
}

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
    #[allow(dead_code, reason = "for the reader of the file")]
    notes: String,
}

/// The electricity tariffs of `data/market/tariffs.csv`, for one kWh.
#[derive(Debug, Clone)]
pub(crate) struct Tariffs(Vec<(Place, TariffRow)>);

impl Tariffs {
    pub(crate) fn read(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let file = data
            .get(TARIFFS)
            .ok_or_else(|| Problem::in_file(TARIFFS, "the file is missing"))?;
        let mut problems = Problems::default();
        let mut seen = BTreeSet::new();
        let rows = read_table::<TariffRow>(file)?;
        for (place, row) in &rows {
            checks::unique(&mut problems, &mut seen, &row.id, place);
            checks::source(&mut problems, sources, &row.source, row.grade, place);
            checks::interval(&mut problems, row.low, row.high, place);
            checks::place_code(&mut problems, &row.place, true, place);
            if !(row.low..=row.high).contains(&row.value) {
                let message = format!("`value` {} is outside `low` to `high`", row.value);
                problems.push(Problem::at(place.clone(), message));
            }
        }
        problems.or(Self(rows))
    }

    /// The tariff a data centre in `place` pays: the latest row of the place, one for domestic chips
    /// before one for all; the row `*` where the place has none. A tariff is paid in the currency of the
    /// day asked, so it is converted at that day's rate, unlike a price, which was paid on its own day.
    pub(crate) fn on(
        &self,
        place: &str,
        domestic: bool,
        on: Date,
        known: Date,
        rates: &Rates,
    ) -> Option<(Estimate<UsdPerKilowattHour>, Vec<FigureRef>)> {
        let latest = |code: &str, chips: TariffFor| {
            self.0
                .iter()
                .filter(|(_, r)| r.place == code && r.chips == chips)
                .filter(|(_, r)| checks::usable(r.from_date, r.known_from, on, known))
                .max_by_key(|(p, r)| (r.from_date.first(), p.line))
        };
        let (at, row) = domestic
            .then(|| latest(place, TariffFor::Domestic))
            .flatten()
            .or_else(|| latest(place, TariffFor::Any))
            .or_else(|| latest("*", TariffFor::Any))?;
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
                let fx = rates.on(on)?;
                rests_on.push(fx.row);
                fx.cny_per_usd
            }
        };
        let usd = |amount: f64| UsdPerKilowattHour::of(amount / per_usd);
        Some((
            Estimate::new(usd(row.value), usd(row.low), usd(row.high)),
            rests_on,
        ))
    }
}
