//! Partial ownership: a firm that holds a part of another counts that part of its profit when it sets its own prices.
//!
//! Firm f maximises its own profit and κ_fg of the profit of every firm g it holds (O'Brien and Salop 2000; the ownership
//! matrix of PyBLP with κ between 0 and 1). κ of 1 both ways prices two firms as a merger does.

use super::{EquilibriumError, Market};

/// What one firm holds of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Holding {
    /// Whose prices take it into account.
    pub holder: String,
    /// Whose profit is counted.
    pub held: String,
    /// Part of that profit, 0 to 1.
    pub part: f64,
}

impl Market {
    /// The market whose firms hold parts of one another; earlier holdings are replaced.
    ///
    /// # Errors
    /// A firm the market does not have, one that holds itself, a part that is not from 0 to 1, or a pair given twice.
    pub fn with_holdings(&self, holdings: Vec<Holding>) -> Result<Self, EquilibriumError> {
        for (at, h) in holdings.iter().enumerate() {
            if self.firm(&h.holder)? == self.firm(&h.held)? {
                return Err(EquilibriumError::Products(format!(
                    "`{}` cannot hold a part of itself",
                    h.holder
                )));
            }
            let pair =
                |o: &Holding| (o.holder.as_str(), o.held.as_str()) == (h.holder.as_str(), h.held.as_str());
            if holdings[..at].iter().any(pair) {
                return Err(EquilibriumError::Products(format!(
                    "the part of `{}` that `{}` holds stands twice",
                    h.held, h.holder
                )));
            }
        }
        Self::held(self.products.clone(), self.demand.clone(), holdings)
    }

    /// What firms hold of one another.
    pub fn holdings(&self) -> &[Holding] {
        &self.holdings
    }
}

/// What each firm (row) counts of each firm's profit. A holding of a firm that is gone, or that has been merged with its
/// holder, counts for nothing.
pub(super) fn weights(firms: &[String], holdings: &[Holding]) -> Result<Vec<f64>, EquilibriumError> {
    let n = firms.len();
    let mut out = vec![0.0; n * n];
    for f in 0..n {
        out[f * n + f] = 1.0;
    }
    let at = |name: &str| firms.iter().position(|f| f == name);
    for h in holdings {
        if !(0.0..=1.0).contains(&h.part) {
            return Err(EquilibriumError::OutOfRange {
                of: h.holder.clone(),
                field: "holding",
                value: h.part,
                expected: "a part of another firm's profit from 0 to 1",
            });
        }
        if let (Some(f), Some(g)) = (at(&h.holder), at(&h.held))
            && f != g
        {
            out[f * n + g] = h.part;
        }
    }
    Ok(out)
}
