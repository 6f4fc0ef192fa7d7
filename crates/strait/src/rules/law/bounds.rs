//! Every rule of one day that puts numeric bounds on a chip: tables, letters, bills, reviews, levies.
//!
//! Destinations are left out: a bound is asked of the chip, not of a transaction.

use crate::catalog::{Chip, Form};
use crate::rules::chip::item::Item;
use crate::rules::{
    AsOf, ClassifyRow, Condition, Instrument, InstrumentForm, Items, LawBook, LevyRow, ProductRow,
    RulesError, State, Ternary,
};
use crate::scenario::Side;
use serde::Serialize;

/// What kind of rule a bound stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// The table of ECCN 3A090.
    Classification,
    /// A letter to one company; a license for what it names or reaches.
    Letter,
    /// A bill: nobody is bound unless it is enacted.
    Bill,
    /// A review policy that holds below limits.
    Review,
    /// A license exception that holds below limits.
    Exception,
    /// A levy on a band.
    Levy,
}

/// The bounds of one rule.
#[derive(Clone, Copy)]
pub(crate) enum Shape<'b> {
    /// The table in force, read top to bottom.
    Table(&'b [ClassifyRow]),
    Product(&'b ProductRow),
    Limits(Items, &'b [Condition]),
    Bands(&'b LevyRow),
}

/// One rule with bounds.
#[derive(Clone, Copy)]
pub(crate) struct Bounded<'b> {
    pub(crate) kind: RuleKind,
    pub(crate) instrument: &'b Instrument,
    /// None for a whole table and for a levy.
    pub(crate) paragraph: Option<&'b str>,
    /// Whether it binds that day, or may; a bill is asked as if it did.
    pub(crate) binds: Ternary,
    pub(crate) shape: Shape<'b>,
}

impl<'b> Bounded<'b> {
    /// Every condition with the paragraph it stands in.
    pub(crate) fn conditions(&self) -> Vec<(String, &'b Condition)> {
        let paragraph = self.paragraph.unwrap_or_default();
        let own = |c: &'b Condition| (paragraph.to_owned(), c);
        match self.shape {
            Shape::Table(rows) => rows
                .iter()
                .flat_map(|row| row.when.iter().map(|c| (row.paragraph.clone(), c)))
                .collect(),
            Shape::Product(row) => {
                let may = |c: &'b Condition| (format!("{paragraph}, may be meant"), c);
                let certain = row.any.iter().flatten().map(own);
                certain.chain(row.maybe.iter().flatten().map(may)).collect()
            }
            Shape::Limits(_, when) => when.iter().map(own).collect(),
            Shape::Bands(row) => row.bands.iter().flatten().map(own).collect(),
        }
    }
}

/// The rules with bounds that bind on a day, as known on a day, and the bills before Congress.
///
/// # Errors
/// Two classification tables, neither said to prevail.
pub(crate) fn bounded<'b>(
    book: &'b LawBook,
    chip: &Chip,
    as_of: AsOf,
) -> Result<Vec<Bounded<'b>>, RulesError> {
    let day = book.day(as_of)?;
    let mut found = Vec::new();
    if let Some(table) = day.table(&Item::new(chip, None, None)) {
        found.push(Bounded {
            kind: RuleKind::Classification,
            instrument: table,
            paragraph: None,
            binds: Ternary::Yes,
            shape: Shape::Table(&table.classify),
        });
    }
    let mut add = |kind, instrument: &'b Instrument, paragraph, binds, shape| {
        found.push(Bounded {
            kind,
            instrument,
            paragraph,
            binds,
            shape,
        });
    };
    let about = |row: &ProductRow| {
        let vendor = row.vendor.as_ref().is_none_or(|v| *v == chip.vendor);
        vendor && !(row.any.is_empty() && row.maybe.is_empty())
    };
    for live in day.product.iter().filter(|l| about(l.row)) {
        // A bill that a scenario switches on is in force, and still a bill.
        let kind = if live.by.form == InstrumentForm::Bill {
            RuleKind::Bill
        } else {
            RuleKind::Letter
        };
        let paragraph = Some(live.row.paragraph.as_str());
        add(kind, live.by, paragraph, live.held, Shape::Product(live.row));
    }
    for by in proposed(book, as_of) {
        for row in by.product.iter().filter(|row| about(row)) {
            let paragraph = Some(row.paragraph.as_str());
            add(RuleKind::Bill, by, paragraph, Ternary::Yes, Shape::Product(row));
        }
    }
    // Policies on memory stacks are no news for a circuit, nor the other way round.
    let fits = |items: Items| (items == Items::Hbm) == (chip.form == Form::MemoryStack);
    let limits = |items: Items, when: &[Condition]| !when.is_empty() && fits(items);
    let reviews = day.review.iter();
    for live in reviews.filter(|l| limits(l.row.items, &l.row.when)) {
        let shape = Shape::Limits(live.row.items, &live.row.when);
        let paragraph = Some(live.row.paragraph.as_str());
        add(RuleKind::Review, live.by, paragraph, live.held, shape);
    }
    let exceptions = day.exception.iter();
    for live in exceptions.filter(|l| limits(l.row.items, &l.row.when)) {
        let shape = Shape::Limits(live.row.items, &live.row.when);
        let paragraph = Some(live.row.paragraph.as_str());
        add(RuleKind::Exception, live.by, paragraph, live.held, shape);
    }
    for live in day.levy.iter().filter(|l| !l.row.bands.is_empty()) {
        let row = live.row;
        let vendor = row.vendors.is_empty() || row.vendors.contains(&chip.vendor);
        let family = row.families.is_empty() || row.families.contains(&chip.family);
        if vendor && family {
            add(RuleKind::Levy, live.by, None, live.held, Shape::Bands(row));
        }
    }
    found.sort_by_key(|b| b.kind);
    Ok(found)
}

/// Bills introduced and not enacted.
fn proposed(book: &LawBook, as_of: AsOf) -> impl Iterator<Item = &Instrument> {
    let bills = book.instruments.iter();
    bills.filter(move |i| {
        let state = i.state_as_of(as_of);
        i.side == Side::Us
            && i.form == InstrumentForm::Bill
            && matches!(state, Some(State::Proposed | State::Announced))
    })
}
