//! Files of a market run: CSV, Parquet, the IAMC long format.

use crate::output::{self, columns::Columns};
use crate::view::Shown;
use miette::{Result, miette};
use rayon::prelude::*;
use std::ops::Range;
use std::path::Path;
use strait::market::Quarter;
use strait::market::dynamics::{Band, Ensemble, Region};

/// A format, which the name of a file asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Iamc,
    Csv,
    Parquet,
}

/// The format that a name asks for.
pub(super) fn format(path: &Path) -> Result<Format> {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    if name.ends_with(".iamc.csv") {
        Ok(Format::Iamc)
    } else if name.ends_with(".csv") {
        Ok(Format::Csv)
    } else if name.ends_with(".parquet") {
        Ok(Format::Parquet)
    } else {
        Err(miette!(
            help = "end it in .csv, .parquet or .iamc.csv",
            "`{}` names no format",
            path.display()
        ))
    }
}

/// Writes rows in the format the name asks for.
pub(super) fn write(path: &Path, rows: &[Row]) -> Result<()> {
    match format(path)? {
        Format::Iamc => output::write_bytes(path, &iamc(rows)?),
        Format::Csv => output::write_bytes(path, &csv(rows)?),
        Format::Parquet => output::columns::write(path, &columns(rows)),
    }
}

/// One variable in one quarter or year of one scenario.
pub(super) struct Row {
    pub(super) scenario: String,
    pub(super) region: Region,
    pub(super) variable: String,
    pub(super) unit: &'static str,
    pub(super) period: Period,
    pub(super) band: Band,
}

/// A quarter or a calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    year: i16,
    quarter: Option<i8>,
}

impl Period {
    /// Every quarter and year, each with the positions of its quarters.
    pub(super) fn all(quarters: &[Quarter]) -> (Vec<Self>, Vec<Range<usize>>) {
        let by_quarter = quarters.iter().enumerate().map(|(at, q)| {
            let period = Self {
                year: q.year,
                quarter: Some(q.quarter),
            };
            (period, at..at + 1)
        });
        let by_year = quarters.chunk_by(|a, b| a.year == b.year).scan(0, |at, year| {
            let from = *at;
            *at += year.len();
            let period = Self {
                year: year[0].year,
                quarter: None,
            };
            Some((period, from..*at))
        });
        by_quarter.chain(by_year).unzip()
    }

    /// `2025-Q1`, or `2025` for the year.
    fn label(self) -> String {
        match self.quarter {
            Some(quarter) => format!("{}-Q{quarter}", self.year),
            None => self.year.to_string(),
        }
    }

    /// The part of the year that the IAMC format names.
    fn subannual(self) -> String {
        self.quarter
            .map_or_else(|| "Year".to_owned(), |q| format!("Q{q}"))
    }
}

impl Row {
    /// The band from its lowest percentile to its highest.
    fn values(&self) -> [f64; 5] {
        let b = &self.band;
        [b.p05, b.p25, b.median, b.p75, b.p95]
    }
}

/// Variables whose bands are told together.
const TOGETHER: usize = 8;

/// Every variable of a run, and of the one it is compared with.
pub(super) fn of_run(facts: &Shown<'_>) -> Vec<Row> {
    let mut out = of_ensemble(facts.label, facts.ensemble);
    if let Some((label, ensemble)) = facts.against {
        out.extend(of_ensemble(label, ensemble));
    }
    out
}

fn of_ensemble(label: &str, ensemble: &Ensemble) -> Vec<Row> {
    let (periods, spans) = Period::all(&ensemble.quarters);
    let count = ensemble.variables.len();
    let of = |block: usize| {
        let variables = block * TOGETHER..((block + 1) * TOGETHER).min(count);
        let bands = ensemble.bands_of(variables.clone(), &spans);
        let mut rows = Vec::with_capacity(variables.len() * periods.len());
        for (variable, bands) in ensemble.variables[variables].iter().zip(bands) {
            rows.extend(periods.iter().zip(bands).map(|(period, band)| Row {
                scenario: label.to_owned(),
                region: variable.region,
                variable: variable.name.clone(),
                unit: variable.unit,
                period: *period,
                band,
            }));
        }
        rows
    };
    (0..count.div_ceil(TOGETHER))
        .into_par_iter()
        .flat_map_iter(of)
        .collect()
}

fn csv(rows: &[Row]) -> Result<Vec<u8>> {
    let head = [
        "scenario", "region", "variable", "unit", "period", "p05", "p25", "median", "p75", "p95",
    ];
    let cells = rows.iter().map(|r| {
        let words = [
            r.scenario.clone(),
            r.region.to_string(),
            r.variable.clone(),
            r.unit.to_owned(),
            r.period.label(),
        ];
        let numbers = r.values().map(|value| format!("{value:.6}"));
        words.into_iter().chain(numbers).collect()
    });
    output::csv_lines(&head, cells)
}

/// The long format that pyam and scenario explorers read. A percentile is a scenario of its own: as a variable it would
/// stand among the parts of a level, and a check of sums would add it up.
fn iamc(rows: &[Row]) -> Result<Vec<u8>> {
    const SUFFIXES: [&str; 5] = [" [p05]", " [p25]", "", " [p75]", " [p95]"];
    let head = [
        "model",
        "scenario",
        "region",
        "variable",
        "unit",
        "year",
        "subannual",
        "value",
    ];
    let cells = rows.iter().flat_map(|r| {
        SUFFIXES.into_iter().zip(r.values()).map(|(suffix, value)| {
            vec![
                format!("strait {}", env!("CARGO_PKG_VERSION")),
                format!("{}{suffix}", r.scenario),
                r.region.to_string(),
                r.variable.clone(),
                r.unit.to_owned(),
                r.period.year.to_string(),
                r.period.subannual(),
                format!("{value:.6}"),
            ]
        })
    });
    output::csv_lines(&head, cells)
}

fn columns(rows: &[Row]) -> Columns {
    let mut table = Columns::default();
    table.text("scenario", rows.iter().map(|r| r.scenario.clone()));
    table.text("region", rows.iter().map(|r| r.region.to_string()));
    table.text("variable", rows.iter().map(|r| r.variable.clone()));
    table.text("unit", rows.iter().map(|r| r.unit.to_owned()));
    table.text("period", rows.iter().map(|r| r.period.label()));
    for (k, name) in ["p05", "p25", "median", "p75", "p95"].into_iter().enumerate() {
        table.number(name, rows.iter().map(|r| r.values()[k]));
    }
    table
}
