//! A change to a market as a user names it.

use super::{EquilibriumError, Market};
use serde::Serialize;
use std::fmt;

/// One counterfactual.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A product taken off the market.
    Ban(String),
    /// Two firms' prices set together.
    Merge(String, String),
    /// A part of the revenue of a firm, or of one product, taken as a levy.
    Levy(String, f64),
    /// At most so many units of a product.
    Quota(String, f64),
}

impl Change {
    /// The market with the change made.
    ///
    /// # Errors
    /// An unknown name, or a number out of range.
    pub fn of(&self, market: &Market) -> Result<Market, EquilibriumError> {
        match self {
            Self::Ban(id) => market.without(id),
            Self::Merge(buyer, bought) => market.merged(buyer, bought),
            Self::Levy(name, part) => match market.product(name) {
                Ok(_) => market.with_levy_on(name, *part),
                Err(_) => market.with_levy(name, *part),
            },
            Self::Quota(id, units) => market.with_quota(id, *units),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ban(id) => write!(f, "{id} cannot be had"),
            Self::Merge(buyer, bought) => write!(f, "{buyer} and {bought} merge"),
            Self::Levy(name, part) => write!(f, "a levy of {} % on the revenue of {name}", percent(*part)),
            Self::Quota(id, units) => write!(f, "at most {units} units of {id}"),
        }
    }
}

/// A part as percent, without the noise of binary fractions.
fn percent(part: f64) -> f64 {
    (part * 1e8).round() / 1e6
}
