//! Reported rows of a CSV file, line by line: one that is broken does not stop the others.

use csv::{ReaderBuilder, StringRecord, Trim};
use miette::{Result, miette};
use std::fs;
use std::path::Path;

/// A file of rows under a header.
#[derive(Debug)]
pub(crate) struct Rows {
    columns: StringRecord,
    lines: Vec<Result<StringRecord, String>>,
}

/// One row.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    columns: &'a StringRecord,
    cells: &'a StringRecord,
    /// Of the rows, from one.
    number: usize,
}

impl Rows {
    /// Reads the file; only one that cannot be opened or has no header is refused.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes =
            fs::read(path).map_err(|error| miette!("`{}` cannot be read: {error}", path.display()))?;
        // A mark of the byte order that spreadsheets write.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut reader = ReaderBuilder::new()
            .trim(Trim::All)
            .flexible(true)
            .from_reader(bytes);
        let columns = reader
            .headers()
            .map_err(|error| miette!("{}:1: not a CSV header: {error}", path.display()))?
            .clone();
        let lines = reader
            .records()
            .map(|record| match record {
                Ok(cells) if cells.len() == columns.len() => Ok(cells),
                Ok(cells) => Err(format!(
                    "the line has {} cells where the header has {}",
                    cells.len(),
                    columns.len()
                )),
                Err(_) => Err("the line is not CSV in UTF-8".to_owned()),
            })
            .collect();
        Ok(Self { columns, lines })
    }

    /// Whether there is such a column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|c| c == name)
    }

    /// Every row, or why it cannot be read.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Result<Line<'_>, String>> {
        self.lines.iter().enumerate().map(|(at, line)| {
            let cells = line.as_ref().map_err(Clone::clone)?;
            Ok(Line {
                columns: &self.columns,
                cells,
                number: at + 1,
            })
        })
    }
}

impl Line<'_> {
    /// What stands under a column, where anything does; a row without an id is called by its number.
    pub(crate) fn cell(&self, name: &str) -> Option<String> {
        let at = self.columns.iter().position(|c| c == name);
        let text = at
            .and_then(|at| self.cells.get(at))
            .filter(|text| !text.is_empty());
        match text {
            None if name == "id" => Some(format!("row {}", self.number)),
            text => text.map(str::to_owned),
        }
    }
}
