//! What a rule makes of a chip: a class, or whether its bounds are met.

use crate::catalog::{Chip, Form};
use crate::rules::chip::metrics::Measured;
use crate::rules::law::bounds::{Bounded, Shape};
use crate::rules::law::condition;
use crate::rules::steps::classify::{classes, in_form};
use crate::rules::steps::review::is_item;
use crate::rules::{Classification, ClassifyRow, Condition, FactName, ProductRow, Ternary};

/// A rule with bounds, ready to be asked.
pub(super) struct Rule<'b> {
    pub(super) bounded: &'b Bounded<'b>,
    /// The tables in force, which review policies and exceptions go by as well.
    rows: &'b [ClassifyRow],
    form: Form,
    named: bool,
}

/// Where a chip stands by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// One word, or every class still possible.
    pub(super) words: Vec<&'static str>,
    /// Limb or bound met.
    pub(super) meets: Option<String>,
}

impl Outcome {
    /// Whether it is this and nothing else.
    pub(super) fn is(&self, word: &str) -> bool {
        self.words == [word]
    }
}

/// Every rule of the day, ready to be asked of the chip.
pub(super) fn rules<'b>(bounds: &'b [Bounded<'b>], chip: &Chip) -> Vec<Rule<'b>> {
    let table = bounds.iter().find_map(|b| match b.shape {
        Shape::Table(rows) => Some(rows),
        _ => None,
    });
    let rows = table.unwrap_or_default();
    bounds
        .iter()
        .map(|bounded| Rule {
            bounded,
            rows,
            form: chip.form,
            named: matches!(&bounded.shape, Shape::Product(row) if row.families.contains(&chip.family)),
        })
        .collect()
}

fn word(held: Ternary) -> &'static str {
    match held {
        Ternary::Yes => "met",
        Ternary::No => "not_met",
        Ternary::Unknown => "unknown",
    }
}

impl<'b> Rule<'b> {
    /// Whether the chip is named by family, which no figure changes.
    pub(super) fn named(&self) -> bool {
        self.named
    }

    /// Whether it has bounds of which nobody outside knows that they are meant.
    pub(super) fn may(&self) -> bool {
        matches!(&self.bounded.shape, Shape::Product(row) if !row.maybe.is_empty())
    }

    /// Every condition the outcome turns on.
    pub(super) fn conditions(&self) -> Vec<&'b Condition> {
        let own = self.bounded.conditions().into_iter().map(|(_, c)| c);
        let class = self.rows.iter().flat_map(|row| row.when.iter());
        match self.bounded.shape {
            Shape::Limits(..) => own.chain(class).collect(),
            _ => own.collect(),
        }
    }

    /// Whether the fact decides anything here.
    pub(super) fn asks_datacenter(&self) -> bool {
        let asks = |c: &&Condition| c.fact == Some(FactName::Datacenter);
        matches!(self.bounded.shape, Shape::Limits(..)) || self.conditions().iter().any(asks)
    }

    /// Every class or state there is.
    pub(super) fn states(&self) -> Vec<&'static str> {
        match &self.bounded.shape {
            Shape::Table(rows) => {
                let mut classes: Vec<Classification> =
                    rows.iter().map(|row| in_form(row.result, self.form)).collect();
                classes.push(Classification::Outside3A090);
                classes.sort();
                classes.dedup();
                classes.into_iter().map(Classification::name).collect()
            }
            Shape::Product(_) if self.may() => vec!["met", "unknown", "not_met"],
            _ => vec!["met", "not_met"],
        }
    }

    /// What it makes of a chip.
    pub(super) fn outcome(&self, measured: &Measured, datacenter: Option<bool>) -> Outcome {
        match &self.bounded.shape {
            Shape::Table(_) => {
                let found = classes(self.rows, measured, datacenter, self.form);
                let mut words: Vec<&str> = found.iter().map(|(class, _)| class.name()).collect();
                words.dedup();
                let meets = match found.as_slice() {
                    [(_, limb)] => limb.map(str::to_owned),
                    _ => None,
                };
                Outcome { words, meets }
            }
            Shape::Product(row) => product(row, measured, datacenter),
            Shape::Limits(items, when) => {
                let held = |datacenter: bool| {
                    classes(self.rows, measured, Some(datacenter), self.form)
                        .iter()
                        .map(|class| Ternary::from(is_item(*items, class.0, datacenter)))
                        .reduce(|a, b| if a == b { a } else { Ternary::Unknown })
                        .unwrap_or(Ternary::No)
                        .and(condition::all(when, measured, Some(datacenter)))
                };
                let held = match datacenter {
                    Some(datacenter) => held(datacenter),
                    None if held(true) == held(false) => held(true),
                    None => Ternary::Unknown,
                };
                Outcome {
                    words: vec![word(held)],
                    meets: (held == Ternary::Yes).then(|| condition::text(when)),
                }
            }
            Shape::Bands(row) => {
                let held = condition::any(&row.bands, measured, datacenter);
                Outcome {
                    words: vec![word(held)],
                    meets: group(&row.bands, measured, datacenter),
                }
            }
        }
    }
}

/// A letter or bill by its bounds, whatever it names.
fn product(row: &ProductRow, measured: &Measured, datacenter: Option<bool>) -> Outcome {
    let certain = condition::any(&row.any, measured, datacenter);
    let may = match condition::any(&row.maybe, measured, datacenter) {
        Ternary::No => Ternary::No,
        _ => Ternary::Unknown,
    };
    let meets = group(&row.any, measured, datacenter)
        .or_else(|| group(&row.maybe, measured, datacenter).map(|g| format!("{g}, may be meant")));
    Outcome {
        words: vec![word(certain.or(may))],
        meets,
    }
}

/// The first group that holds, in words.
fn group(groups: &[Vec<Condition>], measured: &Measured, datacenter: Option<bool>) -> Option<String> {
    let holds = |g: &&Vec<Condition>| condition::all(g, measured, datacenter) == Ternary::Yes;
    groups.iter().find(holds).map(|g| condition::text(g))
}
