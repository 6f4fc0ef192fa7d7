//! What is said of the units there are, statement by statement.

use super::Cap;
use crate::catalog::ChipId;
use crate::figure::{Count, Estimate, FigureRef};
use crate::market::MarketModel;
use crate::rules::Channel;
use jiff::civil::Date;
use serde::Serialize;

/// One statement of how many units there are of a pool of chips over a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SupplyEstimate {
    /// The pool (`huawei-910`); statements of one pool about the same days are rivals.
    pub pool: String,
    /// Chips of the pool.
    pub chips: Vec<ChipId>,
    /// How they are sold.
    pub channel: Channel,
    /// First day of the period.
    pub from: Date,
    /// Last day of the period.
    pub to: Date,
    /// Chips (packages).
    pub units: Estimate<Count>,
    /// Day from which it could be known.
    pub known_from: Date,
    /// What the source counts, or on what condition.
    pub note: String,
    /// Source, grade and place.
    pub reference: FigureRef,
}

impl MarketModel {
    /// Statements about units that could be known on a day, in the order of `data/market/supply.csv`.
    pub fn supply_estimates(&self, known: Date) -> Vec<SupplyEstimate> {
        let public = self.caps.iter().filter(|cap| cap.known_from <= known);
        public.map(Cap::estimate).collect()
    }
}

impl Cap {
    fn estimate(&self) -> SupplyEstimate {
        SupplyEstimate {
            pool: self.pool.clone(),
            chips: self.chips.clone(),
            channel: self.channel,
            from: self.from,
            to: self.to,
            units: self.units,
            known_from: self.known_from,
            note: self.note.clone(),
            reference: self.reference(),
        }
    }
}
