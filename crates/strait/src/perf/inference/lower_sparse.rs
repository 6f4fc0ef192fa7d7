//! The indexer of sparse latent attention (DeepSeek-V3.2-Exp report): which earlier tokens a token attends to.

use super::lower::{See, Stack, attend, gemm, plain};
use super::{Part, Role, StepBatch};
use crate::perf::Latent;
use crate::perf::ops::attention_prefill::Prefill;
use crate::perf::ops::mla::LatentDecode;
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::ops::{Arithmetic, Cache, Call};

/// An indexer at work in a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sparse {
    heads: f64,
    dim: f64,
    /// Tokens attended at most.
    pub(super) top: f64,
    /// Share of the layers with an indexer of their own.
    layers: f64,
    /// Its scores are computed in FP8 where the products around are in eight bits of floating point or fewer, else as attention's.
    arithmetic: Arithmetic,
}

impl Sparse {
    /// The indexer of a model.
    pub(super) fn of(s: &Stack<'_>, l: &Latent) -> Option<Self> {
        let i = l.indexer?;
        Some(Self {
            heads: f64::from(i.heads),
            dim: f64::from(i.dim),
            top: f64::from(i.top),
            layers: s.model.indexed(i),
            arithmetic: match s.formats.attention.arithmetic {
                Arithmetic::Float8 | Arithmetic::Float4 => Arithmetic::Float8,
                _ => s.formats.scores,
            },
        })
    }

    /// Whether prompts are computed token by token over those chosen; see [`Latent::token_by_token`].
    pub(super) fn prompts_sparse(&self, l: &Latent, batch: &StepBatch) -> bool {
        l.token_by_token(batch.cached + 0.5 * batch.tokens, self.top)
    }

    /// Projections of the indexer, its scores over all earlier tokens, and the choice; every chip of a tensor group does it
    /// for all its rows. Where all earlier tokens are attended nothing is scored.
    pub(super) fn index(&self, s: &Stack<'_>, q_rank: f64, count: f64, batch: &StepBatch, see: &mut See<'_>) {
        let count = count * self.layers;
        let (hidden, rows) = (f64::from(s.model.hidden), batch.rows());
        let from = if q_rank > 0.0 { q_rank } else { hidden };
        let (part, role, precision) = (Part::Projections, Role::Projection, s.formats.attention);
        let mut product = |name, shape| gemm(see, part, role, name, count, shape, precision);
        product("indexer's queries", (rows, self.heads * self.dim, from));
        product("indexer's key and weights", (rows, self.dim + self.heads, hidden));
        let narrow = self.arithmetic == Arithmetic::Float8;
        let kv_bytes = if narrow { 1.0 } else { s.formats.cache };
        let choice = |tokens: f64, earlier: f64, see: &mut See<'_>| {
            let choice = Pointwise::softmax(tokens, earlier, 4.0);
            plain(see, Part::Attention, "choice of tokens", count, choice);
        };
        if batch.prompts > 0.0 && batch.cached + batch.tokens > self.top {
            let scores = Prefill {
                batch: batch.prompts,
                tokens: batch.tokens,
                cached: batch.cached,
                heads: self.heads,
                kv_heads: 1.0,
                head_dim: self.dim,
                value_dim: 0.0,
                window: f64::INFINITY,
                arithmetic: self.arithmetic,
                kv_bytes,
                cache: Cache::Cold,
            };
            let call = Call::AttentionPrefill(scores);
            attend(see, "indexer over prompts", Role::Prefill, count, call);
            let mean = batch.cached + 0.5 * batch.tokens;
            choice(batch.prompts * batch.tokens, mean, see);
        }
        if batch.decodes > 0.0 && batch.context > self.top {
            let scores = LatentDecode {
                batch: batch.decodes,
                context: batch.context,
                heads: self.heads * batch.queries,
                latent_dim: self.dim,
                value_dim: 0.0,
                arithmetic: self.arithmetic,
                kv_bytes,
                cache: Cache::Cold,
            };
            let call = Call::MlaDecode(scores);
            attend(see, "indexer of new tokens", Role::LatentDecode, count, call);
            choice(batch.decodes * batch.queries, batch.context, see);
        }
    }
}
