//! Second-order conditions: whether prices that meet the first-order conditions are a maximum of each firm's profit.

use super::Market;
use super::bertrand::Bertrand;
use crate::market::linear::is_negative_definite;

impl Bertrand {
    /// By firm, whether the Hessian of its profit in its own prices is negative definite where the search stands: a
    /// strict local maximum. With a binding quota it is the Lagrangian's, the quota's shadow price added to cost.
    pub(crate) fn second_order(&mut self, market: &Market) -> Vec<bool> {
        let n = market.products.len();
        let mut slopes = vec![0.0; n * n];
        self.conditions.jacobian(market, &self.shares, &mut slopes, n);
        // Profit's gradient is share times condition; where the condition is zero, its derivative is share times the
        // condition's. A change of variables from prices to their index keeps the sign there.
        let hessian = |j: usize, l: usize| self.shares.total[j] * slopes[j * n + l];
        (0..market.firms.len())
            .map(|f| {
                let own: Vec<usize> = (0..n).filter(|j| market.firm[*j] == f).collect();
                // Scaled to the diagonal, so that products of very different size weigh alike.
                let scale = |j: usize| hessian(j, j).abs().sqrt();
                let mut block: Vec<f64> = own
                    .iter()
                    .flat_map(|&j| own.iter().map(move |&l| (j, l)))
                    .map(|(j, l)| 0.5 * (hessian(j, l) + hessian(l, j)) / (scale(j) * scale(l)))
                    .collect();
                is_negative_definite(&mut block, own.len())
            })
            .collect()
    }
}
