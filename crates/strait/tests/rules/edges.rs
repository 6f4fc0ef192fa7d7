//! Facts on either side of what a step turns on: where a comparison or a connective were another, one of these fails.

mod beside;
mod figures;
mod flips;
mod license;
mod status;
mod subject;

use crate::made_up::{Made, deal};
use crate::shipped::{BOOK, CATALOG};
use strait::catalog::Chip;
use strait::rules::{Transaction, Verdict};

fn named(name: &str) -> &'static Chip {
    CATALOG.resolve(name).unwrap().chip
}

fn ask(name: &str, to: &str, on: &str) -> Transaction {
    deal(named(name), to, on)
}

fn check(name: &str, tx: &Transaction) -> Verdict {
    let chip = named(name);
    let foundry = chip.dies.iter().find_map(|d| CATALOG.foundry_country(d));
    BOOK.check(chip, CATALOG.designer_country(chip), foundry, tx)
        .unwrap()
}

/// A part below every bound.
fn small() -> Chip {
    Made::simple(16_000_000, 3_000_000).chip()
}
