//! What a market comes to at its prices: shares, margins, profits, surplus and concentration.

use super::bertrand::Bertrand;
use super::diversion::{self, Diversion};
use super::elasticities::elasticities;
use super::{EquilibriumError, Market, PriceTerm};
use serde::Serialize;

/// One product.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductOutcome {
    /// Product.
    pub id: String,
    /// Seller.
    pub firm: String,
    /// Nest.
    pub nest: String,
    /// Price.
    pub price: f64,
    /// Share of the market, 0 to 1.
    pub share: f64,
    /// Units sold.
    pub units: f64,
    /// Marginal cost.
    pub cost: f64,
    /// What one unit more of a binding quota would earn its seller; zero where none binds.
    pub shadow_price: f64,
    /// (p − c)/p, the Lerner index: margin at true cost as a part of the price, a levy not deducted.
    pub lerner: f64,
    /// Profit at true cost, a levy deducted.
    pub profit: f64,
    /// What is handed over as a levy.
    pub levy_paid: f64,
}

/// One firm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FirmOutcome {
    /// Firm.
    pub firm: String,
    /// Share of the market, 0 to 1.
    pub share: f64,
    /// Profit.
    pub profit: f64,
    /// Whether the Hessian of its profit in its own prices is negative definite: a strict local maximum.
    pub second_order: bool,
}

/// A market at its prices.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// In the market's order.
    pub products: Vec<ProductOutcome>,
    /// In the order of their first product.
    pub firms: Vec<FirmOutcome>,
    /// Share that buys nothing.
    pub outside: f64,
    /// What having the market is worth to buyers: money ([`PriceTerm::Linear`]), or the logarithm of the rise of all
    /// costs of use that would take as much from them ([`PriceTerm::CostOfUse`]).
    pub consumer_surplus: f64,
    /// Herfindahl–Hirschman index of the firms' shares of what is bought, 0 to 10,000.
    pub hhi: f64,
    /// d ln units/d ln price, the product whose units move as rows.
    pub elasticities: Vec<Vec<f64>>,
    /// Where those few buyers go that a slightly higher price drives away, by product.
    pub diversion: Vec<Diversion>,
    /// Where all of a product's buyers go when it is gone and prices stay, by product.
    pub removal: Vec<Diversion>,
    /// Largest distance of a margin from its first-order condition, as a part of the price.
    pub residual: f64,
    /// Rounds the search took; zero where prices were given.
    pub rounds: usize,
}

impl Outcome {
    /// Whether every firm's prices are a strict local maximum of its profit.
    pub fn second_order(&self) -> bool {
        self.firms.iter().all(|f| f.second_order)
    }
}

impl Market {
    /// The market at the prices its products have.
    ///
    /// # Errors
    /// Where a product has no demand.
    pub fn at_given_prices(&self) -> Result<Outcome, EquilibriumError> {
        let mut search = Bertrand::default();
        search.begin(self);
        search.evaluate(self)?;
        Ok(search.outcome(self))
    }

    /// The market at Bertrand–Nash prices, quotas kept.
    ///
    /// # Errors
    /// Where a product has no demand, or no prices were found.
    pub fn equilibrium(&self) -> Result<Outcome, EquilibriumError> {
        let mut search = Bertrand::default();
        search.solve(self)?;
        Ok(search.outcome(self))
    }
}

impl Bertrand {
    /// Everything at the prices last evaluated.
    pub fn outcome(&mut self, market: &Market) -> Outcome {
        let second_order = self.second_order(market);
        let (shares, conditions, y) = (&self.shares, &self.conditions, &self.y);
        let size = market.demand.size;
        let products: Vec<ProductOutcome> = market
            .products
            .iter()
            .enumerate()
            .map(|(j, p)| {
                let price = conditions.price[j];
                let units = size * shares.total[j] * market.demand.price.units(price);
                ProductOutcome {
                    id: p.id.clone(),
                    firm: p.firm.clone(),
                    nest: p.nest.clone(),
                    price,
                    share: shares.total[j],
                    units,
                    cost: p.cost,
                    shadow_price: self.shadow[j],
                    lerner: (price - p.cost) / price,
                    profit: units * (market.keep[j] * price - p.cost),
                    levy_paid: units * p.levy * price,
                }
            })
            .collect();
        let of_firm = |f: usize, of: fn(&ProductOutcome) -> f64| -> f64 {
            let mine = products
                .iter()
                .zip(&market.firm)
                .filter(|(_, owner)| **owner == f);
            mine.map(|(p, _)| of(p)).sum()
        };
        let firms: Vec<FirmOutcome> = market
            .firms
            .iter()
            .zip(second_order)
            .enumerate()
            .map(|(f, (firm, second_order))| FirmOutcome {
                firm: firm.clone(),
                share: of_firm(f, |p| p.share),
                profit: of_firm(f, |p| p.profit),
                second_order,
            })
            .collect();
        let inside: f64 = firms.iter().map(|f| f.share).sum();
        let worth = |(b, o): (&super::BuyerType, &super::logit::Outside)| {
            b.weight * (o.inclusive - market.demand.outside) / -b.price
        };
        let surplus: f64 = market.demand.buyers.iter().zip(&shares.outside).map(worth).sum();
        Outcome {
            outside: shares.outside_share(market),
            consumer_surplus: match market.demand.price {
                PriceTerm::Linear => size * surplus,
                PriceTerm::CostOfUse { .. } => surplus,
            },
            hhi: firms.iter().map(|f| (100.0 * f.share / inside).powi(2)).sum(),
            elasticities: elasticities(market, shares, y),
            diversion: diversion::at_the_margin(market, shares),
            removal: (0..products.len())
                .map(|j| diversion::on_removal(market, shares, j))
                .collect(),
            residual: conditions.residual(),
            rounds: self.rounds,
            products,
            firms,
        }
    }
}
