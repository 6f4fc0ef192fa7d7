//! One month's purchases: a nested logit over value per dollar, availability in layers, limits by shadow utility.
//!
//! Shares are those of [`crate::market::nested_logit`]. A good that law or guidance
//! leaves to a part a of buyers is in the choice set of that part alone: parts are nested, so that the buyers who may
//! have the scarcer good may have the other too. Where a good's demand exceeds its units, its utility falls by μ ≥ 0
//! until it does not; goods of the grey channel are sold at
//! the price exp(μ/(a·φ)) times the vendor's, all others are rationed at the vendor's. The rent of these is that of the price
//! m at which the same quantity would clear: with e the elasticity in utility, ln m = e·μ/(e·a·φ + 1).

mod demand;

use self::demand::Layer;
use super::specification::Nest;
use crate::market::linear;
use std::ops::Range;

/// What one month's solution reads; tables run over good, then point.
pub(crate) struct Choice<'a> {
    pub(crate) points: usize,
    pub(crate) nest: &'a [Nest],
    /// Clears by price instead of rationing.
    pub(crate) by_price: &'a [bool],
    /// Negative infinity where not to be had.
    pub(crate) utility: &'a [f64],
    /// Part of buyers that may have it, 0 to 1.
    pub(crate) available: &'a [f64],
    /// Money by point.
    pub(crate) money: &'a [f64],
    /// Price by good.
    pub(crate) price: &'a [f64],
    /// Units there are, by good.
    pub(crate) cap: &'a [Option<f64>],
    pub(crate) rho: f64,
    pub(crate) outside: f64,
    /// a·φ: utility per logarithm of price.
    pub(crate) price_slope: f64,
}

/// What it gives; kept between months so that the next starts near its own solution.
#[derive(Debug, Clone, Default)]
pub(crate) struct Solution {
    /// Shadow utility by good.
    pub(crate) mu: Vec<f64>,
    /// Dollars by good and point.
    pub(crate) spend: Vec<f64>,
    /// Units by good and point.
    pub(crate) units: Vec<f64>,
    /// Price paid by good.
    pub(crate) paid: Vec<f64>,
    /// Price over the vendor's at which the same quantity would clear, by good.
    pub(crate) dearer: Vec<f64>,
    /// Whether it is more than that, by good: what is further from any price paid is not told.
    pub(crate) beyond: Vec<bool>,
    slope: Vec<f64>,
    /// How many units fewer of a good are wanted for a rise of the shadow utility of another, by good and good, of those
    /// whose limit binds so far.
    answer: Vec<f64>,
    held: Vec<usize>,
    /// Units of a part of a point's buyers, by good.
    taken: Vec<f64>,
    /// Goods whose limit binds, by how much they miss it, and the linear system of a step.
    bound: Vec<usize>,
    gap: Vec<f64>,
    system: Vec<f64>,
    /// exp((u − μ)/(1 − ρ)) by good and point.
    weight: Vec<f64>,
    levels: Vec<f64>,
    layers: Vec<Layer>,
    /// Goods of each layer, one after the other.
    members: Vec<usize>,
    /// Layers of each point.
    of_point: Vec<Range<usize>>,
    /// Whether a good's shadow utility moved since demand was last told.
    moved: Vec<bool>,
}

/// A limit holds when demand is within this part of it.
const TOLERANCE: f64 = 1e-4;
const ROUNDS: usize = 40;
/// The grey price rises no higher than this over the vendor's; beyond it the channel rations. Nor is a rent told beyond it.
const DEAREST: f64 = 6.0;

