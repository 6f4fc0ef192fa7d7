//! Which paragraphs a verdict cites on which day, the branches it shows, and what it refuses; each case cites the
//! text it was derived from.

mod branches;
mod citations;
mod conditions;

use crate::shipped::{BOOK, CATALOG, ask};
use strait::catalog::Chip;
use strait::rules::{RulesError, Step, Transaction, Verdict};

fn chip(name: &str) -> &'static Chip {
    CATALOG.resolve(name).unwrap().chip
}

fn check(name: &str, tx: &Transaction) -> Result<Verdict, RulesError> {
    let chip = chip(name);
    let foundry = chip.dies.iter().find_map(|d| CATALOG.foundry_country(d));
    BOOK.check(chip, CATALOG.designer_country(chip), foundry, tx)
}

/// The paragraphs of one step's trace that cite an instrument.
fn cited(verdict: &Verdict, step: Step) -> Vec<&str> {
    let lines = verdict.trace.iter().filter(|line| line.step == step);
    lines.filter_map(|line| line.paragraph.as_deref()).collect()
}
