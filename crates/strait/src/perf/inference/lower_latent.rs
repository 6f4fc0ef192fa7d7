//! Operators of latent and of linear attention.

use super::lower::{See, Stack, attend, collective, gemm, plain, rotate_and_cache};
use super::lower_sparse::Sparse;
use super::{Item, Part, Role, StepBatch, Work};
use crate::perf::Latent;
use crate::perf::ops::attention_prefill::Prefill;
use crate::perf::ops::collective::Kind;
use crate::perf::ops::linear_attention::LinearAttention;
use crate::perf::ops::mla::{LatentDecode, LatentPrefill};
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::ops::{Cache, Call};

/// Latent attention: over prompts keys and values are projected up; of new tokens the up-projections are
/// absorbed into queries and outputs (DeepSeek-V2, arXiv 2405.04434).
pub(super) fn latent(s: &Stack<'_>, l: &Latent, count: f64, batch: &StepBatch, see: &mut See<'_>) {
    let m = s.model;
    let (hidden, rows) = (f64::from(m.hidden), batch.rows());
    let heads = (f64::from(m.heads) / f64::from(s.spread.tensor)).max(1.0);
    let (q_rank, kv_rank, rope) = (f64::from(l.q_rank), f64::from(l.kv_rank), f64::from(l.rope));
    let (nope, value) = (f64::from(l.nope), f64::from(l.value));
    let (part, role, precision) = (Part::Projections, Role::Projection, s.formats.attention);
    let mut product = |name, shape, precision, role| gemm(see, part, role, name, count, shape, precision);
    // The projections down are not shared out: every chip needs the whole latent, of rows that each may take a part of.
    let (width, parts) = (q_rank + kv_rank + rope, s.parts(batch));
    product("down to latents", (rows / parts, width, hidden), precision, role);
    if q_rank > 0.0 {
        product("query up", (rows, heads * (nope + rope), q_rank), precision, role);
    } else {
        product("query", (rows, heads * (nope + rope), hidden), precision, role);
    }
    let norm = Pointwise::norm(rows / parts, q_rank + kv_rank, s.formats.wide());
    plain(see, part, "norms of latents", count, norm);
    if parts > 1.0 {
        let bytes = rows * width * s.formats.wide();
        collective(see, "gather latents", count, Kind::AllGather, [parts, 1.0], bytes);
    }
    rotate_and_cache(s, count, rows, (heads + 1.0) * rope, kv_rank + rope, see);
    let (kv_bytes, cache) = (s.formats.cache, Cache::Cold);
    let sparse = Sparse::of(s, l);
    if let Some(sparse) = sparse {
        sparse.index(s, q_rank, count, batch, see);
    }
    let wide = s.formats.head();
    let absorbed = |tokens: f64, see: &mut See<'_>| {
        let mut product = |name, shape| gemm(see, part, Role::Wide, name, count, shape, wide);
        product("absorbed query", (tokens, heads * kv_rank, nope));
        product("absorbed value", (tokens, heads * value, kv_rank));
    };
    if let Some(sparse) = sparse.filter(|i| batch.prompts > 0.0 && i.prompts_sparse(l, batch)) {
        // Chosen tokens are read as latents, as those of new tokens are.
        absorbed(batch.prompts * batch.tokens, see);
        let chosen = Prefill {
            batch: batch.prompts,
            tokens: batch.tokens,
            cached: batch.cached,
            heads,
            kv_heads: 1.0,
            head_dim: kv_rank + rope,
            value_dim: kv_rank,
            window: sparse.top,
            arithmetic: s.formats.scores,
            kv_bytes,
            cache,
        };
        attend(
            see,
            "attention to chosen tokens",
            Role::Prefill,
            count,
            Call::AttentionPrefill(chosen),
        );
    } else if batch.prompts > 0.0 {
        let seen = batch.prompts * (batch.tokens + batch.cached);
        gemm(
            see,
            part,
            role,
            "keys and values up",
            count,
            (seen, heads * (nope + value), kv_rank),
            precision,
        );
        let prefill = LatentPrefill {
            batch: batch.prompts,
            tokens: batch.tokens,
            heads,
            query_dim: nope + rope,
            value_dim: value,
            arithmetic: s.formats.scores,
            kv_bytes: s.formats.wide(),
            cache,
        };
        attend(
            see,
            "latent attention over prompts",
            Role::LatentPrefill,
            count,
            Call::MlaPrefill(prefill),
        );
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
                arithmetic: s.formats.scores,
                kv_bytes: s.formats.wide(),
                cache,
            };
            attend(
                see,
                "and over earlier tokens",
                Role::Prefill,
                count,
                Call::AttentionPrefill(earlier),
            );
        }
    }
    if batch.decodes > 0.0 {
        let tokens = batch.decodes * batch.queries;
        absorbed(tokens, see);
        let decode = LatentDecode {
            batch: batch.decodes,
            context: sparse.map_or(batch.context, |i| batch.context.min(i.top)),
            heads: heads * batch.queries,
            latent_dim: kv_rank + rope,
            value_dim: kv_rank,
            arithmetic: s.formats.scores,
            kv_bytes,
            cache,
        };
        attend(
            see,
            "latent attention of new tokens",
            Role::LatentDecode,
            count,
            Call::MlaDecode(decode),
        );
    }
    if m.output_gate {
        let shape = (rows, heads * value, hidden);
        gemm(see, part, role, "gate", count, shape, precision);
        let gate = Pointwise::gated_activation(rows, heads * value, s.formats.wide());
        plain(see, part, "output gate", count, gate);
    }
    gemm(
        see,
        part,
        role,
        "output projection",
        count,
        (rows, hidden, heads * value),
        precision,
    );
}

