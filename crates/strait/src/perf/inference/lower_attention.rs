//! Operators of a layer's token mixer.

use super::lower::{See, Stack, WIDE, all_reduce, gemm, plain};
use super::{Item, Part, Role, StepBatch, Work};
use crate::perf::Mixer;
use crate::perf::ops::attention_decode::Decode;
use crate::perf::ops::attention_prefill::Prefill;
use crate::perf::ops::linear_attention::LinearAttention;
use crate::perf::ops::mla::{LatentDecode, LatentPrefill};
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::ops::{Arithmetic, Cache, Call, Precision};
use crate::perf::Latent;

/// Operators of `count` mixers of a kind.
pub(super) fn attention(s: &Stack<'_>, mixer: Mixer, count: f64, batch: &StepBatch, see: &mut See<'_>) {
    match (mixer, s.model.latent) {
        (Mixer::Linear, _) => linear(s, count, batch, see),
        (Mixer::Latent, Some(l)) => latent(s, &l, count, batch, see),
        (Mixer::Sliding { window }, _) => heads(s, f64::from(window), count, batch, see),
        _ => heads(s, f64::INFINITY, count, batch, see),
    }
    let bytes = batch.rows() * f64::from(s.model.hidden) * WIDE;
    all_reduce(see, count, f64::from(s.spread.tensor), bytes);
}

fn call(see: &mut See<'_>, name: &'static str, role: Role, count: f64, call: Call) {
    let work = Work::Call(call);
    see(Item { name, part: Part::Attention, role, count, work });
}

fn heads(s: &Stack<'_>, window: f64, count: f64, batch: &StepBatch, see: &mut See<'_>) {
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
    gemm(see, part, role, "query, key and value", count, (rows, width, hidden), precision);
    rotate_and_cache(s, count, rows, (heads + kv_heads) * head_dim, 2.0 * kv_heads * head_dim, see);
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
            window,
            arithmetic: Arithmetic::Bits16,
            kv_bytes,
            cache,
        };
        call(see, "attention over prompts", Role::Prefill, count, Call::AttentionPrefill(prefill));
    }
    if batch.decodes > 0.0 {
        // Drafted tokens share the keys of their sequence as further query heads would.
        let decode = Decode {
            batch: batch.decodes,
            context: batch.context,
            heads: heads * batch.queries,
            kv_heads,
            head_dim,
            window,
            kv_bytes,
            cache,
        };
        call(see, "attention of new tokens", Role::Decode, count, Call::AttentionDecode(decode));
    }
    if m.output_gate {
        let gate = Pointwise::gated_activation(rows, heads * head_dim, WIDE);
        plain(see, part, "output gate", count, gate);
    }
    gemm(see, part, role, "output projection", count, (rows, hidden, heads * head_dim), precision);
}

/// Rotation of queries and keys, fused with writing keys and values to the cache.
fn rotate_and_cache(s: &Stack<'_>, count: f64, rows: f64, rotated: f64, cached: f64, see: &mut See<'_>) {
    let (rotary, write) = (
        Pointwise::rotary(rows, rotated, WIDE),
        Pointwise::cache_write(rows, cached, WIDE, s.formats.cache),
    );
    let fused = Pointwise {
        warm: rotary.warm + write.warm,
        cold: write.cold,
        kernels: 1.0,
    };
    plain(see, Part::Projections, "rotate and cache", count, fused);
}

