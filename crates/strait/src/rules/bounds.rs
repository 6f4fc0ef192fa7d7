//! Every rule of one day that puts numeric bounds on a chip: tables, letters, bills, reviews, levies.
//!
//! Destinations are left out: a bound is asked of the chip, not of a transaction.

use super::{
    Classification, ClassifyRow, Condition, Instrument, InstrumentForm, Items, LawBook, LevyRow, ProductRow,
    RulesError, State, Ternary,
};
use crate::catalog::Chip;
use crate::scenario::Side;
use jiff::civil::Date;
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
#[derive(Clone)]
pub(crate) enum Shape<'b> {
    /// Every table in force, read top to bottom; each row with its instrument.
    Table(Vec<(&'b Instrument, ClassifyRow)>),
    Product(&'b ProductRow),
    Limits(Items, &'b [Condition]),
    Bands(&'b LevyRow),
}

/// One rule with bounds.
#[derive(Clone)]
pub(crate) struct Bounded<'b> {
    pub(crate) kind: RuleKind,
    pub(crate) instrument: &'b Instrument,
    pub(crate) paragraph: &'b str,
    /// Whether it binds that day, or may; a bill is asked as if it did.
    pub(crate) binds: Ternary,
    pub(crate) shape: Shape<'b>,
}

impl<'b> Bounded<'b> {
    /// Every condition with the instrument and paragraph it stands in.
    pub(crate) fn conditions(&self) -> Vec<(&'b Instrument, String, Condition)> {
        let own = |c: &Condition| (self.instrument, self.paragraph.to_owned(), c.clone());
        match &self.shape {
            Shape::Table(rows) => rows
                .iter()
                .flat_map(|(i, row)| row.when.iter().map(|c| (*i, row.paragraph.clone(), c.clone())))
                .collect(),
            Shape::Product(row) => {
                let may = |c: &Condition| {
                    let paragraph = format!("{}, may be meant", self.paragraph);
                    (self.instrument, paragraph, c.clone())
                };
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
/// Two tables that give the same class and neither said to prevail.
pub(crate) fn bounded<'b>(
    book: &'b LawBook,
    chip: &Chip,
    on: Date,
    known: Date,
) -> Result<Vec<Bounded<'b>>, RulesError> {
    let us = || book.instruments.iter().filter(|i| i.side == Side::Us);
    let mut found = Vec::new();
    let tables: Vec<&Instrument> = us()
        .filter(|i| !i.classify.is_empty() && i.binds_on(on, known, false) == Ternary::Yes)
        .collect();
    let tables = prevailing(&tables)?;
    if let Some(first) = tables.first() {
        let rows = tables
            .iter()
            .flat_map(|i| i.classify.iter().map(|row| (*i, row.clone())));
        found.push(Bounded {
            kind: RuleKind::Classification,
            instrument: first,
            paragraph: "",
            binds: Ternary::Yes,
            shape: Shape::Table(rows.collect()),
        });
    }
    for instrument in us() {
        let binds = instrument.binds_on(on, known, false);
        let proposed = instrument.form == InstrumentForm::Bill
            && matches!(
                instrument.state_at(on, known),
                Some(State::Proposed | State::Announced)
            );
        if !binds.is_possible() && !proposed {
            continue;
        }
        let kind_of_product = if instrument.form == InstrumentForm::Bill {
            RuleKind::Bill
        } else {
            RuleKind::Letter
        };
        let mut add = |kind, paragraph: &'b str, shape| {
            found.push(Bounded {
                kind,
                instrument,
                paragraph,
                binds: if proposed { Ternary::Yes } else { binds },
                shape,
            });
        };
        for row in &instrument.product {
            let about = row.vendor.as_ref().is_none_or(|v| *v == chip.vendor);
            if about && !(row.any.is_empty() && row.maybe.is_empty()) {
                add(kind_of_product, &row.paragraph, Shape::Product(row));
            }
        }
        for row in instrument.review.iter().filter(|r| !r.when.is_empty()) {
            add(
                RuleKind::Review,
                &row.paragraph,
                Shape::Limits(row.items, &row.when),
            );
        }
        for row in instrument.exception.iter().filter(|r| !r.when.is_empty()) {
            if super::history::within(row.from, row.until, on) {
                add(
                    RuleKind::Exception,
                    &row.paragraph,
                    Shape::Limits(row.items, &row.when),
                );
            }
        }
        for row in instrument.levy.iter().filter(|r| !r.bands.is_empty()) {
            let about = (row.vendors.is_empty() || row.vendors.contains(&chip.vendor))
                && (row.families.is_empty() || row.families.contains(&chip.family));
            if about {
                add(RuleKind::Levy, "", Shape::Bands(row));
            }
        }
    }
    found.sort_by_key(|b| b.kind);
    Ok(found)
}

/// The tables no other one prevails over; two may stand beside each other where they give other classes.
fn prevailing<'b>(tables: &[&'b Instrument]) -> Result<Vec<&'b Instrument>, RulesError> {
    let mut left: Vec<&Instrument> = tables
        .iter()
        .filter(|i| !tables.iter().any(|other| other.over.contains(&i.id)))
        .copied()
        .collect();
    for (n, one) in left.iter().enumerate() {
        for other in &left[..n] {
            let listed = |row: &&ClassifyRow| row.result != Classification::Outside3A090;
            let gives = |row: &ClassifyRow| other.classify.iter().any(|r| r.result == row.result);
            if one.classify.iter().filter(listed).any(gives) {
                return Err(RulesError::Unordered {
                    first: other.id.clone(),
                    second: one.id.clone(),
                    what: "a classification table",
                });
            }
        }
    }
    // A table of memory stacks goes first: Note 2 of the other one is about 3A090.a and .b only.
    left.sort_by_key(|i| i.classify.iter().any(|row| row.result == Classification::A));
    Ok(left)
}
