//! Amounts in dollars and in yuan.

use crate::figure::{
    Cny, CnyPerHour, CnyPerMillionTokens, Estimate, Quantity, Usd, UsdPerHour, UsdPerMillionTokens,
};
use serde::Serialize;

/// A quantity in dollars that has a counterpart in yuan.
pub trait InYuan: Quantity {
    /// The counterpart.
    type Yuan: Quantity;
}

impl InYuan for Usd {
    type Yuan = Cny;
}
impl InYuan for UsdPerHour {
    type Yuan = CnyPerHour;
}
impl InYuan for UsdPerMillionTokens {
    type Yuan = CnyPerMillionTokens;
}

/// An amount in both currencies, converted at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(bound = "")]
pub struct Money<Q: InYuan> {
    /// US dollars.
    pub usd: Estimate<Q>,
    /// Yuan; absent where no exchange rate is known by the day.
    pub cny: Option<Estimate<Q::Yuan>>,
}

impl<Q: InYuan> Money<Q> {
    /// An amount in dollars, and in yuan at so many for a dollar.
    pub fn of(usd: Estimate<Q>, cny_per_usd: Option<f64>) -> Self {
        Self {
            usd,
            cny: cny_per_usd.map(|rate| usd.map(|q| Q::Yuan::of(q.get() * rate))),
        }
    }

    /// The same times a positive number of things.
    #[must_use]
    pub fn times<R: InYuan>(&self, k: f64) -> Money<R> {
        Money {
            usd: self.usd.map(|q| R::of(q.get() * k)),
            cny: self.cny.map(|cny| cny.map(|q| R::Yuan::of(q.get() * k))),
        }
    }
}
