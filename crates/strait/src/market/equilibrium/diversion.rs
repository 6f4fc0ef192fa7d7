//! Diversion: where the buyers go that a product loses.

use super::Market;
use super::shares::Shares;
use serde::Serialize;

/// Where what one product loses goes, as parts of what it loses; all parts sum to one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diversion {
    /// To each product, in the market's order; zero to itself.
    pub to: Vec<f64>,
    /// To the outside option.
    pub outside: f64,
}

/// By product: −(∂s_k/∂p_j)/(∂s_j/∂p_j), where those few go that a slightly higher price drives away.
pub(crate) fn at_the_margin(market: &Market, shares: &Shares) -> Vec<Diversion> {
    let n = market.products.len();
    let (slopes, outside) = (shares.slopes(market), shares.outside_slopes(market));
    (0..n)
        .map(|j| {
            let own = -slopes[j * n + j];
            Diversion {
                to: (0..n)
                    .map(|k| if k == j { 0.0 } else { slopes[k * n + j] / own })
                    .collect(),
                outside: outside[j] / own,
            }
        })
        .collect()
}

/// Where all buyers of product `j` go when they can no longer have it, prices as they are.
pub(crate) fn on_removal(market: &Market, shares: &Shares, y: &[f64], j: usize) -> Diversion {
    let n = market.products.len();
    let mut without = market.clone();
    for i in 0..market.demand.buyers.len() {
        without.base[i * n + j] = f64::NEG_INFINITY;
    }
    let mut after = Shares::default();
    after.take(&without, y);
    let lost = shares.total[j];
    let to = (0..n)
        .map(|k| {
            if k == j {
                0.0
            } else {
                (after.total[k] - shares.total[k]) / lost
            }
        })
        .collect();
    let outside = (after.outside_share(market) - shares.outside_share(market)) / lost;
    Diversion { to, outside }
}
