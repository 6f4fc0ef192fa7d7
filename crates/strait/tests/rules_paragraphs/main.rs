//! Which paragraphs a verdict cites on which day, the branches it shows, and what it refuses; each case cites the
//! text it was derived from.

mod branches;
mod citations;
mod conditions;

use std::sync::LazyLock;
use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, load_sources};
use strait::rules::{LawBook, RulesError, Step, Transaction, Verdict};
use strait::scenario::Scenario;

static BOOK: LazyLock<LawBook> = LazyLock::new(|| {
    let data = DataSet::embedded();
    LawBook::load(&data, &Scenario::default(), &load_sources(&data).unwrap()).unwrap()
});

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap());

fn chip(name: &str) -> &'static Chip {
    CATALOG.resolve(name).unwrap().chip
}

fn ask(name: &str, to: &str, on: &str) -> Transaction {
    let day = on.parse().unwrap();
    Transaction::new(chip(name).id.clone(), to, day, day)
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
