//! One operator of a step, as the lowering gives it.

use crate::perf::ops::linear_attention::LinearAttention;
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::ops::{Call, Operator};
use serde::Serialize;

/// What an operator computes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Work {
    /// A call with fitted parameters.
    Call(Call),
    /// A plain kernel.
    Pointwise(Pointwise),
    /// Linear attention.
    Linear(LinearAttention),
}

/// Which fitted parameters time it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Role {
    Projection,
    Feed,
    /// Products that stay at 16 bits: router, head, absorbed projections.
    Wide,
    Experts,
    Prefill,
    Decode,
    LatentPrefill,
    LatentDecode,
    Collective,
    CustomAllReduce,
    /// Plain kernels and linear attention, which have none.
    Plain,
}

impl Role {
    /// Number of roles.
    pub const COUNT: usize = 11;

    /// Every role with parameters and its operator.
    pub const FITTED: [(Self, Operator); 10] = [
        (Self::Projection, Operator::Gemm),
        (Self::Feed, Operator::Gemm),
        (Self::Wide, Operator::Gemm),
        (Self::Experts, Operator::GroupedGemm),
        (Self::Prefill, Operator::AttentionPrefill),
        (Self::Decode, Operator::AttentionDecode),
        (Self::LatentPrefill, Operator::MlaPrefill),
        (Self::LatentDecode, Operator::MlaDecode),
        (Self::Collective, Operator::Collective),
        (Self::CustomAllReduce, Operator::CustomAllReduce),
    ];
}

/// A part of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Projections of attention and their rotation and cache writes.
    Projections,
    /// Attention itself.
    Attention,
    /// Dense feed-forward blocks and shared experts.
    Feed,
    /// Routed experts with their router.
    Experts,
    /// Norms and residual sums.
    Norms,
    /// Embedding, head and sampling.
    Head,
    /// Collectives.
    Communication,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 7] = [
        Self::Projections,
        Self::Attention,
        Self::Feed,
        Self::Experts,
        Self::Norms,
        Self::Head,
        Self::Communication,
    ];
}

/// One operator of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// Name for people.
    pub name: &'static str,
    /// Part of the step.
    pub part: Part,
    /// Which parameters time it.
    pub role: Role,
    /// How often it runs.
    pub count: f64,
    /// What it computes.
    pub work: Work,
}
