//! A layer's experts: their products, and tokens sent to them and back.

use super::hardware::width;
use super::layer::{Shape, Split};
use super::passes::{Passes, memory};
use crate::perf::models::Experts;
use crate::perf::ops::collective::Kind;

impl Shape<'_> {
    /// Choices of experts on the busiest rank over the mean, for which all wait: as given, where one rank has not all of them, or
    /// as published steps have it.
    pub(super) fn busiest(&self, split: &Split) -> f64 {
        match self.hardware.load {
            Some(load) => load.min(f64::from(split.expert)).max(1.0),
            None => self.hardware.fit.imbalance,
        }
    }

    /// Experts: adds their products, gives the seconds of dispatch and combine together.
    pub(super) fn experts(&self, passes: &mut Passes, e: Experts, split: &Split) -> Option<f64> {
        let hidden = f64::from(self.job.model.hidden);
        let (group, width_of) = (f64::from(split.expert), f64::from(e.width));
        let local = (f64::from(e.count) / group).max(1.0);
        let own = self.tokens / self.tensor;
        let busiest = self.busiest(split);
        let pairs = own * f64::from(e.per_token) * busiest;
        // Experts a chip holds one after another, each with its tokens.
        let rows = (pairs / local).max(1.0);
        let stream = e.stream(hidden);
        if e.narrowed > 0 {
            self.product(passes, "narrowed for the experts", stream / self.tensor, hidden)?;
            self.product(passes, "widened again", hidden, stream / self.tensor)?;
        }
        self.products(passes, "experts up", [rows, 2.0 * width_of, stream], local)?;
        self.products(passes, "experts down", [rows, stream, width_of], local)?;
        if e.shared > 0 {
            let shared = f64::from(e.shared) * width_of / self.tensor;
            self.product(passes, "shared experts up", 2.0 * shared, hidden)?;
            self.product(passes, "shared experts down", hidden, shared)?;
        }
        self.product(passes, "router", f64::from(e.count) / self.tensor, hidden)?;
        // Tokens are sorted by expert and put back: each choice read and written, both ways.
        let sorted = memory(self.hardware.moved(4.0 * self.job.wide() * pairs * stream));
        passes.add("sorting tokens by expert", sorted, sorted);
        if group < 2.0 {
            return Some(0.0);
        }
        // A token is sent to a node once, and to at most as many nodes as routing allows.
        let nodes = (group / self.hardware.domain).max(1.0);
        let limit = if e.groups > 0 { f64::from(e.groups) } else { nodes };
        let copies = if nodes > 1.0 {
            f64::from(e.per_token).min(limit).min(nodes)
        } else {
            f64::from(e.per_token).min(group)
        };
        // The busiest rank gets each token of the others at most once. Where no load is given the mean is sent: the share of the
        // network that collectives reach has the waiting.
        let received = match self.hardware.load {
            Some(_) => busiest.min(group / copies).max(1.0),
            None => 1.0,
        };
        let one = |bytes: f64| {
            let size = received * own * copies * stream * bytes;
            self.hardware.collective(Kind::AllToAll, size, group, 1.0)
        };
        Some(one(width(self.job.arithmetic).max(1.0)) + one(self.job.wide()))
    }
}
