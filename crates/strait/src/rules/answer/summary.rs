//! A verdict in one line: the fields that decide, by reference, for batches of many transactions.

use crate::rules::steps::decide::class;
use crate::rules::{
    ChinaState, Classification, Findings, Item, Jurisdiction, LawDay, License, Review, SupplyEffect, Ternary,
    Transaction,
};
use jiff::civil::Date;
use serde::Serialize;

/// A levy and whether it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LevyFound<'a> {
    /// Instrument.
    pub id: &'a str,
    /// Yes or unknown; a levy that does not apply is left out.
    pub applies: Ternary,
}

/// What decides of a verdict; its words are those of [`crate::rules::Verdict`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary<'a> {
    /// Chip.
    pub chip: &'a str,
    /// Destination.
    pub to: &'a str,
    /// Day.
    pub on: Date,
    /// Day of knowledge.
    pub known: Date,
    /// Classification.
    pub classification: Classification,
    /// Exact limb.
    pub paragraph: Option<&'a str>,
    /// Subject to the EAR?
    pub jurisdiction: Jurisdiction,
    /// License requirement.
    pub license: License,
    /// Review policy; `None` where no license is needed.
    pub review: Option<Review>,
    /// License exceptions that could be used.
    pub exceptions: Vec<&'a str>,
    /// Levies that apply or may.
    pub levies: Vec<LevyFound<'a>>,
    /// China side.
    pub cn_state: ChinaState,
    /// What is left to the supplier.
    pub supply_effect: SupplyEffect,
    /// Instruments that decide, US before China.
    pub why: Vec<&'a str>,
    /// Missing facts, a word each.
    pub needs: Vec<&'static str>,
    /// Days past the day through which the law has been read.
    pub stale_days: i64,
    /// Whether the chip was not announced that day.
    pub hypothetical: bool,
}

impl LawDay<'_> {
    /// What decides of what [`LawDay::decide`] found for this item and transaction.
    pub fn summary<'a>(
        &'a self,
        item: &'a Item<'a>,
        tx: &'a Transaction,
        found: &Findings<'a>,
    ) -> Summary<'a> {
        let us = found.why.iter().copied();
        let why = us.chain(found.cn_why.iter().map(|(by, _)| *by));
        let announced = item.chip.market.announced.as_ref().map(|a| a.value);
        let levies = found.levies.iter().filter(|levy| levy.applies != Ternary::No);
        Summary {
            chip: &item.chip.id.0,
            to: self.book.places.find(&tx.to).map_or("", |(code, _)| code),
            on: self.as_of.on,
            known: self.as_of.known,
            classification: class(found),
            paragraph: found.paragraph,
            jurisdiction: found.jurisdiction,
            license: found.license,
            review: found.review,
            exceptions: once(found.exceptions.iter().map(|(_, row)| row.id.as_str())),
            levies: levies
                .map(|levy| LevyFound {
                    id: &levy.by.id,
                    applies: levy.applies,
                })
                .collect(),
            cn_state: found.cn_state,
            supply_effect: found.supply_effect,
            why: once(why.map(|by| by.id.as_str())),
            needs: once(found.open.iter().map(crate::rules::steps::findings::Open::key)),
            stale_days: self.stale_days(found.touches_china),
            hypothetical: announced.is_none_or(|a| a.first() > self.as_of.on),
        }
    }
}

/// Each once, in order of first occurrence.
fn once<'a>(items: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = Vec::new();
    for item in items {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

impl<'c> Item<'c> {
    /// The chip it was made of.
    pub fn chip(&self) -> &'c crate::catalog::Chip {
        self.chip
    }
}
