//! First-order conditions of firms that set prices against one another, and their derivatives.
//!
//! Firm f maximises Σ_k κ_k·r_k·s_k, r_k the margin per unit of share and κ_k 1 for its own products, its holding in
//! another's seller for that one's. In the price index y of each of its products j, over
//! its share s_j, with types i, weights w_i, price coefficients α_i and R_i = Σ_k κ_k·r_k·s_ik, N_i = Σ_{k∈nest(j)} κ_k·r_k·s_ik|nest:
//! 0 = r_j′ + Σ_i w_i·α_i·(s_ij/s_j)·(r_j/(1−ρ) − ρ/(1−ρ)·N_i − R_i).

use super::price_term::Margin;
use super::shares::Shares;
use super::{EquilibriumError, Market};

/// The conditions at one vector of prices; buffers are kept from one evaluation to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions {
    pub(crate) price: Vec<f64>,
    pub(crate) margin: Vec<Margin>,
    /// What each condition is off by.
    pub(crate) off: Vec<f64>,
    /// Its derivative in the product's own margin, everything else held; below zero.
    pub(crate) own: Vec<f64>,
    /// What its other products' sales take from it: the condition is r′ + own·r − rest.
    pub(crate) rest: Vec<f64>,
    /// w_i·α_i·s_ij/s_j, by type and product.
    ratio: Vec<f64>,
    /// The bracket, by type and product.
    bracket: Vec<f64>,
    /// R, by type and firm.
    by_firm: Vec<f64>,
    /// N, by type, firm and nest.
    by_nest: Vec<f64>,
    /// ∂R/∂y and ∂N/∂y for one type, by firm and product.
    firm_slope: Vec<f64>,
    nest_slope: Vec<f64>,
}

/// A share below this cannot be told from none.
const NO_DEMAND: f64 = 1e-200;

impl Conditions {
    /// Evaluates the conditions; `shadow` is added to each product's marginal cost.
    pub(crate) fn take(
        &mut self,
        market: &Market,
        shares: &Shares,
        y: &[f64],
        shadow: &[f64],
    ) -> Result<(), EquilibriumError> {
        let n = market.products.len();
        if let Some(j) = shares.total.iter().position(|s| *s < NO_DEMAND || s.is_nan()) {
            let product = market.products[j].id.clone();
            return Err(EquilibriumError::NoDemand { product });
        }
        let term = &market.demand.price;
        self.price.clear();
        self.price
            .extend(y.iter().enumerate().map(|(j, y)| term.price(j, *y)));
        self.margin.clear();
        self.margin.extend(
            (0..n).map(|j| term.margin(j, self.price[j], market.keep[j], market.cost[j] + shadow[j])),
        );
        let (firms, nests, types) = (market.firms.len(), market.nests, market.demand.buyers.len());
        self.by_firm.clear();
        self.by_firm.resize(types * firms, 0.0);
        self.by_nest.clear();
        self.by_nest.resize(types * firms * nests, 0.0);
        self.ratio.resize(types * n, 0.0);
        self.bracket.resize(types * n, 0.0);
        self.own.clear();
        self.own.resize(n, 0.0);
        self.rest.clear();
        self.rest.resize(n, 0.0);
        let within = 1.0 / (1.0 - market.demand.correlation);
        let nested = market.demand.correlation * within;
        for (i, buyer) in market.demand.buyers.iter().enumerate() {
            let by_firm = &mut self.by_firm[i * firms..(i + 1) * firms];
            let by_nest = &mut self.by_nest[i * firms * nests..(i + 1) * firms * nests];
            for k in 0..n {
                let (g, r) = (market.nest[k], self.margin[k].value);
                let own = market.firm[k];
                // Without holdings nobody else counts it.
                for f in if market.holdings.is_empty() {
                    own..own + 1
                } else {
                    0..firms
                } {
                    let counted = r * market.counts(f, k);
                    if counted != 0.0 {
                        by_firm[f] += counted * shares.of_type[i * n + k];
                        by_nest[f * nests + g] += counted * shares.within[i * n + k];
                    }
                }
            }
            for j in 0..n {
                let (f, g) = (market.firm[j], market.nest[j]);
                let ratio = buyer.weight * buyer.price * (shares.of_type[i * n + j] / shares.total[j]);
                let others = nested * by_nest[f * nests + g] + by_firm[f];
                self.ratio[i * n + j] = ratio;
                self.bracket[i * n + j] = within * self.margin[j].value - others;
                self.own[j] += within * ratio;
                self.rest[j] += ratio * others;
            }
        }
        self.off.clear();
        self.off
            .extend((0..n).map(|j| self.margin[j].first + self.own[j] * self.margin[j].value - self.rest[j]));
        Ok(())
    }

