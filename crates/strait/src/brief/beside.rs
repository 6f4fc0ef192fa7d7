//! What others published of a scenario's question, told beside a run of it.

use super::Library;
use crate::data::Problem;
use crate::figure::Quantity;
use jiff::civil::Date;

impl Library {
    /// The rows that the scenario names, in words, as far as they were public by a day.
    ///
    /// # Errors
    /// Where a name is no row of `revenue.csv` or `china_share.csv`.
    pub fn beside(&self, known: Date) -> Result<Vec<String>, Problem> {
        let told = |name: &String| {
            self.published_row(name).ok_or_else(|| {
                let file = &self.scenario.written.file;
                Problem::in_file(file, format!("`beside` names `{name}`, which is no row")).help(
                    "`revenue:VENDOR/PERIOD/METRIC/BASIS` of revenue.csv, or `share:ID` of china_share.csv",
                )
            })
        };
        let rows: Result<Vec<(Date, String)>, Problem> = self.scenario.beside.iter().map(told).collect();
        let known = rows?.into_iter().filter(|(day, _)| *day <= known);
        Ok(known.map(|(_, words)| words).collect())
    }

    /// The day a row was public from, and the row in words.
    fn published_row(&self, name: &str) -> Option<(Date, String)> {
        let ends = |low: f64, high: f64| match high - low {
            d if d.abs() < 1e-9 => format!("{low}"),
            _ => format!("{low} to {high}"),
        };
        if let Some(id) = name.strip_prefix("share:") {
            let row = self.market.published_shares().iter().find(|r| r.id == id)?;
            let (low, high) = row.value?;
            let words = format!(
                "{}, {} {} {}, {}: {} {} ({}, {}; {}, {})",
                row.organisation,
                row.vendor,
                row.model,
                row.metric,
                row.period,
                ends(low, high),
                row.unit,
                row.kind,
                row.made_on,
                row.source,
                row.grade
            );
            return Some((row.made_on.last(), words));
        }
        let parts: Vec<&str> = name.strip_prefix("revenue:")?.split('/').collect();
        let [vendor, period, metric, basis] = parts[..] else {
            return None;
        };
        let row =
            self.market.reported().iter().find(|r| {
                r.vendor == vendor && r.period == period && r.metric == metric && r.basis == basis
            })?;
        let words = format!(
            "{}, {}, {}: {} USD_bn ({}, {}; {}, {})",
            row.vendor,
            row.metric,
            row.period,
            ends(row.usd.low.get() / 1e9, row.usd.high.get() / 1e9),
            row.kind,
            row.known_from,
            row.source,
            row.grade
        );
        Some((row.known_from, words))
    }
}
