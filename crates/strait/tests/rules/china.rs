//! The China side: states derived by hand from the dated reports, and what must hold of every instrument.

mod reports;
mod states;
mod subsidies;

use crate::shipped::{BOOK, CATALOG};
use std::sync::LazyLock;
use strait::catalog::Chip;
use strait::data::{DataSet, load_sources};
use strait::figure::Sources;
use strait::rules::{Instrument, Segment, Transaction, Verdict};
use strait::scenario::Side;

static SOURCES: LazyLock<Sources> = LazyLock::new(|| load_sources(&DataSet::embedded()).unwrap());

const SEGMENTS: [Segment; 6] = [
    Segment::Platform,
    Segment::StateFunded,
    Segment::Government,
    Segment::Enterprise,
    Segment::University,
    Segment::Consumer,
];

fn chip(name: &str) -> &'static Chip {
    CATALOG.resolve(name).unwrap_or_else(|e| panic!("{e}")).chip
}

fn chinese() -> impl Iterator<Item = &'static Instrument> {
    BOOK.instruments().iter().filter(|i| i.side == Side::Cn)
}

fn ask(chip: &Chip, to: &str, on: &str, known: &str) -> Transaction {
    let mut tx = Transaction::new(chip.id.clone(), to, on.parse().unwrap(), known.parse().unwrap());
    tx.parent = Some("CN".to_owned());
    tx
}

fn check(chip: &Chip, tx: &Transaction) -> Verdict {
    BOOK.check(chip, CATALOG.designer_country(chip), None, tx)
        .unwrap()
}
