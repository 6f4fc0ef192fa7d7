//! What a model weighs, caches and computes, counted from its architecture, and beside what was published
//! (`data/validation/models.csv`).

use super::inference::{Formats, Memory, Spread};
use super::ops::Precision;
use super::{Model, ModelId, PerfModel};
use crate::data::{DataFile, Problem, Problems, read_table, source_fault};
use crate::figure::{Gigabytes, Grade, Quantity, SourceId, Sources};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts of one model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counts {
    /// All parameters; norms and biases, below 0.1 %, are left out.
    pub parameters: u64,
    /// Parameters that one token passes, both embeddings included.
    pub active: u64,
    /// Of both in embeddings and learned positions.
    pub embeddings: u64,
    /// Earlier tokens that the following are of.
    pub context: u32,
    /// FLOP of one token's forward pass after so many others.
    pub forward_flop: f64,
    /// FLOP of one trained token in sequences of so many: three passes, causal attention counted once.
    pub training_flop: f64,
    /// Weights and cache in each format.
    pub formats: Vec<Held>,
}

/// Weights and cache of a model in one format.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Held {
    /// Format of large products; router, embeddings and head stay at 16 bits, beside 32-bit products at 32.
    pub format: Precision,
    /// Weights.
    pub weights: Gigabytes,
    /// Bytes of a cached number.
    pub cached: f64,
    /// Cache that one more token of a sequence adds while every window is open, bytes.
    pub token: f64,
    /// Cache of one sequence of the context, states of linear attention included.
    pub sequence: Gigabytes,
}

impl Counts {
    /// Counts at so many earlier tokens.
    #[must_use]
    pub fn of(model: &Model, context: u32) -> Self {
        let tokens = f64::from(context);
        let held = |format| {
            let formats = Formats::throughout(format);
            let memory = Memory::of(model, &formats, &Spread::ONE);
            // A state of linear attention is kept in 32 bits.
            let states = model.kv_elements(0.0);
            let cached = (model.kv_elements(tokens) - states) * formats.cache + 4.0 * states;
            Held {
                format,
                weights: Gigabytes::of(memory.weights / 1e9),
                cached: formats.cache,
                token: memory.token,
                sequence: Gigabytes::of(cached / 1e9),
            }
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let embeddings = model.embeddings().round() as u64;
        Self {
            parameters: model.parameters(),
            active: model.active_parameters(),
            embeddings,
            context,
            forward_flop: model.forward_flop(tokens),
            training_flop: model.training_flop(tokens.max(1.0)),
            formats: Precision::ALL.into_iter().map(held).collect(),
        }
    }
}

/// What a published count is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountOf {
    /// All parameters, 1e9.
    Parameters,
    /// Parameters that a token passes, 1e9, both embeddings included.
    Active,
    /// The same without the input embedding.
    ActiveOutput,
    /// The same without embeddings.
    ActiveInner,
    /// Bytes of cache a token at two bytes a number.
    KvBytes,
    /// FLOP of one trained token, 1e9.
    TrainingFlop,
}

impl CountOf {
    /// Name for people, with the unit.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Parameters => "parameters, 1e9",
            Self::Active => "active parameters, 1e9",
            Self::ActiveOutput => "active without the input embedding, 1e9",
            Self::ActiveInner => "active without embeddings, 1e9",
            Self::KvBytes => "cache of a token in 16 bits, bytes",
            Self::TrainingFlop => "FLOP of a trained token, 1e9",
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn counted(self, model: &Model, tokens: f64) -> f64 {
        let active = model.active_parameters() as f64;
        let table = f64::from(model.hidden) * f64::from(model.vocabulary);
        // A table that serves as both is multiplied with.
        let input = if model.tied { 0.0 } else { table };
        match self {
            Self::Parameters => model.parameters() as f64 / 1e9,
            Self::Active => active / 1e9,
            Self::ActiveOutput => (active - input) / 1e9,
            Self::ActiveInner => (active - model.embeddings()) / 1e9,
            Self::KvBytes => 2.0 * model.kv_elements_per_token() as f64,
            Self::TrainingFlop => model.training_flop(tokens) / 1e9,
        }
    }
}

/// A published count beside ours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatedCount {
    /// Model.
    pub model: ModelId,
    /// What is counted.
    pub of: CountOf,
    /// As published, in the unit of what is counted.
    pub stated: f64,
    /// As counted here.
    pub counted: f64,
    /// Counted over stated, less one.
    pub error: f64,
    /// Source.
    pub source: SourceId,
    /// Its grade.
    pub grade: Grade,
    /// Where in the source.
    pub place: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    model: String,
    of: CountOf,
    value: f64,
    sequence: Option<u32>,
    source: String,
    grade: Grade,
    #[serde(rename = "where")]
    place: String,
}

/// Reads `validation/models.csv`.
pub(super) fn read(
    file: DataFile<'_>,
    sources: &Sources,
    models: &BTreeMap<ModelId, Model>,
) -> Result<Vec<StatedCount>, Problems> {
    let mut problems = Problems::default();
    let mut rows = Vec::new();
    for (place, raw) in read_table::<Raw>(file)? {
        let (id, source) = (ModelId(raw.model), SourceId(raw.source));
        if let Some((text, help)) =
            source_fault(sources, &source, raw.grade, "add it to data/sources/perf.toml")
        {
            problems.push(Problem::at(place.clone(), text).help(help));
        }
        let mut wrong = |text: String| problems.push(Problem::at(place.clone(), text));
        if !(raw.value.is_finite() && raw.value > 0.0) {
            wrong(format!("`value` is `{}`", raw.value));
        }
        if raw.sequence.is_none() && raw.of == CountOf::TrainingFlop {
            wrong("`sequence` is missing: FLOP of a trained token depend on it".to_owned());
        }
        let Some(model) = models.get(&id) else {
            wrong(format!("model `{id}` is not in data/models/"));
            continue;
        };
        let counted = raw.of.counted(model, f64::from(raw.sequence.unwrap_or(1)));
        rows.push(StatedCount {
            model: id,
            of: raw.of,
            stated: raw.value,
            counted,
            error: counted / raw.value - 1.0,
            source,
            grade: raw.grade,
            place: raw.place,
        });
    }
    problems.or(rows)
}

impl PerfModel {
    /// Published counts of the shipped models beside ours.
    #[must_use]
    pub fn stated_counts(&self) -> &[StatedCount] {
        &self.counts
    }
}
