//! Operator models fitted to measured rows: parameters, engines' factors, spreads, and their scores on
//! chips left out of the fit.
//!
//! One parameter set serves an operator and a precision on every chip; nothing is fitted to a chip by
//! itself, so that a chip nobody measured is predicted as those left out were.

mod bars;
mod calibrate;
mod file;
mod groups;
mod laid;
mod leave_out;
mod lent;
mod outliers;
mod page;
mod score;
mod simplex;
mod spread;
mod within;
mod written;

pub use calibrate::{Settings, calibrate, calibrate_without};
pub(crate) use file::values;
pub use file::{load, read};
pub use groups::{Group, Groups, Sample};
pub use leave_out::leave_one_out;
pub use lent::Lent;
pub use page::page;
pub use score::{Evaluation, Score, ScoredCall, ScoredCalls, evaluate};
pub(crate) use simplex::minimise;
pub use spread::Spread;
pub(crate) use spread::{T3, bias, quantile, shrunk_between, student};

use super::ops::{Call, Device, Engine, Family, Operator, seconds};
use std::collections::BTreeMap;

/// An operator and a precision's short name.
pub type Key = (Operator, String);

/// Where what was fitted is from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Source of the measurements, as in the register; `user` for systems of the user's own.
    pub source: String,
    /// Hash of the measured folder.
    pub data: String,
}

/// Parameters of one operator and precision.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Values in the order of [`Family::list`].
    pub values: Vec<f64>,
    /// Rows they were fitted to.
    pub rows: usize,
    /// Chips those rows are of.
    pub chips: Vec<String>,
    /// Where they are from, where that is not the folder of the fit as a whole.
    pub kept: Option<Origin>,
    family: Family,
}

impl Set {
    /// A set from its values.
    #[must_use]
    pub fn new(operator: Operator, values: Vec<f64>, rows: usize, chips: Vec<String>) -> Self {
        let family = Family::of(operator, &values);
        Self {
            values,
            rows,
            chips,
            kept: None,
            family,
        }
    }

    /// The parameters, for whoever times many calls of one operator.
    #[must_use]
    pub fn family(&self) -> &Family {
        &self.family
    }
}

/// One engine's factors for an operator and precision.
#[derive(Debug, Clone, PartialEq)]
pub struct EngineFit {
    /// Factors against the set.
    pub factors: Engine,
    /// Versions measured.
    pub versions: String,
    /// Rows they were fitted to.
    pub rows: usize,
    /// Where they are from, where that is not the folder of the fit as a whole.
    pub kept: Option<Origin>,
}

/// What was fitted, and to what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kernels {
    /// Parameters by operator and precision.
    pub sets: BTreeMap<Key, Set>,
    /// Factors by operator, precision and engine.
    pub engines: BTreeMap<(Operator, String, String), EngineFit>,
    /// Spreads by operator and precision.
    pub spreads: BTreeMap<Key, Spread>,
    /// Between-chip spread pooled over operators, log.
    pub between: f64,
    /// Seed of the sample.
    pub seed: u64,
    /// Rows sampled a chip, operator and precision.
    pub sample: usize,
    /// Where it is from, but for what was kept of an earlier fit.
    pub origin: Origin,
}

/// The precision whose parameters another one starts from, and takes where it was never measured.
#[must_use]
pub fn parent(key: &Key) -> Option<Key> {
    let (operator, precision) = (key.0, key.1.as_str());
    let to = |operator, precision: &str| Some((operator, precision.to_owned()));
    match (operator, precision) {
        (Operator::Collective | Operator::CustomAllReduce, _) => None,
        (_, "fp8_block" | "nvfp4" | "mxfp4_fp8") => to(operator, "fp8"),
        (Operator::MlaPrefill, "bf16") => to(Operator::AttentionPrefill, "bf16"),
        (Operator::MlaDecode, "bf16") => to(Operator::AttentionDecode, "bf16"),
        (_, "bf16") => None,
        _ => to(operator, "bf16"),
    }
}

impl Kernels {
    /// The set of a key, or of the nearest ancestor that has one.
    #[must_use]
    pub fn set(&self, key: &Key) -> Option<&Set> {
        let mut key = key.clone();
        loop {
            if let Some(set) = self.sets.get(&key) {
                return Some(set);
            }
            key = parent(&key)?;
        }
    }

    /// Engines whose kernels were measured, each with its versions; collectives go by versions of their library.
    #[must_use]
    pub fn versions(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let links = [Operator::Collective, Operator::CustomAllReduce];
        let kernels = self.engines.iter().filter(|((of, ..), _)| !links.contains(of));
        for ((.., engine), fit) in kernels {
            let versions = found.entry(engine).or_default();
            for version in fit.versions.split(", ") {
                if !versions.contains(&version) {
                    versions.push(version);
                }
            }
        }
        for versions in found.values_mut() {
            versions.sort_unstable();
        }
        found
    }

    /// Seconds of a call; `engine` absent for what good current software reaches.
    #[must_use]
    pub fn seconds(
        &self,
        call: &Call,
        precision: &str,
        engine: Option<&str>,
        device: &Device,
    ) -> Option<f64> {
        let key = (call.operator(), precision.to_owned());
        let set = self.set(&key)?;
        let factors = engine
            .and_then(|e| self.engines.get(&(key.0, key.1, e.to_owned())))
            .map_or(Engine::BEST, |e| e.factors);
        seconds(call, device, &set.family, &factors)
    }

    /// Half-width of the 90 % interval of the logarithm of a time.
    #[must_use]
    pub fn half_width(&self, operator: Operator, precision: &str, seconds: f64) -> f64 {
        let spread = self.spreads.get(&(operator, precision.to_owned()));
        spread.map_or(spread::T3 * self.between, |s| s.half_width(seconds))
    }
}
