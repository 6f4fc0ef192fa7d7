//! Linear attention: a state of keys by values for each head in place of a cache that grows.
//!
//! A prompt goes chunk by chunk (Gated Linear Attention, Yang et al., ICML 2024; Mamba-2, Dao and Gu, ICML 2024):
//! within a chunk as causal attention without softmax, across chunks through the state. A new token updates the
//! state and reads it. No table of these is among the measured operators, so the shares are assumptions: the
//! matrix rate of attention over a prompt without its exponentials, and that of plain kernels for memory.

use super::device::{overlap, resident};
use super::elementwise::{LAUNCH, SHARE};
use super::{Cache, Device};

/// Tokens of a chunk.
const CHUNK: f64 = 64.0;
/// Share of the matrix peak that products of 64 rows reach; assumed.
const REACH: f64 = 0.4;
/// Bytes of an element of the state, kept in 32 bits.
const STATE: f64 = 4.0;

/// New tokens of several sequences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearAttention {
    /// Sequences.
    pub batch: f64,
    /// New tokens of each; one for a decoding step.
    pub tokens: f64,
    /// Heads on this chip.
    pub heads: f64,
    /// Width of a key.
    pub key_dim: f64,
    /// Width of a value.
    pub value_dim: f64,
    /// Bytes of an element of queries, keys, values and outputs.
    pub bytes: f64,
    /// Where the state is found.
    pub cache: Cache,
}

impl LinearAttention {
    /// FLOP of the call: for each token and head two products with the state, and within a chunk the mean of
    /// half of it for scores and for outputs.
    #[must_use]
    pub fn flop(&self) -> f64 {
        let state = 4.0 * self.key_dim * self.value_dim;
        let met = self.tokens.min(CHUNK) / 2.0;
        let within = 2.0 * met * (self.key_dim + self.value_dim);
        self.batch * self.tokens * self.heads * (state + within)
    }

    /// Bytes of queries, keys, values and outputs.
    #[must_use]
    pub fn token_bytes(&self) -> f64 {
        2.0 * self.batch * self.tokens * self.heads * (self.key_dim + self.value_dim) * self.bytes
    }

    /// Bytes of the state read and written: once a call, and once more a chunk where chunks are computed in
    /// parallel from states that lie in memory.
    #[must_use]
    pub fn state_bytes(&self) -> f64 {
        let chunks = (self.tokens / CHUNK).ceil();
        2.0 * self.batch * self.heads * self.key_dim * self.value_dim * STATE * chunks
    }
}

/// Seconds of a call.
#[must_use]
pub fn seconds(a: &LinearAttention, d: &Device) -> f64 {
    let moved = a.token_bytes() + a.state_bytes();
    let hot = resident(a.cache.copies() * moved, d.cache, 1.0);
    let memory = moved / SHARE * ((1.0 - hot) / d.memory + hot / d.cache_bandwidth());
    // A head of a sequence is one unit's work; chunks of one sequence go in parallel but for the scan of states.
    let parts = a.batch * a.heads * (a.tokens / CHUNK).ceil();
    let busy = (parts / d.units).min(1.0);
    let compute = a.flop() / (d.peak16 * REACH * busy);
    LAUNCH / d.clock + overlap(compute, memory, 0.0)
}
