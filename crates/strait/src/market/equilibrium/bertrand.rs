//! Bertrand–Nash prices: every firm's prices are best given all others'.
//!
//! The fixed point of Morrow and Skerlos (2011) goes from any start to the neighbourhood of the solution, Newton's method
//! with the exact derivatives from there. Quotas: `quota.rs`.

use super::foc::Conditions;
use super::shares::Shares;
use super::{EquilibriumError, Market};
use crate::market::linear;

/// Finds equilibrium prices; its buffers are reused, so that a second market of the same size allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct Bertrand {
    pub(crate) shares: Shares,
    pub(crate) conditions: Conditions,
    /// Price indices.
    pub(crate) y: Vec<f64>,
    /// Shadow price of each product's quota, money a unit; zero where it is slack.
    pub(crate) shadow: Vec<f64>,
    /// Products whose quota binds, and the logarithm of the units asked for.
    pub(crate) binding: Vec<(usize, f64)>,
    pub(crate) rounds: usize,
    before: Vec<f64>,
    matrix: Vec<f64>,
    step: Vec<f64>,
}

/// Conditions count as met when no margin is further off than this part of the price.
const EXACT: f64 = 1e-14;
/// Where Newton's steps no longer come nearer, this is near enough.
const NEAR: f64 = 1e-11;
/// Below this Newton's method takes over; already below the first where the fixed point has become slow.
const BASINS: [f64; 2] = [0.1, 1e-3];
/// A step of the fixed point that leaves more than this part of the distance is slow: a step of Newton's costs ten times as
/// much, and squares it.
const SLOW: f64 = 0.4;
const ROUNDS: usize = 2000;

impl Bertrand {
    /// Equilibrium prices of a market, from the prices that its products have.
    ///
    /// # Errors
    /// Where a product has no demand, or the search does not settle.
    pub fn solve(&mut self, market: &Market) -> Result<(), EquilibriumError> {
        self.begin(market);
        // Products are substitutes: none is sold below cost.
        for j in 0..self.y.len() {
            self.y[j] = self.y[j].max(market.demand.price.index(j, market.cost[j] / market.keep[j]));
        }
        self.settle(market)?;
        self.quotas(market)
    }

    /// Takes the market's own prices as they are.
    pub(crate) fn begin(&mut self, market: &Market) {
        self.y.clear();
        self.y.extend(market.index());
        self.shadow.clear();
        self.shadow.resize(market.products.len(), 0.0);
        self.binding.clear();
        self.rounds = 0;
    }

    /// Prices last found.
    pub fn prices(&self) -> &[f64] {
        &self.conditions.price
    }

    /// Largest distance of a margin from its first-order condition, as a part of the price.
    pub fn residual(&self) -> f64 {
        self.conditions.residual()
    }

    /// Rounds the last search took.
    pub fn rounds(&self) -> usize {
        self.rounds
    }

    /// Evaluates shares and conditions where the search stands.
    pub(crate) fn evaluate(&mut self, market: &Market) -> Result<(), EquilibriumError> {
        self.shares.take(market, &self.y);
        self.conditions.take(market, &self.shares, &self.y, &self.shadow)
    }

    /// Logarithm of a product's units.
    pub(crate) fn log_units(&self, market: &Market, product: usize) -> f64 {
        let units = market.demand.price.units(self.conditions.price[product]);
        (market.demand.size * self.shares.total[product] * units).ln()
    }

    /// How far the search is from what it looks for; infinite where prices have left their range.
    fn distance(&mut self, market: &Market) -> f64 {
        if self.evaluate(market).is_err() || self.conditions.price.iter().any(|p| *p <= 0.0) {
            return f64::INFINITY;
        }
        let of = |(product, asked): &(usize, f64)| (self.log_units(market, *product) - asked).abs();
        let quotas = self.binding.iter().map(of).fold(0.0, f64::max);
        let all = self.conditions.residual().max(quotas);
        if all.is_nan() { f64::INFINITY } else { all }
    }

