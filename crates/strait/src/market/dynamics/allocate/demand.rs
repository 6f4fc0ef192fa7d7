//! What buyers want at given shadow utilities, by the layers of those who may have the same goods.

use super::{Choice, DEAREST, Solution};
use crate::market::equilibrium::{part_by_power, power};
use std::ops::Range;

/// Buyers of a point who may have the same goods.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    /// Part of the point's buyers.
    part: f64,
    /// Where its goods stand.
    members: Range<usize>,
    /// What its nests came to when last told, and that to the power −ρ, which is dear to tell.
    sums: [f64; 2],
    powers: [f64; 2],
}

impl Solution {
    /// Which goods which buyers may have: the same at any shadow utility.
    pub(super) fn lay_out(&mut self, choice: &Choice<'_>) {
        let (goods, points) = (choice.nest.len(), choice.points);
        for table in [
            &mut self.spend,
            &mut self.units,
            &mut self.slope,
            &mut self.weight,
        ] {
            table.clear();
            table.resize(goods * points, 0.0);
        }
        self.moved.clear();
        self.moved.resize(goods, true);
        self.layers.clear();
        self.members.clear();
        self.of_point.clear();
        for p in 0..points {
            let first = self.layers.len();
            let on_offer = |g: &usize| {
                let at = g * points + p;
                choice.available[at] > 1e-9 && choice.utility[at].is_finite() && choice.price[*g].is_finite()
            };
            self.levels.clear();
            for g in (0..goods).filter(on_offer) {
                let may = choice.available[g * points + p];
                if !self.levels.iter().any(|l| (l - may).abs() < 1e-12) {
                    self.levels.push(may);
                }
            }
            self.levels.sort_unstable_by(|a, b| b.total_cmp(a));
            for (n, level) in self.levels.iter().enumerate() {
                let from = self.members.len();
                let members = (0..goods).filter(on_offer);
                self.members
                    .extend(members.filter(|g| choice.available[g * points + p] >= level - 1e-12));
                self.layers.push(Layer {
                    part: level - self.levels.get(n + 1).copied().unwrap_or(0.0),
                    members: from..self.members.len(),
                    sums: [f64::NAN; 2],
                    powers: [0.0; 2],
                });
            }
            self.of_point.push(first..self.layers.len());
        }
    }

    /// Dollars and units at the present shadow utilities. Powers are told again where a shadow utility moved: they are dear.
    pub(super) fn demand(&mut self, choice: &Choice<'_>) {
        let (rho, goods, points) = (choice.rho, choice.nest.len(), choice.points);
        let spread = 1.0 - rho;
        for table in [&mut self.spend, &mut self.units, &mut self.slope] {
            table.fill(0.0);
        }
        self.answer.clear();
        self.answer.resize(goods * goods, 0.0);
        self.taken.resize(goods, 0.0);
        self.held.clear();
        self.held.extend((0..goods).filter(|g| self.mu[*g] > 0.0));
        for g in (0..goods).filter(|g| self.moved[*g]) {
            let rise = if choice.by_price[g] {
                (self.mu[g] / choice.price_slope).exp().min(DEAREST)
            } else {
                1.0
            };
            self.paid[g] = choice.price[g] * rise;
        }
        let idle = choice.outside.exp();
        for (p, of_point) in self.of_point.iter().enumerate() {
            // The last layer is of those who may have the scarcest good, and so all.
            let Some(all) = self.layers[of_point.clone()].last().map(|l| l.members.clone()) else {
                continue;
            };
            for g in self.members[all].iter().filter(|g| self.moved[**g]) {
                let at = g * points + p;
                self.weight[at] = ((choice.utility[at] - self.mu[*g]) / spread).exp();
            }
            for layer in &mut self.layers[of_point.clone()] {
                let members = &self.members[layer.members.clone()];
                let mut sums = [0.0; 2];
                for g in members {
                    sums[choice.nest[*g] as usize] += self.weight[g * points + p];
                }
                for (k, sum) in sums.iter().enumerate() {
                    if sum.to_bits() != layer.sums[k].to_bits() {
                        (layer.sums[k], layer.powers[k]) = (*sum, power(*sum, rho));
                    }
                }
                let mut worth = layer.powers;
                part_by_power(&sums, idle, &mut worth);
                let money = choice.money[p] * layer.part;
                for &g in &self.held {
                    self.taken[g] = 0.0;
                }
                for g in members {
                    let at = g * points + p;
                    let weight = self.weight[at];
                    if weight <= 0.0 {
                        continue;
                    }
                    let nest = choice.nest[*g] as usize;
                    let within = weight / sums[nest];
                    let share = weight * worth[nest];
                    let usd = money * share;
                    let units = usd / self.paid[*g];
                    self.spend[at] += usd;
                    self.units[at] += units;
                    self.taken[*g] = units;
                    self.slope[at] += units * (1.0 - rho * within - spread * share) / spread;
                }
                // What each good of a limit loses to a rise of another's shadow utility: its buyers by nest and by point.
                for &g in &self.held {
                    let units = self.taken[g];
                    if units <= 0.0 {
                        continue;
                    }
                    let nest = choice.nest[g];
                    let near = rho / (spread * sums[nest as usize]);
                    for &h in &self.held {
                        if self.taken[h] > 0.0 {
                            let pull = worth[choice.nest[h] as usize]
                                + if choice.nest[h] == nest { near } else { 0.0 };
                            self.answer[g * goods + h] -= units * self.weight[h * points + p] * pull;
                        }
                    }
                    self.answer[g * goods + g] += units / spread;
                }
            }
        }
    }
}
