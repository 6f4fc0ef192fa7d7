//! What `perf` answers: a rate with its interval and the limit that binds it.

use crate::catalog::{ChipId, Format};
use crate::figure::{Estimate, FigureRef, Seconds, TeraOps, TokensPerSecond, Watts};
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(&self.0) }
        }
    )+};
}
ids! {
    /// File name below `data/models/` (`llama-3.1-70b`).
    ModelId;
    /// File name below `data/workloads/` (`chat`).
    WorkloadId;
    /// Entry of `data/perf/families.toml` (`hopper`).
    PerfFamilyId;
}

/// The five workloads of a brief, by what they stress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkloadClass {
    /// Dense pre-training.
    DenseTraining,
    /// Mixture-of-experts pre-training.
    MoeTraining,
    /// Long prompts, short answers.
    Prefill,
    /// Chat serving.
    Chat,
    /// Long reasoning decode.
    Reasoning,
}

/// How much hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// One node of eight chips.
    Node,
    /// A cluster of this many chips.
    Cluster(u32),
}

impl Scale {
    /// Number of chips.
    pub fn chips(self) -> u32 {
        match self {
            Self::Node => 8,
            Self::Cluster(chips) => chips,
        }
    }
}

/// What binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Arithmetic.
    Compute,
    /// Memory bandwidth.
    MemoryBandwidth,
    /// Memory capacity: a larger batch would be faster but does not fit.
    MemoryCapacity,
    /// Scale-up or scale-out network.
    Network,
    /// Launch and host overhead.
    Overhead,
}

/// Shares of the time by what it is spent on; they sum to one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct LimitShares {
    pub compute: f64,
    pub memory_bandwidth: f64,
    pub network: f64,
    pub overhead: f64,
}

/// The parallel plan found best.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Tensor parallel.
    pub tensor: u32,
    /// Pipeline parallel.
    pub pipeline: u32,
    /// Data parallel (replicas, for serving).
    pub data: u32,
    /// Expert parallel.
    pub expert: u32,
    /// Sequences in flight in one replica (serving) or microbatch (training).
    pub batch: u32,
    /// Weights' format.
    pub weights: Format,
    /// Arithmetic format of the large matrix products.
    pub arithmetic: Format,
    /// KV-cache format.
    pub kv_cache: Option<Format>,
}

/// What a chip does on a workload at a scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Performance {
    /// Chip.
    pub chip: ChipId,
    /// Workload.
    pub workload: WorkloadId,
    /// Its class.
    pub class: WorkloadClass,
    /// Model run.
    pub model: ModelId,
    /// Scale.
    pub scale: Scale,
    /// Tokens a second of the whole system: trained tokens, prompt tokens (prefill) or output tokens.
    pub rate: Estimate<TokensPerSecond>,
    /// The same for one chip.
    pub per_chip: Estimate<TokensPerSecond>,
    /// Model FLOP/s achieved by one chip, recomputation not counted.
    pub achieved: Estimate<TeraOps>,
    /// Model FLOP utilisation: `achieved` over the dense peak of the arithmetic format, 0 to 1.
    pub mfu: f64,
    /// Time to first token, serving only.
    pub ttft: Option<Estimate<Seconds>>,
    /// Time per output token, serving only.
    pub tpot: Option<Estimate<Seconds>>,
    /// Share of the time that prompts take, serving only.
    pub prompt_share: Option<f64>,
    /// What binds.
    pub limit: Limit,
    /// Where the time goes.
    pub shares: LimitShares,
    /// Plan.
    pub plan: Plan,
    /// Average power of one chip under this load.
    pub power: Option<Estimate<Watts>>,
    /// True where no chip of its performance family has a published measurement: the family prior is used.
    pub extrapolated: bool,
    /// Figures it rests on.
    pub rests_on: Vec<FigureRef>,
}
