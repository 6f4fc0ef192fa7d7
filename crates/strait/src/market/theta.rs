//! The uncertain inputs of one draw: parameters, and a standard score for every other interval.

use super::draws::{normal_quantile, probability, strata};
use super::priors::Parameters;
use crate::figure::{Estimate, Quantity};
use std::sync::Arc;

macro_rules! theta {
    ($($name:ident),+ $(,)?) => {
        /// Values of the parameters in one draw; the data files say what each is.
        #[derive(Debug, Clone, Copy)]
        #[allow(missing_docs, reason = "documented in the data files")]
        pub(crate) struct Theta { $(pub(crate) $name: f64),+ }

        impl Theta {
            /// The centre, where every parameter is at its median, or draw `index`.
            pub(crate) fn new(parameters: &Parameters, index: Option<usize>) -> Self {
                let of = |id: &str| {
                    let parameter = parameters.get(id);
                    index.map_or(parameter.median, |i| parameter.draws[i])
                };
                Self { $($name: of(stringify!($name))),+ }
            }
        }
    };
}

theta! {
    price_exponent, nest_correlation, switching_cost, outside_utility, chip_share_of_cost,
    nvidia_quality, home_preference, maker_price,
    guidance_discouraged, guidance_mild, guidance_conditional, guidance_banned, guidance_unknown,
    license_execution, grey_channel, cut_off_risk, consumer_card,
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
