//! Exchange rates: a dated series where the latest earlier row that was public counts.

use super::checks;
use crate::data::{DataSet, Problems, read_table};
use crate::figure::{FigureRef, Grade, Need, Place, SourceId, Sources, When};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const FX: &str = "market/fx.csv";

#[derive(Debug, Clone, Deserialize)]
struct FxRow {
    date: When,
    known_from: When,
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
        let file = data.require(FX)?;
        let mut problems = Problems::default();
        let mut rows = read_table::<FxRow>(file)?;
        for (place, row) in &rows {
            checks::source(&mut problems, sources, &row.source, row.grade, place);
            checks::interval(&mut problems, row.cny_per_usd, row.cny_per_usd, place);
        }
        rows.sort_by_key(|(place, row)| (row.date.first(), place.line));
        problems.or(Self(rows))
    }

    /// The latest rate dated on or before `on` and public by `known`.
    pub(crate) fn on(&self, on: Date, known: Date) -> Option<FxRate> {
        let usable = |row: &FxRow| checks::usable(row.date, row.known_from, on, known);
        let (place, row) = self.0.iter().rev().find(|(_, row)| usable(row))?;
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

    /// What is missing where there is no rate.
    pub(crate) fn need(on: Date, known: Date, why: &str) -> Need {
        super::need(
            format!("yuan for one US dollar on {on}, as known on {known}"),
            "a row of data/market/fx.csv (`--data DIR`)",
            why,
        )
    }
}
