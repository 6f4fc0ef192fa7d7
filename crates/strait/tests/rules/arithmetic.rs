//! The metrics worked out, against numbers computed by hand from the chips' figures and the technical
//! notes to 3A090.a and 3A090.b (eCFR of 2026-07-23) and to 3A090.c.

mod metrics;
mod readings;

use crate::shipped::{BOOK, CATALOG, public};
use strait::catalog::Chip;
use strait::rules::{Arithmetic, Comparison};

fn chip(name: &str) -> Chip {
    CATALOG.resolve(name).unwrap().chip.clone()
}

fn on(name: &str, day: &str) -> Arithmetic {
    BOOK.arithmetic(&chip(name), public(day, "2026-11-23")).unwrap()
}

fn work(name: &str) -> Arithmetic {
    on(name, "2025-04-20")
}

fn find<'a>(all: &'a [Comparison], paragraph: &str, comparator: &str) -> &'a Comparison {
    all.iter()
        .find(|c| c.paragraph == paragraph && c.comparator == comparator)
        .expect("the bound")
}
