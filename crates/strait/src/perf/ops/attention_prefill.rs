//! Attention over a prompt: tiles of queries walk over the keys before them.
//!
//! A tile holds queries of one head, or of all heads that share keys (packing), whichever ends sooner.
//! Every pair of query and key costs matrix work and one exponential; the exponentials run at 16 a clock
//! and unit, so a chip with little arithmetic for its clock spends a larger share of time multiplying.

use super::device::resident;
use super::parameters::parameters;
use super::{Arithmetic, Cache, Device, Engine};

/// Exponentials a unit computes in a clock.
pub(crate) const EXPONENTIALS: f64 = 16.0;

/// Causal attention of `tokens` new tokens of each sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prefill {
    /// Sequences.
    pub batch: f64,
    /// New tokens of a sequence.
    pub tokens: f64,
    /// Tokens before them, cached.
    pub cached: f64,
    /// Query heads on this chip.
    pub heads: f64,
    /// Key and value heads on this chip.
    pub kv_heads: f64,
    /// Width of a query and key head.
    pub head_dim: f64,
    /// Width of a value head.
    pub value_dim: f64,
    /// Tokens a query looks back; infinite for the whole prompt.
    pub window: f64,
    /// Arithmetic.
    pub arithmetic: Arithmetic,
    /// Bytes of a cached element.
    pub kv_bytes: f64,
    /// Cache state.
    pub cache: Cache,
}

parameters! {
    /// Parameters of attention over a prompt.
    Fit {
        launch: "cycles", "Cost of a call beside its work", 13000.0 +- 0.2 in 100.0 to 60000.0;
        reach: "1", "Share of the matrix peak while multiplying, heads of 128", 0.95 +- 0.1 in 0.2 to 1.0;
        exposed: "1", "Share of the exponentials that multiplying does not hide", 0.5 +- 0.2 in 0.05 to 1.0;
        watts: "W/GHz3", "Power of one unit at 1 GHz with its matrix unit busy, voltage following clock", 0.4 +- 0.3 in 0.05 to 3.0;
        head: "1", "Exponent of the loss of heads other than 128", 0.2 +- 0.3 in 0.01 to 1.5;
        tile: "1", "Exponent of the loss of a tile of fewer than 128 queries", 0.2 +- 0.0 in 0.2 to 0.2;
        prologue: "cycles", "Time of a wave of tiles beside its pairs", 5500.0 +- 0.25 in 10.0 to 40000.0;
        tail: "1", "Share of the longest tile that others do not hide", 1.0 +- 0.3 in 0.01 to 2.0;
        tiles: "1", "Share of the cache's bandwidth at which tiles read keys and values", 2.0 +- 0.4 in 0.1 to 4.0;
        passes: "1", "Passes over queries, keys, values and outputs", 1.0 +- 0.2 in 0.8 to 6.0;
        memory: "1", "Share of memory bandwidth reached", 0.8 +- 0.0 in 0.8 to 0.8;
        stream: "1", "Share of the cache's bandwidth at which what it holds arrives", 0.6 +- 0.0 in 0.6 to 0.6;
    }
}

const TILES: [f64; 4] = [128.0, 64.0, 256.0, 16.0];

/// Mean and largest number of keys that a tile of `span` tokens meets, rounded up to blocks of 64.
fn keys(a: &Prefill, span: f64) -> (f64, f64) {
    let all = a.tokens + a.cached;
    let blocks = (all / 64.0).ceil() * 64.0;
    let half = 32.0 + 0.5 * span.min(a.tokens);
    let (mean, longest) = if a.window >= all {
        (a.cached + 0.5 * a.tokens + half, all)
    } else {
        // Queries that have a full window behind them, ragged at both ends, and the ramp of the first ones.
        let ramp = ((a.window - a.cached).max(0.0) / a.tokens).min(1.0);
        (
            a.window * (1.0 - ramp) + ramp * 0.5 * a.window + 2.0 * half,
            a.window + span,
        )
    };
    (mean.clamp(64.0, blocks), longest.clamp(64.0, blocks))
}

/// Seconds of a call.
#[must_use]
pub fn seconds(a: &Prefill, d: &Device, p: &Fit, e: &Engine) -> f64 {
    let peak = d.peak(a.arithmetic) / d.units * p.reach * d.sustained(p.watts);
    let off = (a.head_dim / 128.0).max(128.0 / a.head_dim).powf(p.head);
    let pair =
        e.compute * (2.0 * (a.head_dim + a.value_dim) / peak * off + p.exposed / (EXPONENTIALS * d.clock));
    let queries = 2.0 * a.batch * a.tokens * a.heads * (a.head_dim + a.value_dim);
    let seen = if a.window.is_finite() {
        a.cached.min(a.window)
    } else {
        a.cached
    };
    let stored = a.kv_bytes * a.batch * (a.tokens + seen) * a.kv_heads * (a.head_dim + a.value_dim);
    let bytes = p.passes * (queries + stored);
    let cache = d.cache_bandwidth();
    let copies = if matches!(a.cache, Cache::Cold) && a.cached > 0.0 {
        f64::INFINITY
    } else {
        1.0
    };
    let hot = resident(copies * bytes, d.cache, 1.0);
    let memory =
        e.memory * bytes * ((1.0 - hot) / (p.memory * d.memory) + hot / d.from_cache(p.stream, p.memory));
    let group = a.heads / a.kv_heads;
    let mut best = f64::INFINITY;
    for tile in TILES {
        // Tiles of 256 need a scratchpad that holds two of 128 with their keys and values in flight.
        if tile > 128.0 && d.scratch < 200e3 {
            continue;
        }
        for packed in [false, true] {
            if packed && group <= 1.0 {
                continue;
            }
            let (rows, heads, span) = if packed {
                (a.tokens * group, a.kv_heads, tile / group)
            } else {
                (a.tokens, a.heads, tile)
            };
            let (mean, longest) = keys(a, span);
            let parts = (rows / tile).ceil() * heads * a.batch;
            let load = parts / d.units;
            let loss = (128.0 / tile).max(1.0).powf(p.tile);
            let waves = load.max(1.0) * p.prologue / d.clock;
            let last = tile * longest * pair * loss;
            let work = (load * tile * mean * pair * loss + 0.5 * p.tail * last).max(last) + waves;
            if work < best {
                let read = parts * mean * (a.head_dim + a.value_dim) * a.kv_bytes;
                let tiles = read / (p.tiles * cache * load.min(1.0));
                // A tile loads, multiplies and stores in turn: a short prompt has nothing to overlap with.
                best = best.min(work + tiles + memory);
            }
        }
    }
    e.launch * p.launch / d.clock + best
}
