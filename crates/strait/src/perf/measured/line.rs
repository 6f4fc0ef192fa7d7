//! One record of a measured table: its cells by the name of their column, and what is wrong with them by its place.

use super::{Cell, Records};
use crate::data::{Problem, nearest};
use crate::figure::Place;

/// One record with its place.
pub(super) struct Line<'a> {
    pub(super) records: &'a Records,
    pub(super) cells: &'a [Cell],
    pub(super) row: usize,
}

impl Line<'_> {
    fn problem(&self, message: String) -> Problem {
        let place = Place::line(&self.records.file, self.row);
        Problem::at(place, message)
    }

    fn cell(&self, column: &str) -> Result<&Cell, Problem> {
        let at = self.records.columns.iter().position(|c| c == column);
        at.and_then(|at| self.cells.get(at)).ok_or_else(|| {
            let near = nearest(column, self.records.columns.iter().map(String::as_str));
            let help = match near.first() {
                Some(near) => format!("the file has `{near}`; the columns are described in docs/perf.md"),
                None => "the columns of each table are described in docs/perf.md".to_owned(),
            };
            self.problem(format!("column `{column}` is missing")).help(help)
        })
    }

    pub(super) fn text(&self, column: &str) -> Result<&str, Problem> {
        match self.cell(column)? {
            Cell::Text(text) => Ok(text),
            Cell::Empty => Err(self.problem(format!("row {}: column `{column}` is empty", self.row))),
            Cell::Number(number) => Err(self.problem(format!(
                "row {}: column `{column}` is `{number}`, not text",
                self.row
            ))),
        }
    }

    pub(super) fn text_or<'s>(&'s self, column: &str, absent: &'s str) -> &'s str {
        self.text(column).unwrap_or(absent)
    }

    pub(super) fn number(&self, column: &str) -> Result<f64, Problem> {
        match self.cell(column)? {
            Cell::Number(number) if number.is_finite() => Ok(*number),
            Cell::Number(number) => {
                Err(self.problem(format!("row {}: column `{column}` is `{number}`", self.row)))
            }
            Cell::Text(text) => Err(self.problem(format!(
                "row {}: column `{column}` is `{text}`, not a number",
                self.row
            ))),
            Cell::Empty => Err(self.problem(format!("row {}: column `{column}` is empty", self.row))),
        }
    }

    pub(super) fn positive(&self, column: &str) -> Result<f64, Problem> {
        let number = self.number(column)?;
        if number > 0.0 {
            return Ok(number);
        }
        Err(self.problem(format!(
            "row {}: column `{column}` is `{number}` where a number above zero was expected",
            self.row
        )))
    }

    /// A window as the tables write it: absent, empty or not positive means none.
    pub(super) fn window(&self) -> f64 {
        self.number("window_size")
            .ok()
            .filter(|w| *w > 0.0)
            .unwrap_or(f64::INFINITY)
    }
}
