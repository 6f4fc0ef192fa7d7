//! Attention of one new token a sequence over its cache: the cache streams through once.
//!
//! Sequences and key heads are spread over the units; a long cache over few of them is split, and the
//! parts joined. Query heads that share keys ride along, padded to 16 rows of the matrix unit.

use super::attention_prefill::EXPONENTIALS;
use super::device::{PORT_BYTES, overlap, resident};
use super::parameters::parameters;
use super::{Arithmetic, Cache, Device, Engine};

/// One decoding step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decode {
    /// Sequences.
    pub batch: f64,
    /// Tokens in the cache, the new one included.
    pub context: f64,
    /// Query heads on this chip.
    pub heads: f64,
    /// Key and value heads on this chip.
    pub kv_heads: f64,
    /// Width of a head.
    pub head_dim: f64,
    /// Tokens a query looks back; infinite for all.
    pub window: f64,
    /// Bytes of a cached element.
    pub kv_bytes: f64,
    /// Cache state.
    pub cache: Cache,
}

impl Decode {
    /// Bytes of keys and values that the step reads.
    #[must_use]
    pub fn kv(&self) -> f64 {
        2.0 * self.batch * self.kv_heads * self.context.min(self.window) * self.head_dim * self.kv_bytes
    }
}

parameters! {
    /// Parameters of a decoding step.
    Fit {
        launch: "cycles", "Cost of a call beside its work", 15000.0 +- 0.5 in 2000.0 to 60000.0;
        memory: "1", "Share of memory bandwidth reached", 0.85 +- 0.1 in 0.3 to 1.0;
        stream: "1", "Share of the cache's bandwidth at which keys and values found in it arrive", 0.6 +- 0.3 in 0.05 to 1.0;
        reuse: "1", "Share of the cache that the working set may fill", 1.0 +- 0.3 in 0.1 to 2.0;
        part: "cycles", "Cost of one part (a head of a sequence, or a split of it)", 3500.0 +- 0.5 in 10.0 to 20000.0;
        reach: "1", "Share of the matrix peak with padded rows where operands come no faster than they are multiplied", 0.5 +- 0.3 in 0.01 to 1.0;
        join: "cycles", "Cost of joining split parts", 4000.0 +- 0.3 in 10.0 to 40000.0;
        idle: "1", "Exponent of the loss of bandwidth with idle units", 0.3 +- 0.5 in 0.01 to 1.0;
    }
}

/// What a split decode reads and multiplies, for attention with heads of its own and for latent attention.
pub(crate) struct Stream {
    /// Independent caches: sequences times key heads.
    pub(crate) caches: f64,
    /// Keys of one.
    pub(crate) keys: f64,
    /// Bytes of a key and its value.
    pub(crate) key_bytes: f64,
    /// FLOP of a key for one query row.
    pub(crate) key_flop: f64,
    /// Query rows of one cache.
    pub(crate) rows: f64,
    /// Bytes of queries and outputs.
    pub(crate) query_bytes: f64,
    /// Bytes of one unjoined output of all rows.
    pub(crate) partial_bytes: f64,
    /// Arithmetic.
    pub(crate) arithmetic: Arithmetic,
    /// Whether the cache may hold it.
    pub(crate) cache: Cache,
}

/// Seconds of a stream over the cache.
pub(crate) fn streamed(s: &Stream, d: &Device, p: &Fit, e: &Engine) -> f64 {
    let bytes = s.caches * s.keys * s.key_bytes + s.query_bytes;
    let cache = d.cache_bandwidth();
    let hot = resident(s.cache.copies() * bytes, d.cache, p.reuse);
    let from_memory = p.memory * d.memory;
    let from_cache = d.from_cache(p.stream, p.memory);
    let stream = e.memory * bytes * ((1.0 - hot) / from_memory + hot / from_cache);
    let padded = (s.rows / 16.0).ceil() * 16.0;
    let reach = p.reach.powf(d.starved(s.arithmetic));
    let flop = s.key_flop * padded / (d.peak(s.arithmetic) / d.units * reach);
    let computed = e.compute * (flop + s.rows / (EXPONENTIALS * d.clock));
    // Keys arrive while earlier ones are multiplied.
    let key = overlap(computed, s.key_bytes / (PORT_BYTES * d.clock), 0.0);
    let mut best = f64::INFINITY;
    let mut split = 1.0;
    loop {
        let parts = s.caches * split;
        let load = parts / d.units;
        let keys = (s.keys / split / 64.0).ceil() * 64.0;
        let work = load.max(1.0) * keys * key + load * p.part / d.clock;
        let busy = load.min(1.0);
        let stream = if busy < 1.0 {
            stream * busy.powf(-p.idle)
        } else {
            stream
        };
        let join = if split > 1.0 {
            p.join / d.clock + split * s.partial_bytes / (0.5 * cache)
        } else {
            0.0
        };
        best = best.min(overlap(work, stream, 0.0) + join);
        split *= 2.0;
        if split > 64.0 || s.keys / split < 64.0 || parts > 2.0 * d.units {
            break;
        }
    }
    e.launch * p.launch / d.clock + best
}

/// Seconds of a step.
#[must_use]
pub fn seconds(a: &Decode, d: &Device, p: &Fit, e: &Engine) -> f64 {
    let outputs = a.batch * a.heads * a.head_dim;
    let stream = Stream {
        caches: a.batch * a.kv_heads,
        keys: a.context.min(a.window),
        key_bytes: 2.0 * a.head_dim * a.kv_bytes,
        key_flop: 4.0 * a.head_dim,
        rows: a.heads / a.kv_heads,
        query_bytes: 4.0 * outputs,
        partial_bytes: 8.0 * outputs,
        arithmetic: Arithmetic::Bits16,
        cache: a.cache,
    };
    streamed(&stream, d, p, e)
}
