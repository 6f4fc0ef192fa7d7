//! One product of a market, as its seller and its buyers see it.

/// A differentiated product. Money is in any one currency, the same for every product of a market.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Name, unique in its market.
    pub id: String,
    /// Seller, which sets the prices of all its products together.
    pub firm: String,
    /// Group of closer substitutes.
    pub nest: String,
    /// Utility apart from price, of the average buyer.
    pub utility: f64,
    /// Price where one is given, and where the search for equilibrium prices begins; above zero.
    pub price: f64,
    /// Marginal cost of a unit.
    pub cost: f64,
    /// Part of the price that the seller hands over as a levy, 0 to below 1.
    pub levy: f64,
    /// Most units that may be sold; `None` is no limit.
    pub quota: Option<f64>,
}
