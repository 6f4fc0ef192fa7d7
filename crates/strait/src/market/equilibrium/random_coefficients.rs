//! Types of buyers: the nodes and weights that an integral over tastes is taken at.

/// A type of buyer: one node of the distribution of tastes, or a segment of the market.
#[derive(Debug, Clone, PartialEq)]
pub struct BuyerType {
    /// Its part of the market; all types together sum to one.
    pub weight: f64,
    /// Utility per unit of the price index, below zero.
    pub price: f64,
    /// Utility of each product beyond that of the average buyer, in the order of the products; −∞ cannot be had.
    pub taste: Vec<f64>,
}

impl BuyerType {
    /// The one type of a market in which all buyers have the same tastes.
    pub fn average(price: f64, products: usize) -> Self {
        Self {
            weight: 1.0,
            price,
            taste: vec![0.0; products],
        }
    }

    /// A node of independent normal coefficients: on price, and on a characteristic of each product.
    ///
    /// `sigma` are the standard deviations and `node` the standard scores, in that order.
    pub fn node(
        weight: f64,
        mean_price: f64,
        sigma: [f64; 2],
        node: [f64; 2],
        characteristic: &[f64],
    ) -> Self {
        Self {
            weight,
            price: mean_price + sigma[0] * node[0],
            taste: characteristic.iter().map(|x| sigma[1] * node[1] * x).collect(),
        }
    }
}
