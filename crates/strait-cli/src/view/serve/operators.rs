//! The mean step of a simulated replica, operator by operator.

use super::{Section, count};
use crate::view::infer;
use serde::Serialize;
use strait::catalog::ChipId;
use strait::perf::inference::Line;
use strait::perf::simulation::Load;

/// What the mean step of a kind of replica consists of.
#[derive(Debug, Serialize)]
pub(crate) struct Operators {
    /// `prompts_and_decodes`, `prompts` or `decodes`.
    pub(crate) role: &'static str,
    pub(crate) chip: ChipId,
    /// The mean step.
    pub(crate) step: Load,
    pub(crate) lines: Vec<Line>,
}

/// A table of them, the longest first.
pub(crate) fn section(of: &Operators) -> Section {
    let replicas = match of.role {
        "prompts" => "replicas of prompts",
        "decodes" => "replicas that decode",
        _ => "replicas",
    };
    let mut section = Section::new(format!("The mean step of {replicas} on {}", of.chip));
    section.text(format!(
        "{} prompt tokens and {} sequences that decode.",
        count(of.step.prompt_tokens as usize),
        of.step.decodes
    ));
    section.table(infer::operators(&of.lines));
    section
}