impl Solution {
    /// Solves a month.
    pub(crate) fn solve(&mut self, choice: &Choice<'_>) {
        let goods = choice.nest.len();
        self.mu.resize(goods, 0.0);
        self.paid.resize(goods, 0.0);
        for g in 0..goods {
            if choice.cap[g].is_none() {
                self.mu[g] = 0.0;
            }
        }
        self.lay_out(choice);
        for _ in 0..ROUNDS {
            self.demand(choice);
            if self.step(choice) {
                break;
            }
        }
        self.dearer.clear();
        self.beyond.clear();
        for g in 0..goods {
            let row = g * choice.points..(g + 1) * choice.points;
            let units: f64 = self.units[row.clone()].iter().sum();
            let steep = if units > 0.0 {
                self.slope[row].iter().sum::<f64>() / units
            } else {
                1.0
            };
            let rise = if choice.by_price[g] {
                self.mu[g] / choice.price_slope
            } else {
                // Sold by price a dearer good would lose buyers by utility and units by budget.
                steep * self.mu[g] / (steep * choice.price_slope + 1.0)
            };
            self.dearer.push(rise.exp().min(DEAREST));
            self.beyond.push(rise.exp() > DEAREST);
        }
        // Whatever distance is left is rationed away, so that no limit is exceeded.
        for g in 0..goods {
            let Some(cap) = choice.cap[g] else { continue };
            let row = g * choice.points..(g + 1) * choice.points;
            let wanted: f64 = self.units[row.clone()].iter().sum();
            if wanted > cap {
                let part = cap / wanted;
                for at in row {
                    self.units[at] *= part;
                    self.spend[at] *= part;
                }
            }
        }
    }

    /// A step of Newton's method in the shadow utilities of goods whose limit binds, all at once: what one good loses its
    /// substitutes gain. True where every limit is met already.
    fn step(&mut self, choice: &Choice<'_>) -> bool {
        let goods = choice.nest.len();
        self.bound.clear();
        self.gap.clear();
        self.moved.fill(false);
        let mut settled = true;
        for g in 0..goods {
            let Some(cap) = choice.cap[g] else { continue };
            let wanted = self.wanted(choice, g);
            if wanted <= 0.0 || (wanted <= cap * (1.0 + TOLERANCE) && self.mu[g] == 0.0) {
                continue;
            }
            let gap = (wanted / cap.max(1e-9)).ln();
            settled &= gap.abs() <= TOLERANCE;
            self.bound.push(g);
            self.gap.push(gap);
        }
        if settled {
            return true;
        }
        self.system.clear();
        for &g in &self.bound {
            let wanted = self.wanted(choice, g);
            for &h in &self.bound {
                let by_price = choice.by_price[g] && g == h;
                let dearer = if by_price { 1.0 / choice.price_slope } else { 0.0 };
                // One whose limit did not bind before answers to itself alone in its first step.
                let fresh = self.mu[g] == 0.0 && g == h;
                let answer = if fresh {
                    self.own(choice, g)
                } else {
                    self.answer[g * goods + h]
                };
                self.system.push(answer / wanted + dearer);
            }
        }
        if linear::solve(&mut self.system, &mut self.gap) {
            for (&g, step) in self.bound.iter().zip(&self.gap) {
                let before = self.mu[g];
                self.mu[g] = (before + step.clamp(-3.0, 3.0)).max(0.0);
                self.moved[g] = self.mu[g].to_bits() != before.to_bits();
            }
        }
        false
    }

    /// How many units fewer of a good are wanted for a rise of its own shadow utility.
    fn own(&self, choice: &Choice<'_>, good: usize) -> f64 {
        self.slope[good * choice.points..(good + 1) * choice.points]
            .iter()
            .sum()
    }

