//! Why a market has no answer.

use thiserror::Error;

/// What was wrong with a market or a change to it, or why its prices were not found.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum EquilibriumError {
    /// A name that the market does not have.
    #[error("`{typed}` is no {what} of the market")]
    Unknown {
        /// `product`, `firm` or either.
        what: &'static str,
        /// What was typed.
        typed: String,
        /// Names it has, nearest first; all of them where none is near.
        near: Vec<String>,
    },
    /// A number outside its range.
    #[error("{field} of `{of}` is `{value}` where {expected} was expected")]
    OutOfRange {
        /// Product, firm or `the market`.
        of: String,
        /// Field.
        field: &'static str,
        /// Value.
        value: f64,
        /// What it should be.
        expected: &'static str,
    },
    /// Two products of one name, or a market without any.
    #[error("{0}")]
    Products(String),
    /// A product that nobody buys has no price that is best.
    #[error("nobody buys `{product}` at its price: its share is below 1e-200")]
    NoDemand {
        /// Product.
        product: String,
    },
    /// Shares that leave nobody who buys nothing.
    #[error("shares of the products add up to `{sum}` where less than 1 was expected")]
    NoOutsideShare {
        /// Sum of the inside shares.
        sum: f64,
    },
    /// The search for prices did not settle.
    #[error("no equilibrium prices found: {condition} is still off by {residual:.1e} after {rounds} rounds")]
    NotSolved {
        /// What was not met.
        condition: &'static str,
        /// By how much, relative.
        residual: f64,
        /// Rounds tried.
        rounds: usize,
    },
}

impl EquilibriumError {
    /// What to do about it, where that is known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unknown { near, .. } => Some(format!("one of `{}`", near.join("`, `"))),
            Self::NoDemand { .. } => Some("leave it out, or give a lower price or a higher utility".into()),
            Self::NoOutsideShare { .. } => {
                Some("shares are of all possible buyers, those who buy nothing among them".into())
            }
            Self::NotSolved { .. } => Some("check costs and quotas against prices".into()),
            Self::OutOfRange { .. } | Self::Products(_) => None,
        }
    }
}
