//! Quotas: a firm may sell no more than so many units of a product. A quota that binds has a shadow price λ ≥ 0, what one
//! more unit would be worth to the firm; the firm prices as if a unit cost it c + λ.

use super::bertrand::Bertrand;
use super::{EquilibriumError, Market};

/// Demand above a quota by less than this part of it counts as met.
const SLACK: f64 = 1e-12;

impl Bertrand {
    /// Finds which quotas bind, and prices with them: one that is exceeded is taken in, one whose shadow price is
    /// below zero let go, until neither is left.
    pub(crate) fn quotas(&mut self, market: &Market) -> Result<(), EquilibriumError> {
        let asked = |j: usize| market.products[j].quota;
        let limits = (0..market.products.len()).filter(|j| asked(*j).is_some()).count();
        for _ in 0..=4 * limits {
            let exceeded: Vec<usize> = (0..market.products.len())
                .filter(|j| !self.binding.iter().any(|(k, _)| k == j))
                .filter(|j| asked(*j).is_some_and(|q| self.log_units(market, *j) > q.ln() + SLACK))
                .collect();
            let slack: Vec<usize> = (self.binding.iter().map(|(j, _)| *j))
                .filter(|j| self.shadow[*j] < 0.0)
                .collect();
            if exceeded.is_empty() && slack.is_empty() {
                return Ok(());
            }
            for j in &slack {
                self.shadow[*j] = 0.0;
            }
            self.binding.retain(|(j, _)| !slack.contains(j));
            let targets = exceeded.iter().filter_map(|j| Some((*j, asked(*j)?.ln())));
            self.binding.extend(targets);
            self.approach(market)?;
        }
        Err(EquilibriumError::NotSolved {
            condition: "the set of binding quotas",
            residual: f64::NAN,
            rounds: self.rounds,
        })
    }

    /// Meets the quotas of `binding`, at once or, where that is too far, by way of quotas between here and there.
    fn approach(&mut self, market: &Market) -> Result<(), EquilibriumError> {
        let ends: Vec<f64> = self.binding.iter().map(|(_, asked)| *asked).collect();
        self.evaluate(market)?;
        let starts: Vec<f64> = (self.binding.iter().map(|(j, _)| self.log_units(market, *j))).collect();
        let (mut done, mut stride) = (0.0_f64, 1.0);
        loop {
            let kept = (self.y.clone(), self.shadow.clone());
            let goal = (done + stride).min(1.0);
            for (n, (_, asked)) in self.binding.iter_mut().enumerate() {
                *asked = starts[n] + goal * (ends[n] - starts[n]);
                if goal >= 1.0 {
                    *asked = ends[n];
                }
            }
            match self.settle(market) {
                Ok(()) if goal >= 1.0 => return Ok(()),
                Ok(()) => done = goal,
                Err(error) => {
                    (self.y, self.shadow) = kept;
                    stride *= 0.5;
                    if stride < 1e-3 {
                        return Err(error);
                    }
                }
            }
        }
    }
}
