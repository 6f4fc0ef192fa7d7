//! `data/validation/training.csv`: published training steps, with what of their plan was published.

use super::plan::{Execution, Job, Kernel, Overlap, Recompute, Sharding, Trained};
use crate::catalog::{ChipId, Format};
use crate::data::{DataFile, Problem, Problems, read_table};
use crate::figure::{Place, SourceId, Sources};
use crate::perf::models::Model;
use crate::perf::{ModelId, RowUse};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Measure {
    TokensPerSPerChip,
    StepS,
    TflopsRecomputed,
    TflopsModel,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Hides {
    None,
    Data,
    All,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Yes,
    No,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    chip: String,
    chips: u32,
    model: String,
    precision: Format,
    sequence: u32,
    batch: u32,
    tensor: Option<u32>,
    context: Option<u32>,
    pipeline: Option<u32>,
    expert: Option<u32>,
    chunks: Option<u32>,
    microbatch: Option<u32>,
    sharding: Option<Sharding>,
    recompute: Option<Recompute>,
    sequence_parallel: Option<Answer>,
    overlap: Hides,
    attention: Kernel,
    gradient_bytes: f64,
    trained: Trained,
    measure: Measure,
    value: f64,
    #[serde(rename = "use")]
    role: RowUse,
    source: String,
    #[allow(dead_code)]
    notes: String,
}

/// What of a plan is held fixed; the rest is searched.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Fixed {
    /// Chips that share every layer's weights.
    pub tensor: Option<u32>,
    /// Chips that share a sequence.
    pub context: Option<u32>,
    /// Stages of layers.
    pub pipeline: Option<u32>,
    /// Chips that share the experts.
    pub expert: Option<u32>,
    /// Chunks of layers on a stage.
    pub chunks: Option<u32>,
    /// Sequences of a microbatch.
    pub microbatch: Option<u32>,
    /// What replicas share out.
    pub sharding: Option<Sharding>,
    /// What is computed again.
    pub recompute: Option<Recompute>,
    /// Whether norms and sums are split along the sequence.
    pub sequence_parallel: Option<bool>,
    /// What is hidden.
    pub overlap: Option<Overlap>,
}

/// One published step.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) chip: ChipId,
    pub(crate) model: ModelId,
    pub(crate) chips: u32,
    pub(crate) sequence: u32,
    pub(crate) batch: u32,
    pub(crate) arithmetic: Format,
    pub(crate) attention: Kernel,
    pub(crate) gradient_bytes: f64,
    pub(crate) trained: Trained,
    pub(crate) fixed: Fixed,
    /// Seconds of the step.
    pub(crate) measured: f64,
    pub(crate) role: RowUse,
    pub(crate) source: SourceId,
    pub(crate) place: Place,
}

impl Row {
    pub(crate) fn job<'m>(&self, model: &'m Model) -> Job<'m> {
        Job {
            model,
            chips: self.chips,
            sequence: self.sequence,
            batch: self.batch,
            arithmetic: self.arithmetic,
            attention: self.attention,
            gradient_bytes: self.gradient_bytes,
            trained: self.trained,
        }
    }

    /// The whole plan, where it was published: tensor, pipeline, microbatch and recomputation.
    pub(crate) fn plan(&self, model: &Model) -> Option<Execution> {
        let f = &self.fixed;
        let (tensor, pipeline) = (f.tensor?, f.pipeline?);
        let context = f.context.unwrap_or(1);
        let data = self.chips / (tensor * pipeline * context).max(1);
        let recompute = f.recompute?;
        let recomputed = match recompute {
            Recompute::Full => model.layers.div_ceil(pipeline.max(1)),
            Recompute::None | Recompute::Selective => 0,
        };
        Some(Execution {
            tensor,
            context,
            pipeline,
            data,
            expert: f.expert.unwrap_or(1),
            chunks: f.chunks.unwrap_or(1),
            microbatch: f.microbatch?,
            sharding: f.sharding?,
            recompute,
            recomputed,
            sequence_parallel: f.sequence_parallel?,
            overlap: f.overlap?,
        })
    }
}

