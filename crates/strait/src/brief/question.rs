//! What a brief is asked.

use crate::catalog::Chip;
use crate::rules::Transaction;

/// A chip, a transaction and the chips to compare.
#[derive(Debug, Clone)]
pub struct Question {
    /// As typed.
    pub asked: String,
    /// The chip, from the catalog or from the user's file.
    pub chip: Chip,
    /// Whether the name was a family's, so that its default member was taken.
    pub by_family: bool,
    /// Other members of the family.
    pub siblings: Vec<Chip>,
    /// The transaction, with destination, days and every flag of `check`.
    pub transaction: Transaction,
    /// Chips named with `--vs`; the default comparison where `None`.
    pub rivals: Option<Vec<Chip>>,
}
