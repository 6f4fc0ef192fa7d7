//! Every part of the flow, loaded once: what a question is asked of.

use super::rivals::RivalLists;
use super::{environment, fixed_prices};
use crate::catalog::Catalog;
use crate::cost::CostModel;
use crate::data::{DataSet, Problems};
use crate::market::MarketModel;
use crate::market::dynamics::Dynamics;
use crate::perf::PerfModel;
use crate::rules::LawBook;
use crate::scenario::{Scenario, Side};
use jiff::civil::Date;

/// The loaded parts. Law is held three times, for the market's counterfactuals.
#[derive(Debug)]
pub struct Library {
    /// Version of the data read.
    pub version: String,
    /// Scenario applied.
    pub scenario: Scenario,
    /// Chips.
    pub catalog: Catalog,
    /// Law as the scenario has it.
    pub law: LawBook,
    /// The same without the China side.
    pub law_without_cn: LawBook,
    /// The same without the US side.
    pub law_without_us: LawBook,
    /// Simulator.
    pub perf: PerfModel,
    /// Prices and costs.
    pub cost: CostModel,
    /// Buyers.
    pub market: MarketModel,
    /// The market over time.
    pub dynamics: Dynamics,
    pub(crate) rivals: RivalLists,
    /// The same from each day on from which the scenario changes figures of chips; what stands above is before every one.
    pub(crate) later: Vec<(Date, Library)>,
}

fn keep<T>(part: Result<T, Problems>, problems: &mut Problems) -> Option<T> {
    match part {
        Ok(part) => Some(part),
        Err(found) => {
            problems.0.extend(found.0);
            None
        }
    }
}

/// As [`keep`], without the problems already there.
fn keep_new<T>(part: Result<T, Problems>, problems: &mut Problems) -> Option<T> {
    let part = part.map_err(|mut found| {
        found
            .0
            .retain(|p| !problems.0.iter().any(|old| old.to_string() == p.to_string()));
        found
    });
    keep(part, problems)
}

impl Library {
    /// Loads and checks everything.
    ///
    /// # Errors
    /// Every problem of every file, so that one run shows them all. The checks of the parts that need
    /// the register of sources run only once the catalog can be read.
    pub fn load(data: &DataSet, scenario: &Scenario) -> Result<Self, Problems> {
        let mut library = Self::undated(data, &scenario.on(None))?;
        for day in scenario.figure_days() {
            let later = Self::undated(data, &scenario.on(Some(day)))?;
            library.later.push((day, later));
        }
        library.scenario = scenario.clone();
        Ok(library)
    }

    /// The library of a scenario whose figures name no day.
    fn undated(data: &DataSet, scenario: &Scenario) -> Result<Self, Problems> {
        let catalog = Catalog::load(data, scenario)?;
        let sources = &catalog.sources;
        let without = |side| scenario.clone().without_side(side);
        let ((law, (no_cn, no_us)), (perf, (cost, market))) = rayon::join(
            || {
                rayon::join(
                    || LawBook::load(data, scenario, sources),
                    || {
                        rayon::join(
                            || LawBook::load(data, &without(Side::Cn), sources),
                            || LawBook::load(data, &without(Side::Us), sources),
                        )
                    },
                )
            },
            || {
                rayon::join(
                    || PerfModel::load(data, sources),
                    || {
                        rayon::join(
                            || CostModel::load(data, sources),
                            || MarketModel::load(data, sources),
                        )
                    },
                )
            },
        );
        let mut problems = Problems::default();
        let law = keep(law, &mut problems);
        // What is wrong with an instrument is wrong with every law it stands in: only what is new is told.
        let no_cn = keep_new(no_cn, &mut problems);
        let no_us = keep_new(no_us, &mut problems);
        let perf = keep(perf, &mut problems);
        let cost = keep(cost, &mut problems);
        let market = keep(market, &mut problems);
        let dynamics = market
            .as_ref()
            .and_then(|market| keep(Dynamics::load(data, market, sources), &mut problems));
        if let Some(dynamics) = &dynamics {
            problems.0.extend(environment::check(&catalog, &dynamics.spec));
        }
        let prices = law
            .as_ref()
            .and_then(|law| keep(fixed_prices(scenario, &catalog, &law.places), &mut problems));
        let rivals = keep(RivalLists::load(data, &catalog), &mut problems);
        match (law, no_cn, no_us, perf, cost, prices, market, dynamics, rivals) {
            (
                Some(law),
                Some(law_without_cn),
                Some(law_without_us),
                Some(perf),
                Some(cost),
                Some(prices),
                Some(market),
                Some(dynamics),
                Some(rivals),
            ) => {
                problems.or(())?;
                Ok(Self {
                    version: data.version(),
                    scenario: scenario.clone(),
                    catalog,
                    law,
                    law_without_cn,
                    law_without_us,
                    perf,
                    cost: cost.fixing(prices),
                    market,
                    dynamics,
                    rivals,
                    later: Vec::new(),
                })
            }
            _ => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Problem;

    #[test]
    fn what_is_wrong_with_a_counterfactual_law_alone_is_told_and_the_rest_once() {
        let wrong = |what: &str| Problem::in_file("rules/us/x.toml", what);
        let mut problems = Problems(vec![wrong("of every law")]);
        let other = Problems(vec![wrong("of every law"), wrong("of this law")]);
        assert!(keep_new::<()>(Err(other), &mut problems).is_none());
        let told: Vec<&str> = problems.0.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(told, ["of every law", "of this law"]);
    }
}
