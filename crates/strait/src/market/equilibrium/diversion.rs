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
///
/// With c the product's share within its nest and S the nest's share, the nest keeps φ = (1−c)^(1−ρ) of its odds, so that
/// everything outside it grows by 1/(1 − S·(1−φ)) and the rest of the nest by (1−c)^(−ρ) times that.
pub(crate) fn on_removal(market: &Market, shares: &Shares, j: usize) -> Diversion {
    let n = market.products.len();
    let rho = market.demand.correlation;
    let mut out = Diversion {
        to: vec![0.0; n],
        outside: 0.0,
    };
    for (i, buyer) in market.demand.buyers.iter().enumerate() {
        let (share, within) = (shares.of_type[i * n + j], shares.within[i * n + j]);
        if share <= 0.0 {
            continue;
        }
        // Differences of nearly equal numbers, hence the sum over the others and the logarithms.
        let others = (0..n).filter(|k| *k != j && market.nest[*k] == market.nest[j]);
        let left = if within < 0.5 {
            (-within).ln_1p()
        } else {
            others.map(|k| shares.within[i * n + k]).sum::<f64>().ln()
        };
        let odds_lost = -((1.0 - rho) * left).exp_m1();
        let growth = -(-(share / within) * odds_lost).ln_1p();
        let part = buyer.weight / shares.total[j];
        for k in (0..n).filter(|k| *k != j) {
            let same = if market.nest[k] == market.nest[j] {
                rho * left
            } else {
                0.0
            };
            out.to[k] += part * shares.of_type[i * n + k] * (growth - same).exp_m1();
        }
        out.outside += part * shares.outside[i].share * growth.exp_m1();
    }
    out
}
