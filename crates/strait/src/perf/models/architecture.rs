//! One language model, typed: its widths, and its layers as groups of equal ones.

use crate::figure::{Grade, SourceId};
use crate::perf::ModelId;
use serde::Serialize;

/// Routed experts of a mixture-of-experts model; each is a gated block of three matrices.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Experts {
    /// Routed experts in a layer.
    pub count: u32,
    /// Experts a token is sent to.
    pub per_token: u32,
    /// Inner width of one expert.
    pub width: u32,
    /// Experts every token passes, of the same width.
    pub shared: u32,
    /// Width that routed experts read and write where a projection narrows the residual stream for them and one widens their
    /// sum again (Kimi K3); zero where they read the stream itself.
    pub narrowed: u32,
    /// Layers that are dense.
    pub dense_layers: u32,
    /// Groups (nodes) a token is limited to; zero where it is not.
    pub groups: u32,
}

impl Experts {
    /// Width of what a routed expert reads and writes, beside a residual stream of width `hidden`.
    pub(crate) fn stream(&self, hidden: f64) -> f64 {
        match self.narrowed {
            0 => hidden,
            width => f64::from(width),
        }
    }

    /// Parameters of the two projections to that width and back.
    pub(crate) fn narrowing(&self, hidden: f64) -> f64 {
        2.0 * hidden * f64::from(self.narrowed)
    }
}

/// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latent {
    /// Rank of the query projection; zero where queries are projected at once.
    pub q_rank: u32,
    /// Rank of the cached latent.
    pub kv_rank: u32,
    /// Width of a head's part without rotation.
    pub nope: u32,
    /// Width of a head's rotated part.
    pub rope: u32,
    /// Width of a head's value.
    pub value: u32,
    /// What chooses the tokens attended, where attention is sparse.
    pub indexer: Option<Indexer>,
}

impl Latent {
    /// Whether attention of a sequence to the tokens that an indexer chooses, of `seen` before one on average, is computed token
    /// by token over those, rather than over all pairs with a mask: whichever multiplies less. Absorbed, a chosen token costs a
    /// head twice the latent; unabsorbed, a pair costs it its own query and value.
    pub(crate) fn token_by_token(&self, seen: f64, top: f64) -> bool {
        let chosen = seen.min(top) * f64::from(2 * self.kv_rank + self.rope);
        chosen < seen * f64::from(self.nope + self.rope + self.value)
    }
}

/// Lightning indexer of sparse latent attention (DeepSeek-V3.2-Exp report, section 2.1): small heads score all earlier tokens,
/// and latent attention sees those that score highest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Indexer {
    /// Its heads, which share one key.
    pub heads: u32,
    /// Width of a head and of the key.
    pub dim: u32,
    /// Tokens attended at most.
    pub top: u32,
    /// Layers with an indexer of their own; the others take the choice of one before them.
    pub layers: u32,
}

/// Linear attention by a gated delta rule: a state of fixed size in place of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Linear {
    /// Key (and query) heads.
    pub key_heads: u32,
    /// Value heads.
    pub value_heads: u32,
    /// Width of a key.
    pub key_dim: u32,
    /// Width of a value.
    pub value_dim: u32,
    /// Taps of the short convolution over queries, keys and values.
    pub taps: u32,
    /// Rank of the decay and output gates (Kimi Delta Attention); zero for one full output gate
    /// (Gated DeltaNet).
    pub gate_rank: u32,
    /// Whether the output gate is full beside a decay gate of that rank (Kimi K3).
    pub full_gate: bool,
}

/// What mixes tokens in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mixer {
    /// Attention over all earlier tokens.
    Full,
    /// Attention over the last tokens only.
    Sliding {
        /// How many.
        window: u32,
    },
    /// Attention over the earlier tokens of the same chunk (Llama 4).
    Chunked {
        /// Tokens of a chunk.
        chunk: u32,
    },
    /// Latent attention over all earlier tokens, or over those an indexer chooses.
    Latent,
    /// Linear attention.
    Linear,
}

/// What stands between two mixers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Feed {
    /// One dense feed-forward block.
    Dense,
    /// Routed and shared experts.
    Experts,
}

/// Equal layers, wherever in the stack they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Block {
    /// How many.
    pub count: u32,
    /// Token mixer.
    pub mixer: Mixer,
    /// Feed-forward part.
    pub feed: Feed,
}

/// One language model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    /// Id: the file's name, or the name of a `config.json`'s folder.
    pub id: ModelId,
    /// Name as people write it.
    pub name: String,
    /// Family: the `model_type` of its `config.json`.
    pub family: &'static str,
    /// Source of the architecture; none for a user's file.
    pub source: Option<SourceId>,
    /// Its grade.
    pub grade: Grade,
    /// Width of the residual stream.
    pub hidden: u32,
    /// Transformer layers.
    pub layers: u32,
    /// Query heads.
    pub heads: u32,
    /// Key and value heads.
    pub kv_heads: u32,
    /// Width of a head.
    pub head_dim: u32,
    /// Whether a gate of its width multiplies attention's output.
    pub output_gate: bool,
    /// Inner width of a dense feed-forward block.
    pub inner: u32,
    /// Vocabulary.
    pub vocabulary: u32,
    /// Whether input and output embeddings are one.
    pub tied: bool,
    /// Whether the dense feed-forward block has a gate (three matrices, not two).
    pub gated: bool,
    /// Learned position embeddings.
    pub positions: u32,
    /// Experts, where it is a mixture.
    pub experts: Option<Experts>,
    /// Latent attention, where it has it.
    pub latent: Option<Latent>,
    /// Linear attention, where it has it.
    pub linear: Option<Linear>,
    /// Its layers; their counts sum to `layers`.
    pub blocks: Vec<Block>,
}
