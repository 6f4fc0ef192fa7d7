//! One record of a measured table: its cells by the name of their column, and what is wrong with them by its place.

use super::{Cell, Records};
use crate::data::{Problem, nearest};
use crate::figure::Place;

/// Smallest size of a call that is taken: tables give means too.
const SMALLEST: f64 = 1e-3;
/// Largest: rows, widths, heads, tokens, chips.
const LARGEST: f64 = 1e8;
/// Most elements of a message.
const LONGEST_MESSAGE: f64 = 1e12;
/// Shortest and longest call, milliseconds: no kernel is launched in a nanosecond, none runs for a quarter of an hour.
const MILLISECONDS: [f64; 2] = [1e-6, 1e6];

/// One record with its place.
pub(super) struct Line<'a> {
    pub(super) records: &'a Records,
    pub(super) cells: &'a [Cell],
    /// Number of the record, the first being zero.
    pub(super) at: usize,
}

/// Why a record gives no row.
#[derive(Debug)]
pub(super) enum Unread {
    /// The file lacks a column: none of its records can be read.
    Table(Problem),
    /// A value of this record alone does not fit its column.
    Cell {
        /// The column.
        column: String,
        /// Where, and what is wrong.
        message: String,
    },
}

impl Line<'_> {
    /// `file:line` of the record; its number where the file has no lines.
    fn place(&self) -> String {
        let file = &self.records.file;
        match self.records.lines.get(self.at) {
            Some(line) => Place::line(file, *line).to_string(),
            None => format!("{file}, row {}", self.at + 1),
        }
    }

    fn unread(&self, column: &str, wrong: &str) -> Unread {
        Unread::Cell {
            column: column.to_owned(),
            message: format!("{}: column `{column}` is {wrong}", self.place()),
        }
    }

    fn cell(&self, column: &str) -> Result<&Cell, Unread> {
        let at = self.records.columns.iter().position(|c| c == column);
        at.and_then(|at| self.cells.get(at)).ok_or_else(|| {
            let near = nearest(column, self.records.columns.iter().map(String::as_str));
            let help = match near.first() {
                Some(near) => format!("the file has `{near}`; the columns are described in docs/perf.md"),
                None => "the columns of each table are described in docs/perf.md".to_owned(),
            };
            let message = format!("column `{column}` is missing");
            Unread::Table(Problem::at(Place::line(&self.records.file, 1), message).help(help))
        })
    }

    pub(super) fn text(&self, column: &str) -> Result<&str, Unread> {
        match self.cell(column)? {
            Cell::Text(text) => Ok(text),
            Cell::Empty => Err(self.unread(column, "empty")),
            Cell::Number(number) => Err(self.unread(column, &format!("`{number}`, not text"))),
        }
    }

    pub(super) fn text_or<'s>(&'s self, column: &str, absent: &'s str) -> &'s str {
        self.text(column).unwrap_or(absent)
    }

    pub(super) fn number(&self, column: &str) -> Result<f64, Unread> {
        match self.cell(column)? {
            Cell::Number(number) if number.is_finite() => Ok(*number),
            Cell::Number(number) => Err(self.unread(column, &format!("`{number}`"))),
            Cell::Text(text) => Err(self.unread(column, &format!("`{text}`, not a number"))),
            Cell::Empty => Err(self.unread(column, "empty")),
        }
    }

    /// A size of a call, above zero.
    pub(super) fn positive(&self, column: &str) -> Result<f64, Unread> {
        let number = self.number(column)?;
        if number > 0.0 {
            return self.within(column, number, SMALLEST, LARGEST);
        }
        let wrong = format!("`{number}` where a number above zero was expected");
        Err(self.unread(column, &wrong))
    }

    /// A size of zero or more; what lies below is none.
    pub(super) fn size(&self, column: &str) -> Result<f64, Unread> {
        let number = self.number(column)?.max(0.0);
        if number == 0.0 {
            return Ok(number);
        }
        self.within(column, number, SMALLEST, LARGEST)
    }

    /// Elements of a message, above zero.
    pub(super) fn message(&self, column: &str) -> Result<f64, Unread> {
        let number = self.number(column)?;
        self.within(column, number, 1.0, LONGEST_MESSAGE)
    }

    /// Seconds of a call, given in milliseconds.
    pub(super) fn seconds(&self, column: &str) -> Result<f64, Unread> {
        let number = self.number(column)?;
        if number > 0.0 {
            let [least, most] = MILLISECONDS;
            return Ok(self.within(column, number, least, most)? * 1e-3);
        }
        let wrong = format!("`{number}` where a number above zero was expected");
        Err(self.unread(column, &wrong))
    }

    fn within(&self, column: &str, number: f64, least: f64, most: f64) -> Result<f64, Unread> {
        if (least..=most).contains(&number) {
            return Ok(number);
        }
        let wrong = format!("`{number:e}`, a cell out of range (from {least:e} to {most:e})");
        Err(self.unread(column, &wrong))
    }

    /// A window as the tables write it: absent, empty or not positive means none.
    pub(super) fn window(&self) -> f64 {
        self.number("window_size")
            .ok()
            .filter(|w| *w > 0.0)
            .unwrap_or(f64::INFINITY)
    }
}
