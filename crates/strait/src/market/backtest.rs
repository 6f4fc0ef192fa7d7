//! Forecasters tried on the past: what each would have said on a day, knowing no more than was public then.
//!
//! A forecaster is handed a [`KnownBy`], which holds no row that became public later and cannot be made to. Targets are not
//! chosen by hand: every published value of a series that became public after the origin, for a period that ends one to
//! four quarters ahead, is asked for. Forecasts others published are scored the same way on the day they were made.

mod by_origin;
mod forecaster;
mod known;
mod naive;
mod page;
mod published;
mod run;
mod scoring;
mod series;
mod tally;
mod trial;

pub use forecaster::{Forecast, Forecaster, PolicyPath, Question};
pub use known::KnownBy;
pub use naive::{Guidance, GuidanceRow, LastValue, Trend};
pub use page::{lost_to, page, tally_heads, tally_row, trial_heads, trial_rows};
pub use published::{Published, between};
pub use run::backtest;
pub use series::{Measure, Point, Series, all_series};
pub use tally::Tally;
pub use trial::{Backtest, Kind, Origin, Said, Trial};
