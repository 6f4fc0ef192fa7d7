//! What carries traffic between the chips of a group: a scale-up tier, hosts, or the network.

use super::torus::Slice;
use crate::catalog::{Mesh, Topology, Torus};
use serde::{Serialize, Serializer};
use std::fmt;

/// What joins chips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fabric {
    /// Links of the chips' own.
    Links(Topology),
    /// Links of their own whose topology nobody states, in a domain of so many chips: every exchange as slow as on the
    /// slowest of what it may be.
    Unstated(u32),
    /// Host links of a server, whose switches reach every chip of it.
    Host,
    /// Network adapters and the switches between servers.
    Network,
}

/// What is taken where a chip's file does not say how its links join chips: as measured, on switches.
pub(crate) const ASSUMED: Fabric = Fabric::Links(Topology::Switch { sums: false });

/// Chips of the largest domain that is taken to be possibly one full mesh or one ring: no chip of the catalog has a larger one.
const JOINED: u32 = 8;

impl Fabric {
    /// Topologies it may be, where that is not stated: up to eight chips a switch, a full mesh or a ring of all; of more a switch
    /// or a torus. A mesh has the least for small groups, whose members leave most links idle; a ring or torus the least for
    /// an exchange of all with all, which the cut binds; and the ring's steps are the most. Empty where it is stated.
    pub(crate) fn possible(&self) -> &[Topology] {
        const SWITCH: Topology = Topology::Switch { sums: false };
        const fn ring(chips: u16) -> Topology {
            Topology::Torus(Torus {
                axes: 1,
                extents: [chips, 1, 1],
                cube: None,
            })
        }
        const fn mesh(chips: u16) -> Topology {
            Topology::Mesh(Mesh { chips, ports: [1, 1] })
        }
        const SMALL: [[Topology; 3]; 7] = [
            [SWITCH, mesh(2), ring(2)],
            [SWITCH, mesh(3), ring(3)],
            [SWITCH, mesh(4), ring(4)],
            [SWITCH, mesh(5), ring(5)],
            [SWITCH, mesh(6), ring(6)],
            [SWITCH, mesh(7), ring(7)],
            [SWITCH, mesh(8), ring(8)],
        ];
        const LARGE: [Topology; 2] = [
            SWITCH,
            Topology::Torus(Torus {
                axes: 3,
                extents: [u16::MAX; 3],
                cube: Some(4),
            }),
        ];
        match self {
            Self::Unstated(chips @ 2..=JOINED) => &SMALL[*chips as usize - 2],
            Self::Unstated(_) => &LARGE,
            Self::Links(_) | Self::Host | Self::Network => &[],
        }
    }

    /// Chips it joins at most; none where that is the whole domain.
    #[must_use]
    pub fn joined(&self) -> Option<u32> {
        match self {
            Self::Links(topology) => topology.joined(),
            Self::Unstated(_) | Self::Host | Self::Network => None,
        }
    }

    /// Share of a chip's aggregate rate that a group of `chips`, each every `stride`-th, can use for sums, gathers and
    /// scatters.
    ///
    /// On a full mesh of N chips a group of n has n - 1 links a chip of N - 1, by rings without a common link (Tillson
    /// 1980) or by direct exchange alike. A torus has times of its own, of which this is the best.
    #[must_use]
    pub fn share(&self, chips: f64, stride: f64) -> f64 {
        match self {
            Self::Links(Topology::Mesh(mesh)) => {
                let [used, all] = mesh.ports.map(f64::from);
                let others = f64::from(mesh.chips) - 1.0;
                used / all * ((chips - 1.0) / others).min(1.0)
            }
            Self::Links(Topology::Torus(torus)) => {
                let slice = Slice::of(torus, chips, stride);
                (chips - 1.0) / chips / slice.gather().seconds
            }
            Self::Unstated(_) => self.least(|of| of.share(chips, stride)),
            Self::Links(Topology::Switch { .. }) | Self::Host | Self::Network => 1.0,
        }
    }

    /// Times that a chip waits for the others in one pass over a buffer of a small group.
    #[must_use]
    pub(crate) fn waits(&self, chips: f64) -> f64 {
        match self {
            Self::Links(Topology::Torus(torus)) => Slice::of(torus, chips, 1.0).active(),
            Self::Unstated(_) => -self.least(|of| -of.waits(chips)),
            Self::Links(_) | Self::Host | Self::Network => 1.0,
        }
    }

    /// Share of a chip's aggregate rate between two neighbours.
    #[must_use]
    pub fn pair(&self) -> f64 {
        match self {
            Self::Links(Topology::Mesh(_)) => self.share(2.0, 1.0),
            Self::Links(Topology::Torus(torus)) => 0.5 / f64::from(torus.axes),
            Self::Unstated(_) => self.least(Self::pair),
            Self::Links(Topology::Switch { .. }) | Self::Host | Self::Network => 1.0,
        }
    }

    /// The least over the topologies it may be.
    fn least(&self, of: impl Fn(&Self) -> f64) -> f64 {
        let each = self.possible().iter().map(|t| of(&Self::Links(*t)));
        each.fold(f64::INFINITY, f64::min)
    }
}

impl fmt::Display for Fabric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Links(topology) => topology.fmt(f),
            Self::Unstated(_) => f.write_str("topology not stated"),
            Self::Host => f.write_str("host links"),
            Self::Network => f.write_str("network"),
        }
    }
}

impl Serialize for Fabric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
