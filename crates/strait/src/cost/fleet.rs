//! Which chips to buy: the most throughput under a budget and a power limit, or the cheapest fleet that meets a
//! demand under them.
//!
//! Chips come in units (a node, or the cluster a model needs), whole ones; what is on hand costs no purchase. The
//! search is exact: [`FleetPlan::gap`] says how far from the best it may be, zero unless it was cut short.

mod linear;
mod whole;

use super::{CostBasis, CostModel, HourlyCost, Money};
use crate::catalog::ChipId;
use crate::figure::{Estimate, Kilowatts, Quantity, Ratio, TokensPerSecond, Usd, UsdPerHour};
use serde::Serialize;
use whole::{Program, best};

/// One kind of chip a fleet may hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Chip.
    pub chip: ChipId,
    /// Chips of one unit.
    pub unit: u32,
    /// Tokens a second of one chip.
    pub rate: Estimate<TokensPerSecond>,
    /// What one chip's part of chip, server and network costs to buy; nothing for chips on hand.
    pub purchase: Usd,
    /// What one chip costs by the hour, used or not: of chips on hand, hosting and electricity.
    pub hour: Estimate<UsdPerHour>,
    /// Provisioned power of one chip at the wall.
    pub power: Kilowatts,
    /// Chips there are to be had; no limit where absent.
    pub available: Option<u32>,
    /// Whether they are on hand.
    pub held: bool,
}

/// What binds a fleet.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct FleetLimits {
    /// Money to buy with.
    pub budget: Option<Usd>,
    /// Power at the wall.
    pub power: Option<Kilowatts>,
    /// Tokens a second to be met at least cost; the most there can be where absent.
    pub demand: Option<TokensPerSecond>,
}

/// Chips of one kind in a fleet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FleetPart {
    /// Chip.
    pub chip: ChipId,
    /// Number.
    pub chips: u64,
    /// Whether they were on hand.
    pub held: bool,
    /// Tokens a second of all of them.
    pub rate: Estimate<TokensPerSecond>,
}

/// A fleet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FleetPlan {
    /// Its parts, in the order of the candidates; kinds it does without are left out.
    pub parts: Vec<FleetPart>,
    /// Tokens a second; the ends take every chip at its low or high end together.
    pub rate: Estimate<TokensPerSecond>,
    /// What is bought.
    pub purchase: Money<Usd>,
    /// Cost of an hour.
    pub hour: Money<UsdPerHour>,
    /// Provisioned power at the wall.
    pub power: Kilowatts,
    /// What a better fleet could gain at most, relative to this one.
    pub gap: Ratio,
}

/// Why there is no fleet.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoFleet {
    /// Nothing limits the fleet.
    #[error("nothing limits the fleet: neither a budget nor a power limit nor a demand")]
    NoLimit,
    /// The limits leave room for more units of a kind than are counted here.
    #[error("the limits leave room for more than {} units of {chip}", u32::MAX)]
    TooMany {
        /// The chip.
        chip: ChipId,
    },
    /// No fleet meets the demand; this much is the most the limits allow.
    #[error("no fleet under these limits meets the demand; the most they allow is {most:.0} tok/s")]
    Demand {
        /// Tokens a second of the fleet with the most.
        most: f64,
    },
}

/// Finds the best fleet; yuan at so many for a dollar.
///
/// # Errors
/// No limit at all, one too wide to count under, or a demand that cannot be met.
pub fn fleet(
    candidates: &[Candidate],
    limits: &FleetLimits,
    cny_per_usd: Option<f64>,
) -> Result<FleetPlan, NoFleet> {
    let program = program(candidates, limits)?;
    let Some(found) = best(&program) else {
        let most = FleetLimits {
            demand: None,
            ..*limits
        };
        let most = fleet(candidates, &most, None).map_or(0.0, |plan| plan.rate.value.get().max(0.0));
        return Err(NoFleet::Demand { most });
    };
    let gap = (found.bound - found.gain) / found.gain.abs().max(f64::MIN_POSITIVE);
    Ok(plan(candidates, &found.units, gap, cny_per_usd))
}

