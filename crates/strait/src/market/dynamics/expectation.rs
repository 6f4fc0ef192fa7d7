//! What buyers expect of being cut off: from what has happened, nothing else.
//!
//! E falls by half in `memory_years`; when goods of US makers that bought a part x of last month's sales lose access, E
//! rises by x. The chance of a cut-off within a year is 1 − exp(−(h₀ + E·ln 2/memory)).

use super::parameters::Theta;

/// Memory of cut-offs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expectation {
    remembered: f64,
}

impl Expectation {
    /// After a month in which a part `lost` of sales lost access.
    pub(crate) fn learn(&mut self, theta: &Theta, lost: f64) {
        self.remembered *= 0.5_f64.powf(1.0 / (12.0 * theta.memory_years));
        self.remembered += lost.clamp(0.0, 1.0);
    }

    /// Chance of being cut off within the year.
    pub(crate) fn chance(&self, theta: &Theta) -> f64 {
        let rate = theta.base_hazard + self.remembered * std::f64::consts::LN_2 / theta.memory_years;
        1.0 - (-rate).exp()
    }
}
