//! Sending a buffer from one chip to another, as pipeline stages and pools for prompts and decoding do.
//!
//! One step of a collective, whose parameters serve: an overhead, a latency, and the buffer over the share of
//! the link that a stream fills (LogGP: Alexandrov et al. 1995). No other chip is waited for, so that the
//! synchronisation of the bandwidth protocol does not count. On a full mesh or a torus the two have one link of theirs.

use super::collective::Fit;
use super::{Device, Engine};

/// One send and its receive between chips that share a scale-up link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointToPoint {
    /// Bytes sent.
    pub bytes: f64,
}

/// Seconds until the receiver has it; infinite without a link.
#[must_use]
pub fn seconds(c: &PointToPoint, d: &Device, p: &Fit, e: &Engine) -> f64 {
    let wire = e.memory * c.bytes / (d.link * d.fabric.pair());
    (e.launch * p.launch + p.hop) / d.clock + wire / p.bandwidth
}
