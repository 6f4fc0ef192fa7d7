//! Two chips on one workload: ratios, the price, rent and utilisation at which they cost the same.
//!
//! Both sides share the parameters of owning, so each parameter moves both at once; a chip's own price, tariff,
//! power and rate move it alone.

use super::hourly::spread;
use super::parameters::{Parameters, Term, Terms};
use super::tokens::{MILLION, SECONDS, Work};
use super::{CostBasis, CostModel, HourlyCost, TiePrice};
use crate::figure::{Estimate, Quantity, Ratio};
use crate::perf::Performance;
use serde::Serialize;

/// The share of hours in use from which one choice costs no more than another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BreakEven {
    /// Share of owned hours in use, its high end at one where that end would need more hours than there are.
    pub utilisation: Estimate<Ratio>,
    /// Whether its high end would need more hours than there are.
    pub may_never: bool,
}

impl BreakEven {
    /// From the estimate of its inverse, which is linear in what it rests on; none where even every hour in use
    /// would not do.
    pub(crate) fn of_inverse(inverse: Estimate<Ratio>) -> Option<Self> {
        if inverse.value.get() < 1.0 {
            return None;
        }
        let share = |inverse: Ratio| Ratio::of(1.0 / inverse.get().max(1.0));
        Some(Self {
            utilisation: inverse.map_decreasing(share),
            may_never: inverse.low.get() < 1.0,
        })
    }
}

/// One side of a comparison: what it would cost, and what it does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Working<'a> {
    pub(crate) basis: &'a CostBasis,
    pub(crate) performance: &'a Performance,
}

impl Working<'_> {
    fn work(&self) -> Work {
        Work::of(self.basis, self.performance)
    }
}

/// A function of parameters and both sides, with the interval their ranges make.
pub(crate) fn over<Q: Quantity>(
    parameters: &Parameters,
    own: Working<'_>,
    rival: Working<'_>,
    f: impl Fn(&Terms, &Work, &Work) -> f64,
) -> Estimate<Q> {
    let terms = parameters.centre();
    let (a, b) = (own.work(), rival.work());
    let mut shifts: Vec<_> = parameters
        .shifts(terms, &[])
        .into_iter()
        .map(|(low, high)| ((low, a, b), (high, a, b)))
        .collect();
    let mine = a.shifts(own.basis, own.performance);
    shifts.extend(
        mine.into_iter()
            .map(|(low, high)| ((terms, low, b), (terms, high, b))),
    );
    let theirs = b.shifts(rival.basis, rival.performance);
    shifts.extend(
        theirs
            .into_iter()
            .map(|(low, high)| ((terms, a, low), (terms, a, high))),
    );
    spread((terms, a, b), &shifts, |(terms, a, b)| f(&terms, &a, &b))
}

/// What an hour of `own` may cost for its tokens to cost what the rival's do, USD.
fn worth_an_hour(terms: &Terms, own: &Work, rival: &Work) -> f64 {
    rival.per_million(terms) * own.rate * SECONDS / MILLION
}

/// Price of the chip alone at which both cost the same.
pub(crate) fn price(terms: &Terms, own: &Work, rival: &Work) -> f64 {
    own.unit.price_for_total(terms, worth_an_hour(terms, own, rival))
}

/// One over the utilisation of `own` at which both cost the same, the rival used as the parameter has it:
/// `(what an hour is worth - electricity) / cost of an hour owned without electricity`.
pub(crate) fn inverse_utilisation(terms: &Terms, own: &Work, rival: &Work) -> f64 {
    let left = worth_an_hour(terms, own, rival) - own.unit.power_cost(terms);
    left / idle_hour(terms, own)
}

/// Cost of an hour owned, used or not, without electricity, USD.
pub(crate) fn idle_hour(terms: &Terms, work: &Work) -> f64 {
    work.unit.total(&terms.with(Term::Utilisation, 1.0)) - work.unit.power_cost(terms)
}

impl CostModel {
    /// The price of a chip at which a million tokens cost what they cost on the rival, all else equal; solved
    /// exactly, since the chip-hour is linear in the price. The chip's own price is not used: `basis` may be
    /// [`CostModel::unpriced`].
    pub fn tie_price(
        &self,
        basis: &CostBasis,
        performance: &Performance,
        rival: &HourlyCost,
        rival_performance: &Performance,
    ) -> TiePrice {
        let own = Working { basis, performance };
        let other = Working {
            basis: &rival.basis,
            performance: rival_performance,
        };
        let terms = self.parameters.centre();
        let possible = price(&terms, &own.work(), &other.work()) >= 0.0;
        TiePrice {
            chip: performance.chip.clone(),
            rival: rival.chip.clone(),
            workload: performance.workload.clone(),
            usd: possible.then(|| over(&self.parameters, own, other, price)),
        }
    }

    /// The share of hours in use from which owning costs no more than renting by the hour in use, at a rent. The
    /// rent's own range widens it.
    pub fn own_or_rent(
        &self,
        hourly: &HourlyCost,
        rent: &Estimate<crate::figure::UsdPerHour>,
    ) -> Option<BreakEven> {
        let terms = self.parameters.centre();
        let unit = super::hourly::Unit::of(&hourly.basis, None);
        let at = rent.value.get();
        let mut shifts: Vec<_> = self
            .parameters
            .shifts(terms, &[Term::Utilisation])
            .into_iter()
            .map(|(low, high)| ((low, unit, at), (high, unit, at)))
            .collect();
        let own = super::tokens::unit_shifts(unit, &hourly.basis);
        shifts.extend(
            own.into_iter()
                .map(|(low, high)| ((terms, low, at), (terms, high, at))),
        );
        shifts.push(((terms, unit, rent.low.get()), (terms, unit, rent.high.get())));
        let inverse = spread((terms, unit, at), &shifts, |(terms, unit, rent)| {
            let work = Work { unit, rate: 1.0 };
            (rent - unit.power_cost(&terms)) / idle_hour(&terms, &work)
        });
        BreakEven::of_inverse(inverse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_even_beyond_every_hour_is_none_and_one_that_may_be_says_so() {
        let of = |value: f64, low: f64, high: f64| {
            BreakEven::of_inverse(Estimate::new(Ratio::of(value), Ratio::of(low), Ratio::of(high)))
        };
        assert_eq!(of(0.99, 0.5, 2.0), None);
        let surely = of(2.0, 1.25, 4.0).unwrap();
        let ends = (surely.utilisation.low.get(), surely.utilisation.high.get());
        assert_eq!((ends, surely.may_never), ((0.25, 0.8), false));
        let maybe = of(2.0, 0.5, 4.0).unwrap();
        assert_eq!((maybe.utilisation.high.get(), maybe.may_never), (1.0, true));
    }
}
