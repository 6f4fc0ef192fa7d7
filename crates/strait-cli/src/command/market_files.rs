//! Files of a market run: CSV, Parquet, the IAMC long format, and kept blocks.

use crate::output;
use crate::view::Shown;
use miette::{Result, miette};
use std::fmt::Write as _;
use std::path::Path;
use strait::market::dynamics::{Band, Ensemble};

/// Writes every variable and quarter in the format the name asks for.
pub(crate) fn write(path: &Path, facts: &Shown<'_>) -> Result<()> {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let rows = rows(facts);
    if name.ends_with(".iamc.csv") {
        output::write_whole(path, &iamc(&rows))
    } else if name.ends_with(".csv") {
        output::write_whole(path, &csv(&rows))
    } else if name.ends_with(".parquet") {
        parquet(path, &rows)
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

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn csv(rows: &[Row]) -> String {
    let mut text = String::from("scenario,variable,unit,quarter,p05,p25,median,p75,p95\n");
    for r in rows {
        let b = &r.band;
        let _ = writeln!(
            text,
            "{},{},{},{}-Q{},{:.6},{:.6},{:.6},{:.6},{:.6}",
            quoted(&r.scenario),
            quoted(&r.variable),
            r.unit,
            r.year,
            r.quarter,
            b.p05,
            b.p25,
            b.median,
            b.p75,
            b.p95
        );
    }
    text
}

/// The long format that pyam and scenario explorers read: a percentile is a variable of its own.
fn iamc(rows: &[Row]) -> String {
    let mut text = String::from("model,scenario,region,variable,unit,year,subannual,value\n");
    for r in rows {
        let b = &r.band;
        for (suffix, value) in [
            ("|5th percentile", b.p05),
            ("|25th percentile", b.p25),
            ("", b.median),
            ("|75th percentile", b.p75),
            ("|95th percentile", b.p95),
        ] {
            let _ = writeln!(
                text,
                "strait {},{},China,{},{},{},Q{},{value:.6}",
                env!("CARGO_PKG_VERSION"),
                quoted(&r.scenario),
                quoted(&format!("{}{suffix}", r.variable)),
                r.unit,
                r.year,
                r.quarter
            );
        }
    }
    text
}

#[cfg(feature = "parquet")]
fn parquet(path: &Path, rows: &[Row]) -> Result<()> {
    use miette::IntoDiagnostic;
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::sync::Arc;
    const SCHEMA: &str = "message run { REQUIRED BYTE_ARRAY scenario (UTF8); REQUIRED BYTE_ARRAY variable (UTF8); \
        REQUIRED BYTE_ARRAY unit (UTF8); REQUIRED BYTE_ARRAY quarter (UTF8); REQUIRED DOUBLE p05; REQUIRED DOUBLE p25; \
        REQUIRED DOUBLE median; REQUIRED DOUBLE p75; REQUIRED DOUBLE p95; }";
    let schema = Arc::new(parse_message_type(SCHEMA).into_diagnostic()?);
    let text = |of: &dyn Fn(&Row) -> String| {
        rows.iter()
            .map(|r| ByteArray::from(of(r).into_bytes()))
            .collect::<Vec<_>>()
    };
    let words = [
        text(&|r| r.scenario.clone()),
        text(&|r| r.variable.clone()),
        text(&|r| r.unit.to_owned()),
        text(&|r| format!("{}-Q{}", r.year, r.quarter)),
    ];
    let number = |of: &dyn Fn(&Band) -> f64| rows.iter().map(|r| of(&r.band)).collect::<Vec<f64>>();
    let numbers = [
        number(&|b| b.p05),
        number(&|b| b.p25),
        number(&|b| b.median),
        number(&|b| b.p75),
        number(&|b| b.p95),
    ];
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::builder().build()))
            .into_diagnostic()?;
    let mut group = writer.next_row_group().into_diagnostic()?;
    let mut n = 0;
    while let Some(mut column) = group.next_column().into_diagnostic()? {
        if n < words.len() {
            column
                .typed::<ByteArrayType>()
                .write_batch(&words[n], None, None)
                .into_diagnostic()?;
        } else {
            column
                .typed::<DoubleType>()
                .write_batch(&numbers[n - words.len()], None, None)
                .into_diagnostic()?;
        }
        column.close().into_diagnostic()?;
        n += 1;
    }
    group.close().into_diagnostic()?;
    writer.close().into_diagnostic()?;
    output::write_bytes(path, &bytes)
}

#[cfg(not(feature = "parquet"))]
fn parquet(_path: &Path, _rows: &[Row]) -> Result<()> {
    Err(miette!(
        help = "write .csv, or build with the feature `parquet`",
        "this build cannot write Parquet"
    ))
}

/// Blocks kept by an earlier run of the same inputs.
pub(crate) fn kept(path: &Path, key: &str) -> Result<Vec<Vec<f32>>> {
    let other = || {
        miette!(
            help = "delete it, or give the same scenario, --seed, --known and --show",
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
