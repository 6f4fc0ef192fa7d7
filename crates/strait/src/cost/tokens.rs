//! From a chip-hour and a rate to the cost of a million tokens, tokens a dollar and tokens a joule.

use super::hourly::{Unit, spread};
use super::parameters::{Parameters, Term, Terms};
use super::{CostBasis, HourlyCost, PricePerformance};
use crate::figure::{
    Estimate, Kilowatts, Quantity, TokensPerDollar, TokensPerJoule, Usd, UsdPerHour, UsdPerKilowattHour,
    UsdPerMillionTokens, Watts,
};
use crate::perf::Performance;

/// Seconds of an hour.
pub(crate) const SECONDS: f64 = 3600.0;
/// Tokens of a million.
pub(crate) const MILLION: f64 = 1e6;

/// One chip at work: its costs and its rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Work {
    pub(crate) unit: Unit,
    /// Tokens a second of one chip.
    pub(crate) rate: f64,
}

impl Work {
    /// Cost of a million tokens, USD: chip-hour cost over tokens an hour.
    pub(crate) fn per_million(&self, terms: &Terms) -> f64 {
        self.unit.total(terms) / (self.rate * SECONDS) * MILLION
    }

    /// Tokens for a joule at the wall.
    pub(crate) fn per_joule(&self, terms: &Terms) -> f64 {
        self.rate / self.unit.wall_power(terms)
    }

    pub(crate) fn of(basis: &CostBasis, performance: &Performance) -> Self {
        Self {
            unit: Unit::of(basis, performance.power.map(|p| p.value.get())),
            rate: performance.per_chip.value.get(),
        }
    }

    /// The same with one input of its own at its low and at its high end.
    pub(crate) fn shifts(self, basis: &CostBasis, performance: &Performance) -> Vec<(Self, Self)> {
        let unit = |low: Unit, high: Unit| (Self { unit: low, ..self }, Self { unit: high, ..self });
        let mut shifts: Vec<(Self, Self)> = unit_shifts(self.unit, basis)
            .into_iter()
            .map(|(low, high)| unit(low, high))
            .collect();
        if let Some(power) = performance.power {
            let at = |w: f64| Unit {
                power: Some(w),
                ..self.unit
            };
            shifts.push(unit(at(power.low.get()), at(power.high.get())));
        }
        let rate = performance.per_chip;
        let at = |rate: f64| Self { rate, ..self };
        shifts.push((at(rate.low.get()), at(rate.high.get())));
        shifts
    }
}

/// A unit with its price, tariff and board power at their ends, one at a time.
pub(crate) fn unit_shifts(unit: Unit, basis: &CostBasis) -> Vec<(Unit, Unit)> {
    let bought = |usd: Usd| Unit {
        bought: usd.get(),
        ..unit
    };
    let tariff = |t: UsdPerKilowattHour| Unit {
        tariff: t.get(),
        ..unit
    };
    let tdp = |w: Watts| Unit { tdp: w.get(), ..unit };
    vec![
        (bought(basis.bought.low), bought(basis.bought.high)),
        (tariff(basis.tariff.low), tariff(basis.tariff.high)),
        (tdp(basis.tdp.low), tdp(basis.tdp.high)),
    ]
}

/// See [`super::CostModel::price_performance`].
pub(crate) fn price_performance(
    parameters: &Parameters,
    hourly: &HourlyCost,
    performance: &Performance,
) -> PricePerformance {
    let per_million: Estimate<UsdPerMillionTokens> =
        over(parameters, &hourly.basis, performance, Work::per_million);
    PricePerformance {
        chip: performance.chip.clone(),
        workload: performance.workload.clone(),
        scale: performance.scale,
        per_dollar: per_million.map_decreasing(|usd| TokensPerDollar::of(MILLION / usd.get())),
        per_joule: over::<TokensPerJoule>(parameters, &hourly.basis, performance, Work::per_joule),
        per_million,
    }
}

/// Power of one chip's part at the wall under a workload.
pub(crate) fn wall_power(
    parameters: &Parameters,
    basis: &CostBasis,
    performance: &Performance,
) -> Estimate<Watts> {
    over(parameters, basis, performance, |work, terms| {
        work.unit.wall_power(terms)
    })
}

/// A function of one chip at work and the parameters, with the interval their ranges make.
fn over<Q: Quantity>(
    parameters: &Parameters,
    basis: &CostBasis,
    performance: &Performance,
    f: impl Fn(&Work, &Terms) -> f64,
) -> Estimate<Q> {
    let terms = parameters.centre();
    let work = Work::of(basis, performance);
    let mut shifts: Vec<_> = parameters
        .shifts(terms, &[])
        .into_iter()
        .map(|(low, high)| ((low, work), (high, work)))
        .collect();
    let own = work.shifts(basis, performance);
    shifts.extend(own.into_iter().map(|(low, high)| ((terms, low), (terms, high))));
    spread((terms, work), &shifts, |(terms, work)| f(&work, &terms))
}

/// Cost of a chip-hour, in use and (at a utilisation of one) owned.
pub(crate) fn hours(parameters: &Parameters, basis: &CostBasis, used: bool) -> Estimate<UsdPerHour> {
    let (terms, fixed): (Terms, &[Term]) = if used {
        (parameters.centre(), &[])
    } else {
        (
            parameters.centre().with(Term::Utilisation, 1.0),
            &[Term::Utilisation],
        )
    };
    of_unit(parameters, terms, fixed, basis, Unit::total)
}

/// Hosting and electricity of a chip-hour, whatever the chip cost.
pub(crate) fn running(parameters: &Parameters, basis: &CostBasis) -> Estimate<UsdPerHour> {
    of_unit(parameters, parameters.centre(), &[], basis, Unit::running)
}

/// Power to be provisioned for one chip at the wall: PUE × (board power + server share at its rating + switches).
pub(crate) fn provisioned(parameters: &Parameters, basis: &CostBasis) -> Estimate<Kilowatts> {
    let full = |unit: &Unit, terms: &Terms| terms.get(Term::Pue) * unit.rated_power(terms) / 1e3;
    of_unit(parameters, parameters.centre(), &[], basis, full)
}

/// What one chip costs or draws, with the interval its inputs' ranges make.
fn of_unit<Q: Quantity>(
    parameters: &Parameters,
    terms: Terms,
    fixed: &[Term],
    basis: &CostBasis,
    f: impl Fn(&Unit, &Terms) -> f64,
) -> Estimate<Q> {
    let unit = Unit::of(basis, None);
    let mut shifts: Vec<_> = parameters
        .shifts(terms, fixed)
        .into_iter()
        .map(|(low, high)| ((low, unit), (high, unit)))
        .collect();
    let own = unit_shifts(unit, basis);
    shifts.extend(own.into_iter().map(|(low, high)| ((terms, low), (terms, high))));
    spread((terms, unit), &shifts, |(terms, unit)| f(&unit, &terms))
}
