//! Operators that compute little: how many bytes each moves, and so how long it takes.
//!
//! Bytes are those that a fused kernel cannot avoid: every operand read once and every result written once,
//! unless said otherwise. Widths are in elements, `bytes` is the size of one.

use super::Device;
use super::elementwise::{self, Elementwise};

/// What one operator moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pointwise {
    /// Bytes that were just written or will be read at once: found in the cache where they fit.
    pub warm: f64,
    /// Bytes that lie in memory: rows of a table, weights, caches.
    pub cold: f64,
    /// Kernels it takes.
    pub kernels: f64,
}

impl Pointwise {
    fn new(warm: f64, cold: f64) -> Self {
        Self {
            warm,
            cold,
            kernels: 1.0,
        }
    }

    /// RMS or layer norm of rows: read, write, and the gains once (Zhang and Sennrich 2019; Ba et al. 2016).
    #[must_use]
    pub fn norm(rows: f64, width: f64, bytes: f64) -> Self {
        Self::new(2.0 * rows * width * bytes, width * bytes)
    }

    /// The same fused with the residual sum before it: reads both, writes both.
    #[must_use]
    pub fn residual_norm(rows: f64, width: f64, bytes: f64) -> Self {
        Self::new(4.0 * rows * width * bytes, width * bytes)
    }

    /// Residual sum: two reads, one write.
    #[must_use]
    pub fn add(rows: f64, width: f64, bytes: f64) -> Self {
        Self::new(3.0 * rows * width * bytes, 0.0)
    }

    /// Activation function: one read, one write.
    #[must_use]
    pub fn activation(rows: f64, width: f64, bytes: f64) -> Self {
        Self::new(2.0 * rows * width * bytes, 0.0)
    }

    /// Gated activation (Shazeer 2020): reads gate and value, writes their product, `width` of it.
    #[must_use]
    pub fn gated_activation(rows: f64, width: f64, bytes: f64) -> Self {
        Self::new(3.0 * rows * width * bytes, 0.0)
    }

    /// Rotary positions on queries and keys (Su et al. 2021), in place; `width` of both.
    #[must_use]
    pub fn rotary(rows: f64, width: f64, bytes: f64) -> Self {
        Self::new(2.0 * rows * width * bytes, 0.0)
    }

    /// Rows of an embedding table gathered from memory and written out.
    #[must_use]
    pub fn embedding(rows: f64, width: f64, bytes: f64) -> Self {
        Self::new(rows * width * bytes, rows * width * bytes)
    }

    /// Softmax of rows: two reads and a write (online softmax, Milakov and Gimelshein 2018).
    #[must_use]
    pub fn softmax(rows: f64, width: f64, bytes: f64) -> Self {
        Self::new(3.0 * rows * width * bytes, 0.0)
    }

    /// Writing new keys and values into the cache.
    #[must_use]
    pub fn cache_write(rows: f64, width: f64, bytes: f64, cached_bytes: f64) -> Self {
        Self::new(rows * width * bytes, rows * width * cached_bytes)
    }

    /// A token drawn from the likeliest of each row: softmax, and a search for the threshold by rejection, which
    /// reads the probabilities about twice (FlashInfer, Ye et al. 2025; the number of rounds is an assumption).
    #[must_use]
    pub fn sampling(rows: f64, vocabulary: f64) -> Self {
        Self {
            kernels: 2.0,
            ..Self::new(5.0 * 4.0 * rows * vocabulary, 0.0)
        }
    }
}

/// Seconds of an operator.
#[must_use]
pub fn seconds(x: &Pointwise, d: &Device) -> f64 {
    let one = Elementwise { bytes: 0.0 };
    let launch = elementwise::seconds(&one, d);
    let warm = elementwise::seconds(&Elementwise { bytes: x.warm }, d);
    warm + x.cold / (elementwise::SHARE * d.memory) + (x.kernels - 1.0) * launch
}
