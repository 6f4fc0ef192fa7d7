//! What is trained, and how it is spread over chips: the job, the execution, and whether one fits the other.

use super::super::Model;
use super::hardware::width;
use crate::catalog::Format;
use serde::{Deserialize, Serialize};

/// How attention over a training sequence is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kernel {
    /// One kernel that keeps no scores, made for the chip at hand (FlashAttention-3, cuDNN; Shah et al. 2024).
    Fused,
    /// One kernel that multiplies with the synchronous instructions of 2020, on any chip (FlashAttention and
    /// FlashAttention-2, Dao et al. 2022 and 2023).
    Flash2,
    /// Products and a softmax apart, the scores of all pairs written to memory (before 2022).
    Unfused,
}

/// Which weights change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trained {
    /// All of them.
    All,
    /// Low-rank adapters beside frozen weights (LoRA, Hu et al. 2021): no gradients of the weights themselves.
    Adapters,
}

impl Trained {
    /// Model FLOP of one trained token: three passes; beside frozen weights none for the weights' own gradient (the
    /// adapters' few are left out).
    fn flop(self, model: &Model, sequence: u32) -> f64 {
        let all = model.training_flop(f64::from(sequence));
        match self {
            Self::All => all,
            Self::Adapters => all - 2.0 * model.multiplied_parameters(),
        }
    }

    /// Share of them that a forward pass is: what evaluating a sequence takes of training on it.
    pub(super) fn forward(self, model: &Model, sequence: u32) -> f64 {
        model.training_flop(f64::from(sequence)) / 3.0 / self.flop(model, sequence)
    }
}

/// One optimiser step to run.
#[derive(Debug, Clone, Copy)]
pub struct Job<'m> {
    /// Model.
    pub model: &'m Model,
    /// Chips.
    pub chips: u32,
    /// Tokens of a sequence.
    pub sequence: u32,
    /// Sequences of a step.
    pub batch: u32,
    /// Arithmetic of the large products; attention and what stands between them are in 16 bits, beside 32-bit products in 32.
    pub arithmetic: Format,
    /// Attention's kernels.
    pub attention: Kernel,
    /// Bytes of a gradient that travels.
    pub gradient_bytes: f64,
    /// Which weights change.
    pub trained: Trained,
}

/// What data-parallel replicas share out instead of each holding it (ZeRO, Rajbhandari et al. 2020).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharding {
    /// Nothing (ZeRO 0).
    None,
    /// State of the optimiser (ZeRO 1).
    Optimiser,
    /// Gradients too (ZeRO 2).
    Gradients,
    /// Weights too (ZeRO 3, fully sharded data parallel).
    Weights,
}

impl Sharding {
    /// Every stage, least shared first.
    pub const ALL: [Self; 4] = [Self::None, Self::Optimiser, Self::Gradients, Self::Weights];

    /// The stage's number.
    #[must_use]
    pub fn stage(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Optimiser => 1,
            Self::Gradients => 2,
            Self::Weights => 3,
        }
    }
}

/// Which activations are computed again in the backward pass (Korthikanti et al. 2022).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recompute {
    /// None.
    None,
    /// Attention's scores alone.
    Selective,
    /// Whole layers, from their inputs.
    Full,
}

impl Recompute {
    /// Every way, least work first.
    pub const ALL: [Self; 3] = [Self::None, Self::Selective, Self::Full];
}

/// Which traffic software hides behind arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Overlap {
    /// Tensor-parallel traffic behind products, piece by piece.
    pub tensor: bool,
    /// Gradients behind the backward pass and weights behind the forward pass.
    pub data: bool,
    /// Activations between pipeline stages behind other microbatches.
    pub pipeline: bool,
    /// Tokens sent to experts and back behind the passes of another microbatch (DualPipe, arXiv 2412.19437, and what
    /// Megatron Core has of it).
    pub experts: bool,
}

impl Overlap {
    /// Nothing is hidden.
    pub const NONE: Self = Self {
        tensor: false,
        data: false,
        pipeline: false,
        experts: false,
    };
    /// Everything is.
    pub const ALL: Self = Self {
        tensor: true,
        data: true,
        pipeline: true,
        experts: true,
    };
}

