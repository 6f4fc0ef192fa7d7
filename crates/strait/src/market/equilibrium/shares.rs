//! Shares by type of buyer and altogether, and their derivatives in the price index.

use super::Market;
use super::logit::{Choice, Outside};

/// Shares at one vector of price indices; buffers are kept from one evaluation to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shares {
    /// By type (row) and product.
    pub(crate) of_type: Vec<f64>,
    /// Share within its nest, by type and product.
    pub(crate) within: Vec<f64>,
    /// By type.
    pub(crate) outside: Vec<Outside>,
    /// By product, all types together.
    pub(crate) total: Vec<f64>,
    utility: Vec<f64>,
    choice: Choice,
}

impl Shares {
    /// Evaluates the market at price indices `y`.
    pub(crate) fn take(&mut self, market: &Market, y: &[f64]) {
        let n = market.products.len();
        let types = market.demand.buyers.len();
        self.of_type.resize(n * types, 0.0);
        self.within.resize(n * types, 0.0);
        self.outside.clear();
        self.total.clear();
        self.total.resize(n, 0.0);
        self.utility.resize(n, 0.0);
        for (i, buyer) in market.demand.buyers.iter().enumerate() {
            let row = i * n..(i + 1) * n;
            for ((u, base), y) in self.utility.iter_mut().zip(&market.base[row.clone()]).zip(y) {
                *u = base + buyer.price * y;
            }
            let outside = self.choice.take(
                &self.utility,
                (&market.nest, market.nests),
                market.demand.correlation,
                market.demand.outside,
                &mut self.of_type[row.clone()],
                &mut self.within[row.clone()],
            );
            self.outside.push(outside);
            for (total, share) in self.total.iter_mut().zip(&self.of_type[row]) {
                *total += buyer.weight * share;
            }
        }
    }

    /// Part of the market that buys nothing.
    pub(crate) fn outside_share(&self, market: &Market) -> f64 {
        let of = |(b, o): (&super::BuyerType, &Outside)| b.weight * o.share;
        market.demand.buyers.iter().zip(&self.outside).map(of).sum()
    }

    /// ∂ ln s_j/∂u_k of type `i`: δ_jk/(1−ρ) − [same nest]·ρ/(1−ρ)·s_k|nest − s_k.
    pub(crate) fn pull(&self, market: &Market, i: usize, j: usize, k: usize) -> f64 {
        let at = i * self.total.len() + k;
        let rho = market.demand.correlation;
        let own = if j == k { 1.0 / (1.0 - rho) } else { 0.0 };
        let nest = if market.nest[j] == market.nest[k] {
            rho / (1.0 - rho) * self.within[at]
        } else {
            0.0
        };
        own - nest - self.of_type[at]
    }

    /// ∂s_j/∂y_k, the product j whose share moves as rows.
    pub(crate) fn slopes(&self, market: &Market) -> Vec<f64> {
        let n = self.total.len();
        let mut out = vec![0.0; n * n];
        for (i, buyer) in market.demand.buyers.iter().enumerate() {
            for j in 0..n {
                let share = buyer.weight * buyer.price * self.of_type[i * n + j];
                for k in 0..n {
                    out[j * n + k] += share * self.pull(market, i, j, k);
                }
            }
        }
        out
    }

    /// ∂s₀/∂y_k: minus what the outside option gets when k becomes cheaper.
    pub(crate) fn outside_slopes(&self, market: &Market) -> Vec<f64> {
        let n = self.total.len();
        let mut out = vec![0.0; n];
        for (i, buyer) in market.demand.buyers.iter().enumerate() {
            let outside = buyer.weight * buyer.price * self.outside[i].share;
            for (slope, share) in out.iter_mut().zip(&self.of_type[i * n..(i + 1) * n]) {
                *slope -= outside * share;
            }
        }
        out
    }
}
