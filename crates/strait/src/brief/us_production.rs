//! Compute made by US makers in a year, as published, to set Chinese compute against.

use super::Library;
use crate::market::dynamics::{Ensemble, name};
use jiff::civil::Date;
use serde::Serialize;

/// Row of `china_share.csv` that counts it.
pub(crate) const ROW: &str = "ifp-us-production-2026";
/// Chip it is counted in.
pub(crate) const COUNTED_IN: &str = "b300";

/// A year's production of US makers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsProduction {
    /// Year.
    pub year: i16,
    /// Units of the chip it is counted in.
    pub units: f64,
    /// The same by total processing performance, in thousands of the chip that compute is counted in.
    pub compute: f64,
    /// Who says so.
    pub organisation: String,
}

impl Library {
    /// What US makers produce in a year, as known on a day; `None` where no figure was public.
    pub fn us_production(&self, known: Date) -> Option<UsProduction> {
        let rows = self.market.published_shares().iter();
        let row = rows.filter(|r| r.made_on.last() <= known).find(|r| r.id == ROW)?;
        let chip = self.catalog.resolve(COUNTED_IN).ok()?.chip;
        let tpp = super::environment::tpp(&self.catalog, &chip.id)?;
        let unit = super::environment::tpp(&self.catalog, &self.dynamics.spec.compute_unit)?;
        let units = row.value?.0;
        Some(UsProduction {
            year: row.period.strip_prefix("CY")?.parse().ok()?,
            units,
            compute: units * tpp / unit / 1e3,
            organisation: row.organisation.clone(),
        })
    }
}

impl UsProduction {
    /// By draw, how many times as much of its own compute the United States keeps as China buys from everybody: production
    /// less what China buys of it, over what buyers from China acquire, on the mainland alone or abroad too.
    pub fn over_china(&self, ensemble: &Ensemble, abroad_too: bool) -> Option<Vec<f64>> {
        let year = ensemble.year(self.year)?;
        let of = |variable| Some(ensemble.over(ensemble.find(variable)?, year.clone()));
        let all = of(if abroad_too {
            name::COMPUTE_ALL
        } else {
            name::COMPUTE
        })?;
        let own = of(name::COMPUTE_DOMESTIC)?;
        let ratio = |(all, own): (&f64, &f64)| (self.compute - (all - own)) / all;
        Some(all.iter().zip(&own).map(ratio).collect())
    }
}
