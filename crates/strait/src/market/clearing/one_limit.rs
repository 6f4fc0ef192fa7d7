//! The rent of one limit with all others held.

use super::{Clearing, Rents};

impl Clearing {
    /// Finds the rent of one limit with the others held, by a bracketed secant in logarithms.
    pub(super) fn clear_one(&self, limit: usize, rents: &mut Rents, tolerance: f64, scratch: &mut Vec<f64>) {
        let goods = &self.limits[limit].goods;
        let scale = goods.iter().map(|g| self.price[*g]).sum::<f64>() / goods.len() as f64;
        let units = self.limits[limit].units;
        let mut excess = |rents: &mut Rents, y: f64| {
            self.set(rents, limit, scale * y.exp_m1());
            (self.demand(limit, rents, scratch) / units).ln()
        };
        let now = (rents.of_limit[limit] / scale).ln_1p();
        let here = excess(rents, now);
        if here.abs() <= tolerance || (now == 0.0 && here <= 0.0) {
            return;
        }
        // Bracket: demand above the limit at `low`, at or below it at `high`.
        let (mut low, mut at_low, mut high, mut at_high);
        if here > 0.0 {
            (low, at_low) = (now, here);
            // A first step as if demand fell by the slope of a lone good.
            let mut step = (here / self.steepness.max(1.0)).max(1e-3);
            loop {
                high = low + step;
                at_high = excess(rents, high);
                if at_high <= 0.0 || high > 60.0 {
                    break;
                }
                (low, at_low) = (high, at_high);
                step *= 2.0;
            }
        } else {
            (high, at_high) = (now, here);
            let mut step = (-here / self.steepness.max(1.0)).max(1e-3);
            loop {
                low = (high - step).max(0.0);
                at_low = excess(rents, low);
                if at_low >= 0.0 {
                    break;
                }
                if low == 0.0 {
                    return; // slack: no rent
                }
                (high, at_high) = (low, at_low);
                step *= 2.0;
            }
        }
        for round in 0..200 {
            let mut y = low + (high - low) * at_low / (at_low - at_high);
            if round % 3 == 2 || !y.is_finite() || y <= low || y >= high {
                y = 0.5 * (low + high);
            }
            let e = excess(rents, y);
            if e.abs() <= tolerance || high - low < 1e-15 * (1.0 + high) {
                return;
            }
            if e > 0.0 {
                (low, at_low) = (y, e);
            } else {
                (high, at_high) = (y, e);
            }
        }
    }
}
