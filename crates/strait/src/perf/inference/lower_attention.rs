//! Operators of a layer's token mixer.

use super::lower::{See, Stack, all_reduce, attend, gemm, plain, rotate_and_cache};
use super::lower_latent::{latent, linear};
use super::{Part, Role, StepBatch};
use crate::perf::Mixer;
use crate::perf::models::in_chunk;
use crate::perf::ops::attention_decode::Decode;
use crate::perf::ops::attention_prefill::Prefill;
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::ops::{Cache, Call};

/// Operators of `count` mixers of a kind.
pub(super) fn attention(s: &Stack<'_>, mixer: Mixer, count: f64, batch: &StepBatch, see: &mut See<'_>) {
    match (mixer, s.model.latent) {
        (Mixer::Linear, _) => linear(s, count, batch, see),
        (Mixer::Latent, Some(l)) => latent(s, &l, count, batch, see),
        (Mixer::Sliding { window }, _) => heads(s, [f64::from(window); 2], count, batch, see),
        (Mixer::Chunked { chunk }, _) => heads(s, chunks(f64::from(chunk), batch), count, batch, see),
        _ => heads(s, [f64::INFINITY; 2], count, batch, see),
    }
    let bytes = batch.rows() * f64::from(s.model.hidden) * s.formats.wide();
    all_reduce(see, count, f64::from(s.spread.tensor), bytes);
}

/// Tokens looked back, mean, by prompts and by new tokens where attention stays in a chunk.
fn chunks(chunk: f64, batch: &StepBatch) -> [f64; 2] {
    let all = batch.tokens + batch.cached;
    let prompts = if all <= chunk { f64::INFINITY } else { chunk / 2.0 };
    [prompts, in_chunk(batch.context, chunk).max(1.0)]
}

/// Attention of heads that look back so many tokens, over prompts and of new tokens.
fn heads(s: &Stack<'_>, [over_prompts, of_new]: [f64; 2], count: f64, batch: &StepBatch, see: &mut See<'_>) {
    let m = s.model;
    let tensor = f64::from(s.spread.tensor);
    let (hidden, head_dim) = (f64::from(m.hidden), f64::from(m.head_dim));
    let heads = (f64::from(m.heads) / tensor).max(1.0);
    // Key heads that are fewer than the chips lie on several of them.
    let kv_heads = (f64::from(m.kv_heads) / tensor).max(1.0);
    let rows = batch.rows();
    let gates = if m.output_gate { heads } else { 0.0 };
    let width = (heads + gates + 2.0 * kv_heads) * head_dim;
    let (part, role, precision) = (Part::Projections, Role::Projection, s.formats.attention);
    gemm(
        see,
        part,
        role,
        "query, key and value",
        count,
        (rows, width, hidden),
        precision,
    );
    rotate_and_cache(
        s,
        count,
        rows,
        (heads + kv_heads) * head_dim,
        2.0 * kv_heads * head_dim,
        see,
    );
    let (kv_bytes, cache) = (s.formats.cache, Cache::Cold);
    if batch.prompts > 0.0 {
        let prefill = Prefill {
            batch: batch.prompts,
            tokens: batch.tokens,
            cached: batch.cached,
            heads,
            kv_heads,
            head_dim,
            value_dim: head_dim,
            window: over_prompts,
            arithmetic: s.formats.scores,
            kv_bytes,
            cache,
        };
        attend(
            see,
            "attention over prompts",
            Role::Prefill,
            count,
            Call::AttentionPrefill(prefill),
        );
    }
    if batch.decodes > 0.0 {
        // Drafted tokens share the keys of their sequence as further query heads would.
        let decode = Decode {
            batch: batch.decodes,
            context: batch.context,
            heads: heads * batch.queries,
            kv_heads,
            head_dim,
            window: of_new,
            kv_bytes,
            cache,
        };
        attend(
            see,
            "attention of new tokens",
            Role::Decode,
            count,
            Call::AttentionDecode(decode),
        );
    }
    if m.output_gate {
        let gate = Pointwise::gated_activation(rows, heads * head_dim, s.formats.wide());
        plain(see, part, "output gate", count, gate);
    }
    gemm(
        see,
        part,
        role,
        "output projection",
        count,
        (rows, hidden, heads * head_dim),
        precision,
    );
}
