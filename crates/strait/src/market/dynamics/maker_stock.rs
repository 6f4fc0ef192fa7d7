//! What makers abroad hold of chips made for this market alone: what arrives while the law keeps it from buyers is not
//! made for anyone else, and is sold when a license comes.
//!
//! A month's limit is what arrives and the stock over `foreign_stock_lasts` months. While no license is needed makers
//! make to order, and nothing is left over.

use super::calendar::Month;
use super::capacity::place;
use super::environment::Environment;
use super::parameters::Theta;
use crate::rules::{Site, SupplyEffect};

/// Units in makers' hands by good.
#[derive(Debug, Clone)]
pub(crate) struct MakerStock {
    units: Vec<f64>,
    arrived: Vec<f64>,
}

impl MakerStock {
    pub(crate) fn new(goods: usize) -> Self {
        Self {
            units: vec![0.0; goods],
            arrived: vec![0.0; goods],
        }
    }

    /// Units in hand of a good.
    pub(crate) fn at(&self, good: usize) -> f64 {
        self.units[good]
    }

    /// Limits the sales of a month to what arrives and what is released of the stock.
    pub(crate) fn limits(&mut self, env: &Environment, theta: &Theta, month: Month, cap: &mut [Option<f64>]) {
        for (g, cap) in cap.iter_mut().enumerate() {
            let at = env.at(month, g);
            let Some(arrivals) = env.arrivals[at] else {
                continue;
            };
            self.arrived[g] = place(arrivals, theta.supply_foreign) * env.supply[at];
            let there = self.arrived[g] + self.units[g] / env.capacity.foreign_stock_lasts;
            *cap = Some(cap.map_or(there, |c| c.min(there)));
        }
    }

    /// Takes what was sold out of what arrived and of the stock; what the law kept from buyers stays.
    pub(crate) fn sold(&mut self, env: &Environment, month: Month, good: usize, sold: f64) {
        if env.arrivals[env.at(month, good)].is_none() {
            return;
        }
        let left = self.arrived[good] - sold;
        if left < 0.0 || needs_license(env, month, good) {
            self.units[good] = (self.units[good] + left).max(0.0);
        }
    }
}

/// Whether some buyer on the mainland may have the good under a license alone, or not at all.
pub(crate) fn needs_license(env: &Environment, month: Month, good: usize) -> bool {
    let of_point = |p: usize| {
        let closed = |s: SupplyEffect| matches!(s, SupplyEffect::Licensed | SupplyEffect::Blocked);
        env.points[p].site == Site::Mainland
            && env.access[env.cell(month, good, p)]
                .iter()
                .any(|share| share.part > 0.0 && closed(share.supply))
    };
    (0..env.points.len()).any(of_point)
}
