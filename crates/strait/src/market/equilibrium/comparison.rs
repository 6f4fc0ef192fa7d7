//! What a change does: one outcome against another.

use super::compare::compare;
use super::{Change, EquilibriumError, Market, Outcome};
use crate::market::draws;
use serde::Serialize;

/// One product before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProductChange {
    /// Product.
    pub id: String,
    /// Seller after the change, or before it where the product is gone.
    pub firm: String,
    /// Whether it is still on offer.
    pub on_offer: bool,
    /// Relative change of price; zero where it is gone.
    pub price: f64,
    /// Change of share, in parts of the market.
    pub share: f64,
    /// Relative change of units.
    pub units: f64,
    /// Shadow price of its quota after the change, money a unit.
    pub shadow_price: f64,
    /// Where its levy changed: how much of the change of levy on a unit, Δt·p at the price with more of it, is in the
    /// price. Other levies changed at once move it too.
    pub pass_through: Option<f64>,
    /// Part of what the banned products lose that it gains, were all prices to stay.
    pub gains_at_given_prices: Option<f64>,
    /// The same with every price set anew.
    pub gains: Option<f64>,
}

/// One firm before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FirmChange {
    /// Firm; one that was bought is its buyer after the change.
    pub firm: String,
    /// Profit before.
    pub profit_before: f64,
    /// Profit after.
    pub profit_after: f64,
    /// Part of what the banned products lose that its products gain, were all prices to stay.
    pub gains_at_given_prices: Option<f64>,
    /// The same with every price set anew.
    pub gains: Option<f64>,
}

/// A whole market before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// In the order of the market before.
    pub products: Vec<ProductChange>,
    /// In the order of the market after, then those with no product left; firms that set prices together, together.
    pub firms: Vec<FirmChange>,
    /// Part of what the banned products lose that is no longer bought, were all prices to stay.
    pub outside_gains_at_given_prices: Option<f64>,
    /// The same with every price set anew.
    pub outside_gains: Option<f64>,
    /// Change of the share that buys nothing.
    pub outside: f64,
    /// Change of consumer surplus, in its own unit.
    pub consumer_surplus: f64,
    /// Change of levies paid.
    pub levies: f64,
    /// Change of the Herfindahl–Hirschman index.
    pub hhi: f64,
}

/// A market changed, and what that does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counterfactual {
    /// The changes, all together.
    pub changes: Vec<Change>,
    /// The changed market at its equilibrium prices.
    pub after: Outcome,
    /// Against the market before.
    pub comparison: Comparison,
}

impl Market {
    /// The market with changes made together, all prices set anew; `before` is the market as it stands at its own prices.
    ///
    /// # Errors
    /// An unknown name, a number out of range, or no equilibrium.
    pub fn counterfactual(
        &self,
        before: &Outcome,
        changes: &[Change],
    ) -> Result<Counterfactual, EquilibriumError> {
        let mut changed = self.clone();
        for change in changes {
            changed = change.of(&changed)?;
        }
        let stayed = changed.at_given_prices()?;
        let after = changed.equilibrium()?;
        Ok(Counterfactual {
            changes: changes.to_vec(),
            comparison: compare(before, &after, &stayed),
            after,
        })
    }
}

impl Comparison {
    /// Every number, in one order.
    fn numbers(&mut self) -> Vec<&mut f64> {
        let mut out = Vec::new();
        for p in &mut self.products {
            out.extend([&mut p.price, &mut p.share, &mut p.units, &mut p.shadow_price]);
            let parts = [&mut p.pass_through, &mut p.gains_at_given_prices, &mut p.gains];
            out.extend(parts.into_iter().filter_map(Option::as_mut));
        }
        for f in &mut self.firms {
            out.extend([&mut f.profit_before, &mut f.profit_after]);
            out.extend(
                [&mut f.gains_at_given_prices, &mut f.gains]
                    .into_iter()
                    .filter_map(Option::as_mut),
            );
        }
        let parts = [&mut self.outside_gains_at_given_prices, &mut self.outside_gains];
        out.extend(parts.into_iter().filter_map(Option::as_mut));
        out.extend([
            &mut self.outside,
            &mut self.consumer_surplus,
            &mut self.levies,
            &mut self.hhi,
        ]);
        out
    }

    /// The 5th and 95th percentile of every number over draws of the same change, each widened to hold this one.
    pub fn band(&self, draws: &[Self]) -> [Self; 2] {
        let mut ends = [self.clone(), self.clone()];
        let mut draws = draws.to_vec();
        let rows: Vec<Vec<f64>> = draws
            .iter_mut()
            .map(|d| d.numbers().into_iter().map(|x| *x).collect())
            .collect();
        let [low, high] = &mut ends;
        for (n, (low, high)) in low.numbers().into_iter().zip(high.numbers()).enumerate() {
            let of: Vec<f64> = rows.iter().filter_map(|row| row.get(n).copied()).collect();
            (*low, *high) = draws::band(of, *low);
        }
        ends
    }
}
