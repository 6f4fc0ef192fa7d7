//! Columns that rows of cost have in common.

use super::Asked;
use crate::output::columns::Columns;
use strait::figure::{Estimate, Quantity};

/// Where and which, and whether the law leaves it open.
pub(super) fn keys<'a, T: 'a>(rows: &'a [T], asked: impl Fn(&'a T) -> &'a Asked<'a> + Copy) -> Columns {
    let mut c = Columns::default();
    c.text("chip", rows.iter().map(|r| asked(r).chip.id.0.clone()));
    c.text("place", rows.iter().map(|r| asked(r).place.to_owned()));
    c.text(
        "supply",
        rows.iter().map(|r| crate::view::word(&asked(r).law.supply)),
    );
    c
}

/// An estimate as three columns, in the unit its name ends in.
pub(super) fn estimates<'a, T: 'a, Q: Quantity>(
    c: &mut Columns,
    name: &str,
    rows: &'a [T],
    of: impl Fn(&'a T) -> Option<Estimate<Q>>,
) {
    let found: Vec<Option<Estimate<Q>>> = rows.iter().map(of).collect();
    let mut column = |end: &str, get: fn(&Estimate<Q>) -> Q| {
        let values = found.iter().map(|e| e.as_ref().map(|e| get(e).get()));
        c.real(&format!("{name}{end}"), values);
    };
    column("", |e| e.value);
    column("_low", |e| e.low);
    column("_high", |e| e.high);
}
