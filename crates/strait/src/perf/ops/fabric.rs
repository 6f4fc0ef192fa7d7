//! What carries traffic between the chips of a group: a scale-up tier, hosts, or the network.

use super::torus::Slice;
use crate::catalog::Topology;
use serde::{Serialize, Serializer};
use std::fmt;

/// What joins chips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fabric {
    /// Links of the chips' own.
    Links(Topology),
    /// Host links of a server, whose switches reach every chip of it.
    Host,
    /// Network adapters and the switches between servers.
    Network,
}

/// What is taken where a chip's file does not say how its links join chips: as measured, on switches.
pub(crate) const ASSUMED: Fabric = Fabric::Links(Topology::Switch { sums: false });

impl Fabric {
    /// Chips it joins at most; none where that is the whole domain.
    #[must_use]
    pub fn joined(&self) -> Option<u32> {
        match self {
            Self::Links(topology) => topology.joined(),
            Self::Host | Self::Network => None,
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
            Self::Links(Topology::Switch { .. }) | Self::Host | Self::Network => 1.0,
        }
    }

    /// Times that a chip waits for the others in one pass over a buffer of a small group.
    #[must_use]
    pub(crate) fn waits(&self, chips: f64) -> f64 {
        match self {
            Self::Links(Topology::Torus(torus)) => Slice::of(torus, chips, 1.0).active(),
            Self::Links(_) | Self::Host | Self::Network => 1.0,
        }
    }

    /// Share of a chip's aggregate rate between two neighbours.
    #[must_use]
    pub fn pair(&self) -> f64 {
        match self {
            Self::Links(Topology::Mesh(_)) => self.share(2.0, 1.0),
            Self::Links(Topology::Torus(torus)) => 0.5 / f64::from(torus.axes),
            Self::Links(Topology::Switch { .. }) | Self::Host | Self::Network => 1.0,
        }
    }
}

impl fmt::Display for Fabric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Links(topology) => topology.fmt(f),
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
