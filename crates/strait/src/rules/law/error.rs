//! Why there is no verdict.

use crate::rules::UnknownPlace;

/// A question that cannot be asked, or law that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// A country nobody knows.
    #[error(transparent)]
    Place(#[from] UnknownPlace),
    /// A condition that no instrument asks for.
    #[error("`{typed}` is no condition of any instrument{}", did_you_mean(.near))]
    Condition {
        /// What was typed.
        typed: String,
        /// Nearest ids.
        near: Vec<String>,
    },
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

fn did_you_mean(near: &[String]) -> String {
    if near.is_empty() {
        "; `strait rules show` lists those of an instrument".to_owned()
    } else {
        format!("; did you mean `{}`?", near.join("`, `"))
    }
}
