//! The two days of a question.

use crate::rules::{Knower, Transaction};
use jiff::civil::Date;

/// The day asked, and whose knowledge of which day answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AsOf {
    /// Day of shipment.
    pub on: Date,
    /// Day of knowledge.
    pub known: Date,
    /// Whose knowledge.
    pub known_to: Knower,
    /// Whether the codified text is asked instead of what is enforced.
    pub codified: bool,
}

impl AsOf {
    /// The days a transaction names.
    pub fn of(tx: &Transaction) -> Self {
        Self {
            on: tx.on,
            known: tx.known,
            known_to: tx.known_to,
            codified: tx.codified,
        }
    }
}
