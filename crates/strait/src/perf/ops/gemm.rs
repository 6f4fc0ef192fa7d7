//! Matrix product: the fastest of a set of tiles and splits of the inner dimension.
//!
//! A kernel computes tiles of the output, one on a unit at a time. Work comes in waves; a tile needs
//! arithmetic, operands from the cache, and weights and activations from memory. A narrow product is
//! split along its inner dimension so that all units work, at the cost of joining the parts.

use super::device::{overlap, resident};
use super::parameters::parameters;
use super::{Cache, Device, Engine, Precision};

/// C (m x n) = A (m x k) B (k x n), B being the weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gemm {
    /// Rows: tokens.
    pub m: f64,
    /// Columns: outputs.
    pub n: f64,
    /// Inner dimension.
    pub k: f64,
    /// Precision.
    pub precision: Precision,
    /// Cache state.
    pub cache: Cache,
}

parameters! {
    /// Parameters of a matrix product.
    Fit {
        launch: "cycles", "Cost of a call beside its work", 4000.0 +- 0.7 in 100.0 to 40000.0;
        reach: "1", "Share of the matrix peak that a large tile reaches", 0.85 +- 0.3 in 0.2 to 1.0;
        watts: "W/GHz3", "Power of one unit at 1 GHz with its matrix unit busy, voltage following clock", 0.4 +- 0.6 in 0.05 to 3.0;
        small_tile: "1", "Exponent of the loss of a tile below 128 x 128", 0.3 +- 0.6 in 0.01 to 1.0;
        step: "cycles", "Least time of 64 steps of the inner dimension", 50.0 +- 1.0 in 1.0 to 1000.0;
        prologue: "us", "Time of a tile beside its arithmetic", 0.4 +- 0.7 in 0.01 to 5.0;
        waves: "1", "How strongly whole waves count: 0 work spreads evenly, 1 a started wave is paid in full", 0.25 +- 0.7 in 0.01 to 1.0;
        join: "us", "Cost of joining the parts of a split product", 2.4 +- 0.4 in 0.05 to 8.0;
        tiles: "1", "Share of the cache's bandwidth that tiles read", 1.5 +- 0.4 in 0.2 to 2.0;
        stream: "1", "Share of the cache's bandwidth at which operands found in it arrive", 0.4 +- 0.4 in 0.1 to 1.0;
        reuse: "1", "Share of the cache that a working set may fill", 1.0 +- 0.2 in 0.2 to 2.0;
        memory: "1", "Share of memory bandwidth reached", 0.8 +- 0.15 in 0.4 to 1.0;
        idle: "1", "Exponent of the loss of memory bandwidth with idle units", 0.2 +- 0.7 in 0.01 to 1.0;
        quantise: "1", "Passes over the activations to quantise them, where they are narrower than 16 bits", 1.0 +- 0.7 in 0.05 to 8.0;
    }
}

/// Tiles in the order tried: the large ones first, which win most often.
const TILES: [(f64, f64); 10] = [
    (256.0, 256.0),
    (256.0, 128.0),
    (128.0, 256.0),
    (128.0, 128.0),
    (128.0, 64.0),
    (64.0, 128.0),
    (64.0, 64.0),
    (32.0, 64.0),
    (16.0, 64.0),
    (64.0, 32.0),
];

/// Whether three stages of operands of a tile fit the scratchpad. The largest tile is shared by two units
/// and needs matrix units that take their operands from the scratchpad (beyond 6,000 FLOP a clock).
fn fits(tile: (f64, f64), d: &Device) -> bool {
    let stages = (tile.0 + tile.1) * 64.0 * 2.0 * 3.0;
    let paired = tile.0 + tile.1 > 500.0 && d.peak16 / (d.units * d.clock) > 6000.0;
    stages <= d.scratch || paired
}

/// Seconds of a product.
#[must_use]
pub fn seconds(g: &Gemm, d: &Device, p: &Fit, e: &Engine) -> f64 {
    let (wide, narrow) = (g.precision.activation.max(2.0), g.precision.activation);
    let (a, w, c) = (
        g.m * g.k * narrow,
        g.n * g.k * g.precision.weight,
        g.m * g.n * wide,
    );
    let copies = g.cache.copies();
    let weights_in = resident(copies * w + a + c, d.cache, p.reuse);
    // Activations were just written by the operator before, also in serving.
    let rest_in = resident(w + a + c, d.cache, p.reuse);
    let cache = d.cache_bandwidth();
    let (from_memory, from_cache) = (p.memory * d.memory, d.from_cache(p.stream, p.memory));
    let unpacked = g.n * g.k * (d.weight_traffic(&g.precision) - g.precision.weight);
    let memory = e.memory
        * (((1.0 - weights_in) * w + unpacked + (1.0 - rest_in) * (a + c)) / from_memory
            + (weights_in * w + rest_in * (a + c)) / from_cache);
    let flop = d.peak(g.precision.arithmetic) * p.reach * d.sustained(p.watts) / d.units / e.compute;
    let step = p.step / d.clock;
    let small_tile = p.small_tile * d.starved(g.precision.arithmetic);
    let mut best = f64::INFINITY;
    for tile in TILES {
        let (tm, tn) = tile;
        if !fits(tile, d) {
            continue;
        }
        let cells = (g.m / tm).ceil() * (g.n / tn).ceil();
        let small = 128.0 * 128.0 / (tm * tn);
        let loss = if small > 1.0 { small.powf(small_tile) } else { 1.0 };
        let block = (128.0 * tm * tn / flop * loss).hypot(step);
        let mut split = 1.0;
        loop {
            let parts = cells * split;
            let load = parts / d.units;
            let even = load.max(1.0);
            let waves = even + p.waves * (load.ceil() - even);
            let blocks = (g.k / split / 64.0).ceil();
            let work = waves * (blocks * block + p.prologue * 1e-6);
            if work < best && memory < best {
                let busy = load.min(1.0);
                let joined = if split > 1.0 { 8.0 * split * g.m * g.n } else { 0.0 };
                let row = tm.min(g.m) * narrow + tn.min(g.n) * g.precision.weight;
                let read = parts * row * blocks * 64.0 + joined;
                let tiles = read / (p.tiles * cache * busy);
                let memory = if busy < 1.0 {
                    memory * busy.powf(-p.idle)
                } else {
                    memory
                };
                let join = if split > 1.0 { p.join * 1e-6 } else { 0.0 };
                best = best.min(overlap(work, tiles, memory) + join);
            }
            split *= 2.0;
            if split > 16.0 || g.k / split < 128.0 || parts > d.units {
                break;
            }
        }
    }
    let narrowing = if g.precision.activation < wide {
        p.quantise * g.m * g.k * (wide + narrow) / (rest_in * from_cache + (1.0 - rest_in) * from_memory)
    } else {
        0.0
    };
    e.launch * p.launch / d.clock + best + narrowing
}
