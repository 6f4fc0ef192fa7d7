//! What a branch of policy does to a variable: one run less another, path by path.

use super::ensemble::{Band, Ensemble};
use super::variables::Key;
use serde::Serialize;
use std::ops::Range;

/// One run less another over some quarters. Paths share their draws, so that this is narrower than the difference of bands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// In the variable's unit.
    pub amount: Band,
    /// As a part of the other's; nothing where a path of the other has nothing.
    pub part: Option<Band>,
    /// Part of paths in which it is more.
    pub more: f64,
    /// Part of paths in which it is less.
    pub less: f64,
}

impl Ensemble {
    /// This run less another over some quarters; nothing where one of them lacks the variable.
    pub fn less(&self, other: &Self, key: Key<'_>, over: &Range<usize>) -> Option<Difference> {
        let here = self.over(self.find(key)?, over.clone());
        let there = other.over(other.find(key)?, over.clone());
        let gaps: Vec<f64> = here.iter().zip(&there).map(|(x, y)| x - y).collect();
        let n = gaps.len().max(1) as f64;
        let count = |holds: fn(f64) -> bool| gaps.iter().filter(|g| holds(**g)).count() as f64 / n;
        let parts = || gaps.iter().zip(&there).map(|(gap, of)| gap / of).collect();
        Some(Difference {
            more: count(|g| g > 0.0),
            less: count(|g| g < 0.0),
            part: there.iter().all(|x| *x > 0.0).then(|| Band::of(parts())),
            amount: Band::of(gaps),
        })
    }
}
