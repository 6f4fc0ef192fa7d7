//! Mean utilities from observed shares: in closed form where all buyers have the same tastes (Berry 1994), by a
//! contraction where they differ (Berry, Levinsohn and Pakes 1995; Grigolon and Verboven 2014).

use super::shares::Shares;
use super::{EquilibriumError, Market};

/// Utilities that move less than this in a round have settled.
const SETTLED: f64 = 1e-14;
const ROUNDS: usize = 20_000;

impl Market {
    /// The market with utilities at which its products have these shares at their own prices:
    /// δ ← δ + (1−ρ)·(ln s − ln s(δ)), from where it stands.
    ///
    /// # Errors
    /// Shares that leave nobody out or are not above zero, or that no utilities give in so many rounds.
    pub fn with_shares(&self, share: &[f64]) -> Result<Self, EquilibriumError> {
        let mut market = self.clone();
        let start = mean_utilities(share, &self.nest, self.demand.correlation)?;
        let y: Vec<f64> = self.index().collect();
        let n = share.len();
        let price = |j: usize| self.demand.buyers.iter().map(|b| b.weight * b.price).sum::<f64>() * y[j];
        let mut moves: Vec<f64> = (0..n)
            .map(|j| start[j] + self.demand.outside - price(j) - self.products[j].utility)
            .collect();
        let mut found = Shares::default();
        let mut largest = f64::INFINITY;
        for _ in 0..ROUNDS {
            for (j, step) in moves.iter().enumerate() {
                market.products[j].utility += step;
                market.base.iter_mut().skip(j).step_by(n).for_each(|u| *u += step);
            }
            found.take(&market, &y);
            for ((step, s), now) in moves.iter_mut().zip(share).zip(&found.total) {
                *step = (1.0 - self.demand.correlation) * (s / now).ln();
            }
            largest = moves
                .iter()
                .fold(0.0, |a, b| if b.abs() > a || b.is_nan() { b.abs() } else { a });
            // The last digits of large utilities never settle.
            let digits = market
                .products
                .iter()
                .map(|p| p.utility.abs())
                .fold(1.0, f64::max);
            if largest < SETTLED * digits {
                return Ok(market);
            }
        }
        Err(EquilibriumError::NotSolved {
            condition: "a share",
            residual: largest,
            rounds: ROUNDS,
        })
    }
}

/// δ_j = ln s_j − ln s₀ − ρ·ln(s_j/s_nest): utility of each product, price included, over the outside option's.
///
/// # Errors
/// Where shares leave nothing to the outside option, or one of them is not above zero.
pub fn mean_utilities(share: &[f64], nest: &[usize], rho: f64) -> Result<Vec<f64>, EquilibriumError> {
    let sum: f64 = share.iter().sum();
    let outside = 1.0 - sum;
    if outside.is_nan() || outside <= 0.0 {
        return Err(EquilibriumError::NoOutsideShare { sum });
    }
    if let Some(j) = share.iter().position(|s| s.is_nan() || *s <= 0.0) {
        return Err(EquilibriumError::OutOfRange {
            of: format!("product {}", j + 1),
            field: "share",
            value: share[j],
            expected: "a share above zero",
        });
    }
    let of_nest = |g: usize| -> f64 {
        let pairs = share.iter().zip(nest);
        pairs.filter(|(_, n)| **n == g).map(|(s, _)| s).sum()
    };
    Ok(share
        .iter()
        .zip(nest)
        .map(|(s, g)| s.ln() - outside.ln() - rho * (s / of_nest(*g)).ln())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::nested_logit;

    #[test]
    fn shares_give_back_the_utilities_they_came_from() {
        let (utility, nest) = ([0.4, -1.0, 0.9, -3.0], [0, 1, 0, 1]);
        let (share, _) = nested_logit(&utility, &nest, 0.7, 0.0);
        let found = mean_utilities(&share, &nest, 0.7).unwrap();
        for (u, v) in utility.iter().zip(found) {
            assert!((u - v).abs() < 1e-12);
        }
        assert!(mean_utilities(&[0.5, 0.5], &[0, 0], 0.5).is_err());
        assert!(mean_utilities(&[0.0, 0.5], &[0, 0], 0.5).is_err());
    }
}
