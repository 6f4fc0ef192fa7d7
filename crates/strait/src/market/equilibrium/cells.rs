//! Cells of one row of a user's table, read with their place.

use crate::data::{Problem, Problems, Sheet};
use crate::figure::Place;

/// One row's cells by column name.
pub(super) struct Cells<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) record: &'a csv::StringRecord,
    pub(super) place: &'a Place,
    pub(super) problems: &'a mut Problems,
}

impl<'a> Cells<'a> {
    /// A cell that is not empty.
    pub(super) fn field(&self, name: &str) -> Option<&'a str> {
        let cell = self.record.get(self.sheet.column(name)?)?;
        (!cell.is_empty()).then_some(cell)
    }

    /// Text that must be there.
    pub(super) fn text(&mut self, name: &str) -> String {
        let found = self.field(name);
        if found.is_none() {
            self.problems.push(Problem::at(
                self.place.clone(),
                format!("field `{name}` is empty"),
            ));
        }
        found.unwrap_or_default().to_owned()
    }

    /// A number, where there is one, that must fit.
    pub(super) fn optional(&mut self, name: &str, fits: impl Fn(f64) -> bool, expected: &str) -> Option<f64> {
        let text = self.field(name)?;
        let value = text.parse::<f64>().ok().filter(|x| x.is_finite() && fits(*x));
        if value.is_none() {
            let message = format!("field `{name}` is `{text}` where {expected} was expected");
            self.problems.push(Problem::at(self.place.clone(), message));
        }
        value
    }

    /// A number that must be there and fit; 1 stands for one that does not.
    pub(super) fn number(&mut self, name: &str, fits: impl Fn(f64) -> bool, expected: &str) -> f64 {
        if self.field(name).is_none() {
            let message = format!("field `{name}` is empty where {expected} was expected");
            self.problems.push(Problem::at(self.place.clone(), message));
        }
        self.optional(name, fits, expected).unwrap_or(1.0)
    }
}
