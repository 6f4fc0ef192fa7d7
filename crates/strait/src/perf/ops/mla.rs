//! Latent attention: over a prompt it is attention with wide queries and narrower values; of a new token
//! all heads share one cached latent, so that a key serves many rows.

use super::attention_decode::{self, Stream, streamed};
use super::attention_prefill::{self, Prefill};
use super::{Arithmetic, Cache, Device, Engine};

/// Latent attention over a prompt, after the up-projections.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatentPrefill {
    /// Sequences.
    pub batch: f64,
    /// New tokens of a sequence.
    pub tokens: f64,
    /// Heads on this chip.
    pub heads: f64,
    /// Width of a query and key (128 + 64 rotated in DeepSeek-V3).
    pub query_dim: f64,
    /// Width of a value.
    pub value_dim: f64,
    /// Arithmetic.
    pub arithmetic: Arithmetic,
    /// Bytes of a cached element.
    pub kv_bytes: f64,
    /// Cache state.
    pub cache: Cache,
}

/// One decoding step over a cached latent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatentDecode {
    /// Sequences.
    pub batch: f64,
    /// Tokens in the cache, the new one included.
    pub context: f64,
    /// Heads on this chip.
    pub heads: f64,
    /// Width of the latent and its rotated part (512 + 64).
    pub latent_dim: f64,
    /// Width of the latent alone, which serves as value.
    pub value_dim: f64,
    /// Arithmetic.
    pub arithmetic: Arithmetic,
    /// Bytes of a cached element.
    pub kv_bytes: f64,
    /// Cache state.
    pub cache: Cache,
}

/// Seconds over a prompt; parameters as of attention.
#[must_use]
pub fn prefill_seconds(a: &LatentPrefill, d: &Device, p: &attention_prefill::Fit, e: &Engine) -> f64 {
    let call = Prefill {
        batch: a.batch,
        tokens: a.tokens,
        cached: 0.0,
        heads: a.heads,
        kv_heads: a.heads,
        head_dim: a.query_dim,
        value_dim: a.value_dim,
        window: f64::INFINITY,
        arithmetic: a.arithmetic,
        kv_bytes: a.kv_bytes,
        cache: a.cache,
    };
    attention_prefill::seconds(&call, d, p, e)
}

/// Seconds of a decoding step; parameters as of attention.
#[must_use]
pub fn decode_seconds(a: &LatentDecode, d: &Device, p: &attention_decode::Fit, e: &Engine) -> f64 {
    let stream = Stream {
        caches: a.batch,
        keys: a.context,
        key_bytes: a.latent_dim * a.kv_bytes,
        key_flop: 2.0 * (a.latent_dim + a.value_dim),
        rows: a.heads,
        query_bytes: 2.0 * a.batch * a.heads * (a.latent_dim + a.value_dim),
        partial_bytes: 8.0 * a.batch * a.heads * a.value_dim,
        arithmetic: a.arithmetic,
        cache: a.cache,
    };
    streamed(&stream, d, p, e)
}
