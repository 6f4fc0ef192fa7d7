//! Shadow prices: where buyers want more units than there are, a rent rises until they do not.
//!
//! A rent λ on a good of price p costs a buyer p + λ and multiplies the cost of a chip-hour by
//! 1 + φ·λ/p, where φ is the chip's share of that cost; utility falls by a·ln of it. Goods are gross
//! substitutes, so solving one limit after the other from zero rises monotonically to the lowest
//! clearing rents.

mod one_limit;

use super::equilibrium::part_by_nest;
use super::limits::LimitedBy;
use super::newton;

/// One decision: a segment's money for one class of work, over the goods it can get.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    pub(crate) segment: usize,
    /// USD of the quarter.
    pub(crate) money: f64,
    /// Index of each good on offer, its nest and exp(u/(1−rho)) without rent.
    pub(crate) goods: Vec<(usize, usize, f64)>,
}

/// A limit on units: of some goods together, over all segments or within one.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    pub(crate) goods: Vec<usize>,
    pub(crate) segment: Option<usize>,
    pub(crate) units: f64,
    pub(crate) by: LimitedBy,
}

/// Everything known but the rents.
#[derive(Debug)]
pub(crate) struct Clearing {
    pub(crate) decisions: Vec<Decision>,
    pub(crate) limits: Vec<Limit>,
    /// Price of each good, USD.
    pub(crate) price: Vec<f64>,
    pub(crate) segments: usize,
    /// a/(1−rho).
    pub(crate) steepness: f64,
    pub(crate) rho: f64,
    /// exp of the outside option's utility.
    pub(crate) outside: f64,
    /// φ.
    pub(crate) chip_share: f64,
}

/// Nests besides the outside option.
pub(crate) const NESTS: usize = 2;

/// Rents found.
#[derive(Debug, Clone)]
pub(crate) struct Rents {
    /// Rent of each limit, USD a unit.
    pub(crate) of_limit: Vec<f64>,
    /// Rent by segment (row) and good.
    pub(crate) by_good: Vec<f64>,
    /// What the rent leaves of exp(u/(1−rho)), by segment and good.
    pub(crate) factor: Vec<f64>,
    /// Largest relative excess of demand over a limit, or distance from it where its rent is above zero.
    pub(crate) residual: f64,
}

impl Clearing {
    pub(crate) fn at(&self, segment: usize, good: usize) -> usize {
        segment * self.price.len() + good
    }

    fn set(&self, rents: &mut Rents, limit: usize, rent: f64) {
        rents.of_limit[limit] = rent;
        let segments = self.limits[limit].segment.map_or(0..self.segments, |s| s..s + 1);
        for segment in segments {
            for &good in &self.limits[limit].goods {
                let total: f64 = self
                    .limits
                    .iter()
                    .zip(&rents.of_limit)
                    .filter(|(l, _)| l.goods.contains(&good) && l.segment.is_none_or(|s| s == segment))
                    .map(|(_, r)| r)
                    .sum();
                let at = self.at(segment, good);
                rents.by_good[at] = total;
                let dearer = 1.0 + self.chip_share * total / self.price[good];
                rents.factor[at] = dearer.powf(-self.steepness);
            }
        }
    }

    /// Shares of a decision's goods, in its order, and of the outside option.
    pub(crate) fn shares(&self, decision: &Decision, rents: &Rents, out: &mut Vec<f64>) -> f64 {
        let mut sum = [0.0; NESTS];
        out.clear();
        for &(good, nest, base) in &decision.goods {
            let term = base * rents.factor[self.at(decision.segment, good)];
            sum[nest] += term;
            out.push(term);
        }
        let mut part = [0.0; NESTS];
        let all = part_by_nest(&sum, |_| 1.0, self.rho, self.outside, &mut part);
        for (share, (_, nest, _)) in out.iter_mut().zip(&decision.goods) {
            *share *= part[*nest];
        }
        self.outside / all
    }

    /// Units of a good that a segment takes with a share of `money`, at price plus rent.
    pub(crate) fn units(&self, decision: &Decision, rents: &Rents, good: usize, share: f64) -> f64 {
        decision.money * share / (self.price[good] + rents.by_good[self.at(decision.segment, good)])
    }

    fn demand(&self, limit: usize, rents: &Rents, scratch: &mut Vec<f64>) -> f64 {
        let limit = &self.limits[limit];
        let mut units = 0.0;
        for decision in &self.decisions {
            if limit.segment.is_some_and(|s| s != decision.segment)
                || !decision.goods.iter().any(|(g, ..)| limit.goods.contains(g))
            {
                continue;
            }
            self.shares(decision, rents, scratch);
            for (&(good, ..), &share) in decision.goods.iter().zip(scratch.iter()) {
                if limit.goods.contains(&good) {
                    units += self.units(decision, rents, good, share);
                }
            }
        }
        units
    }

    /// Clears every limit to a relative `tolerance`, from `start` where given.
    ///
    /// Newton on the limits that bind or are exceeded; one after the other where that does not settle.
    pub(crate) fn solve(&self, tolerance: f64, start: Option<&[f64]>) -> Rents {
        let cells = self.segments * self.price.len();
        let mut rents = Rents {
            of_limit: vec![0.0; self.limits.len()],
            by_good: vec![0.0; cells],
            factor: vec![1.0; cells],
            residual: 0.0,
        };
        if self.limits.is_empty() {
            return rents;
        }
        if let Some(start) = start {
            rents.of_limit.copy_from_slice(start);
        }
        if newton::solve(self, &mut rents, tolerance) {
            return rents;
        }
        for limit in 0..self.limits.len() {
            self.set(&mut rents, limit, 0.0);
        }
        let mut scratch = Vec::new();
        for _sweep in 0..400 {
            for limit in 0..self.limits.len() {
                self.clear_one(limit, &mut rents, tolerance * 0.3, &mut scratch);
            }
            rents.residual = (0..self.limits.len())
                .map(|l| {
                    let excess = self.demand(l, &rents, &mut scratch) / self.limits[l].units - 1.0;
                    if rents.of_limit[l] > 0.0 {
                        excess.abs()
                    } else {
                        excess.max(0.0)
                    }
                })
                .fold(0.0, f64::max);
            if rents.residual <= tolerance {
                break;
            }
        }
        rents
    }
}

#[cfg(test)]
mod tests;