/// The program in units.
///
/// # Errors
/// Where nothing bounds some kind, or at more than can be counted.
fn program(candidates: &[Candidate], limits: &FleetLimits) -> Result<Program, NoFleet> {
    let per_unit = |of: &dyn Fn(&Candidate) -> f64| -> Vec<f64> {
        candidates.iter().map(|c| of(c) * f64::from(c.unit)).collect()
    };
    let rate = per_unit(&|c| c.rate.value.get());
    let mut rows = Vec::new();
    if let Some(budget) = limits.budget {
        rows.push((per_unit(&|c| c.purchase.get()), budget.get()));
    }
    if let Some(power) = limits.power {
        rows.push((per_unit(&|c| c.power.get()), power.get()));
    }
    let mut most = Vec::new();
    for (j, candidate) in candidates.iter().enumerate() {
        let bound = |row: &Vec<f64>, right: f64| {
            if row[j] > 0.0 {
                right / row[j]
            } else {
                f64::INFINITY
            }
        };
        let by_rows = rows.iter().map(|(row, right)| bound(row, *right).floor());
        let by_demand = limits.demand.map(|demand| (demand.get() / rate[j]).ceil());
        let by_supply = candidate.available.map(|n| f64::from(n / candidate.unit));
        let least = by_rows
            .chain(by_demand)
            .chain(by_supply)
            .fold(f64::INFINITY, f64::min);
        if least == f64::INFINITY {
            return Err(NoFleet::NoLimit);
        }
        most.push(units(least).ok_or_else(|| NoFleet::TooMany {
            chip: candidate.chip.clone(),
        })?);
    }
    let gain = match limits.demand {
        None => rate,
        Some(demand) => {
            rows.push((rate.iter().map(|r| -r).collect(), -demand.get()));
            per_unit(&|c| -c.hour.value.get())
        }
    };
    Ok(Program { gain, rows, most })
}

/// Units as a whole number; `None` beyond what one can count.
fn units(most: f64) -> Option<u32> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie within"
    )]
    (most >= 0.0 && most < f64::from(u32::MAX)).then_some(most as u32)
}

fn plan(candidates: &[Candidate], units: &[u32], gap: f64, cny_per_usd: Option<f64>) -> FleetPlan {
    let chosen: Vec<(&Candidate, f64)> = candidates
        .iter()
        .zip(units)
        .filter(|(_, n)| **n > 0)
        .map(|(c, n)| (c, f64::from(*n) * f64::from(c.unit)))
        .collect();
    fn total<Q: Quantity>(chosen: &[(&Candidate, f64)], of: impl Fn(&Candidate) -> Q) -> Q {
        Q::of(chosen.iter().map(|(c, chips)| of(c).get() * chips).sum())
    }
    let rate = |end: fn(&Estimate<TokensPerSecond>) -> TokensPerSecond| total(&chosen, |c| end(&c.rate));
    let hour = |end: fn(&Estimate<UsdPerHour>) -> UsdPerHour| total(&chosen, |c| end(&c.hour));
    let parts = candidates.iter().zip(units).filter(|(_, n)| **n > 0);
    FleetPlan {
        parts: parts
            .map(|(c, n)| FleetPart {
                chip: c.chip.clone(),
                chips: u64::from(*n) * u64::from(c.unit),
                held: c.held,
                rate: c.rate.map(|r| r * (f64::from(*n) * f64::from(c.unit))),
            })
            .collect(),
        rate: Estimate::new(rate(|e| e.value), rate(|e| e.low), rate(|e| e.high)),
        purchase: Money::of(Estimate::exact(total(&chosen, |c| c.purchase)), cny_per_usd),
        hour: Money::of(
            Estimate::new(hour(|e| e.value), hour(|e| e.low), hour(|e| e.high)),
            cny_per_usd,
        ),
        power: total(&chosen, |c| c.power),
        gap: Ratio::of(gap.max(0.0)),
    }
}

impl CostModel {
    /// A kind of chip to buy, in units of so many.
    pub fn candidate(
        &self,
        hourly: &HourlyCost,
        rate: Estimate<TokensPerSecond>,
        unit: u32,
        available: Option<u32>,
    ) -> Candidate {
        let terms = self.parameters.centre();
        let of = super::hourly::Unit::of(&hourly.basis, None);
        Candidate {
            chip: hourly.chip.clone(),
            unit,
            rate,
            purchase: Usd::of(of.purchase(&terms)),
            hour: hourly.owned,
            power: self.provisioned(&hourly.basis),
            available,
            held: false,
        }
    }

    /// Chips of a kind on hand: what they cost is hosting and electricity, whatever was paid for them.
    pub fn held(
        &self,
        chip: ChipId,
        basis: &CostBasis,
        rate: Estimate<TokensPerSecond>,
        unit: u32,
        chips: u32,
    ) -> Candidate {
        Candidate {
            chip,
            unit,
            rate,
            purchase: Usd::of(0.0),
            hour: super::tokens::running(&self.parameters, basis),
            power: self.provisioned(basis),
            available: Some(chips),
            held: true,
        }
    }

    /// Power to be provisioned for one chip at the wall: PUE × (board power + server share at its rating + switches).
    pub fn provisioned(&self, basis: &CostBasis) -> Kilowatts {
        super::tokens::provisioned(&self.parameters, basis).value
    }
}
