//! What the market over time has for one quarter, to stand beside the one-quarter market.

use super::{Knowledge, Library};
use crate::catalog::ChipId;
use crate::data::Problem;
use crate::market::Quarter;
use crate::market::dynamics::{Band, Month, Path, Run, held};
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;

/// Paths drawn.
const DRAWS: usize = 100;

/// A quarter of the market over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverTime {
    /// Quarter.
    pub quarter: Quarter,
    /// Paths it was told from.
    pub draws: usize,
    /// Goods, in the order of `data/market/dynamics/goods.toml`.
    pub goods: Vec<GoodOverTime>,
    /// Mainland spending, million USD.
    pub spending: Band,
}

/// One good of the market over time: a chip, or a mix of chips of one vendor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoodOverTime {
    /// Name.
    pub good: String,
    /// Chips in it that quarter.
    pub chips: Vec<ChipId>,
    /// Bought around the law.
    pub grey: bool,
    /// Mainland units, stock-building included.
    pub units: Band,
    /// Mainland sales, million USD.
    pub usd_million: Band,
}

impl Library {
    /// A quarter of the market over time, under this library's scenario. `None` for a quarter that it does not reach.
    ///
    /// # Errors
    /// Where the fit is of other data, or the scenario has a name that the model does not.
    pub fn over_time(&self, quarter: Quarter, known: Date) -> Result<Option<OverTime>, Problem> {
        let (first, last) = (Month::of(quarter.first_day()), Month::of(quarter.last_day()));
        if first.first_day() != quarter.first_day() || last.last_day() != quarter.last_day() {
            return Ok(None);
        }
        self.dynamics.check_posterior()?;
        let env = self
            .environment(Knowledge::of(known))
            .map_err(|e| Problem::at(e.place.clone(), e.to_string()))?;
        let fixed = held(&self.scenario.market);
        let run = Run {
            env: &env,
            priors: &self.dynamics.priors,
            posterior: &self.dynamics.posterior,
            held: &fixed,
            seed: 1,
        };
        let paths: Vec<Path> = (0..DRAWS)
            .into_par_iter()
            .map(|n| Path::simulate(&env, &run.theta(n), &run.shocks(n), last.0 + 1))
            .collect();
        let band = |of: &dyn Fn(&Path, usize) -> f64| {
            let sum = |path| (first.0..=last.0).map(|t| of(path, t)).sum();
            Band::of(paths.iter().map(sum).collect())
        };
        let goods = self.dynamics.spec.goods.iter().enumerate();
        let goods = goods
            .map(|(g, spec)| GoodOverTime {
                good: spec.facts.id.clone(),
                chips: spec
                    .mix_on(quarter.last_day())
                    .into_iter()
                    .filter_map(|m| m.chip.clone())
                    .collect(),
                grey: spec.facts.channel == crate::rules::Channel::Grey,
                units: band(&|path, t| path.mainland_units(&env, t, g)),
                usd_million: band(&|path, t| path.mainland_usd(&env, t, g) / 1e6),
            })
            .collect();
        Ok(Some(OverTime {
            quarter,
            draws: DRAWS,
            goods,
            spending: band(&|path, t| (0..path.goods).map(|g| path.mainland_usd(&env, t, g) / 1e6).sum()),
        }))
    }
}