/// Seconds of a step from what was published of it.
fn seconds(raw: &Raw, model: &Model) -> f64 {
    let tokens = f64::from(raw.batch) * f64::from(raw.sequence);
    let (layers, hidden) = (f64::from(model.layers), f64::from(model.hidden));
    let vocabulary = f64::from(model.vocabulary);
    let tera = raw.value * 1e12 * f64::from(raw.chips);
    let sequence = f64::from(raw.sequence);
    match raw.measure {
        Measure::StepS => raw.value,
        Measure::TokensPerSPerChip => tokens / (raw.value * f64::from(raw.chips)),
        Measure::TflopsRecomputed => {
            let flop = 96.0
                * tokens
                * layers
                * hidden
                * hidden
                * (1.0 + sequence / (6.0 * hidden) + vocabulary / (16.0 * layers * hidden));
            flop / tera
        }
        // All pairs count, causal or not: twice what `training_flop` counts of attention.
        Measure::TflopsModel => {
            let linear = 6.0 * model.multiplied_parameters();
            tokens * (2.0 * model.training_flop(sequence) - linear) / tera
        }
    }
}

/// Reads the file.
pub(crate) fn read(
    file: DataFile<'_>,
    sources: &Sources,
    models: &BTreeMap<ModelId, Model>,
) -> Result<Vec<Row>, Problems> {
    let mut problems = Problems::default();
    let mut rows = Vec::new();
    for (place, raw) in read_table::<Raw>(file)? {
        let mut wrong = |text: String| problems.push(Problem::at(place.clone(), text));
        let source = SourceId(raw.source.clone());
        if sources.get(&source).is_none() {
            wrong(format!("source `{source}` is not in the register"));
        }
        if !(raw.value.is_finite() && raw.value > 0.0) {
            wrong(format!("`value` is `{}`", raw.value));
        }
        if raw.chips == 0 || raw.sequence == 0 || raw.batch == 0 {
            wrong("a row without chips, sequence or batch".to_owned());
        }
        let Some(model) = models.get(&ModelId(raw.model.clone())) else {
            wrong(format!("model `{}` is not in data/models/", raw.model));
            continue;
        };
        let measured = seconds(&raw, model);
        let row = Row {
            id: raw.id,
            chip: ChipId(raw.chip),
            model: model.id.clone(),
            chips: raw.chips,
            sequence: raw.sequence,
            batch: raw.batch,
            arithmetic: raw.precision,
            attention: raw.attention,
            gradient_bytes: raw.gradient_bytes,
            trained: raw.trained,
            fixed: Fixed {
                tensor: raw.tensor,
                context: raw.context,
                pipeline: raw.pipeline,
                expert: raw.expert,
                chunks: raw.chunks,
                microbatch: raw.microbatch,
                sharding: raw.sharding,
                recompute: raw.recompute,
                sequence_parallel: raw.sequence_parallel.map(|a| matches!(a, Answer::Yes)),
                overlap: Some(match raw.overlap {
                    Hides::None => Overlap::NONE,
                    Hides::Data => Overlap {
                        data: true,
                        ..Overlap::NONE
                    },
                    Hides::All => Overlap::ALL,
                }),
            },
            measured,
            role: raw.role,
            source,
            place: place.clone(),
        };
        if row.role == RowUse::Calibrate && row.plan(model).is_none() {
            problems.push(Problem::at(
                place.clone(),
                "a row marked calibrate without a whole plan: tensor, pipeline, microbatch, sharding, recompute, sequence_parallel",
            ));
        }
        if let Some(why) = row.plan(model).and_then(|plan| plan.unfit(&row.job(model))) {
            problems.push(Problem::at(place, format!("its plan cannot run: {why}")));
        }
        rows.push(row);
    }
    problems.or(rows)
}
