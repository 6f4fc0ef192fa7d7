//! Marginal costs at which given prices are best for every firm.

use super::shares::Shares;
use super::{EquilibriumError, Market};
use crate::market::linear;

impl Market {
    /// Marginal cost of each product at which its market's own prices are an equilibrium: the first-order conditions
    /// are linear in margins. A shadow price that a supply limit puts on a unit is part of it.
    ///
    /// # Errors
    /// Where a product has no demand at its price.
    pub fn implied_costs(&self) -> Result<Vec<f64>, EquilibriumError> {
        let n = self.products.len();
        let y: Vec<f64> = self.index().collect();
        let mut shares = Shares::default();
        shares.take(self, &y);
        let slopes = shares.slopes(self);
        let mut matrix = vec![0.0; n * n];
        let mut margin = vec![0.0; n];
        for j in 0..n {
            let share = shares.total[j];
            let (fixed, by_margin) =
                self.demand
                    .price
                    .first_by_margin(j, self.products[j].price, self.keep[j]);
            for k in 0..n {
                matrix[j * n + k] = -self.counts(self.firm[j], k) * slopes[k * n + j] / share;
            }
            matrix[j * n + j] += by_margin;
            margin[j] = fixed;
        }
        if !linear::solve(&mut matrix, &mut margin) || margin.iter().any(|m| !m.is_finite()) {
            let least = (0..n).min_by(|a, b| shares.total[*a].total_cmp(&shares.total[*b]));
            let product = least.map_or_else(String::new, |j| self.products[j].id.clone());
            return Err(EquilibriumError::NoDemand { product });
        }
        Ok((0..n)
            .map(|j| {
                self.demand
                    .price
                    .cost(self.products[j].price, self.keep[j], margin[j])
            })
            .collect())
    }
}
