//! What buyers are offered in a month, and what they would want of it without limits.

use super::super::access::{available, licensed};
use super::super::calendar::Month;
use super::super::specification::Nest;
use super::Simulation;
use crate::market::equilibrium::part_by_nest;
use crate::rules::Site;

/// Parts of a good's access that were lost in a month, 0 to 1.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lost {
    /// Of what law and guidance of both sides leave the buyer who lost most.
    pub(super) access: f64,
    /// Of what the US side leaves the seller, for a good made for this market.
    pub(super) license: f64,
}

impl Simulation<'_> {
    /// Prices, who may have what, and how it is liked; gives the part of access each good lost this month.
    pub(super) fn offers(&mut self, month: Month, chance: f64) -> Vec<Lost> {
        let (env, theta, points) = (self.env, self.theta, self.out.points);
        let mut lost = vec![Lost::default(); self.out.goods];
        for (g, facts) in env.goods.iter().enumerate() {
            let at = env.at(month, g);
            let levy = env.levy[at];
            let grey = if self.by_price[g] {
                1.0 + theta.grey_premium - env.grey_premium
            } else {
                1.0
            };
            // Prices of Chinese chips are street prices with tax; large buyers pay the maker less.
            let bulk = if facts.domestic { theta.maker_price } else { 1.0 };
            self.price[g] =
                env.price[at] * grey * bulk * (1.0 + theta.levy_pass_through * levy / (1.0 - levy));
            // A levy passed on and a grey premium lower value per dollar as a dearer chip does, a rebate raises it.
            let dearer = (self.price[g] / env.price[at]).ln() * theta.chip_share_of_cost;
            let outsider = facts.nest == Nest::Other;
            let of_good = if outsider { 0.0 } else { theta.nvidia_quality }
                - if facts.is_foreign_direct() {
                    theta.cut_off_aversion * chance
                } else {
                    0.0
                };
            for (p, point) in env.points.iter().enumerate() {
                let cell = g * points + p;
                let part = available(env, theta, self.shocks, month, g, p);
                self.may[cell] = part;
                let ready = if outsider { self.software[p] } else { 1.0 };
                let home = if facts.domestic {
                    point.home * theta.home_preference
                } else {
                    0.0
                };
                let value = env.value[env.cell(month, g, p)];
                let utility = theta.price_exponent * (value - dearer) - theta.switching_cost * (1.0 - ready)
                    + of_good
                    + home;
                self.utility[cell] = if utility.is_finite() {
                    utility
                } else {
                    f64::NEG_INFINITY
                };
                if facts.is_foreign_direct() && self.before[cell] > 0.0 {
                    lost[g].access = lost[g].access.max(1.0 - part / self.before[cell]);
                }
                if facts.is_foreign_direct() && facts.china_only && point.site == Site::Mainland {
                    let license = licensed(env, theta, self.shocks, month, g, p);
                    if self.license[cell] > 0.0 {
                        lost[g].license = lost[g].license.max(1.0 - license / self.license[cell]);
                    }
                    self.license[cell] = license;
                }
            }
        }
        self.out.wanted[month.0] = self.wanted(month);
        lost
    }

    /// What mainland buyers would spend on Chinese goods and those made for this market, were these open and unlimited.
    fn wanted(&self, month: Month) -> f64 {
        let (env, theta, points) = (self.env, self.theta, self.out.points);
        let (rho, outside) = (theta.nest_correlation, theta.outside_utility.exp());
        let own = |g: usize| {
            let facts = &env.goods[g];
            facts.domestic || (facts.china_only && self.shocks.successor != Some(g))
        };
        (0..points)
            .filter(|p| env.points[*p].site == Site::Mainland && !env.points[*p].grey_only)
            .map(|p| {
                let mut sums = [0.0_f64; 2];
                for g in (0..self.out.goods).filter(|g| own(*g) && env.on_sale(month, *g)) {
                    sums[self.nest[g] as usize] += (self.utility[g * points + p] / (1.0 - rho)).exp();
                }
                let all = part_by_nest(&sums, |_| 1.0, rho, outside, &mut [0.0; 2]);
                self.money[p] * (1.0 - outside / all)
            })
            .sum()
    }
}
