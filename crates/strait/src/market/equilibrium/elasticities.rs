//! Price elasticities of demand.

use super::Market;
use super::shares::Shares;

/// d ln q_j/d ln p_k at price indices `y`: product j whose units move as rows, product k whose price moves as columns.
pub(crate) fn elasticities(market: &Market, shares: &Shares, y: &[f64]) -> Vec<Vec<f64>> {
    let n = market.products.len();
    let slopes = shares.slopes(market);
    let term = &market.demand.price;
    let mut out = vec![vec![0.0; n]; n];
    for k in 0..n {
        let price = term.price(k, y[k]);
        let index = price / term.slope(k, price);
        for (j, row) in out.iter_mut().enumerate() {
            row[k] = slopes[j * n + k] / shares.total[j] * index;
            if j == k {
                row[k] += term.units_slope(k, price) * index;
            }
        }
    }
    out
}
