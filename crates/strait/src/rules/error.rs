//! Why there is no verdict.

use super::UnknownPlace;

/// A question that cannot be asked, or law that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// A country nobody knows.
    #[error(transparent)]
    Place(#[from] UnknownPlace),
    /// Two instruments speak and neither is said to prevail.
    #[error("`{first}` and `{second}` both give {what} and neither is said to prevail; add `over` to one")]
    Unordered {
        /// One.
        first: String,
        /// The other.
        second: String,
        /// What they both give.
        what: &'static str,
    },
}
