//! A figure: a number with unit, source, grade and date, possibly disputed.

use super::{Estimate, Grade, Quantity, SourceId, When};
use serde::Serialize;
use std::fmt;

/// Where in `data/` (or in the user's file) something was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Path below `data/`, or the path the user gave.
    pub file: String,
    /// One-based line; none where the whole file, or what was stated without one, is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl Place {
    /// A whole file, or what a user stated without one (`--price`).
    pub fn whole(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: None,
        }
    }

    /// A line of a file, counted from one.
    pub fn line(file: impl Into<String>, line: usize) -> Self {
        Self {
            file: file.into(),
            line: Some(line),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// Whether another value of a disputed figure still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlternativeState {
    /// Counts: widens the interval.
    Live,
    /// Looked at and set aside, with a reason.
    Rejected,
    /// Replaced by later knowledge.
    Superseded,
}

/// Another value that somebody gives for the same figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative<Q> {
    /// The other value.
    pub value: Q,
    /// Who says so.
    pub source: SourceId,
    /// How good that source is.
    pub grade: Grade,
    /// Whether it still stands.
    pub state: AlternativeState,
    /// Why it was rejected, or since when it is superseded.
    pub why: Option<String>,
}

/// A number in a unit, with everything needed to trust or dispute it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure<Q> {
    /// The value taken.
    pub value: Q,
    /// Where it comes from.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
    /// Its own date, where it differs from its source's.
    pub date: Option<When>,
    /// Other values.
    pub alternatives: Vec<Alternative<Q>>,
    /// Where it is written.
    pub place: Place,
}

impl<Q: Quantity> Figure<Q> {
    /// The hull of the value and every live alternative.
    pub fn estimate(&self) -> Estimate<Q> {
        let live = self
            .alternatives
            .iter()
            .filter(|a| a.state == AlternativeState::Live)
            .map(|a| a.value.get());
        let (low, high) = live.fold((self.value.get(), self.value.get()), |(low, high), v| {
            (f64::min(low, v), f64::max(high, v))
        });
        Estimate::new(self.value, Q::of(low), Q::of(high))
    }
}

/// Names a figure an answer rests on, so that it can be traced to its line in `data/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FigureRef {
    /// What it belongs to: a chip id, a price id, a parameter's name.
    pub of: String,
    /// Dotted path of the field (`memory.bandwidth`).
    pub path: String,
    /// Its source.
    pub source: SourceId,
    /// Its grade.
    pub grade: Grade,
    /// Where it is written.
    pub place: Place,
}
