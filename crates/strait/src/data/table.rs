//! Reads a CSV file of `data/`, each row with its place.

use super::{DataFile, Problem, Problems, nearest};
use crate::figure::Place;
use serde::de::DeserializeOwned;

/// A CSV text in rows, each with its place, its fields not yet read; `#` starts a comment line.
pub(crate) struct Sheet {
    pub(crate) header: csv::StringRecord,
    /// Of the header.
    pub(crate) head: Place,
    /// In order; what is wrong where a row has another number of fields than the header.
    pub(crate) rows: Vec<Result<(Place, csv::StringRecord), Problem>>,
}

impl Sheet {
    /// Splits a file with a header line.
    pub(crate) fn open(file: DataFile<'_>) -> Result<Self, Problem> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(file.text.as_bytes());
        let at = |position: Option<&csv::Position>| Place {
            file: file.path.to_owned(),
            line: position.and_then(|p| usize::try_from(p.line()).ok()),
        };
        let header = reader
            .headers()
            .map_err(|e| Problem::in_file(file.path, e.to_string()))?
            .clone();
        let rows = reader.records().map(|record| match record {
            Ok(record) => Ok((at(record.position()), record)),
            Err(error) => Err(Problem::at(
                at(error.position()),
                "a row with another number of fields than the header",
            )),
        });
        Ok(Self {
            rows: rows.collect(),
            head: Place {
                line: at(header.position()).line.or(Some(1)),
                ..at(None)
            },
            header,
        })
    }

    /// Place of a column in a row.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// Notes every column that a table of a kind (`product table`) does not have, with the nearest name or all of them.
    pub(crate) fn unknown_columns(&self, known: &[&str], kind: &str, problems: &mut Problems) {
        for name in self.header.iter().filter(|name| !known.contains(name)) {
            let near = nearest(name, known.iter().copied()).join("`, `");
            let help = if near.is_empty() {
                format!("columns are `{}`", known.join("`, `"))
            } else {
                format!("did you mean `{near}`?")
            };
            let text = format!("`{name}` is no column of a {kind}");
            problems.push(Problem::at(self.head.clone(), text).help(help));
        }
    }
}

/// Reads every row of a CSV file with a header line; `#` starts a comment line.
///
/// # Errors
/// Every row that does not fit, with its line and field.
pub fn read_table<T: DeserializeOwned>(file: DataFile<'_>) -> Result<Vec<(Place, T)>, Problems> {
    let sheet = Sheet::open(file)?;
    let mut rows = Vec::new();
    let mut problems = Problems::default();
    for row in sheet.rows {
        match row {
            Err(problem) => problems.push(problem),
            Ok((place, record)) => match record.deserialize(Some(&sheet.header)) {
                Ok(row) => rows.push((place, row)),
                Err(error) => problems.push(Problem::at(place, row_error(&error, &sheet.header, &record))),
            },
        }
    }
    problems.or(rows)
}

fn row_error(error: &csv::Error, headers: &csv::StringRecord, record: &csv::StringRecord) -> String {
    let csv::ErrorKind::Deserialize { err, .. } = error.kind() else {
        return error.to_string();
    };
    match err.field().and_then(|n| usize::try_from(n).ok()) {
        Some(n) => format!(
            "field `{}` is `{}`: {}",
            headers.get(n).unwrap_or("?"),
            record.get(n).unwrap_or(""),
            err.kind()
        ),
        None => err.kind().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataSet;

    #[derive(Debug, serde::Deserialize)]
    struct Row {
        chip: String,
        usd: f64,
    }

    #[test]
    fn a_bad_field_is_named_with_its_line() {
        let data = DataSet::empty().with("p.csv", "# prices\nchip,usd\nh20,12000\nh100,dear\n");
        let problems = read_table::<Row>(data.get("p.csv").unwrap()).unwrap_err();
        assert_eq!(
            problems.to_string(),
            "p.csv:4: field `usd` is `dear`: invalid float literal"
        );
        let good = DataSet::empty().with("p.csv", "chip,usd\nh20,12000\n");
        let rows = read_table::<Row>(good.get("p.csv").unwrap()).unwrap();
        assert_eq!(
            (rows[0].1.chip.as_str(), rows[0].1.usd, rows[0].0.line),
            ("h20", 12000.0, Some(2))
        );
    }
}
