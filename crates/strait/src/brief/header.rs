//! What an answer was made from, written beside it.

use crate::data::DataSet;
use crate::scenario::Scenario;
use jiff::civil::Date;
use serde::Serialize;

/// Versions and scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Made {
    /// Version of the program.
    pub version: String,
    /// Version of the data: a hash of every file read.
    pub data: String,
    /// Scenario, where one was given that changes anything: its id, or its file where it has none.
    pub scenario: Option<String>,
}

impl Made {
    /// From these data under this scenario.
    pub fn of(data: &DataSet, scenario: &Scenario) -> Self {
        Self::from_version(data.version(), scenario)
    }

    /// The same where the hash of the data is known.
    pub(crate) fn from_version(data: String, scenario: &Scenario) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data,
            scenario: scenario.label().map(str::to_owned),
        }
    }
}

/// The same with the days and the seed of an answer that has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Header {
    /// Versions and scenario.
    #[serde(flatten)]
    pub made: Made,
    /// Day asked.
    pub on: Date,
    /// Day of knowledge.
    pub known: Date,
    /// Seed of every draw.
    pub seed: u64,
}
