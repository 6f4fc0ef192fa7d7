//! Collectives of a step: inside the scale-up domain by its links, beyond it first inside, then among domains over the
//! network.

use super::{Item, Role, StepModel, Work};
use crate::perf::ops::collective::{self, Collective, Kind};
use crate::perf::ops::custom_all_reduce::{self, CustomAllReduce};
use crate::perf::ops::{Algorithm, Call, Exchange, Fabric, Family};

impl StepModel<'_> {
    /// What an item that exchanges goes over and how; none of others.
    pub(super) fn exchange(&self, item: &Item) -> Option<Exchange> {
        match &item.work {
            Work::Call(Call::CustomAllReduce(c)) => Some(self.all_reduce(c).2),
            Work::Call(Call::Collective(c)) => Some(self.collective(c).2),
            _ => None,
        }
    }

    /// Work and launch cost of an all-reduce, by an engine's own kernel or as a collective, whichever is faster.
    pub(super) fn all_reduce(&self, c: &CustomAllReduce) -> (f64, f64, Exchange) {
        let ring = self.collective(&Collective {
            kind: Kind::AllReduce,
            chips: c.chips,
            stride: 1.0,
            bytes: c.bytes,
        });
        // The engines' own kernels serve the chips of one node.
        let one_node = c.chips <= f64::from(self.system.domain.min(8));
        let Some(f) = self.fitted(Role::CustomAllReduce).filter(|_| one_node) else {
            return ring;
        };
        let Family::CustomAllReduce(p) = &f.family else {
            return ring;
        };
        let (own, algorithm) = custom_all_reduce::chosen(c, self.device(), p, &f.engine);
        if own + f.launch < ring.0 + ring.1 {
            (own, f.launch, self.here(c.chips, algorithm))
        } else {
            ring
        }
    }

    /// Work and launch cost of a collective.
    pub(super) fn collective(&self, c: &Collective) -> (f64, f64, Exchange) {
        let nothing = (f64::INFINITY, 0.0, self.here(c.chips, Algorithm::Ring));
        let Some(f) = self.fitted(Role::Collective) else {
            return nothing;
        };
        let Family::Collective(p) = &f.family else {
            return nothing;
        };
        let device = self.device();
        // Members of a domain.
        let inside = (f64::from(self.system.domain) / c.stride).floor().max(1.0);
        if c.chips <= inside {
            let (work, algorithm) = collective::chosen(c, device, p, &f.engine);
            return (work, f.launch, self.here(c.chips * c.stride, algorithm));
        }
        let network = device.over(Fabric::Network, self.system.out);
        let (among, between) = collective::chosen(&c.between(inside), &network, p, &f.engine);
        if inside < 2.0 {
            let exchange = Exchange {
                topology: Fabric::Network,
                algorithm: between,
                between_servers: None,
            };
            return (among, f.launch, exchange);
        }
        let local = Collective { chips: inside, ..*c };
        let (local, algorithm) = collective::chosen(&local, device, p, &f.engine);
        let exchange = Exchange {
            between_servers: Some(between),
            ..self.here(inside * c.stride, algorithm)
        };
        (local + among, 2.0 * f.launch, exchange)
    }

    /// An exchange inside the domain among chips that lie on so many.
    fn here(&self, chips: f64, algorithm: Algorithm) -> Exchange {
        let fabric = self.device().fabric;
        let apart = fabric.joined().is_some_and(|joined| chips > f64::from(joined));
        Exchange {
            topology: if apart { Fabric::Host } else { fabric },
            algorithm,
            between_servers: None,
        }
    }
}
