//! Time by what it is spent on.

use super::LimitShares;

/// Seconds by what they are spent on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Time {
    pub(crate) compute: f64,
    pub(crate) memory: f64,
    pub(crate) network: f64,
    pub(crate) overhead: f64,
}

impl Time {
    pub(crate) fn total(self) -> f64 {
        self.compute + self.memory + self.network + self.overhead
    }
    pub(crate) fn scaled(self, k: f64) -> Self {
        Self {
            compute: self.compute * k,
            memory: self.memory * k,
            network: self.network * k,
            overhead: self.overhead * k,
        }
    }
    pub(crate) fn plus(self, o: Self) -> Self {
        Self {
            compute: self.compute + o.compute,
            memory: self.memory + o.memory,
            network: self.network + o.network,
            overhead: self.overhead + o.overhead,
        }
    }
    /// Parts of the whole.
    pub(crate) fn shares(self) -> LimitShares {
        let total = self.total();
        LimitShares {
            compute: self.compute / total,
            memory_bandwidth: self.memory / total,
            network: self.network / total,
            overhead: self.overhead / total,
        }
    }
}
