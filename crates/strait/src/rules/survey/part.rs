//! What is compared: a part with everything but its days, and the moments it is asked at.

use crate::catalog::Chip;
use crate::rules::{AsOf, Findings, Item, Knower, LawBook, LawDay, RulesError, Transaction, Verdict};
use jiff::civil::Date;
use serde::Serialize;

/// A day asked, with the day of knowledge it is asked under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Day asked.
    pub on: Date,
    /// Day of knowledge.
    pub known: Date,
    /// Whose knowledge.
    pub known_to: Knower,
}

/// A part to be compared, with the countries that the register of makers gives.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// The chip.
    pub chip: &'a Chip,
    /// Country of its designer.
    pub designer: Option<&'a str>,
    /// Country of its foundry.
    pub foundry: Option<&'a str>,
    /// Everything but the days.
    pub transaction: Transaction,
}

impl<'a> Part<'a> {
    /// The chip made ready to be asked about.
    pub(crate) fn item(&self) -> Item<'a> {
        Item::new(self.chip, self.designer, self.foundry)
    }

    /// Its transaction at a moment.
    pub(crate) fn at(&self, moment: Moment) -> Transaction {
        Transaction {
            on: moment.on,
            known: moment.known,
            known_to: moment.known_to,
            ..self.transaction.clone()
        }
    }

    /// The verdict on another day, with the knowledge that the transaction names.
    pub(crate) fn verdict(&self, law: &LawBook, on: Date) -> Option<Verdict> {
        let tx = Transaction {
            on,
            ..self.transaction.clone()
        };
        law.check(self.chip, self.designer, self.foundry, &tx).ok()
    }
}

/// The law of a moment, as enforced and, for parts that ask it, as codified.
pub(crate) struct LawAt<'b> {
    days: [LawDay<'b>; 2],
}

impl<'b> LawAt<'b> {
    pub(crate) fn new(book: &'b LawBook, moment: Moment) -> Result<Self, RulesError> {
        let day = |codified| {
            book.day(AsOf {
                on: moment.on,
                known: moment.known,
                known_to: moment.known_to,
                codified,
            })
        };
        Ok(Self {
            days: [day(false)?, day(true)?],
        })
    }

    pub(crate) fn day(&self, part: &Part<'_>) -> &LawDay<'b> {
        &self.days[usize::from(part.transaction.codified)]
    }
}

/// What a law finds for a part.
pub(crate) fn decided<'a>(
    day: &'a LawDay<'a>,
    item: &'a Item<'a>,
    tx: &'a Transaction,
) -> Result<Findings<'a>, RulesError> {
    let mut found = Findings::default();
    day.decide(item, tx, &mut found)?;
    Ok(found)
}
