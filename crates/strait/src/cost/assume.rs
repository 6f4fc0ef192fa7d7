//! Figures a user puts in place of those of the data.

use super::CostModel;
use super::parameters::{OutOfRange, Term};
use crate::figure::{Hours, Quantity, Ratio, UsdPerKilowattHour};
use serde::Serialize;

/// What a user states; each takes the place of a figure of the data and is exact.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Assumptions {
    /// Share of owned hours in use.
    pub utilisation: Option<Ratio>,
    /// Power usage effectiveness.
    pub pue: Option<Ratio>,
    /// Electricity tariff, wherever the chip runs.
    pub tariff: Option<UsdPerKilowattHour>,
    /// Time over which a purchase is written off.
    pub amortisation: Option<Hours>,
    /// Share of the purchase it still sells for at the end.
    pub residual: Option<Ratio>,
    /// Cost of capital, a year.
    pub capital_rate: Option<Ratio>,
}

impl CostModel {
    /// The same model with what the user states in place of its own figures.
    ///
    /// # Errors
    /// A figure outside what is possible, with its name and range.
    pub fn assuming(mut self, stated: &Assumptions) -> Result<Self, OutOfRange> {
        let terms = [
            (Term::Utilisation, stated.utilisation.map(Quantity::get)),
            (Term::Pue, stated.pue.map(Quantity::get)),
            (Term::Amortisation, stated.amortisation.map(Quantity::get)),
            (Term::Residual, stated.residual.map(Quantity::get)),
            (Term::CapitalRate, stated.capital_rate.map(Quantity::get)),
        ];
        for (term, value) in terms {
            if let Some(value) = value {
                self.parameters.fix(term, value)?;
            }
        }
        if let Some(tariff) = stated.tariff {
            if !(tariff.get().is_finite() && tariff.get() >= 0.0) {
                return Err(OutOfRange {
                    name: "tariff",
                    value: tariff.get(),
                    least: 0.0,
                    most: f64::INFINITY,
                });
            }
            self.tariff = Some(tariff);
        }
        Ok(self)
    }
}
