//! The best plan of a block so far, and the order of plans.

use super::plan::Execution;
use super::step::Spent;
use std::cmp::Ordering;

/// The best of a block so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    pub(super) found: Option<(Execution, Spent)>,
    pub(super) examined: u64,
    pub(super) fitting: u64,
    pub(super) least: f64,
}

impl Best {
    pub(super) const NOTHING: Self = Self {
        found: None,
        examined: 0,
        fitting: 0,
        least: f64::INFINITY,
    };

    pub(super) fn seconds(&self) -> f64 {
        self.found.map_or(f64::INFINITY, |(_, spent)| spent.total())
    }

    pub(super) fn offer(&mut self, plan: &Execution, spent: Spent) {
        let better = self
            .found
            .is_none_or(|held| before(&(*plan, spent), &held).is_lt());
        if better {
            self.found = Some((*plan, spent));
        }
    }
}

/// The order of plans: faster first, and of those as fast the smaller in its degrees.
pub(super) fn before(a: &(Execution, Spent), b: &(Execution, Spent)) -> Ordering {
    a.1.total().total_cmp(&b.1.total()).then(a.0.cmp(&b.0))
}
