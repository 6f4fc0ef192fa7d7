//! Files of a market run: CSV, Parquet, the IAMC long format, and kept blocks.

use crate::output::{self, columns::Columns};
use crate::view::Shown;
use miette::{Result, miette};
use std::path::Path;
use strait::market::dynamics::{Band, Ensemble};

/// Writes every variable and quarter in the format the name asks for.
pub(crate) fn write(path: &Path, facts: &Shown<'_>) -> Result<()> {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let rows = rows(facts);
    if name.ends_with(".iamc.csv") {
        output::write_bytes(path, &iamc(&rows)?)
    } else if name.ends_with(".csv") {
        output::write_bytes(path, &csv(&rows)?)
    } else if name.ends_with(".parquet") {
        output::columns::write(path, &columns(&rows))
    } else {
        Err(miette!(
            help = "end it in .csv, .parquet or .iamc.csv",
            "`{}` names no format",
            path.display()
        ))
    }
}

/// One variable in one quarter of one scenario.
struct Row {
    scenario: String,
    variable: String,
    unit: &'static str,
    year: i16,
    quarter: i8,
    band: Band,
}

impl Row {
    /// The quarter as text.
    fn label(&self) -> String {
        format!("{}-Q{}", self.year, self.quarter)
    }

    /// The band from its lowest percentile to its highest.
    fn values(&self) -> [f64; 5] {
        let b = &self.band;
        [b.p05, b.p25, b.median, b.p75, b.p95]
    }
}

fn rows(facts: &Shown<'_>) -> Vec<Row> {
    let mut out = Vec::new();
    let mut add = |label: &str, ensemble: &Ensemble| {
        for (v, variable) in ensemble.variables.iter().enumerate() {
            for (q, quarter) in ensemble.quarters.iter().enumerate() {
                out.push(Row {
                    scenario: label.to_owned(),
                    variable: variable.name.clone(),
                    unit: variable.unit,
                    year: quarter.year,
                    quarter: quarter.quarter,
                    band: ensemble.band(v, q),
                });
            }
        }
    };
    add(facts.label, facts.ensemble);
    if let Some((label, ensemble)) = facts.against {
        add(label, ensemble);
    }
    out
}

fn csv(rows: &[Row]) -> Result<Vec<u8>> {
    let head = [
        "scenario", "variable", "unit", "quarter", "p05", "p25", "median", "p75", "p95",
    ];
    let cells = rows.iter().map(|r| {
        let words = [
            r.scenario.clone(),
            r.variable.clone(),
            r.unit.to_owned(),
            r.label(),
        ];
        let numbers = r.values().map(|value| format!("{value:.6}"));
        words.into_iter().chain(numbers).collect()
    });
    output::csv_lines(&head, cells)
}

/// The long format that pyam and scenario explorers read: a percentile is a variable of its own.
fn iamc(rows: &[Row]) -> Result<Vec<u8>> {
    const SUFFIXES: [&str; 5] = [
        "|5th percentile",
        "|25th percentile",
        "",
        "|75th percentile",
        "|95th percentile",
    ];
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
                r.scenario.clone(),
                "China".to_owned(),
                format!("{}{suffix}", r.variable),
                r.unit.to_owned(),
                r.year.to_string(),
                format!("Q{}", r.quarter),
                format!("{value:.6}"),
            ]
        })
    });
    output::csv_lines(&head, cells)
}

fn columns(rows: &[Row]) -> Columns {
    let mut table = Columns::default();
    table.text("scenario", rows.iter().map(|r| r.scenario.clone()));
    table.text("variable", rows.iter().map(|r| r.variable.clone()));
    table.text("unit", rows.iter().map(|r| r.unit.to_owned()));
    table.text("quarter", rows.iter().map(Row::label));
    for (k, name) in ["p05", "p25", "median", "p75", "p95"].into_iter().enumerate() {
        table.number(name, rows.iter().map(|r| r.values()[k]));
    }
    table
}

/// Blocks kept by an earlier run of the same inputs.
pub(crate) fn kept(path: &Path, key: &str) -> Result<Vec<Vec<f32>>> {
    let other = || {
        miette!(
            help = "delete it, or give the same data, scenario, --seed, --known and --show",
            "`{}` keeps blocks of another run",
            path.display()
        )
    };
    let bytes = std::fs::read(path).map_err(|e| miette!("`{}` cannot be read: {e}", path.display()))?;
    let end = bytes.iter().position(|b| *b == b'\n').ok_or_else(other)?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let width = head
        .strip_prefix(&format!("strait run {key} "))
        .and_then(|w| w.parse::<usize>().ok())
        .ok_or_else(other)?;
    let values: Vec<f32> = bytes[end + 1..]
        .chunks_exact(4)
        .map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]]))
        .collect();
    if width == 0 || !values.len().is_multiple_of(width) {
        return Err(other());
    }
    Ok(values.chunks(width).map(<[f32]>::to_vec).collect())
}

/// Keeps the blocks done so far.
pub(crate) fn keep(path: &Path, key: &str, values: &[Vec<f32>]) -> Result<()> {
    let width = values.first().map_or(0, Vec::len);
    let mut bytes = format!("strait run {key} {width}\n").into_bytes();
    for value in values.iter().flatten() {
        bytes.extend(value.to_le_bytes());
    }
    output::write_bytes(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_back_and_those_of_another_run_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blocks");
        let values = vec![vec![1.5_f32, -2.0], vec![f32::MIN_POSITIVE, 3.0]];
        keep(&path, "history/1", &values).unwrap();
        assert_eq!(kept(&path, "history/1").unwrap(), values);
        let error = kept(&path, "no-rebuff/1").unwrap_err().to_string();
        assert!(error.contains("keeps blocks of another run"), "{error}");
    }
}
