//! What no call can beat.

use strait::perf::ops::{Cache, Call, Device};

/// The least time physics allows: arithmetic at the peak, and what must cross the wires at their peak. A warm
/// operand may come from the cache; the part of a cold one that memory alone holds may not.
pub(crate) fn roofline(call: &Call, d: &Device) -> f64 {
    let near = d.cache_bandwidth().max(d.memory);
    let from = |cache: &Cache| if *cache == Cache::Cold { d.memory } else { near };
    match call {
        Call::Gemm(c) => {
            let flop = 2.0 * c.m * c.n * c.k / d.peak(c.precision.arithmetic);
            flop.max(c.n * c.k * c.precision.weight / from(&c.cache))
        }
        Call::AttentionPrefill(c) => {
            // Keys a query may see, itself included.
            let short = c.window.min(c.tokens);
            let pairs = short * (short + 1.0) / 2.0 + (c.tokens - short) * short;
            let flop = 4.0 * c.batch * c.heads * c.head_dim * pairs / d.peak(c.arithmetic);
            flop.max(4.0 * c.batch * c.tokens * c.heads * c.head_dim / near)
        }
        Call::AttentionDecode(c) => {
            let flop = 4.0 * c.batch * c.heads * c.head_dim * c.context / d.peak16;
            flop.max(c.kv() / from(&c.cache))
        }
        Call::MlaPrefill(c) => {
            let pairs = c.tokens * (c.tokens + 1.0) / 2.0;
            2.0 * c.batch * c.heads * (c.query_dim + c.value_dim) * pairs / d.peak16
        }
        Call::MlaDecode(c) => {
            let flop = 2.0 * c.batch * c.heads * (c.latent_dim + c.value_dim) * c.context / d.peak16;
            flop.max(c.batch * c.context * c.latent_dim * c.kv_bytes / from(&c.cache))
        }
        Call::GroupedGemm(c) => {
            // At least the balanced share of the choices is done here.
            let choices = c.tokens * c.chosen / c.expert_ranks;
            2.0 * choices * c.matrices * c.hidden * c.inner / c.tensor / d.peak(c.precision.arithmetic)
        }
        Call::Collective(c) => c.bytes * (c.chips - 1.0) / c.chips / d.link,
        Call::CustomAllReduce(c) => c.bytes * (c.chips - 1.0) / c.chips / d.link,
    }
}
