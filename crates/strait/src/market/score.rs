//! How wrong a forecast was: pure functions of forecast and outcome.
//!
//! The primary score is the absolute logarithmic error of the median, in bn USD (or plain units) where the outcome is next
//! to nothing. A density has more to say than a point; so that a point is not punished for having no spread, every point
//! forecast is given the same one, told from the errors of the other point forecasts ([`Spread`]).

mod brier;
mod crps;
mod error;
mod interval;
mod remainder;
mod spread;

pub use brier::{brier, probability_below};
pub use crps::{crps, crps_skill};
pub use error::{Primary, primary};
pub use interval::{Bands, coverage, interval_score, quantile, quantiles};
pub use remainder::{Remainder, remainder};
pub use spread::{Spread, t4_quantile};
