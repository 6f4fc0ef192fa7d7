//! Sending a buffer from one chip to another, as pipeline stages and pools for prompts and decoding do.
//!
//! One step of a collective, so that its parameters serve: the faster of the low-latency protocol and the
//! bandwidth protocol, each a latency and the buffer over its share of the link (Hockney 1994).

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
    let wire = e.memory * c.bytes / d.link;
    let low = p.hop / d.clock + wire / p.latency;
    let wide = p.start / d.clock + wire / p.bandwidth;
    e.launch * p.launch / d.clock + low.min(wide)
}
