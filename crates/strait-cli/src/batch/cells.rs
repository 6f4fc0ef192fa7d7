//! One line of a parts file as named cells, and the shape by which it is read.

use super::column::Column;
use super::lines::Line;
use super::object::Object;
use super::split::{delimiter, split};
use serde::Serialize;
use std::borrow::Cow;
use strait::rules::Fact;

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RowError {
    /// Line in the file.
    pub(crate) line: u64,
    /// Column, or `row` where the whole row is meant.
    pub(crate) field: String,
    /// What was found and what was expected.
    pub(crate) message: String,
}

impl RowError {
    /// An error of the whole row.
    pub(crate) fn row(line: u64, message: impl Into<String>) -> Self {
        Self::new(line, "row", message)
    }

    /// In one line, with the place.
    pub(crate) fn told(&self, file: &str) -> String {
        format!("{file}:{}: {}: {}", self.line, self.field, self.message)
    }

    /// An error of one cell.
    pub(crate) fn new(line: u64, field: &str, message: impl Into<String>) -> Self {
        Self {
            line,
            field: field.to_owned(),
            message: message.into(),
        }
    }
}

/// The cells of a row that are not empty.
#[derive(Debug, Default)]
pub(crate) struct Cells<'a> {
    /// Line in the file.
    pub(crate) line: u64,
    /// The user's own name of the row.
    pub(crate) id: Cow<'a, str>,
    /// The chip as named.
    pub(crate) chip: Option<Cow<'a, str>>,
    /// The route as named.
    pub(crate) route: Option<Cow<'a, str>>,
    /// Facts, in the order of the flags.
    pub(crate) facts: Vec<(Fact, Cow<'a, str>)>,
}

/// How the lines of a file are to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Cells under the columns of a header.
    Csv {
        /// One a cell.
        columns: Vec<Column>,
        /// Between cells.
        delimiter: char,
    },
    /// Objects.
    Jsonl,
}

/// The columns that a header line names.
pub(crate) fn columns(line: Line<'_>) -> Result<Shape, RowError> {
    let wrong = |message: String| RowError::row(line.number, message);
    let text = text(line)?;
    let delimiter = delimiter(text);
    let mut names = Vec::new();
    split(text, delimiter, &mut names).map_err(|e| wrong(e.to_owned()))?;
    let mut columns: Vec<Column> = Vec::with_capacity(names.len());
    for name in &names {
        let column = Column::of(name).map_err(wrong)?;
        if columns.contains(&column) {
            return Err(wrong(format!("column `{}` stands twice", column.name())));
        }
        columns.push(column);
    }
    Ok(Shape::Csv { columns, delimiter })
}

fn text(line: Line<'_>) -> Result<&str, RowError> {
    if line.cut {
        return Err(RowError::row(line.number, "the line is longer than 64 KiB"));
    }
    std::str::from_utf8(line.bytes).map_err(|e| {
        let at = e.valid_up_to() + 1;
        RowError::row(line.number, format!("byte {at} of the line is no UTF-8 text"))
    })
}

impl Shape {
    /// The cells of one line.
    pub(crate) fn cells<'a>(&self, line: Line<'a>) -> Result<Cells<'a>, RowError> {
        let text = text(line)?;
        let mut cells = Cells {
            line: line.number,
            ..Cells::default()
        };
        match self {
            Self::Csv { columns, delimiter } => {
                let mut values = Vec::with_capacity(columns.len());
                split(text, *delimiter, &mut values).map_err(|e| RowError::row(line.number, e))?;
                if values.len() != columns.len() {
                    return Err(RowError::row(
                        line.number,
                        format!("{} cells where the header has {}", values.len(), columns.len()),
                    ));
                }
                for (column, value) in columns.iter().zip(values) {
                    cells.put(*column, value);
                }
            }
            Self::Jsonl => {
                let object: Object<'a> =
                    serde_json::from_str(text).map_err(|e| no_object(line.number, &e))?;
                let mut seen = 0u64;
                for (key, value) in object.0 {
                    let column = Column::of(&key).map_err(|m| RowError::new(line.number, &key, m))?;
                    let bit = 1u64 << place(column);
                    if seen & bit != 0 {
                        return Err(RowError::new(
                            line.number,
                            column.name(),
                            "stands twice in the row",
                        ));
                    }
                    seen |= bit;
                    cells.put(column, value);
                }
            }
        }
        cells.facts.sort_unstable_by_key(|(fact, _)| *fact);
        Ok(cells)
    }
}

fn place(column: Column) -> u32 {
    match column {
        Column::Id => 0,
        Column::Chip => 1,
        Column::Route => 2,
        Column::Fact(fact) => 3 + fact as u32,
    }
}

fn no_object(line: u64, error: &serde_json::Error) -> RowError {
    let all = error.to_string();
    // The line is counted here; the reader's own "at line 1 column 7" keeps the column only.
    let (what, column) = all.rsplit_once(" at line 1 column ").unwrap_or((&all, "1"));
    RowError::row(
        line,
        format!("no JSON object of plain values: {what} (column {column} of the line)"),
    )
}

impl<'a> Cells<'a> {
    fn put(&mut self, column: Column, value: Cow<'a, str>) {
        if value.trim().is_empty() {
            return;
        }
        match column {
            Column::Id => self.id = value,
            Column::Chip => self.chip = Some(value),
            Column::Route => self.route = Some(value),
            Column::Fact(fact) => self.facts.push((fact, value)),
        }
    }

    /// What the row states, as it states it, in a fixed order: `chip=h20;to=CN;on=2025-04-20`.
    pub(crate) fn stated(&self, out: &mut String) {
        out.clear();
        let mut add = |name: &str, value: &str| {
            if !out.is_empty() {
                out.push(';');
            }
            out.push_str(name);
            out.push('=');
            out.push_str(value.trim());
        };
        if let Some(chip) = &self.chip {
            add("chip", chip);
        }
        for (fact, value) in &self.facts {
            add(fact.name(), value);
        }
        if let Some(route) = &self.route {
            add("route", route);
        }
    }
}
