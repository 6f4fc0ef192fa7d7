//! Operators that other simulators published: read in their own layouts, timed by ours, scored beside theirs.
//!
//! None of these rows enters a fit. The files stay outside the project; whoever has them names the folder.

mod cause;
mod llmcompass;
mod page;
mod score;
mod vidur;

pub use llmcompass::read_llmcompass;
pub use page::page;
pub use score::{FarOff, PublishedScore, PublishedScores, score};
pub use vidur::{read_vidur, vidur_table};

use super::ops::Call;
use super::ops::point_to_point::PointToPoint;
use super::ops::pointwise::Pointwise;
use crate::catalog::ChipId;

/// Who published a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Publisher {
    /// LLMCompass (Zhang et al., ISCA 2024), its measured A100 operators.
    LlmCompass,
    /// vidur (Agrawal et al., MLSys 2024), its profiled layers.
    Vidur,
}

impl Publisher {
    /// Name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LlmCompass => "LLMCompass",
            Self::Vidur => "vidur",
        }
    }
}

/// What was timed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Work {
    /// A call of a fitted family, in 16 bits.
    Call(Call),
    /// An operator that moves bytes.
    Pointwise(Pointwise),
    /// A send and its receive.
    Send(PointToPoint),
}

/// One published measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedRow {
    /// Publisher.
    pub publisher: Publisher,
    /// Chip.
    pub chip: ChipId,
    /// The publisher's name of the operator.
    pub operator: &'static str,
    /// The row in words, for a list.
    pub shape: String,
    /// Work.
    pub work: Work,
    /// Seconds measured.
    pub seconds: f64,
    /// Whether the host's clock timed it, launch and return included.
    pub by_host: bool,
}
