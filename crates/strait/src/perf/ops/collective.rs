//! Collectives over a scale-up link: the faster of a low-latency and a bandwidth protocol.

use super::parameters::parameters;
use super::{Device, Engine};

/// What is exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Every chip ends with the sum.
    AllReduce,
    /// Every chip ends with all parts.
    AllGather,
    /// Every chip ends with its part of the sum.
    ReduceScatter,
    /// Every chip sends a part to every other.
    AllToAll,
}

impl Kind {
    /// Name in the tables of measured operators.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AllReduce => "all_reduce",
            Self::AllGather => "all_gather",
            Self::ReduceScatter => "reduce_scatter",
            Self::AllToAll => "alltoall",
        }
    }
}

/// One collective among chips that share a scale-up link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Collective {
    /// What is exchanged.
    pub kind: Kind,
    /// Chips.
    pub chips: f64,
    /// Bytes of the whole buffer.
    pub bytes: f64,
}

parameters! {
    /// Parameters of a collective.
    Fit {
        launch: "cycles", "Cost of a call beside its work", 16000.0 +- 0.5 in 1000.0 to 60000.0;
        hop: "cycles", "Latency of one step of the low-latency protocol", 1200.0 +- 0.7 in 100.0 to 10000.0;
        start: "cycles", "Latency of the bandwidth protocol, times the root of its steps", 23000.0 +- 0.7 in 300.0 to 60000.0;
        bandwidth: "1", "Share of the link that the bandwidth protocol fills", 0.75 +- 0.2 in 0.2 to 1.0;
        latency: "1", "Share of the link that the low-latency protocol fills", 0.25 +- 0.4 in 0.02 to 0.6;
        own: "1", "Time of copying a chip's own part, over that of sending it", 0.6 +- 0.5 in 0.01 to 3.0;
        switch: "1", "Gain of summing in the switch, all-reduce of eight and more", 1.1 +- 0.1 in 1.0 to 1.9;
    }
}

/// Seconds of a collective; infinite without a link.
#[must_use]
pub fn seconds(c: &Collective, d: &Device, p: &Fit, e: &Engine) -> f64 {
    let n = c.chips;
    if n < 2.0 {
        return 0.0;
    }
    let (steps, share) = match c.kind {
        Kind::AllReduce => (2.0 * (n - 1.0), 2.0 * (n - 1.0) / n),
        Kind::AllGather | Kind::ReduceScatter => (n - 1.0, (n - 1.0) / n),
        Kind::AllToAll => (1.0, (n - 1.0) / n),
    };
    let switch = if c.kind == Kind::AllReduce && n >= 8.0 {
        p.switch
    } else {
        1.0
    };
    let sent = e.memory * c.bytes * share / d.link;
    let low = p.hop / d.clock * steps + sent / p.latency;
    let wide =
        p.start / d.clock * steps.sqrt() + sent / (p.bandwidth * switch) + c.bytes / n * p.own / d.link;
    e.launch * p.launch / d.clock + low.min(wide)
}
