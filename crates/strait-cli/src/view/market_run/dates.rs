//! When China is self-sufficient, by definition.

use strait::market::Quarter;
use strait::market::dynamics::{Ensemble, Key, name};

/// Definitions of self-sufficiency: name, variable, level.
const DEFINITIONS: [(&str, Key<'_>, f64); 6] = [
    ("four fifths of cards, small ones aside", name::SHARE_UNITS, 0.8),
    ("four fifths of dollars", name::SHARE_DOLLARS, 0.8),
    ("nine tenths of dollars", name::SHARE_DOLLARS, 0.9),
    ("four fifths of compute (TPP)", name::SHARE_COMPUTE, 0.8),
    (
        "four fifths of compute of training grade (chips of TPP 4800 or more)",
        name::SHARE_TRAINING,
        0.8,
    ),
    ("supply at list price covers budgets", name::COVERAGE, 1.0),
];

/// A definition, the 5th, 50th and 95th percentile of its date, and the part of paths that never get there.
pub(super) type Reached = (
    &'static str,
    Option<Quarter>,
    Option<Quarter>,
    Option<Quarter>,
    f64,
);

/// Date by definition, with the part of paths that never get there.
pub(super) fn dates(ensemble: &Ensemble) -> Vec<Reached> {
    let from = ensemble.quarters.iter().position(|q| q.year == 2024).unwrap_or(0);
    DEFINITIONS
        .iter()
        .filter_map(|(words, variable, level)| {
            let found = ensemble.reaches(ensemble.find(*variable)?, *level, from);
            let never = found.iter().filter(|f| f.is_none()).count() as f64 / found.len().max(1) as f64;
            let mut sorted: Vec<usize> = found.iter().map(|f| f.unwrap_or(usize::MAX)).collect();
            sorted.sort_unstable();
            let at = |p: f64| {
                let n = ((sorted.len() - 1) as f64 * p).round() as usize;
                ensemble.quarters.get(sorted[n]).copied()
            };
            Some((*words, at(0.05), at(0.5), at(0.95), never))
        })
        .collect()
}

/// A quarter, or that it is not reached.
pub(super) fn when(quarter: Option<Quarter>) -> String {
    quarter.map_or_else(|| "after 2030".into(), |q| q.to_string())
}
