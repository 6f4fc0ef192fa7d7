//! Levies on a sale, and what they do to a price. Which ones there are is law, and handed in.
//!
//! A published price that is as new as the levy is taken to hold it. An older one is raised by the part that
//! the seller passes on: a share `t` of revenue costs `t/(1 - t)` of the price to recover, a duty `t`.

use super::parameters::{Parameters, Term};
use super::{Price, PriceKind};
use crate::catalog::ChipId;
use crate::figure::{Estimate, Quantity, Ratio, Usd, When};
use serde::{Deserialize, Serialize};

/// What a levy is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LevyOn {
    /// The seller's revenue.
    Revenue,
    /// The customs value.
    Import,
}

/// A levy on one chip's sale to the place asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Levy {
    /// Chip.
    pub chip: ChipId,
    /// Instrument that sets it.
    pub instrument: String,
    /// What it is taken of.
    pub on: LevyOn,
    /// Rate, a fraction below one.
    pub rate: Ratio,
    /// Whether it surely applies; otherwise it only widens what may be paid.
    pub certain: bool,
    /// From when.
    pub from: When,
}

/// A levy as it bears on a price.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevyPaid {
    /// Instrument that sets it.
    pub instrument: String,
    /// What it is taken of.
    pub on: LevyOn,
    /// Rate.
    pub rate: Ratio,
    /// Whether it surely applies.
    pub certain: bool,
    /// Whether the published price is as new as the levy, so that nothing is added.
    pub in_price: bool,
    /// What is paid for one chip.
    pub usd: Estimate<Usd>,
}

impl Levy {
    /// What recovers it in full, as a part of the price without it.
    fn markup(&self) -> f64 {
        let t = self.rate.get();
        match self.on {
            LevyOn::Revenue => t / (1.0 - t),
            LevyOn::Import => t,
        }
    }

    /// What is paid, as a part of a price that holds it: a share of revenue is taken of the whole, a duty of the customs
    /// value, which is the price without it.
    fn part_of_price(&self) -> f64 {
        let t = self.rate.get();
        match self.on {
            LevyOn::Revenue => t,
            LevyOn::Import => t / (1.0 + t),
        }
    }
}

/// The price with the levies on its chip.
pub(crate) fn levied(mut price: Price, levies: &[Levy], parameters: &Parameters) -> Price {
    for levy in levies.iter().filter(|l| l.chip == price.chip) {
        // What a user fixes is what is paid.
        let in_price = price.kind == PriceKind::Scenario || price.date.first() >= levy.from.first();
        if !in_price {
            let passed = parameters.centre().get(Term::LevyPassThrough);
            let (least, most) = parameters.range(Term::LevyPassThrough);
            let by = |part: f64| 1.0 + part * levy.markup();
            let (low, value) = if levy.certain {
                (by(least), by(passed))
            } else {
                (1.0, 1.0)
            };
            let raise = |e: Estimate<Usd>| Estimate::new(e.value * value, e.low * low, e.high * by(most));
            price.usd = raise(price.usd);
            price.bought = raise(price.bought);
            price.rests_on.push(parameters.reference(Term::LevyPassThrough));
            price.notes.push(format!(
                "older than {} ({} %): raised by the part passed on{}",
                levy.instrument,
                levy.rate.get() * 100.0,
                if levy.certain { "" } else { ", should it apply" }
            ));
        }
        let part = levy.part_of_price();
        let usd = price.usd.map(|usd| usd * part);
        price.levies.push(LevyPaid {
            instrument: levy.instrument.clone(),
            on: levy.on,
            rate: levy.rate,
            certain: levy.certain,
            in_price,
            usd: if levy.certain {
                usd
            } else {
                Estimate::new(usd.value, Usd::of(0.0), usd.high)
            },
        });
    }
    price
}
