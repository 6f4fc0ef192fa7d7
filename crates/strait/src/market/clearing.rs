//! Shadow prices: where buyers want more units than there are, a rent rises until they do not.
//!
//! A rent λ on a good of price p costs a buyer p + λ and multiplies the cost of a chip-hour by
//! 1 + φ·λ/p, where φ is the chip's share of that cost; utility falls by a·ln of it. Goods are gross
//! substitutes, so solving one limit after the other from zero rises monotonically to the lowest
//! clearing rents.

use super::equilibrium::logit::part_by_nest;
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

    /// Finds the rent of one limit with the others held, by a bracketed secant in logarithms.
    fn clear_one(&self, limit: usize, rents: &mut Rents, tolerance: f64, scratch: &mut Vec<f64>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn one_segment(units: f64) -> Clearing {
        Clearing {
            decisions: vec![Decision {
                segment: 0,
                money: 1e9,
                goods: vec![(0, 0, 2.0), (1, 0, 1.0), (2, 1, 1.5)],
            }],
            limits: vec![
                Limit {
                    goods: vec![0],
                    segment: None,
                    units,
                },
                Limit {
                    goods: vec![2],
                    segment: Some(0),
                    units: units * 0.7,
                },
            ],
            price: vec![12_000.0, 20_000.0, 16_000.0],
            segments: 1,
            steepness: 5.0,
            rho: 0.6,
            outside: 0.4,
            chip_share: 0.5,
        }
    }

    #[test]
    fn a_binding_limit_is_met_exactly_at_a_positive_rent() {
        let clearing = one_segment(10_000.0);
        let rents = clearing.solve(1e-10, None);
        assert!(rents.residual <= 1e-10);
        for (limit, rent) in rents.of_limit.iter().enumerate() {
            assert!(*rent > 0.0);
            let demand = clearing.demand(limit, &rents, &mut Vec::new());
            assert!((demand / clearing.limits[limit].units - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn newton_and_one_by_one_agree() {
        for units in [100.0, 3_000.0, 20_000.0, 60_000.0] {
            let clearing = one_segment(units);
            let fast = clearing.solve(1e-11, None);
            let mut slow = Rents {
                of_limit: vec![0.0; 2],
                by_good: vec![0.0; 3],
                factor: vec![1.0; 3],
                residual: 0.0,
            };
            for _ in 0..200 {
                for limit in 0..2 {
                    clearing.clear_one(limit, &mut slow, 1e-12, &mut Vec::new());
                }
            }
            for (a, b) in fast.of_limit.iter().zip(&slow.of_limit) {
                assert!((a - b).abs() <= 1e-7 * b.max(1.0), "{units}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_slack_limit_has_no_rent() {
        let rents = one_segment(1e9).solve(1e-10, None);
        assert_eq!(rents.of_limit, [0.0, 0.0]);
        assert_eq!(rents.residual, 0.0);
    }

    #[test]
    fn a_warm_start_finds_the_same_rents() {
        let clearing = one_segment(10_000.0);
        let cold = clearing.solve(1e-11, None);
        let warm = clearing.solve(1e-11, Some(&[90_000.0, 1.0]));
        for (a, b) in cold.of_limit.iter().zip(&warm.of_limit) {
            assert!((a / b - 1.0).abs() < 1e-8, "{a} {b}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        /// Whatever the market, every cap is met or slack without rent, and shares sum to one.
        #[test]
        fn every_market_clears(
            bases in proptest::collection::vec((0usize..NESTS, -8.0f64..8.0, 1e3f64..1e5), 2..8),
            caps in proptest::collection::vec((0usize..8, 0usize..8, proptest::bool::ANY, 1.0f64..1e6), 0..6),
            money in proptest::collection::vec(1e6f64..1e10, 1..4),
            exponent in 1.0f64..4.0,
            rho in 0.0f64..0.9,
        ) {
            let goods = bases.len();
            let decision = |(segment, money): (usize, &f64)| Decision {
                segment,
                money: *money,
                goods: bases
                    .iter()
                    .enumerate()
                    .map(|(g, (nest, u, _))| (g, *nest, ((u + segment as f64) / (1.0 - rho)).exp()))
                    .collect(),
            };
            let mut limits: Vec<Limit> = Vec::new();
            for (a, b, one, units) in caps {
                let mut pool = vec![a % goods, b % goods];
                pool.sort_unstable();
                pool.dedup();
                let segment = one.then_some(a % money.len());
                if !limits.iter().any(|l| l.goods == pool && l.segment == segment) {
                    limits.push(Limit { goods: pool, segment, units });
                }
            }
            let clearing = Clearing {
                decisions: money.iter().enumerate().map(decision).collect(),
                limits,
                price: bases.iter().map(|(_, _, price)| *price).collect(),
                segments: money.len(),
                steepness: exponent / (1.0 - rho),
                rho,
                outside: 0.5,
                chip_share: 0.5,
            };
            let rents = clearing.solve(1e-8, None);
            proptest::prop_assert!(rents.residual <= 1e-8, "{}", rents.residual);
            let mut shares = Vec::new();
            for decision in &clearing.decisions {
                let outside = clearing.shares(decision, &rents, &mut shares);
                proptest::prop_assert!((shares.iter().sum::<f64>() + outside - 1.0).abs() < 1e-9);
            }
            for (l, rent) in rents.of_limit.iter().enumerate() {
                proptest::prop_assert!(*rent >= 0.0);
                let demand = clearing.demand(l, &rents, &mut Vec::new());
                proptest::prop_assert!(demand <= clearing.limits[l].units * (1.0 + 1e-7));
            }
        }
    }
}
