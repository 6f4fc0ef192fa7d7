//! Norms, activations, residual sums, embeddings, quantising: as fast as their bytes move.
//!
//! No table of these is among the measured operators, so their two figures are assumptions; published A100
//! kernels that load whole vectors agree with them, older ones are slower (`docs/accuracy.md`).

use super::Device;
use super::device::resident;

/// An operator that reads and writes and computes nothing to speak of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elementwise {
    /// Bytes read and written.
    pub bytes: f64,
}

/// Cycles of a launch inside a graph; the fit of other operators' smallest calls.
pub(crate) const LAUNCH: f64 = 4000.0;
/// Share of a bandwidth that plain kernels reach.
pub(crate) const SHARE: f64 = 0.8;

/// Seconds of an operator; its operands were just written, so that small ones are found in the cache.
#[must_use]
pub fn seconds(x: &Elementwise, d: &Device) -> f64 {
    let hot = resident(x.bytes, d.cache, 1.0);
    let moved = x.bytes / SHARE * ((1.0 - hot) / d.memory + hot / d.cache_bandwidth());
    LAUNCH / d.clock + moved
}
