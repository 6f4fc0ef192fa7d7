//! The market tried on the past: the model, naive forecasters and published forecasts from the same days.

mod model;
mod others;

use super::Library;
use crate::data::{DataSet, Problem, Problems};
use crate::market::backtest::{Forecaster, Guidance, Kind, LastValue, Origin, Trend, all_series, backtest};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use crate::market::backtest::Backtest;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sellers: Vec<String>,
    model: Vec<others::ModelName>,
    origin: Vec<RawOrigin>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOrigin {
    day: Date,
    weak: bool,
    why: String,
}

/// How much work the model's fits at the origins are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Effort {
    /// Steps kept of each of four chains; none asks no model.
    pub steps: usize,
    /// Draws a density.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
}

impl Library {
    /// Checks the backtest's files, which no other answer reads.
    ///
    /// # Errors
    /// On a wrong `data/market/backtest.toml` or `forecasts.csv`.
    pub fn check_backtest(&self, data: &DataSet) -> Result<(), Problems> {
        self.others(data, &file(data)?).map(|_| ())
    }

    fn others(&self, data: &DataSet, file: &File) -> Result<others::Others, Problems> {
        let fx = |day: Date| Some(self.cost.fx(day, day)?.cny_per_usd);
        others::published(data, self.market.published_shares(), &file.model, &fx)
    }

    /// Runs the backtest; `today` is the day up to which law is read where the policy path is known, `step` hears of each
    /// origin. Beside it, a line an origin on the model's fit and the rates of policy it was given.
    ///
    /// # Errors
    /// On a wrong `data/market/backtest.toml` or `forecasts.csv`, or a scenario whose names the model does not have.
    pub fn backtest(
        &self,
        data: &DataSet,
        today: Date,
        effort: Effort,
        step: &mut dyn FnMut(&str),
    ) -> Result<(Backtest, Vec<String>), Problems> {
        let file = file(data)?;
        let others::Others {
            published,
            unmeasured,
        } = self.others(data, &file)?;
        let origins: Vec<Origin> = file
            .origin
            .into_iter()
            .map(|o| Origin {
                day: o.day,
                weak: o.weak,
                why: o.why,
            })
            .collect();
        let revenue = self.market.reported();
        let shares = self.market.published_shares();
        let series = all_series(&self.dynamics.observed.0, revenue, shares);
        let guidance = Guidance(others::guidance(&published, revenue, &file.sellers));
        let model = model::ModelForecaster::new(self, today, effort);
        let mut forecasters: Vec<(&dyn Forecaster, Kind)> = vec![
            (&LastValue, Kind::Naive),
            (&Trend, Kind::Naive),
            (&guidance, Kind::Naive),
        ];
        if effort.steps > 0 {
            forecasters.push((&model, Kind::Model));
        }
        let mut found = backtest(&series, &origins, &forecasters, &published, &mut |day| {
            step(&format!("origin {day}"))
        });
        found.unmeasured = unmeasured;
        model.into_notes().map(|notes| (found, notes))
    }
}

fn file(data: &DataSet) -> Result<File, Problems> {
    const FILE: &str = "market/backtest.toml";
    let file = data.require(FILE)?;
    Ok(toml::from_str(file.text).map_err(|e| Problem::from_toml(FILE, file.text, &e))?)
}