    /// Solves the conditions with the quotas of `binding` met exactly and all others ignored.
    pub(crate) fn settle(&mut self, market: &Market) -> Result<(), EquilibriumError> {
        let mut here = self.distance(market);
        if here.is_infinite() {
            self.evaluate(market)?;
        }
        let mut far = BASINS[0];
        let mut slow = false;
        for round in 0..ROUNDS {
            self.rounds += 1;
            if here <= EXACT {
                return Ok(());
            }
            if self.binding.is_empty() && (here > far || (here > BASINS[1] && !slow)) {
                self.reprice(market);
                let there = self.distance(market);
                slow = there > SLOW * here;
                here = there;
                if here.is_infinite() {
                    break;
                }
                continue;
            }
            match self.newton(market, here) {
                Some(nearer) => here = nearer,
                None if here <= NEAR => {
                    // Rounding is all that is left; leave the state where it was evaluated.
                    return self.evaluate(market);
                }
                None if self.binding.is_empty() && round + 1 < ROUNDS => {
                    // Too far for Newton: let the fixed point come nearer first.
                    far = here / 10.0;
                    here = self.distance(market);
                }
                None => break,
            }
        }
        Err(EquilibriumError::NotSolved {
            condition: "a first-order condition",
            residual: here,
            rounds: self.rounds,
        })
    }

    /// One step of the fixed point.
    fn reprice(&mut self, market: &Market) {
        let term = &market.demand.price;
        for j in 0..self.y.len() {
            let (price, keep) = (self.conditions.price[j], market.keep[j]);
            let cost = market.cost[j] + self.shadow[j];
            let (own, rest) = (self.conditions.own[j], self.conditions.rest[j]);
            let asked = term.reprice(j, price, keep, cost, own, rest);
            self.y[j] = term.index(j, asked.max(cost / keep));
        }
    }

    /// One step of Newton's method, shortened until it comes nearer; `None`, with the state as before, where none does.
    fn newton(&mut self, market: &Market, here: f64) -> Option<f64> {
        let n = self.y.len();
        let all = n + self.binding.len();
        self.matrix.resize(all * all, 0.0);
        self.step.clear();
        self.step.extend(self.conditions.off.iter().map(|off| -off));
        self.conditions
            .jacobian(market, &self.shares, &mut self.matrix[..all * all], all);
        self.border(market, all);
        let solved = linear::solve(&mut self.matrix[..all * all], &mut self.step);
        self.before.clear();
        self.before.extend_from_slice(&self.y);
        self.before
            .extend(self.binding.iter().map(|(product, _)| self.shadow[*product]));
        let mut part = 1.0;
        while solved && part > 1e-3 {
            self.go(part);
            let there = self.distance(market);
            if there < here {
                return Some(there);
            }
            part *= 0.5;
        }
        self.go(0.0);
        None
    }

    /// Stands at `part` of the step from where it began.
    fn go(&mut self, part: f64) {
        let n = self.y.len();
        for (j, y) in self.y.iter_mut().enumerate() {
            *y = self.before[j] + if part > 0.0 { part * self.step[j] } else { 0.0 };
        }
        for (a, (product, _)) in self.binding.iter().enumerate() {
            let step = if part > 0.0 { part * self.step[n + a] } else { 0.0 };
            self.shadow[*product] = self.before[n + a] + step;
        }
    }

    /// Adds a row and a column for each binding quota to Newton's matrix.
    fn border(&mut self, market: &Market, all: usize) {
        let n = self.y.len();
        for a in 0..self.binding.len() {
            let (product, asked) = self.binding[a];
            for j in 0..n {
                self.matrix[j * all + n + a] = self.conditions.by_cost(market, &self.shares, j, product);
                // ∂ ln units/∂y.
                let mut slope = 0.0;
                for (i, buyer) in market.demand.buyers.iter().enumerate() {
                    let share = buyer.weight * buyer.price * self.shares.of_type[i * n + product];
                    slope += share * self.shares.pull(market, i, product, j);
                }
                slope /= self.shares.total[product];
                if j == product {
                    slope += market.demand.price.units_slope(j, self.conditions.price[j]);
                }
                self.matrix[(n + a) * all + j] = slope;
            }
            for b in 0..self.binding.len() {
                self.matrix[(n + a) * all + n + b] = 0.0;
            }
            let gap = asked - self.log_units(market, product);
            self.step.push(gap);
        }
    }
}
