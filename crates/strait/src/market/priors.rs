//! Uncertain parameters of the one-quarter market, at their medians and in each draw.
//!
//! What the model over time has too is taken from its fit (`data/market/posterior/`): the median of the posterior for the
//! centre, and draws of the posterior, all parameters of one together, for the bands. What it does not have stands in
//! `data/market/parameters.toml`.

use super::draws::{DRAWS, probability, strata};
use super::dynamics::{ASSUMED_BELOW, Dynamics, Names, contraction};
use super::prior::{self, Prior};
use super::score::quantile;
use crate::data::{DataFile, Problems};
use crate::figure::{Grade, SourceId, Sources};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Parameters without a counterpart in the model over time; the file must hold each once.
pub(crate) const OWN: [&str; 2] = ["cut_off_risk", "consumer_card"];

/// Parameters that mean in the model over time what they mean here.
pub(crate) const FITTED: [&str; 15] = [
    "price_exponent",
    "nest_correlation",
    "switching_cost",
    "outside_utility",
    "chip_share_of_cost",
    "nvidia_quality",
    "home_preference",
    "maker_price",
    "guidance_discouraged",
    "guidance_mild",
    "guidance_conditional",
    "guidance_banned",
    "guidance_unknown",
    "license_execution",
    "grey_channel",
];

/// One parameter: its median, and its value in each draw.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) median: f64,
    pub(crate) draws: Vec<f64>,
    pub(crate) prior: Prior,
    /// 5th and 95th percentile after the fit; none where it is no parameter of the fit.
    pub(crate) after: Option<[f64; 2]>,
    /// No datum told it: it has no counterpart in the fit, or the fit moved it less than a tenth.
    pub(crate) assumed: bool,
}

/// All parameters by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters {
    pub(crate) of: BTreeMap<&'static str, Parameter>,
    /// From when guidance that discourages is meant in earnest.
    pub(crate) firm_from: Date,
}

impl Parameters {
    /// The parameter of a name in [`OWN`] or [`FITTED`].
    pub(crate) fn get(&self, id: &str) -> &Parameter {
        &self.of[id]
    }

    /// With what the model over time knew by a day. Without a fit of that day or an earlier one, and with one of other
    /// data, whose draws would be other values, each parameter is drawn from its prior, and called assumed.
    pub(crate) fn known(&self, dynamics: &Dynamics, known: Date) -> Self {
        let fit = dynamics.fit_known(known).ok();
        let priors = fit
            .as_ref()
            .map_or_else(|| dynamics.priors.known(known), |fit| fit.priors.clone());
        let mut out = self.clone();
        out.firm_from = dynamics.spec.firm_guidance_from;
        for id in FITTED {
            let Some(at) = Names::ALL.iter().position(|name| *name == id) else {
                continue;
            };
            let Some(prior) = priors.0.get(at).cloned() else {
                continue;
            };
            let parameter = match &fit {
                Some(fit) => {
                    let scores: Vec<f64> = fit.posterior.draws.iter().map(|z| z[at]).collect();
                    from_draws(prior, &scores)
                }
                None => from_prior(prior),
            };
            out.of.insert(id, parameter);
        }
        out
    }
}

fn from_prior(prior: Prior) -> Parameter {
    Parameter {
        median: prior.quantile(0.5),
        draws: strata(prior.id)
            .into_iter()
            .map(|s| prior.quantile(probability(s)))
            .collect(),
        prior,
        after: None,
        assumed: true,
    }
}

/// From standard scores of a fit. Draw for draw the parameters stay together: what the data leave open between two of them
/// stays open between these alone.
fn from_draws(mut prior: Prior, scores: &[f64]) -> Parameter {
    let mut sorted = scores.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |p| prior.at(quantile(&sorted, p));
    let (median, after) = (at(0.5), [at(0.05), at(0.95)]);
    let each = |i: usize| prior.at(scores[i * scores.len() / DRAWS]);
    let draws = (0..DRAWS).map(each).collect();
    let assumed = contraction(scores) < ASSUMED_BELOW;
    if !assumed {
        (prior.reference.grade, prior.reference.source) = (Grade::Derived, SourceId("derived".into()));
    }
    Parameter {
        median,
        draws,
        prior,
        after: Some(after),
        assumed,
    }
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Parameters {
    let priors = prior::load(file, &OWN, ("the market", "parameters"), sources, problems);
    Parameters {
        of: priors.into_iter().map(|p| (p.id, from_prior(p))).collect(),
        firm_from: Date::MIN,
    }
}
