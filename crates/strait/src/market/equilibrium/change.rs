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
            Self::Levy(name, part) => match (market.product(name), market.firm(name)) {
                (Ok(_), _) => market.with_levy_on(name, *part),
                (_, Ok(_)) => market.with_levy(name, *part),
                (Err(product), Err(firm)) => Err(neither(name, [product, firm])),
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
            Self::Levy(name, part) => write!(
                f,
                "a levy of {} % is taken on the revenue of {name}",
                percent(*part)
            ),
            Self::Quota(id, units) => write!(f, "at most {units} units of {id} may be sold"),
        }
    }
}

/// A name that is neither a product nor a firm.
fn neither(typed: &str, errors: [EquilibriumError; 2]) -> EquilibriumError {
    let near = errors.into_iter().flat_map(|error| match error {
        EquilibriumError::Unknown { near, .. } => near,
        _ => Vec::new(),
    });
    EquilibriumError::Unknown {
        what: "product or firm",
        typed: typed.to_owned(),
        near: near.collect(),
    }
}

/// A part as percent, without the noise of binary fractions.
fn percent(part: f64) -> f64 {
    (part * 1e8).round() / 1e6
}
