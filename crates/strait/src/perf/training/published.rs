//! A published training step: the job, what of its plan was published, and the seconds it took.

use super::plan::{Execution, Job, Kernel, Overlap, Recompute, Sharding, Trained};
use crate::catalog::{ChipId, Format};
use crate::perf::ModelId;
use crate::perf::models::Model;
use serde::Deserialize;

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

/// One published step, whoever published it.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedStep {
    /// Id.
    pub id: String,
    /// Chip.
    pub chip: ChipId,
    /// Model.
    pub model: ModelId,
    /// Chips.
    pub chips: u32,
    /// Tokens of a sequence.
    pub sequence: u32,
    /// Sequences of a step.
    pub batch: u32,
    /// Arithmetic of the large products.
    pub arithmetic: Format,
    /// Attention's kernels.
    pub attention: Kernel,
    /// Bytes of a gradient that travels.
    pub gradient_bytes: f64,
    /// Which weights change.
    pub trained: Trained,
    /// What of the plan was published.
    pub fixed: Fixed,
    /// Seconds of the step.
    pub measured: f64,
}

impl PublishedStep {
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

/// Which traffic software hides, in one word.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hides {
    None,
    Data,
    All,
}

impl Hides {
    pub(super) fn overlap(self) -> Overlap {
        match self {
            Self::None => Overlap::NONE,
            Self::Data => Overlap {
                data: true,
                ..Overlap::NONE
            },
            Self::All => Overlap::ALL,
        }
    }
}

/// What a publication gives of a step's speed.
#[derive(Debug, Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Measure {
    TokensPerSPerChip,
    StepS,
    TflopsRecomputed,
    TflopsModel,
}

impl Measure {
    /// Seconds of a step of `batch` sequences of `sequence` tokens on `chips` chips.
    pub(super) fn seconds(self, value: f64, model: &Model, [chips, batch, sequence]: [u32; 3]) -> f64 {
        let tokens = f64::from(batch) * f64::from(sequence);
        let (layers, hidden) = (f64::from(model.layers), f64::from(model.hidden));
        let vocabulary = f64::from(model.vocabulary);
        let (chips, sequence) = (f64::from(chips), f64::from(sequence));
        let tera = value * 1e12 * chips;
        match self {
            Self::StepS => value,
            Self::TokensPerSPerChip => tokens / (value * chips),
            Self::TflopsRecomputed => {
                let flop = 96.0
                    * tokens
                    * layers
                    * hidden
                    * hidden
                    * (1.0 + sequence / (6.0 * hidden) + vocabulary / (16.0 * layers * hidden));
                flop / tera
            }
            // All pairs count, causal or not: twice what `training_flop` counts of attention.
            Self::TflopsModel => {
                let linear = 6.0 * model.multiplied_parameters();
                tokens * (2.0 * model.training_flop(sequence) - linear) / tera
            }
        }
    }
}
