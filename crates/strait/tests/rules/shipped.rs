//! The shipped catalog and law, read once for all tests.

use std::sync::LazyLock;
use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources};
use strait::rules::{AsOf, Knower, LawBook, Transaction};
use strait::scenario::Scenario;

pub(crate) static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap_or_else(|p| panic!("{p}"))
});

pub(crate) static BOOK: LazyLock<LawBook> = LazyLock::new(|| book(&Scenario::default()));

/// The shipped law under a scenario.
pub(crate) fn book(scenario: &Scenario) -> LawBook {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap_or_else(|p| panic!("{p}"));
    LawBook::load(&data, scenario, &sources).unwrap_or_else(|p| panic!("{p}"))
}

/// The law of a day as the public knew it on another.
pub(crate) fn public(on: &str, known: &str) -> AsOf {
    AsOf {
        on: on.parse().unwrap(),
        known: known.parse().unwrap(),
        known_to: Knower::Public,
        codified: false,
    }
}

/// A chip of the catalog sent somewhere on a day, as known on that day.
pub(crate) fn ask(name: &str, to: &str, on: &str) -> Transaction {
    let day = on.parse().unwrap();
    let chip = CATALOG.resolve(name).unwrap().chip;
    Transaction::new(chip.id.clone(), to, day, day)
}
