//! What buyers meet month by month, put together from law, performance and cost for the quarterly model.

mod access;
mod goods;
mod names;
mod units;
mod value;

pub(super) use value::tpp;

use super::Library;
use crate::catalog::Catalog;
use crate::data::{Problem, nearest};
use crate::figure::Quantity;
use crate::market::MarketCase;
use crate::market::dynamics::{Environment, MONTHS, Month, Specification, UnknownName, apply};
use jiff::civil::Date;
use std::ops::Range;

/// Days of knowledge of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// Of law and guidance.
    pub law: Date,
    /// Of chips, prices and supply; budgets vary beyond it.
    pub market: Date,
}

impl Knowledge {
    /// Everything as known on one day.
    pub fn of(day: Date) -> Self {
        Self {
            law: day,
            market: day,
        }
    }
}

impl Library {
    /// The environment under this library's scenario.
    ///
    /// # Errors
    /// On a name in the scenario that the model does not have.
    pub fn environment(&self, known: Knowledge) -> Result<Environment, UnknownName> {
        let spec = goods::offered(self, known.market)?;
        self.environment_of(&spec, (known, MarketCase::AsIs), 0..MONTHS)
    }

    /// The same with the law of a policy case, asked in some months alone: in all others nothing is open.
    ///
    /// # Errors
    /// As [`Library::environment`].
    pub(crate) fn environment_in(
        &self,
        known: Knowledge,
        case: MarketCase,
        months: Range<usize>,
    ) -> Result<Environment, UnknownName> {
        let spec = goods::offered(self, known.market)?;
        self.environment_of(&spec, (known, case), months)
    }

    /// Goods on offer as known on a day, those that the scenario adds too.
    ///
    /// # Errors
    /// On a chip in the scenario that the catalog does not have.
    pub(crate) fn specification(&self, known: Date) -> Result<Specification, UnknownName> {
        goods::offered(self, known)
    }

    /// The same with a good that may succeed another, should its maker answer a lost market with a new chip: like the
    /// one that was lost, on sale from the month after the day of knowledge, open to nobody until a path's shocks open it.
    ///
    /// # Errors
    /// As [`Library::environment`].
    pub(crate) fn environment_with_successor(
        &self,
        known: Knowledge,
        lost: &str,
    ) -> Result<Environment, UnknownName> {
        let mut spec = goods::offered(self, known.market)?;
        goods::add_successor(&mut spec, known.market, lost);
        self.environment_of(&spec, (known, MarketCase::AsIs), 0..MONTHS)
    }

    fn environment_of(
        &self,
        spec: &Specification,
        asked: (Knowledge, MarketCase),
        months: Range<usize>,
    ) -> Result<Environment, UnknownName> {
        let changes = self.scenario.market.iter();
        let changes: Result<Vec<_>, _> = changes.map(|c| names::resolved(self, spec, c)).collect();
        let changes = changes?;
        let mut env = self.unchanged(spec, asked, months.clone());
        for (day, later) in &self.later {
            if *day <= Month(MONTHS - 1).last_day() {
                env.go_on_as(Month::of(*day), &later.unchanged(spec, asked, months.clone()));
            }
        }
        for change in &changes {
            apply(&mut env, change)?;
        }
        Ok(env)
    }

    /// What buyers meet before a scenario's changes of the market.
    fn unchanged(
        &self,
        spec: &Specification,
        (known, case): (Knowledge, MarketCase),
        months: Range<usize>,
    ) -> Environment {
        let mut env = Environment::empty(spec, &self.dynamics.assumed, known.market);
        buyers(self, spec, &mut env);
        value::fill(self, spec, known.market, &mut env);
        access::fill(self, spec, (known, self.law_of(case)), months.clone(), &mut env);
        units::fill(self, spec, (known.market, case), months, &mut env);
        env
    }
}

/// Chips of the quarterly model that the catalog does not have, and a unit of compute that cannot be counted in.
pub(super) fn check(catalog: &Catalog, spec: &Specification) -> Vec<Problem> {
    let mut problems = Vec::new();
    for good in &spec.goods {
        let priced = good.chip_price.iter().map(|(chip, _)| chip);
        for chip in good.mix.iter().filter_map(|m| m.chip.as_ref()).chain(priced) {
            if catalog.get(chip).is_none() {
                let wrong = Problem::at(good.reference.place.clone(), format!("no chip `{chip}`"));
                let near = nearest(&chip.0, catalog.iter().map(|c| c.id.0.as_str())).join("`, `");
                problems.push(wrong.help(format!("did you mean `{near}`?")));
            }
        }
    }
    if value::tpp(catalog, &spec.compute_unit).is_none() {
        let wrong = format!(
            "`compute_unit = \"{}\"` is no chip with a total processing performance",
            spec.compute_unit
        );
        problems.push(Problem::in_file("market/dynamics/goods.toml", wrong));
    }
    problems
}

/// Preferences and software of the points, from `segments.toml`.
fn buyers(library: &Library, spec: &Specification, env: &mut Environment) {
    let start = Month(0).first_day();
    for (p, point) in spec.points.iter().enumerate() {
        for (segment, weight) in &point.buyers {
            let row = library
                .market
                .segments()
                .iter()
                .find(|s| s.segment == *segment && s.site == point.site);
            let Some(row) = row else { continue };
            let facts = &mut env.points[p];
            facts.grey += weight * row.grey.value.get();
            facts.home += weight * row.home.value.get();
            facts.software += weight * (1.0 - row.installed("CUDA", start));
        }
    }
}