/// Linear attention with its gates and short convolution.
pub(super) fn linear(s: &Stack<'_>, count: f64, batch: &StepBatch, see: &mut See<'_>) {
    let Some(l) = s.model.linear else { return };
    let tensor = f64::from(s.spread.tensor);
    let (hidden, rows) = (f64::from(s.model.hidden), batch.rows());
    let (key_heads, value_heads) = (f64::from(l.key_heads) / tensor, f64::from(l.value_heads) / tensor);
    let (key_dim, value_dim) = (f64::from(l.key_dim), f64::from(l.value_dim));
    let (keys, values) = (key_heads * key_dim, value_heads * value_dim);
    let gates = match f64::from(l.gate_rank) {
        0.0 => values + 2.0 * value_heads,
        rank if l.full_gate => rank + values + value_heads,
        rank => 2.0 * rank + value_heads,
    };
    let (part, role, precision) = (Part::Projections, Role::Projection, s.formats.attention);
    gemm(
        see,
        part,
        role,
        "queries, keys, values, gates",
        count,
        (rows, 2.0 * keys + values + gates, hidden),
        precision,
    );
    plain(
        see,
        part,
        "short convolution",
        count,
        Pointwise::activation(rows, 2.0 * keys + values, s.formats.wide()),
    );
    let mut mix = |name, sequences, tokens| {
        let work = LinearAttention {
            batch: sequences,
            tokens,
            heads: value_heads,
            key_dim,
            value_dim,
            bytes: s.formats.wide(),
            cache: Cache::Cold,
        };
        let work = Work::Linear(work);
        see(Item {
            name,
            part: Part::Attention,
            role: Role::Plain,
            count,
            work,
        });
    };
    if batch.prompts > 0.0 {
        mix("linear attention over prompts", batch.prompts, batch.tokens);
    }
    if batch.decodes > 0.0 {
        mix("linear attention of new tokens", batch.decodes, batch.queries);
    }
    plain(
        see,
        part,
        "gated norm",
        count,
        Pointwise::gated_activation(rows, values, s.formats.wide()),
    );
    gemm(
        see,
        part,
        role,
        "output projection",
        count,
        (rows, hidden, values),
        precision,
    );
}
