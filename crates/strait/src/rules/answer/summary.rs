//! A verdict in one line: the fields that decide, by reference, for batches of many transactions.

use crate::rules::answer::codified::{CodifiedText, codified};
use crate::rules::answer::conditions::standings;
use crate::rules::answer::party::Party;
use crate::rules::steps::decide::class;
use crate::rules::steps::open::Open;
use crate::rules::{
    Aspect, ChinaState, Classification, Findings, Item, Jurisdiction, Knower, LawDay, License, Review,
    Standing, SupplyEffect, Ternary, Transaction,
};
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use std::fmt;

/// A levy and whether it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LevyFound<'a> {
    /// Instrument.
    pub id: &'a str,
    /// Yes or unknown; a levy that does not apply is left out.
    pub applies: Ternary,
}

/// What decides of a verdict; its words are those of [`crate::rules::Verdict`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary<'a> {
    /// Chip.
    pub chip: &'a str,
    /// Destination.
    pub to: &'a str,
    /// Day.
    pub on: Date,
    /// Day of knowledge.
    pub known: Date,
    /// Whose knowledge.
    pub known_to: Knower,
    /// Whether the codified text was asked instead of what is enforced.
    pub codified: bool,
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
    /// Conditions of the review policy and of the exceptions, and how each stands.
    pub conditions: Vec<Standing<'a>>,
    /// Notices under general prohibition 10.
    pub prohibitions: Vec<&'a str>,
    /// Red flags, by instrument and paragraph.
    pub red_flags: Vec<Flagged<'a>>,
    /// What the code says and nobody enforces, where it would make another answer.
    pub codified_text: Option<CodifiedText>,
    /// China side.
    pub cn_state: ChinaState,
    /// Quota there, where one is reported.
    pub cn_quota: Option<f64>,
    /// Subsidies there.
    pub subsidies: Vec<&'a str>,
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
    /// The instruments that each part of the answer rests on.
    pub rests_on: RestsOn<'a>,
}

/// A red flag by where it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flagged<'a> {
    /// Instrument.
    pub instrument: &'a str,
    /// Provision.
    pub paragraph: &'a str,
}

impl fmt::Display for Flagged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.instrument, self.paragraph)
    }
}

impl Serialize for Flagged<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Instruments by the part of the answer that rests on them; parts that rest on none are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestsOn<'a>(pub Vec<(Aspect, Vec<&'a str>)>);

impl Serialize for RestsOn<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(aspect, ids)| (aspect.name(), ids)))
    }
}

impl<'a> RestsOn<'a> {
    fn of(found: &Findings<'a>) -> Self {
        let part = |aspect: &Aspect| {
            let ids: Vec<&'a str> = found
                .behind(*aspect)
                .into_iter()
                .map(|by| by.id.as_str())
                .collect();
            (!ids.is_empty()).then_some((*aspect, ids))
        };
        Self(Aspect::ALL.iter().filter_map(part).collect())
    }
}

impl LawDay<'_> {
    /// What decides of what [`LawDay::decide`] found for this item and transaction; `text` is
    /// [`LawDay::codified_text`] of the day, made once for many.
    pub fn summary<'a>(
        &'a self,
        text: Option<&LawDay<'_>>,
        item: &'a Item<'a>,
        tx: &'a Transaction,
        found: &Findings<'a>,
    ) -> Summary<'a> {
        let us = found.why.iter().copied();
        let why = us.chain(found.cn_why.iter().map(|(by, _)| *by));
        let announced = item.chip.market.announced.as_ref().map(|a| a.value);
        let levies = found.levies.iter().filter(|levy| levy.applies != Ternary::No);
        let party = self.open_party(item, tx, found);
        Summary {
            chip: &item.chip.id.0,
            to: self.book.code(&tx.to),
            on: self.as_of.on,
            known: self.as_of.known,
            known_to: self.as_of.known_to,
            codified: self.as_of.codified,
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
            conditions: standings(found),
            prohibitions: once(found.prohibitions.iter().map(|(by, _)| by.id.as_str())),
            red_flags: found
                .red_flags
                .iter()
                .map(|(by, row)| Flagged {
                    instrument: &by.id,
                    paragraph: &row.paragraph,
                })
                .collect(),
            codified_text: codified(self, text, item, tx, found),
            cn_state: found.cn_state,
            cn_quota: found.cn_why.iter().find_map(|(_, row)| row.quota),
            subsidies: once(found.subsidies.iter().map(|live| live.by.id.as_str())),
            supply_effect: found.supply_effect,
            why: once(why.map(|by| by.id.as_str())),
            needs: once(found.open.iter().map(Open::key).chain(party.map(Party::key))),
            stale_days: self.stale_days(found.touches_china),
            hypothetical: announced.is_none_or(|a| a.first() > self.as_of.on),
            rests_on: RestsOn::of(found),
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
