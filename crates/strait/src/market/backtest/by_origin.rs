//! Where a model does better or worse than the last value: log errors on the same targets, by origin and series.

use super::super::score::Primary;
use super::tally::REFERENCE;
use super::trial::{Backtest, Kind};
use jiff::civil::Date;

/// Log errors of a model and of the last value on the targets of one series from one origin that both spoke of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Beside {
    pub(super) origin: Date,
    pub(super) words: String,
    pub(super) by: String,
    pub(super) n: usize,
    /// Means.
    pub(super) own: f64,
    pub(super) last: f64,
}

/// In the order of the trials.
pub(super) fn by_origin(found: &Backtest) -> Vec<Beside> {
    let log = |error: Primary| match error {
        Primary::Log(e) => Some(e),
        Primary::Plain(_) => None,
    };
    let mut out: Vec<Beside> = Vec::new();
    for t in found.trials.iter().filter(|t| !t.reference) {
        let last = t.said.iter().find(|s| s.by == REFERENCE);
        let Some(last) = last.and_then(|s| log(s.error)) else {
            continue;
        };
        for said in t.said.iter().filter(|s| s.kind == Kind::Model) {
            let Some(own) = log(said.error) else { continue };
            let same = |b: &&mut Beside| b.origin == t.origin && b.words == t.words && b.by == said.by;
            match out.iter_mut().find(same) {
                Some(row) => {
                    (row.n, row.own, row.last) = (row.n + 1, row.own + own, row.last + last);
                }
                None => out.push(Beside {
                    origin: t.origin,
                    words: t.words.clone(),
                    by: said.by.clone(),
                    n: 1,
                    own,
                    last,
                }),
            }
        }
    }
    for row in &mut out {
        row.own /= row.n as f64;
        row.last /= row.n as f64;
    }
    out
}
