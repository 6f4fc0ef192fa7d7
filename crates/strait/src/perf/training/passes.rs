//! Forward and backward time of a layer's operators, summed, and told apart where asked.

use crate::figure::{Quantity, Seconds};
use crate::perf::Limit;
use crate::perf::ops::Exchange;
use crate::perf::time::Time;
use serde::Serialize;

/// Seconds of arithmetic.
pub(super) fn compute(seconds: f64) -> Time {
    Time {
        compute: seconds,
        ..Time::default()
    }
}

/// Seconds of memory traffic.
pub(super) fn memory(seconds: f64) -> Time {
    Time {
        memory: seconds,
        ..Time::default()
    }
}

/// One operator of a layer and its seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OperatorTime {
    /// What it does.
    pub name: &'static str,
    /// Layers of its kind in the model.
    pub layers: u32,
    /// Seconds of one microbatch in one layer, forward.
    pub forward: Seconds,
    /// Backward.
    pub backward: Seconds,
    /// What the larger part of its time is bound by.
    pub limit: Limit,
    /// What traffic goes over and how; nothing of other operators.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Exchange>,
}

/// Forward and backward of the parts of a layer, summed; each kept apart where they are to be told.
#[derive(Debug, Clone, Default)]
pub(super) struct Passes {
    pub(super) forward: Time,
    pub(super) backward: Time,
    pub(super) told: Option<Vec<OperatorTime>>,
    pub(super) layers: u32,
}

impl Passes {
    pub(super) fn add(&mut self, name: &'static str, forward: Time, backward: Time) {
        self.forward = self.forward.plus(forward);
        self.backward = self.backward.plus(backward);
        if let Some(told) = &mut self.told {
            let both = forward.plus(backward);
            let limit = [
                (both.memory, Limit::MemoryBandwidth),
                (both.network, Limit::Network),
                (both.overhead, Limit::Overhead),
            ]
            .into_iter()
            .fold((both.compute, Limit::Compute), |most, next| {
                if next.0 > most.0 { next } else { most }
            });
            told.push(OperatorTime {
                name,
                layers: self.layers,
                forward: Seconds::of(forward.total()),
                backward: Seconds::of(backward.total()),
                limit: limit.1,
                exchange: None,
            });
        }
    }
}
