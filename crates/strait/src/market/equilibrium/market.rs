//! A market: products, firms, nests and buyers, checked and numbered.

use super::holdings::{Holding, weights};
use super::{BuyerType, EquilibriumError, PriceTerm, Product};

/// How buyers choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// Correlation of tastes within a nest, ρ: 0 (plain logit) to below 1.
    pub correlation: f64,
    /// How price enters.
    pub price: PriceTerm,
    /// Types of buyers.
    pub buyers: Vec<BuyerType>,
    /// Utility of the outside option, for every type.
    pub outside: f64,
    /// Possible buyers ([`PriceTerm::Linear`]) or money to be spent; 1 gives everything per buyer or unit of money.
    pub size: f64,
}

/// A market whose names are numbered: products, the firms that set their prices and the nests they lie in.
#[derive(Debug, Clone, PartialEq)]
pub struct Market {
    pub(crate) products: Vec<Product>,
    pub(crate) demand: Demand,
    /// Firm of each product, which sets its price.
    pub(crate) firm: Vec<usize>,
    pub(crate) firms: Vec<String>,
    /// What firms hold of one another.
    pub(crate) holdings: Vec<Holding>,
    /// What a firm (row) counts of another's profit beside its own: 1 of its own, its holdings of others.
    pub(crate) counted: Vec<f64>,
    /// Nest of each product.
    pub(crate) nest: Vec<usize>,
    pub(crate) nests: usize,
    /// Utility apart from price, by type (row) and product.
    pub(crate) base: Vec<f64>,
    /// Marginal cost of each product.
    pub(crate) cost: Vec<f64>,
    /// What the levy leaves of each product's price.
    pub(crate) keep: Vec<f64>,
}

/// Numbers names in order of appearance.
fn number<'a>(names: impl Iterator<Item = &'a str>) -> (Vec<usize>, Vec<String>) {
    let mut known: Vec<String> = Vec::new();
    let at = names
        .map(|name| {
            known.iter().position(|k| k == name).unwrap_or_else(|| {
                known.push(name.to_owned());
                known.len() - 1
            })
        })
        .collect();
    (at, known)
}

impl Market {
    /// Numbers and checks a market.
    ///
    /// # Errors
    /// A number out of its range, two products of one name, or none at all.
    pub fn new(products: Vec<Product>, demand: Demand) -> Result<Self, EquilibriumError> {
        Self::held(products, demand, Vec::new())
    }

    /// The same with holdings of firms in one another.
    pub(super) fn held(
        products: Vec<Product>,
        demand: Demand,
        holdings: Vec<Holding>,
    ) -> Result<Self, EquilibriumError> {
        let (firm, firms) = number(products.iter().map(|p| p.firm.as_str()));
        let (nest, nests) = number(products.iter().map(|p| p.nest.as_str()));
        let base = demand
            .buyers
            .iter()
            .flat_map(|b| products.iter().zip(&b.taste).map(|(p, taste)| p.utility + taste))
            .collect();
        let counted = weights(&firms, &holdings)?;
        let market = Self {
            firm,
            firms,
            holdings,
            counted,
            nest,
            nests: nests.len(),
            base,
            cost: products.iter().map(|p| p.cost).collect(),
            keep: products.iter().map(|p| 1.0 - p.levy).collect(),
            products,
            demand,
        };
        market.check()?;
        Ok(market)
    }

    fn check(&self) -> Result<(), EquilibriumError> {
        if self.products.is_empty() {
            return Err(EquilibriumError::Products("a market without products".into()));
        }
        let within = |of: &str, field, value: f64, fits: bool, expected| {
            if fits {
                return Ok(());
            }
            let of = of.to_owned();
            Err(EquilibriumError::OutOfRange {
                of,
                field,
                value,
                expected,
            })
        };
        let above = |x: f64| x.is_finite() && x > 0.0;
        for (at, p) in self.products.iter().enumerate() {
            if self.products[..at].iter().any(|other| other.id == p.id) {
                return Err(EquilibriumError::Products(format!(
                    "product `{}` stands twice",
                    p.id
                )));
            }
            within(&p.id, "utility", p.utility, p.utility.is_finite(), "a number")?;
            within(&p.id, "price", p.price, above(p.price), "a price above zero")?;
            within(
                &p.id,
                "cost",
                p.cost,
                p.cost.is_finite() && p.cost >= 0.0,
                "a cost, not below zero",
            )?;
            let part = (0.0..1.0).contains(&p.levy);
            within(
                &p.id,
                "levy",
                p.levy,
                part,
                "a part of the price, from 0 to below 1",
            )?;
            if let Some(quota) = p.quota {
                within(
                    &p.id,
                    "quota",
                    quota,
                    above(quota),
                    "a number of units above zero",
                )?;
            }
        }
        let d = &self.demand;
        let all = "the market";
        let rho = (0.0..1.0).contains(&d.correlation);
        within(
            all,
            "correlation",
            d.correlation,
            rho,
            "a correlation from 0 to below 1",
        )?;
        within(
            all,
            "size",
            d.size,
            d.size.is_finite() && d.size > 0.0,
            "a size above zero",
        )?;
        within(
            all,
            "outside utility",
            d.outside,
            d.outside.is_finite(),
            "a number",
        )?;
        if let PriceTerm::CostOfUse { reference, share } = &d.price {
            let part = *share > 0.0 && *share <= 1.0;
            within(
                all,
                "share of the cost of use",
                *share,
                part,
                "a part above 0, at most 1",
            )?;
            let lowest = reference.iter().copied().fold(f64::INFINITY, f64::min);
            let fits = reference.len() == self.products.len() && above(lowest);
            within(
                all,
                "lowest reference price",
                lowest,
                fits,
                "a price above zero for each product",
            )?;
        }
        let weights: f64 = d.buyers.iter().map(|b| b.weight).sum();
        within(
            all,
            "sum of weights",
            weights,
            (weights - 1.0).abs() < 1e-6,
            "weights that sum to 1",
        )?;
        for buyer in &d.buyers {
            let falls = buyer.price.is_finite() && buyer.price < 0.0;
            within(
                all,
                "price coefficient",
                buyer.price,
                falls,
                "utility that falls with price",
            )?;
            let strange = buyer.taste.iter().find(|t| t.is_nan() || **t == f64::INFINITY);
            let taste = strange.copied().unwrap_or(0.0);
            within(all, "taste", taste, strange.is_none(), "a number, or −∞")?;
            let tastes = buyer.taste.len();
            let fits = tastes == self.products.len();
            within(all, "number of tastes", tastes as f64, fits, "one a product")?;
        }
        Ok(())
    }

    /// The products, in order.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// How buyers choose.
    pub fn demand(&self) -> &Demand {
        &self.demand
    }

    /// Part of the profit of a product's seller that a firm counts as its own.
    pub(crate) fn counts(&self, firm: usize, product: usize) -> f64 {
        self.counted[firm * self.firms.len() + self.firm[product]]
    }

    /// The firms, in order of their first product.
    pub fn firms(&self) -> &[String] {
        &self.firms
    }

    /// Price index of every product at its own price.
    pub(crate) fn index(&self) -> impl Iterator<Item = f64> + '_ {
        let of = |(j, p): (usize, &Product)| self.demand.price.index(j, p.price);
        self.products.iter().enumerate().map(of)
    }
}
