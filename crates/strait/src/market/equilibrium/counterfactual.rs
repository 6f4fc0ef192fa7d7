//! Changes to a market: a ban, a merger, a levy, a quota.

use super::{EquilibriumError, Market, PriceTerm};
use crate::data::nearest;

impl Market {
    /// Where a product stands.
    ///
    /// # Errors
    /// Names the products where it has none of that name.
    pub fn product(&self, id: &str) -> Result<usize, EquilibriumError> {
        let found = self.products.iter().position(|p| p.id == id);
        found.ok_or_else(|| unknown("product", id, self.products.iter().map(|p| p.id.as_str())))
    }

    /// Where a firm stands.
    ///
    /// # Errors
    /// Names the firms where it has none of that name.
    pub fn firm(&self, name: &str) -> Result<usize, EquilibriumError> {
        let found = self.firms.iter().position(|f| f == name);
        found.ok_or_else(|| unknown("firm", name, self.firms.iter().map(String::as_str)))
    }

    /// The market with a product taken off it.
    ///
    /// # Errors
    /// An unknown name, or the market's last product.
    pub fn without(&self, id: &str) -> Result<Self, EquilibriumError> {
        let gone = self.product(id)?;
        let (mut products, mut demand) = (self.products.clone(), self.demand.clone());
        products.remove(gone);
        for buyer in &mut demand.buyers {
            buyer.taste.remove(gone);
        }
        if let PriceTerm::CostOfUse { reference, .. } = &mut demand.price {
            reference.remove(gone);
        }
        Self::held(products, demand, self.holdings.clone())
    }

    /// The market with two firms' prices set by the first of them.
    ///
    /// # Errors
    /// An unknown name, or a firm merged with itself.
    pub fn merged(&self, buyer: &str, bought: &str) -> Result<Self, EquilibriumError> {
        if self.firm(buyer)? == self.firm(bought)? {
            return Err(EquilibriumError::Products(format!(
                "`{buyer}` cannot merge with itself"
            )));
        }
        let mut products = self.products.clone();
        for product in products.iter_mut().filter(|p| p.firm == bought) {
            product.firm = buyer.to_owned();
        }
        // What the bought firm held its buyer holds, and who held a part of it has its part of the buyer's other goods no more.
        let holdings = self.holdings.iter().filter(|h| h.held != bought).cloned();
        let holdings = holdings.map(|mut h| {
            if h.holder == bought {
                h.holder = buyer.to_owned();
            }
            h
        });
        Self::held(products, self.demand.clone(), holdings.collect())
    }

    /// The market with a part of a firm's revenue taken as a levy, on all its products.
    ///
    /// # Errors
    /// An unknown name, or a part that is not from 0 to below 1.
    pub fn with_levy(&self, firm: &str, part: f64) -> Result<Self, EquilibriumError> {
        let levied = self.firm(firm)?;
        let mut products = self.products.clone();
        for (product, _) in products.iter_mut().zip(&self.firm).filter(|(_, f)| **f == levied) {
            product.levy = part;
        }
        Self::held(products, self.demand.clone(), self.holdings.clone())
    }

    /// The market with the part of one product's revenue taken as a levy.
    ///
    /// # Errors
    /// An unknown name, or a part that is not from 0 to below 1.
    pub fn with_levy_on(&self, id: &str, part: f64) -> Result<Self, EquilibriumError> {
        let levied = self.product(id)?;
        let mut products = self.products.clone();
        products[levied].levy = part;
        Self::held(products, self.demand.clone(), self.holdings.clone())
    }

    /// The market with at most so many units of a product.
    ///
    /// # Errors
    /// An unknown name, or a quota that is not above zero.
    pub fn with_quota(&self, id: &str, units: f64) -> Result<Self, EquilibriumError> {
        let limited = self.product(id)?;
        let mut products = self.products.clone();
        products[limited].quota = Some(units);
        Self::held(products, self.demand.clone(), self.holdings.clone())
    }

    /// The market with other marginal costs, in its products' order.
    ///
    /// # Errors
    /// A cost below zero.
    pub fn with_costs(&self, costs: &[f64]) -> Result<Self, EquilibriumError> {
        let mut products = self.products.clone();
        for (product, cost) in products.iter_mut().zip(costs) {
            product.cost = *cost;
        }
        Self::held(products, self.demand.clone(), self.holdings.clone())
    }

    /// The market with other prices, in its products' order: where a search for equilibrium prices begins.
    ///
    /// # Errors
    /// A price not above zero.
    pub fn with_prices(&self, prices: &[f64]) -> Result<Self, EquilibriumError> {
        let mut products = self.products.clone();
        for (product, price) in products.iter_mut().zip(prices) {
            product.price = *price;
        }
        Self::held(products, self.demand.clone(), self.holdings.clone())
    }
}

fn unknown<'a>(
    what: &'static str,
    typed: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> EquilibriumError {
    let near = nearest(typed, names.clone());
    EquilibriumError::Unknown {
        what,
        typed: typed.to_owned(),
        near: if near.is_empty() { names.collect() } else { near }
            .into_iter()
            .map(str::to_owned)
            .collect(),
    }
}
