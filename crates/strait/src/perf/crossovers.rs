//! Chips whose order turns with the work: pairs that somebody measured beside the same pairs computed, and the work at
//! which the model says that the one stops being faster than the other.

mod page;
mod pairs;
mod turning;

pub use page::page;
pub use pairs::{Pair, served_pairs, trained_pairs};
pub use turning::{Turn, Two};

use super::{ModelId, PerfModel};
use crate::catalog::{Catalog, ChipId, Format};
use crate::data::{DataFile, Problem, Problems, source_registered};
use crate::figure::Grade;
use serde::Deserialize;
use toml::Spanned;

/// Which chips are set beside which, and the work at which it is asked (`data/validation/crossovers.toml`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crossovers {
    source: Spanned<String>,
    grade: Grade,
    /// Chips set beside the references.
    pub subjects: Vec<ChipId>,
    /// Chips they are set beside.
    pub references: Vec<ChipId>,
    /// The chip with more bandwidth and less arithmetic.
    pub slow: ChipId,
    /// The other.
    pub fast: ChipId,
    /// Tokens of a sequence in the cache.
    pub contexts: Vec<u32>,
    /// Tokens of a prompt.
    pub prompts: Vec<u32>,
    /// Models, with the spread that holds each on both.
    #[serde(rename = "model")]
    pub models: Vec<Held>,
}

/// A model and the spread of a replica that holds it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Model.
    pub id: ModelId,
    /// Format of its large products.
    pub format: Format,
    /// Chips that share every matrix.
    pub tensor: u32,
    /// Attention replicas.
    pub data: u32,
    /// Ranks of experts.
    pub experts: u32,
}

impl Crossovers {
    /// Reads the file.
    ///
    /// # Errors
    /// What does not fit: a chip or model that is not known, a number of tokens that is zero.
    pub fn read(file: DataFile<'_>, catalog: &Catalog, perf: &PerfModel) -> Result<Self, Problems> {
        let read: Self =
            toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let mut problems = Problems::default();
        if let Err(problem) = source_registered(file, &read.source, read.grade, &catalog.sources) {
            problems.push(problem);
        }
        let mut wrong = |text: String| problems.push(Problem::in_file(file.path, text));
        let two = [&read.slow, &read.fast];
        for chip in read.subjects.iter().chain(&read.references).chain(two) {
            if catalog.get(chip).is_none() {
                wrong(format!("`{chip}` is no chip of the catalog"));
            }
        }
        for held in &read.models {
            if perf.model(&held.id).is_none() {
                wrong(format!("model `{}` is not in data/models/", held.id));
            }
            if held.tensor == 0 || held.data == 0 || held.experts == 0 {
                wrong(format!("`{}` is spread over no chip", held.id));
            }
        }
        if read
            .contexts
            .iter()
            .chain(&read.prompts)
            .any(|tokens| *tokens == 0)
        {
            wrong("a sequence or prompt of 0 tokens".to_owned());
        }
        problems.or(read)
    }
}
