//! How good a source is.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The grade of a figure's source, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The issuer's own document, or an official text.
    Official,
    /// A maintained public dataset.
    Dataset,
    /// Press, papers, analysts, engineers' measurements.
    Analysis,
    /// Computed from other figures by a stated formula.
    Derived,
    /// Unconfirmed report.
    Rumour,
    /// Written from memory; nobody opened a document. Check before relying on it.
    Recalled,
    /// No source: a modelling assumption, said so wherever it matters.
    Assumed,
}

impl Grade {
    /// True for grades that a brief lists among its weak figures.
    pub fn is_weak(self) -> bool {
        matches!(self, Self::Rumour | Self::Recalled | Self::Assumed)
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Official => "official",
            Self::Dataset => "dataset",
            Self::Analysis => "analysis",
            Self::Derived => "derived",
            Self::Rumour => "rumour",
            Self::Recalled => "recalled",
            Self::Assumed => "assumed",
        })
    }
}