/// Latent attention: over prompts keys and values are projected up; of new tokens the up-projections are
/// absorbed into queries and outputs (DeepSeek-V2, arXiv 2405.04434).
fn latent(s: &Stack<'_>, l: &Latent, count: f64, batch: &StepBatch, see: &mut See<'_>) {
    let m = s.model;
    let (hidden, rows) = (f64::from(m.hidden), batch.rows());
    let heads = (f64::from(m.heads) / f64::from(s.spread.tensor)).max(1.0);
    let (q_rank, kv_rank, rope) = (f64::from(l.q_rank), f64::from(l.kv_rank), f64::from(l.rope));
    let (nope, value) = (f64::from(l.nope), f64::from(l.value));
    let (part, role, precision) = (Part::Projections, Role::Projection, s.formats.attention);
    let mut product = |name, shape, precision, role| gemm(see, part, role, name, count, shape, precision);
    // The projections down are not shared out: every chip needs the whole latent.
    product("down to latents", (rows, q_rank + kv_rank + rope, hidden), precision, role);
    if q_rank > 0.0 {
        product("query up", (rows, heads * (nope + rope), q_rank), precision, role);
    } else {
        product("query", (rows, heads * (nope + rope), hidden), precision, role);
    }
    let norm = Pointwise::norm(rows, q_rank + kv_rank, WIDE);
    plain(see, part, "norms of latents", count, norm);
    rotate_and_cache(s, count, rows, (heads + 1.0) * rope, kv_rank + rope, see);
    let (kv_bytes, cache) = (s.formats.cache, Cache::Cold);
    if batch.prompts > 0.0 {
        let seen = batch.prompts * (batch.tokens + batch.cached);
        gemm(see, part, role, "keys and values up", count, (seen, heads * (nope + value), kv_rank), precision);
        let prefill = LatentPrefill {
            batch: batch.prompts,
            tokens: batch.tokens,
            heads,
            query_dim: nope + rope,
            value_dim: value,
            kv_bytes: WIDE,
            cache,
        };
        call(see, "latent attention over prompts", Role::LatentPrefill, count, Call::MlaPrefill(prefill));
        if batch.cached > 0.0 {
            // Keys before the chunk meet every token of it: attention without the causal half.
            let earlier = Prefill {
                batch: batch.prompts,
                tokens: batch.tokens,
                cached: batch.cached,
                heads,
                kv_heads: heads,
                head_dim: nope + rope,
                value_dim: value,
                window: f64::INFINITY,
                arithmetic: Arithmetic::Bits16,
                kv_bytes: WIDE,
                cache,
            };
            call(see, "and over earlier tokens", Role::Prefill, count, Call::AttentionPrefill(earlier));
        }
    }
    if batch.decodes > 0.0 {
        let tokens = batch.decodes * batch.queries;
        let wide = Precision::BF16;
        gemm(see, part, Role::Wide, "absorbed query", count, (tokens, heads * kv_rank, nope), wide);
        let decode = LatentDecode {
            batch: batch.decodes,
            context: batch.context,
            heads: heads * batch.queries,
            latent_dim: kv_rank + rope,
            value_dim: kv_rank,
            kv_bytes,
            cache,
        };
        call(see, "latent attention of new tokens", Role::LatentDecode, count, Call::MlaDecode(decode));
        gemm(see, part, Role::Wide, "absorbed value", count, (tokens, heads * value, kv_rank), wide);
    }
    gemm(see, part, role, "output projection", count, (rows, hidden, heads * value), precision);
}

/// Linear attention with its gates and short convolution.
fn linear(s: &Stack<'_>, count: f64, batch: &StepBatch, see: &mut See<'_>) {
    let Some(l) = s.model.linear else { return };
    let tensor = f64::from(s.spread.tensor);
    let (hidden, rows) = (f64::from(s.model.hidden), batch.rows());
    let (key_heads, value_heads) = (f64::from(l.key_heads) / tensor, f64::from(l.value_heads) / tensor);
    let (key_dim, value_dim) = (f64::from(l.key_dim), f64::from(l.value_dim));
    let (keys, values) = (key_heads * key_dim, value_heads * value_dim);
    let gates = match f64::from(l.gate_rank) {
        0.0 => values + 2.0 * value_heads,
        rank => 2.0 * rank + value_heads,
    };
    let (part, role, precision) = (Part::Projections, Role::Projection, s.formats.attention);
    gemm(see, part, role, "queries, keys, values, gates", count, (rows, 2.0 * keys + values + gates, hidden), precision);
    plain(see, part, "short convolution", count, Pointwise::activation(rows, 2.0 * keys + values, WIDE));
    let mut mix = |name, sequences, tokens| {
        let work = LinearAttention {
            batch: sequences,
            tokens,
            heads: value_heads,
            key_dim,
            value_dim,
            bytes: WIDE,
            cache: Cache::Cold,
        };
        let work = Work::Linear(work);
        see(Item { name, part: Part::Attention, role: Role::Plain, count, work });
    };
    if batch.prompts > 0.0 {
        mix("linear attention over prompts", batch.prompts, batch.tokens);
    }
    if batch.decodes > 0.0 {
        mix("linear attention of new tokens", batch.decodes, batch.queries);
    }
    plain(see, part, "gated norm", count, Pointwise::gated_activation(rows, values, WIDE));
    gemm(see, part, role, "output projection", count, (rows, hidden, values), precision);
}
