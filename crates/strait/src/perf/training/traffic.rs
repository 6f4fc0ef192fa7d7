//! Traffic of a training step: inside the scale-up domain by its links, beyond it through all adapters.

use super::hardware::Hardware;
use crate::perf::ops::collective::{self, Collective, Kind};
use crate::perf::ops::{Algorithm, Engine, Exchange, Fabric};

impl Hardware {
    /// Seconds of a collective of `size` bytes among `chips`, every `stride`-th.
    pub(crate) fn collective(&self, kind: Kind, size: f64, chips: f64, stride: f64) -> f64 {
        self.exchange(kind, size, chips, stride).0
    }

    /// The same with what it goes over and how.
    ///
    /// Inside a node the fitted collective of its links. Beyond, halving and doubling among nodes (its bytes are those of a
    /// ring, its hops those of a tree): the members a node has share the adapters of their own, and the slower of links and
    /// network counts, as pieces of the buffer pass both.
    pub(super) fn exchange(&self, kind: Kind, size: f64, chips: f64, stride: f64) -> (f64, Option<Exchange>) {
        if chips < 2.0 || size <= 0.0 {
            return (0.0, None);
        }
        let inside = (self.domain / stride).floor().clamp(1.0, chips);
        let among = |chips: f64| {
            let call = Collective {
                kind,
                chips,
                stride,
                bytes: size,
            };
            collective::chosen(&call, &self.device, &self.collective, &Engine::BEST)
        };
        let here = |chips: f64, algorithm| Exchange {
            topology: self.fabric(chips * stride),
            algorithm,
            between_servers: None,
        };
        if inside >= chips {
            let (seconds, algorithm) = among(chips);
            return (seconds, Some(here(chips, algorithm)));
        }
        let nodes = (chips / inside).ceil();
        let passes = kind.passes();
        let rate = self.out * self.fit.scale_out;
        let (network, between) = match kind {
            // Each chip sends to every other; what stays in the node does not pass the network.
            Kind::AllToAll => (size * (chips - inside) / chips / rate, Algorithm::Direct),
            _ => (
                passes * size * (nodes - 1.0) / nodes / (inside * rate),
                Algorithm::Halving,
            ),
        };
        // A hop between nodes costs as the start of the bandwidth protocol; trees keep hops logarithmic.
        let hops = passes * nodes.log2().ceil() * self.collective.start / self.device.clock;
        if inside < 2.0 {
            let exchange = Exchange {
                topology: Fabric::Network,
                algorithm: between,
                between_servers: None,
            };
            return (network + hops, Some(exchange));
        }
        let (local, algorithm) = among(inside);
        let exchange = Exchange {
            between_servers: Some(between),
            ..here(inside, algorithm)
        };
        (network.max(local) + hops, Some(exchange))
    }

    /// Seconds of sending bytes to the next pipeline stage, `stride` chips away.
    pub(crate) fn send(&self, size: f64, stride: f64) -> f64 {
        let rate = if stride >= self.domain {
            self.out * self.fit.scale_out
        } else if self.fabric(2.0 * stride) == self.device.fabric {
            self.device.link * self.device.fabric.pair() * self.collective.bandwidth
        } else {
            self.device.host * self.collective.bandwidth
        };
        size / rate + self.collective.launch / self.device.clock
    }

    /// What joins chips that lie on so many of a node.
    fn fabric(&self, chips: f64) -> Fabric {
        let fabric = self.device.fabric;
        if fabric.joined().is_some_and(|joined| chips > f64::from(joined)) {
            Fabric::Host
        } else {
            fabric
        }
    }
}
