//! The rows of one piece in the format asked, whichever it is.

use super::ask::Row;
use super::csv::CsvRows;
use super::json;
use super::sarif::SarifRows;
use std::collections::BTreeSet;
use strait::rules::Summary;

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One row a line, with a header
    Csv,
    /// One object: inputs and versions, rows, errors, scope
    Json,
    /// SARIF 2.1.0: one result a row that needs a license, may, or has an exception
    Sarif,
}

/// Writes the rows of one piece into memory.
pub(super) enum RowWriter<'a> {
    Csv(Box<CsvRows>),
    Json(Vec<u8>),
    Sarif(SarifRows<'a>),
}

impl<'a> RowWriter<'a> {
    /// `uri` and `all` matter to SARIF only.
    pub(super) fn new(format: Format, uri: &'a str, all: bool) -> Self {
        match format {
            Format::Csv => Self::Csv(Box::new(CsvRows::new())),
            Format::Json => Self::Json(Vec::new()),
            Format::Sarif => Self::Sarif(SarifRows::new(uri, all)),
        }
    }

    pub(super) fn row(&mut self, row: &Row<'_>, found: &Summary<'_>) {
        match self {
            Self::Csv(rows) => rows.row(row, found),
            Self::Json(out) => json::row(out, row, found),
            Self::Sarif(rows) => rows.row(row, found),
        }
    }

    /// The text, and the instruments it names as rules.
    pub(super) fn finish(self) -> (Vec<u8>, BTreeSet<String>) {
        match self {
            Self::Csv(rows) => (rows.finish(), BTreeSet::new()),
            Self::Json(out) => (out, BTreeSet::new()),
            Self::Sarif(rows) => rows.finish(),
        }
    }
}
