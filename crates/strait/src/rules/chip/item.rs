//! A chip as the rules look at it: metrics once computed, and the facts that rows ask for.

use crate::catalog::{Chip, Transistor};
use crate::rules::chip::metrics::{self, Measured};
use crate::rules::words::exact::Exact;

/// A chip made ready to be asked about many times.
#[derive(Debug, Clone)]
pub struct Item<'c> {
    pub(crate) chip: &'c Chip,
    /// Country of the designer, ISO code; `None` where not known.
    pub(crate) designer: Option<&'c str>,
    /// Country of the fab of its logic dies, ISO code; `None` where not known.
    pub(crate) foundry: Option<&'c str>,
    /// The chip as filed and under each variant, those that differ.
    pub(crate) cases: Vec<Measured>,
    /// The same, as they are compared with bounds.
    pub(crate) exact: Vec<Measured<Exact>>,
    /// The hull over them.
    pub(crate) all: Measured,
    /// Designed or marketed for data centers; `None` where not known.
    pub(crate) datacenter: Option<bool>,
    /// Whether it holds a logic die that is, or may be, made with non-planar transistors.
    pub(crate) non_planar_logic: bool,
}

impl<'c> Item<'c> {
    /// Computes the metrics of a chip under each of its variants.
    pub fn new(chip: &'c Chip, designer: Option<&'c str>, foundry: Option<&'c str>) -> Self {
        let cases = metrics::cases(chip);
        Self {
            chip,
            designer,
            foundry,
            all: metrics::hull(&cases),
            exact: cases.iter().map(Measured::exact).collect(),
            cases,
            datacenter: chip.market.datacenter.as_ref().map(|d| d.value),
            non_planar_logic: chip
                .dies
                .iter()
                .any(|d| d.logic && d.transistor != Transistor::Planar),
        }
    }

    pub(crate) fn chinese_maker(&self) -> bool {
        self.designer.is_some_and(greater_china)
    }
}

pub(crate) fn greater_china(country: &str) -> bool {
    matches!(country, "CN" | "HK" | "MO")
}
