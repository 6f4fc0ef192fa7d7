//! Collectives among chips: by each algorithm that their links allow, the faster of a low-latency and a bandwidth protocol.
//!
//! A step costs a latency, a byte the inverse of a rate (Hockney 1994). What is sent and in how many steps follows from the
//! algorithm: of n chips and a buffer of B bytes (Thakur, Rabenseifner and Gropp 2005; Patarasu and Yuan 2009):
//!
//! | algorithm | gather, scatter | sum |
//! |---|---|---|
//! | ring | n - 1 steps, B (n - 1)/n bytes a chip | twice both |
//! | halving and doubling | log2 n steps, the same bytes | twice both |
//! | axes of a torus | the steps of its axes (`ops/torus.rs`) | twice both |
//!
//! The least an exchange of all with all sends is B (n - 1)/n, directly. A full mesh has a link to each member of a group
//! and no other use for the rest ([`Fabric::share`]). Between servers NCCL's double binary trees and its parallel
//! aggregated trees take steps by the logarithm, as halving and doubling does; inside one they are chains (NCCL 2.4, 2.23,
//! `src/graph/tuning.cc`): up to the eight chips measured a switch has the steps of a ring.

use super::algorithm::Algorithm;
use super::fabric::Fabric;
use super::parameters::parameters;
use super::torus::Slice;
use super::{Device, Engine};
use crate::catalog::{Topology, Torus};

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

    /// Passes over the buffer: a sum is scattered and gathered.
    pub(crate) fn passes(self) -> f64 {
        match self {
            Self::AllReduce => 2.0,
            Self::AllGather | Self::ReduceScatter | Self::AllToAll => 1.0,
        }
    }
}

/// One collective among chips.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Collective {
    /// What is exchanged.
    pub kind: Kind,
    /// Chips.
    pub chips: f64,
    /// Chips from one member to the next.
    pub stride: f64,
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

/// Chips up to which a switch was measured: those of one server.
const SERVER: f64 = 8.0;

/// One way to do a collective.
#[derive(Debug, Clone, Copy)]
struct Way {
    algorithm: Algorithm,
    steps: f64,
    /// Seconds of what a chip sends at the whole rate that its links have for the group.
    wire: f64,
    /// Gain of the bandwidth protocol.
    gain: f64,
}

/// Seconds of a collective; infinite without a link.
#[must_use]
pub fn seconds(c: &Collective, d: &Device, p: &Fit, e: &Engine) -> f64 {
    chosen(c, d, p, e).0
}

/// Seconds and the algorithm they are by. A group larger than what its chips' links join goes over the host links: all
/// of it, or first inside what is joined and then between, whichever is faster.
#[must_use]
pub fn chosen(c: &Collective, d: &Device, p: &Fit, e: &Engine) -> (f64, Algorithm) {
    if c.chips < 2.0 {
        return (0.0, Algorithm::Ring);
    }
    let launch = e.launch * p.launch / d.clock;
    let joined = d.fabric.joined().map_or(f64::INFINITY, |joined| {
        (f64::from(joined) / c.stride).floor().max(1.0)
    });
    if c.chips <= joined {
        let (work, algorithm) = within(c, d, p, e);
        return (launch + work, algorithm);
    }
    let host = d.over(Fabric::Host, d.host);
    let (flat, algorithm) = within(c, &host, p, e);
    let mut best = (launch + flat, algorithm);
    if joined > 1.0 {
        let inside = within(&Collective { chips: joined, ..*c }, d, p, e).0;
        let both = 2.0 * launch + inside + within(&c.between(joined), &host, p, e).0;
        if both < best.0 {
            best = (both, Algorithm::InsideFirst);
        }
    }
    best
}