impl Job<'_> {
    /// What stands between large products, attention and the head: 16 bits, or the 32 of the products.
    pub(super) fn between(&self) -> Format {
        match self.arithmetic {
            wide @ (Format::Fp32 | Format::Tf32) => wide,
            _ => Format::Fp16,
        }
    }

    /// Bytes of an activation between large products.
    pub(super) fn wide(&self) -> f64 {
        width(self.between())
    }

    /// Bytes of a weight as held and as gathered from replicas. One that changes is cast from the optimiser's in 16 bits, or
    /// held in 8 both as it is and transposed, as the two passes need it; one that is frozen is cast once, and transposed
    /// anew where the backward pass needs it (AMD's MLPerf entries: frozen weights in FP8, no cache of transposes).
    pub(super) fn weight_bytes(&self) -> f64 {
        match self.trained {
            Trained::All => self.wide(),
            Trained::Adapters => width(self.arithmetic).min(self.wide()),
        }
    }

    /// Model FLOP of one trained token, without what is computed again.
    #[must_use]
    pub fn flop(&self) -> f64 {
        self.trained.flop(self.model, self.sequence)
    }
}

/// How one step is spread over chips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Execution {
    /// Chips that share every layer's weights.
    pub tensor: u32,
    /// Chips that share a sequence.
    pub context: u32,
    /// Stages of layers.
    pub pipeline: u32,
    /// Replicas.
    pub data: u32,
    /// Chips that share the experts, out of tensor, context and data.
    pub expert: u32,
    /// Chunks of layers on a stage; one is 1F1B, more are interleaved (Narayanan et al. 2021).
    pub chunks: u32,
    /// Sequences of a microbatch.
    pub microbatch: u32,
    /// What replicas share out.
    pub sharding: Sharding,
    /// What is computed again.
    pub recompute: Recompute,
    /// Layers of a stage that are computed again whole, the rest not at all; zero unless `recompute` is full.
    pub recomputed: u32,
    /// Whether norms and sums are split along the sequence over the tensor group.
    pub sequence_parallel: bool,
    /// What is hidden.
    pub overlap: Overlap,
}

impl Execution {
    /// Layers of the fullest stage.
    #[must_use]
    pub fn stage_layers(&self, model: &Model) -> u32 {
        model.layers.div_ceil(self.pipeline)
    }

    /// Microbatches a pipeline runs in a step.
    #[must_use]
    pub fn microbatches(&self, job: &Job<'_>) -> u32 {
        (job.batch / self.data).div_ceil(self.microbatch)
    }

    /// Why the execution cannot run the job, if it cannot.
    #[must_use]
    pub fn unfit(&self, job: &Job<'_>) -> Option<&'static str> {
        let group = u64::from(self.tensor) * u64::from(self.context) * u64::from(self.data);
        let model = job.model;
        let checks = [
            (
                [self.tensor, self.context, self.pipeline, self.data, self.expert].contains(&0)
                    || self.chunks == 0
                    || self.microbatch == 0,
                "a degree is zero",
            ),
            (
                group * u64::from(self.pipeline) != u64::from(job.chips),
                "degrees do not multiply to the chips",
            ),
            (
                !model.splits_over(self.tensor),
                "heads do not split over the tensor group",
            ),
            (
                !job.sequence.is_multiple_of(self.context),
                "the sequence does not split over the context group",
            ),
            (
                self.pipeline * self.chunks > model.layers,
                "more stages and chunks than layers",
            ),
            (
                self.chunks > 1 && self.pipeline == 1,
                "chunks need more than one stage",
            ),
            (self.data > job.batch, "more replicas than sequences"),
            (
                u64::from(self.expert) > group || model.experts.map_or(1, |e| e.count) < self.expert,
                "more expert ranks than experts or chips of a stage",
            ),
            (
                (self.recomputed > 0) != (self.recompute == Recompute::Full)
                    || self.recomputed > model.layers.div_ceil(self.pipeline.max(1)),
                "layers computed again are none under full recomputation, some without it, or more than a stage has",
            ),
        ];
        // A degree of zero would divide in the later checks of callers: it stands first.
        checks.into_iter().find(|(wrong, _)| *wrong).map(|(_, why)| why)
    }
}
