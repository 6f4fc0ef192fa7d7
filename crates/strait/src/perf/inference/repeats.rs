//! How far runs of one setting lie apart: the error of the best forecast there could be, another run of the same.

use super::{ServedRun, ServingRow};
use crate::perf::kernels::quantile;
use std::collections::BTreeMap;

/// How far a run lies from other runs of its setting, median absolute percent of its own times.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeated {
    /// Chip, engine and precision; `all` of each for all together.
    pub group: [String; 3],
    /// Runs that others repeat.
    pub runs: usize,
    /// First tokens.
    pub ttft: f64,
    /// Further tokens.
    pub tpot: f64,
}

/// Steady runs that others of the same setting repeat, by chip, engine and precision, then all together; the ranks
/// that experts are dealt to may differ.
#[must_use]
pub fn repeated(runs: &[ServedRun]) -> Vec<Repeated> {
    let steady = runs.iter().filter(|r| r.regime() == "steady");
    let rows: Vec<&ServingRow> = steady.map(|r| &r.timed.row).collect();
    let mut found: BTreeMap<[String; 3], Vec<(f64, f64)>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let others: Vec<&&ServingRow> = rows
            .iter()
            .enumerate()
            .filter(|(i, other)| *i != at && row.repeats(other))
            .map(|(_, other)| other)
            .collect();
        if others.is_empty() {
            continue;
        }
        #[allow(clippy::cast_precision_loss)]
        let mean = |time: fn(&ServingRow) -> f64| {
            let sum: f64 = others.iter().map(|o| (time(o) / time(row)).ln()).sum();
            ((sum / others.len() as f64).exp() - 1.0).abs() * 100.0
        };
        let off = (mean(|r| r.ttft), mean(|r| r.tpot));
        let group = [row.chip.0.clone(), row.engine.clone(), row.precision.clone()];
        for group in [group, ["all", "all", "all"].map(str::to_owned)] {
            found.entry(group).or_default().push(off);
        }
    }
    let median = |off: &[(f64, f64)], which: fn(&(f64, f64)) -> f64| {
        let mut list: Vec<f64> = off.iter().map(which).collect();
        quantile(&mut list, 0.5)
    };
    found
        .into_iter()
        .map(|(group, off)| Repeated {
            group,
            runs: off.len(),
            ttft: median(&off, |o| o.0),
            tpot: median(&off, |o| o.1),
        })
        .collect()
}
