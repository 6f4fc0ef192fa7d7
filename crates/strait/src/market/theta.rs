//! The uncertain inputs of one draw: parameters, and a standard score for every other interval.

use super::draws::{normal_quantile, probability, strata};
use super::priors::Parameters;
use crate::figure::{Estimate, Quantity};
use std::sync::Arc;

/// Values of the parameters in one draw; `data/market/parameters.toml` says what each is.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "documented in the data file")]
pub(crate) struct Theta {
    pub(crate) price_exponent: f64,
    pub(crate) nest_correlation: f64,
    pub(crate) switching_cost: f64,
    pub(crate) outside_utility: f64,
    pub(crate) chip_share_of_cost: f64,
    pub(crate) guidance_discouraged: f64,
    pub(crate) guidance_conditional: f64,
    pub(crate) guidance_banned: f64,
    pub(crate) guidance_unknown: f64,
    pub(crate) license_execution: f64,
    pub(crate) quota_execution: f64,
    pub(crate) cut_off_risk: f64,
    pub(crate) consumer_card: f64,
    pub(crate) grey_channel: f64,
}

impl Theta {
    /// The centre, where every parameter is at its median, or draw `index`.
    pub(crate) fn new(parameters: &Parameters, index: Option<usize>) -> Self {
        let of = |id: &str| {
            let parameter = parameters.get(id);
            index.map_or(parameter.median, |i| parameter.quantiles[parameter.strata[i]])
        };
        Self {
            price_exponent: of("price_exponent"),
            nest_correlation: of("nest_correlation"),
            switching_cost: of("switching_cost"),
            outside_utility: of("outside_utility"),
            chip_share_of_cost: of("chip_share_of_cost"),
            guidance_discouraged: of("guidance_discouraged"),
            guidance_conditional: of("guidance_conditional"),
            guidance_banned: of("guidance_banned"),
            guidance_unknown: of("guidance_unknown"),
            license_execution: of("license_execution"),
            quota_execution: of("quota_execution"),
            cut_off_risk: of("cut_off_risk"),
            consumer_card: of("consumer_card"),
            grey_channel: of("grey_channel"),
        }
    }
}

/// Standard scores of a dimension, by draw.
pub(crate) fn scores(name: &str) -> Arc<[f64]> {
    strata(name)
        .into_iter()
        .map(|s| normal_quantile(probability(s)))
        .collect()
}

/// An interval that every draw takes at another place; 0 is the centre.
#[derive(Debug, Clone)]
pub(crate) struct Dimension {
    value: f64,
    low: f64,
    high: f64,
    scores: Arc<[f64]>,
}

impl Dimension {
    /// The interval `estimate`, varied under a name of its own.
    pub(crate) fn new<Q: Quantity>(name: &str, estimate: Estimate<Q>) -> Self {
        Self::with(scores(name), estimate)
    }

    /// The interval `estimate`, varied together with others of the same scores.
    pub(crate) fn with<Q: Quantity>(scores: Arc<[f64]>, estimate: Estimate<Q>) -> Self {
        Self {
            value: estimate.value.get(),
            low: estimate.low.get(),
            high: estimate.high.get(),
            scores,
        }
    }

    /// Standard score in a draw, 0 in the centre.
    pub(crate) fn score(&self, index: Option<usize>) -> f64 {
        index.map_or(0.0, |i| self.scores[i])
    }

    /// Value in a draw.
    pub(crate) fn at(&self, index: Option<usize>) -> f64 {
        super::draws::at_score(self.value, self.low, self.high, self.score(index))
    }
}