    /// Units wanted of a good.
    fn wanted(&self, choice: &Choice<'_>, good: usize) -> f64 {
        self.units[good * choice.points..(good + 1) * choice.points]
            .iter()
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::nested_logit;

    const NESTS: [Nest; 4] = [Nest::Cuda, Nest::Cuda, Nest::Other, Nest::Other];

    fn choice<'a>(utility: &'a [f64], available: &'a [f64], cap: &'a [Option<f64>]) -> Choice<'a> {
        Choice {
            points: 1,
            nest: &NESTS,
            by_price: &[false; 4],
            utility,
            available,
            money: &[1e9],
            price: &[10_000.0; 4],
            cap,
            rho: 0.6,
            outside: -1.0,
            price_slope: 1.0,
        }
    }

    #[test]
    fn shares_are_the_nested_logits() {
        let utility = [0.3, -0.2, 0.5, 0.1];
        let mut solution = Solution::default();
        solution.solve(&choice(&utility, &[1.0; 4], &[None; 4]));
        let (shares, _) = nested_logit(&utility, &[0, 0, 1, 1], 0.6, -1.0);
        for (spent, share) in solution.spend.iter().zip(&shares) {
            assert!((spent / 1e9 - share).abs() < 1e-12);
        }
    }

    #[test]
    fn a_limit_is_met_and_a_slack_one_changes_nothing() {
        let utility = [0.3, -0.2, 0.5, 0.1];
        let mut free = Solution::default();
        free.solve(&choice(&utility, &[1.0; 4], &[None; 4]));
        let mut slack = Solution::default();
        slack.solve(&choice(
            &utility,
            &[1.0; 4],
            &[Some(free.units[0] * 1.01), None, None, None],
        ));
        assert_eq!(free.units, slack.units);
        let mut tight = Solution::default();
        tight.solve(&choice(
            &utility,
            &[1.0; 4],
            &[Some(free.units[0] / 3.0), None, None, None],
        ));
        assert!((tight.units[0] / (free.units[0] / 3.0) - 1.0).abs() < 2e-3);
        assert!(tight.mu[0] > 0.0);
        for g in 1..4 {
            assert!(
                tight.units[g] > free.units[g],
                "what is refused goes to the others"
            );
        }
    }

    #[test]
    fn limits_of_close_substitutes_are_all_met_at_once() {
        let utility = [2.0, 2.1, 1.9, -4.0];
        for by_price in [[false; 4], [true; 4]] {
            let of = |cap: &[Option<f64>]| {
                let mut solution = Solution::default();
                let tight = Choice {
                    by_price: &by_price,
                    rho: 0.9,
                    outside: -6.0,
                    ..choice(&utility, &[1.0; 4], &[None; 4])
                };
                solution.solve(&Choice { cap, ..tight });
                solution
            };
            let free = of(&[None; 4]);
            let cap = [0.2, 0.3, 0.25].map(|part| part * free.units[..3].iter().cloned().fold(0.0, f64::max));
            let held = of(&[Some(cap[0]), Some(cap[1]), Some(cap[2]), None]);
            for (g, cap) in cap.iter().enumerate() {
                assert!(
                    (held.units[g] / cap - 1.0).abs() < 2e-4,
                    "{g}: {} of {}",
                    held.units[g],
                    cap
                );
                assert!(held.mu[g] > 0.0, "{g}");
            }
        }
    }

    #[test]
    fn a_part_of_buyers_buys_as_if_all_could_and_the_rest_as_if_none() {
        let utility = [0.3, -0.2, 0.5, 0.1];
        let mut all = Solution::default();
        all.solve(&choice(&utility, &[1.0; 4], &[None; 4]));
        let mut none = Solution::default();
        none.solve(&choice(&utility, &[0.0, 1.0, 1.0, 1.0], &[None; 4]));
        let mut some = Solution::default();
        some.solve(&choice(&utility, &[0.2, 1.0, 1.0, 1.0], &[None; 4]));
        for g in 0..4 {
            let mixed = 0.2 * all.units[g] + 0.8 * none.units[g];
            assert!((some.units[g] - mixed).abs() < 1e-6, "{g}");
        }
    }

    proptest::proptest! {
        #[test]
        fn removing_a_good_lowers_no_rival_and_money_adds_up(
            utility in proptest::collection::vec(-3.0..3.0_f64, 4),
            available in proptest::collection::vec(0.0..=1.0_f64, 4),
            gone in 0..4_usize,
        ) {
            let mut before = Solution::default();
            before.solve(&choice(&utility, &available, &[None; 4]));
            let mut left = available.clone();
            left[gone] = 0.0;
            let mut after = Solution::default();
            after.solve(&choice(&utility, &left, &[None; 4]));
            for g in (0..4).filter(|g| *g != gone) {
                proptest::prop_assert!(after.units[g] >= before.units[g] * (1.0 - 1e-9), "{}", g);
            }
            proptest::prop_assert!(before.spend.iter().sum::<f64>() <= 1e9 * (1.0 + 1e-9));
            proptest::prop_assert!(after.spend.iter().sum::<f64>() <= before.spend.iter().sum::<f64>() + 1.0);
        }
    }
}