    /// Largest distance of a margin from the one its condition asks for, others held, as a part of the price.
    pub(crate) fn residual(&self) -> f64 {
        let of = |j: usize| (self.off[j] / self.own[j] / (self.price[j] * self.margin[j].by_cost)).abs();
        (0..self.off.len())
            .map(of)
            .fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
    }

    /// Writes ∂off_j/∂y_l into `out`, rows of `stride`.
    pub(crate) fn jacobian(&mut self, market: &Market, shares: &Shares, out: &mut [f64], stride: usize) {
        let n = market.products.len();
        let (firms, nests) = (market.firms.len(), market.nests);
        let rho = market.demand.correlation;
        let (own, nested) = (1.0 / (1.0 - rho), rho / (1.0 - rho));
        let several = market.demand.buyers.len() > 1;
        self.firm_slope.resize(firms * n, 0.0);
        self.nest_slope.resize(firms * n, 0.0);
        for row in out.chunks_exact_mut(stride).take(n) {
            row[..n].fill(0.0);
        }
        for (i, buyer) in market.demand.buyers.iter().enumerate() {
            let share = &shares.of_type[i * n..(i + 1) * n];
            let within = &shares.within[i * n..(i + 1) * n];
            for f in 0..firms {
                let by_nest = &self.by_nest[(i * firms + f) * nests..(i * firms + f + 1) * nests];
                let by_firm = self.by_firm[i * firms + f];
                for l in 0..n {
                    let mine = market.counts(f, l)
                        * (self.margin[l].first + buyer.price * own * self.margin[l].value);
                    let of_nest = by_nest[market.nest[l]];
                    let at = f * n + l;
                    self.firm_slope[at] = share[l] * (mine - buyer.price * (nested * of_nest + by_firm));
                    self.nest_slope[at] = nested * within[l] * (mine - buyer.price * own * of_nest);
                }
            }
            for j in 0..n {
                let ratio = self.ratio[i * n + j];
                let row = &mut out[j * stride..j * stride + n];
                let (f, g) = (market.firm[j], market.nest[j]);
                let firm_slope = &self.firm_slope[f * n..(f + 1) * n];
                let nest_slope = &self.nest_slope[f * n..(f + 1) * n];
                for l in 0..n {
                    let same = if market.nest[l] == g { nest_slope[l] } else { 0.0 };
                    row[l] -= ratio * (firm_slope[l] + same);
                }
                row[j] += ratio * own * self.margin[j].first;
                if several {
                    // Who buys j changes with prices: its buyers' weights move by their own shares less the mean.
                    let far = buyer.price * self.bracket[i * n + j] - (self.off[j] - self.margin[j].first);
                    for (l, slope) in row.iter_mut().enumerate() {
                        *slope += ratio * far * shares.pull(market, i, j, l);
                    }
                }
            }
        }
        for j in 0..n {
            out[j * stride + j] += self.margin[j].second;
        }
    }

    /// ∂off_j/∂c_k: what a dearer product k does to the condition of j.
    pub(crate) fn by_cost(&self, market: &Market, shares: &Shares, j: usize, k: usize) -> f64 {
        let mut out = if j == k {
            -self.margin[j].first_by_cost
        } else {
            0.0
        };
        let counted = market.counts(market.firm[j], k);
        if counted != 0.0 {
            let n = market.products.len();
            for i in 0..market.demand.buyers.len() {
                out -=
                    counted * self.ratio[i * n + j] * shares.pull(market, i, j, k) * self.margin[k].by_cost;
            }
        }
        out
    }
}
