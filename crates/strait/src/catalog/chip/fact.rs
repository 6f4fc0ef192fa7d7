//! Facts that are not numbers, who says them, and who says otherwise.

use crate::figure::{AlternativeState, Grade, Place, SourceId};
use serde::Serialize;

/// A fact that is not a number, with its source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact<T> {
    /// What is said.
    pub value: T,
    /// By whom.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
    /// Where it is written.
    pub place: Place,
}

/// Who says so, and how good that is, for a fact kept as a plain field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Origin {
    /// By whom.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
}

/// Another statement about a fact that is no figure of the chip, or about a figure it does not have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactDispute {
    /// Dotted path (`memory.kind`, `die.0.count`).
    pub path: String,
    /// The other value, as written.
    pub value: String,
    /// By whom.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
    /// Whether it still stands.
    pub state: AlternativeState,
    /// Why it was set aside, or what the source says.
    pub why: Option<String>,
    /// Where it is written.
    pub place: Place,
}
