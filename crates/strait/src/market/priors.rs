//! Uncertain parameters of the one-quarter market, at their medians and at the strata of the draws:
//! `data/market/parameters.toml`.

use super::draws::{DRAWS, probability, strata};
use super::prior::{self, Prior};
use crate::data::{DataFile, Problems};
use crate::figure::Sources;
use std::collections::BTreeMap;

/// The parameters the model reads; the file must hold each once.
pub(crate) const IDS: [&str; 14] = [
    "price_exponent",
    "nest_correlation",
    "switching_cost",
    "outside_utility",
    "chip_share_of_cost",
    "guidance_discouraged",
    "guidance_conditional",
    "guidance_banned",
    "guidance_unknown",
    "license_execution",
    "quota_execution",
    "cut_off_risk",
    "consumer_card",
    "grey_channel",
];

/// One parameter: its median, and its quantiles at the strata of the draws.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) median: f64,
    pub(crate) quantiles: Vec<f64>,
    /// Stratum taken in each draw.
    pub(crate) strata: Vec<usize>,
    pub(crate) prior: Prior,
}

/// All parameters by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(pub(crate) BTreeMap<&'static str, Parameter>);

impl Parameters {
    /// The parameter of a name in [`IDS`].
    pub(crate) fn get(&self, id: &str) -> &Parameter {
        &self.0[id]
    }
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Parameters {
    let of = |prior: Prior| {
        let parameter = Parameter {
            median: prior.quantile(0.5),
            quantiles: (0..DRAWS).map(|s| prior.quantile(probability(s))).collect(),
            strata: strata(prior.id),
            prior,
        };
        (parameter.prior.id, parameter)
    };
    let priors = prior::load(file, &IDS, ("the market", "parameters"), sources, problems);
    Parameters(priors.into_iter().map(of).collect())
}
