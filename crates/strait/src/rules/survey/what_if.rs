//! What a scenario changes on one day: which chips it catches and which it frees, whose they are, and
//! which of them are no data-center parts.

use crate::rules::survey::part::{LawAt, decided};
use crate::rules::survey::watched::{compared, instruments, line};
use crate::rules::{
    AspectChange, Classification, LawBook, License, Moment, Part, Places, RulesError, Watched,
};
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;

/// What a scenario does to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// Classed where it was outside, or in need of a license where none was found.
    Caught,
    /// The reverse.
    Freed,
    /// Another class, review policy or state on the China side; caught before and after, or neither.
    Changed,
    /// Unknown on one side.
    Unclear,
}

impl Turn {
    /// Every one, in the order shown.
    pub const ALL: [Self; 4] = [Self::Caught, Self::Freed, Self::Changed, Self::Unclear];

    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Caught => "caught",
            Self::Freed => "freed",
            Self::Changed => "changed",
            Self::Unclear => "unclear",
        }
    }
}

/// Where a part's designer sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Maker {
    /// United States.
    Us,
    /// China with Hong Kong and Macau.
    Chinese,
    /// A country of group A:5 or A:6 that day.
    Allied,
    /// Elsewhere.
    Other,
    /// No country is registered.
    Unknown,
}

impl Maker {
    /// Every one, in the order shown.
    pub const ALL: [Self; 5] = [Self::Us, Self::Allied, Self::Chinese, Self::Other, Self::Unknown];

    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Chinese => "Chinese",
            Self::Allied => "allied",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }

    fn of(country: Option<&str>, places: &Places, on: Date) -> Self {
        match country {
            None => Self::Unknown,
            Some("US") => Self::Us,
            Some("CN" | "HK" | "MO") => Self::Chinese,
            Some(c) if places.in_group(c, "A:5", on) || places.in_group(c, "A:6", on) => Self::Allied,
            Some(_) => Self::Other,
        }
    }
}

/// One part that comes out otherwise under the scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhatIfPart {
    /// Where it stands among the parts given, from 0.
    pub index: usize,
    /// Chip.
    pub chip: String,
    /// Destination.
    pub to: String,
    /// What the scenario does to it.
    pub turn: Turn,
    /// Whose it is.
    pub maker: Maker,
    /// Designed or marketed for data centers; `None` where not known.
    pub datacenter: Option<bool>,
    /// Verdict without the scenario.
    pub before: Watched,
    /// Verdict with it.
    pub after: Watched,
    /// Limb that gives the class under the scenario, where one alone does.
    pub paragraph: Option<String>,
    /// Whether the chip was not announced by that day.
    pub hypothetical: bool,
    /// Whether it was never sold (a reported plan).
    pub never_sold: bool,
    /// Each part of the answer that differs, with its own instruments.
    pub changes: Vec<AspectChange>,
    /// Instruments that cause the difference.
    pub instruments: Vec<String>,
    /// One line.
    pub text: String,
}

/// What a scenario changes on one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhatIf {
    /// The day.
    pub at: Moment,
    /// Parts that come out otherwise: by what the scenario does to them, then in the order given.
    pub parts: Vec<WhatIfPart>,
    /// Parts that come out the same.
    pub unchanged: usize,
}

impl LawBook {
    /// Compares this law with another one, the same under a scenario, on one day. Each part comes twice, as
    /// it is and as the scenario has it.
    ///
    /// # Errors
    /// An unknown country, or two instruments that contradict one another under either law.
    pub fn what_if(
        &self,
        other: &Self,
        at: Moment,
        parts: &[(Part<'_>, Part<'_>)],
    ) -> Result<WhatIf, RulesError> {
        let laws = (LawAt::new(self, at)?, LawAt::new(other, at)?);
        let compared = parts
            .par_iter()
            .enumerate()
            .map(|(index, (before, after))| self.turned(index, (before, after), (&laws.0, &laws.1), at))
            .collect::<Result<Vec<_>, RulesError>>()?;
        let mut changed: Vec<WhatIfPart> = compared.into_iter().flatten().collect();
        changed.sort_by_key(|part| (part.turn, part.index));
        Ok(WhatIf {
            at,
            unchanged: parts.len() - changed.len(),
            parts: changed,
        })
    }

    fn turned(
        &self,
        index: usize,
        (before, after): (&Part<'_>, &Part<'_>),
        laws: (&LawAt<'_>, &LawAt<'_>),
        at: Moment,
    ) -> Result<Option<WhatIfPart>, RulesError> {
        let (old, new) = (laws.0.day(before), laws.1.day(after));
        let (first, second) = (before.item(), after.item());
        let (here, there) = (before.at(at), after.at(at));
        let found = (decided(old, &first, &here)?, decided(new, &second, &there)?);
        let (was, is, changes) = compared((old, &found.0), (new, &found.1));
        let market = &after.chip.market;
        let announced = market.announced.as_ref().map(|a| a.value);
        Ok((!changes.is_empty()).then(|| WhatIfPart {
            index,
            turn: turn(&was, &is),
            maker: Maker::of(before.designer, &self.places, at.on),
            datacenter: market.datacenter.as_ref().map(|d| d.value),
            never_sold: market.never_sold.as_ref().is_some_and(|n| n.value),
            text: line(&changes),
            instruments: instruments(&changes),
            paragraph: is.paragraph.clone(),
            hypothetical: announced.is_none_or(|a| a.first() > at.on),
            chip: after.chip.id.0.clone(),
            to: new.book.code(&there.to).to_owned(),
            before: was,
            after: is,
            changes,
        }))
    }
}

fn turn(was: &Watched, is: &Watched) -> Turn {
    // Yes: controlled; no: not; none: unknown.
    let class = |w: &Watched| match w.classification {
        Classification::Outside3A090 => Some(false),
        Classification::Unknown => None,
        _ => Some(true),
    };
    let license = |w: &Watched| (w.license != License::Unknown).then(|| w.license.is_needed());
    let pairs = [(class(was), class(is)), (license(was), license(is))];
    let find = |pair| pairs.iter().position(|p| *p == pair);
    let caught = find((Some(false), Some(true)));
    let freed = find((Some(true), Some(false)));
    match (caught, freed) {
        // The class decides where the two differ.
        (Some(class), Some(license)) if class < license => Turn::Caught,
        (_, Some(_)) => Turn::Freed,
        (Some(_), None) => Turn::Caught,
        (None, None) if pairs.iter().any(|(a, b)| a.is_none() != b.is_none()) => Turn::Unclear,
        (None, None) => Turn::Changed,
    }
}
