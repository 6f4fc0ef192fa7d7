//! Tables of measured operators: typed rows from the records of a file, however it was stored.
//!
//! The library reads no file. Whoever does (the command line reads Parquet and CSV) hands over
//! [`Records`]; [`rows`] checks them, and says file, line and column of what it cannot read.

mod convert;
mod harness;
mod line;
mod real;
mod records;

pub use convert::{Skipped, UNREAD, rows};
pub use harness::Harness;
pub use real::RealShapes;
pub use records::{Cell, Records};

use super::ops::{Call, Operator};
use crate::catalog::ChipId;

/// One measured call.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// System as the file's name gives it.
    pub system: String,
    /// Chip that system means.
    pub chip: ChipId,
    /// Engine that launched it.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// Precision's short name.
    pub precision: &'static str,
    /// The call.
    pub call: Call,
    /// Seconds it took.
    pub seconds: f64,
}

impl Row {
    /// Its family.
    #[must_use]
    pub fn operator(&self) -> Operator {
        self.call.operator()
    }
}
