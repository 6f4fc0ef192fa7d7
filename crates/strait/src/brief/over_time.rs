//! A quarter of the market over time under each policy case: what the brief tells of buyers, and what stands beside the
//! prices that sellers would set.

use super::write::SEED;
use super::{Knowledge, Library};
use crate::data::Problem;
use crate::figure::{FigureRef, Grade, SourceId};
use crate::market::dynamics::{
    Environment, KnownFit, NoFit, OneQuarter, Run, UnknownName, held, in_cases, months_of,
};
use crate::market::{MarketCase, MarketOutcome, Quarter, supply_limits};
use jiff::civil::Date;
use rayon::prelude::*;

/// Paths drawn, spread over all of the posterior's chains; each is a path of `strait market run` too.
const DRAWS: usize = 100;

impl Library {
    /// A quarter under each of some policy cases and this library's scenario. Before the quarter all are as things are;
    /// within it each goes on by its own law. `None` for a quarter that the model does not reach.
    ///
    /// # Errors
    /// Where no fit is of that day or an earlier one, where it is of other data, or where the scenario has a name that the
    /// model does not.
    pub fn over_time(
        &self,
        quarter: Quarter,
        known: Date,
        cases: &[MarketCase],
    ) -> Result<Option<Vec<MarketOutcome>>, NoFit> {
        let Some(months) = months_of(quarter) else {
            return Ok(None);
        };
        let fit = self.dynamics.fit_known(known)?;
        let wrong = |e: UnknownName| Problem::at(e.place.clone(), e.to_string());
        let knowledge = Knowledge::of(known);
        let history = self
            .environment_in(knowledge, MarketCase::AsIs, 0..months.end)
            .map_err(wrong)?;
        let of_case = |case: &MarketCase| match case {
            MarketCase::AsIs => Ok(history.clone()),
            other => self.environment_in(knowledge, *other, months.clone()),
        };
        let envs: Result<Vec<Environment>, UnknownName> = cases.par_iter().map(of_case).collect();
        let envs = envs.map_err(wrong)?;
        let fixed = held(&self.scenario.market);
        let run = Run {
            env: &history,
            priors: &fit.priors,
            posterior: fit.posterior,
            held: &fixed,
            seed: SEED,
        };
        let envs: Vec<&Environment> = envs.iter().collect();
        let found = in_cases(&run, &envs, quarter, DRAWS);
        let spec = self.specification(known).map_err(wrong)?;
        let outcome = |(quarter_in, case): (OneQuarter<'_>, &MarketCase)| MarketOutcome {
            rests_on: self.rests_on(&fit, quarter, known, *case),
            ..quarter_in.outcome(*case, &spec)
        };
        Ok(found.map(|all| all.into_iter().zip(cases).map(outcome).collect()))
    }

    /// Priors, goods on sale, buyers and limits of a quarter.
    fn rests_on(
        &self,
        fit: &KnownFit<'_>,
        quarter: Quarter,
        known: Date,
        case: MarketCase,
    ) -> Vec<FigureRef> {
        let learned = fit.posterior.learned(&fit.priors);
        let priors = fit.priors.0.iter().zip(learned);
        // What the data told of a parameter is told from them.
        let mut refs: Vec<FigureRef> = priors
            .map(|(prior, learned)| match learned.assumed {
                true => prior.reference.clone(),
                false => FigureRef {
                    source: SourceId("derived".into()),
                    grade: Grade::Derived,
                    ..prior.reference.clone()
                },
            })
            .collect();
        let last = quarter.last_day();
        let goods = self
            .dynamics
            .spec
            .goods
            .iter()
            .filter(|g| !g.mix_on(last).is_empty());
        refs.extend(goods.map(|g| g.reference.clone()));
        refs.extend(self.market.segments().iter().map(|s| s.reference()));
        let caps: Vec<_> = self
            .market
            .caps
            .iter()
            .chain(&self.dynamics.caps)
            .cloned()
            .collect();
        let pools = supply_limits(&caps, quarter.days(), known, case);
        refs.extend(pools.into_iter().map(|pool| pool.reference));
        refs.extend(self.dynamics.packaging.rests_on(last, known).cloned());
        refs.sort();
        refs.dedup();
        refs
    }
}