impl Collective {
    /// What is left to exchange between groups of `joined` members, each of which has exchanged inside.
    pub(crate) fn between(&self, joined: f64) -> Self {
        // A chip sends what its group does not hold; of a sum, its share of the buffer.
        let share = match self.kind {
            Kind::AllToAll => 1.0,
            Kind::AllReduce | Kind::AllGather | Kind::ReduceScatter => joined,
        };
        Self {
            // A group that is not full is one more to reach.
            chips: (self.chips / joined).ceil(),
            stride: self.stride * joined,
            bytes: self.bytes / share,
            ..*self
        }
    }
}

/// Seconds beside the launch of a call, on links that join all.
fn within(c: &Collective, d: &Device, p: &Fit, e: &Engine) -> (f64, Algorithm) {
    if c.chips < 2.0 {
        return (0.0, Algorithm::Ring);
    }
    let possible = d.fabric.possible();
    if !possible.is_empty() {
        let each = possible
            .iter()
            .map(|t| within(c, &d.over(Fabric::Links(*t), d.link), p, e));
        return each.fold((0.0, Algorithm::Ring), |slowest, next| {
            if next.0 > slowest.0 { next } else { slowest }
        });
    }
    let way = match d.fabric {
        Fabric::Links(Topology::Torus(torus)) => on_torus(c, d, e, &torus),
        fabric => straight(c, d, p, e, fabric),
    };
    let low = p.hop / d.clock * way.steps + way.wire / p.latency;
    let own = c.bytes / c.chips * p.own / d.link;
    let wide = p.start / d.clock * way.steps.sqrt() + way.wire / (p.bandwidth * way.gain) + own;
    (low.min(wide), way.algorithm)
}

/// Along the axes of a torus.
fn on_torus(c: &Collective, d: &Device, e: &Engine, torus: &Torus) -> Way {
    let slice = Slice::of(torus, c.chips, c.stride);
    let (wire, algorithm) = if c.kind == Kind::AllToAll {
        (slice.exchange(), Algorithm::Direct)
    } else {
        let wire = slice.gather();
        let algorithm = match (slice.active() > 1.0, wire.together) {
            (true, true) => Algorithm::AllAxes,
            (true, false) => Algorithm::AxisByAxis,
            (false, _) => Algorithm::Ring,
        };
        (wire, algorithm)
    };
    let passes = c.kind.passes();
    Way {
        algorithm,
        steps: passes * wire.steps,
        wire: passes * wire.seconds * e.memory * c.bytes / d.link,
        gain: 1.0,
    }
}

/// Where any member reaches any other without passing a third.
fn straight(c: &Collective, d: &Device, p: &Fit, e: &Engine, fabric: Fabric) -> Way {
    let (n, passes) = (c.chips, c.kind.passes());
    let sent = e.memory * c.bytes * (passes * (n - 1.0) / n) / d.link;
    let ring = passes * (n - 1.0);
    let halving = passes * (SERVER - 1.0 + (n / SERVER).log2().ceil());
    let (algorithm, steps) = match (fabric, c.kind) {
        (_, Kind::AllToAll) => (Algorithm::Direct, 1.0),
        (Fabric::Links(Topology::Mesh(_)), _) => (Algorithm::Rings, ring),
        // A server is one member: trees from the first on.
        (Fabric::Network, _) if n > 2.0 => (Algorithm::Halving, passes * n.log2().ceil()),
        _ if n > SERVER => (Algorithm::Halving, halving),
        _ => (Algorithm::Ring, ring),
    };
    let (algorithm, gain) = match (fabric, c.kind) {
        // Fitted on switches that sum and on one that does not.
        (Fabric::Links(Topology::Switch { sums: true }), Kind::AllReduce) if n >= SERVER => {
            (Algorithm::SwitchSums, p.switch)
        }
        (Fabric::Links(Topology::Switch { .. }), Kind::AllReduce) if n >= SERVER => (algorithm, p.switch),
        _ => (algorithm, 1.0),
    };
    Way {
        algorithm,
        steps,
        wire: sent / fabric.share(n, c.stride),
        gain,
    }
}
