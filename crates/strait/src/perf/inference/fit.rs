//! Fits the parameters of engines to measured runs, any chip of which may be left out.

use super::{Client, ServingRow, Software, Steps, Waits};
use crate::catalog::ChipId;
use crate::perf::kernels::minimise;
use crate::perf::ops::Parameters;
use std::collections::BTreeMap;

/// Weight of the priors against a mean absolute log error: one standard deviation costs half a percent.
const PRIOR: f64 = 0.005;
/// Moves of the simplex.
const MOVES: usize = 400;

/// One measured run with its steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Timed {
    /// The run.
    pub row: ServingRow,
    /// Its steps.
    pub steps: Steps,
    /// Its load generator.
    pub client: Client,
    /// What its first tokens wait for.
    pub waits: Waits,
    /// Whether requests waited for room: more users than the cache holds, or over ten seconds to a first token.
    pub queued: bool,
}

impl Timed {
    /// Times as its users see them under an engine's parameters.
    fn seen(&self, software: &Software) -> super::Seen {
        self.steps.seen_by(software, &self.client, &self.waits)
    }
}

/// Parameters in use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServingFit {
    /// By engine.
    pub engines: BTreeMap<String, Software>,
    /// Runs fitted to, by engine.
    pub rows: BTreeMap<String, usize>,
    /// Chips they are of.
    pub chips: Vec<String>,
    /// Spread of a left-out chip's bias, log: of first tokens and of further ones.
    pub between: [f64; 2],
    /// 90 % of runs lie within this of their chip's bias, log, the same way.
    pub within: [f64; 2],
    /// Hash of the measured folder.
    pub data: String,
}

impl ServingFit {
    /// An engine's parameters; what is typical of engines (the priors) without a name and for one never measured.
    #[must_use]
    pub fn engine(&self, name: Option<&str>) -> Software {
        name.and_then(|n| self.engines.get(n).copied())
            .unwrap_or_default()
    }

    /// Computed first and further token times of a run.
    #[must_use]
    pub fn seen(&self, timed: &Timed) -> super::Seen {
        let software = self.engine(Some(&timed.row.engine));
        if timed.row.apart.is_some() {
            return timed.steps.seen_apart(&software);
        }
        timed.seen(&software)
    }

    /// Half-width of the 90 % interval of the logarithm of a time: of first tokens, or of further ones.
    #[must_use]
    pub fn half_width(&self, first: bool) -> f64 {
        let at = usize::from(!first);
        (crate::perf::kernels::T3 * self.between[at]).hypot(self.within[at])
    }
}

/// Which runs a fit sees.
type Sees<'a> = &'a dyn Fn(&ChipId) -> bool;

/// Fits to the runs of chips that `sees` lets through; queued runs and prompts apart from decoding are not fitted.
#[must_use]
pub fn fit(rows: &[Timed], sees: Sees<'_>) -> ServingFit {
    let seen: Vec<&Timed> = rows
        .iter()
        .filter(|t| !t.queued && t.row.apart.is_none() && sees(&t.row.chip))
        .collect();
    let mut fit = ServingFit::default();
    let mut engines: BTreeMap<&str, Vec<&Timed>> = BTreeMap::new();
    for t in &seen {
        engines.entry(&t.row.engine).or_default().push(t);
    }
    for (engine, rows) in engines {
        fit.rows.insert(engine.to_owned(), rows.len());
        fit.engines.insert(engine.to_owned(), fit_engine(&rows));
    }
    let mut chips: Vec<String> = seen.iter().map(|t| t.row.chip.0.clone()).collect();
    chips.sort();
    chips.dedup();
    fit.chips = chips;
    fit
}

fn fit_engine(rows: &[&Timed]) -> Software {
    let list = Software::LIST;
    let start: Vec<f64> = list.iter().map(|p| p.prior).collect();
    let bounds: Vec<(f64, f64)> = list.iter().map(|p| (p.low, p.high)).collect();
    let mut loss = |x: &[f64]| {
        let software = Software::from_list(x);
        let prior: f64 = list
            .iter()
            .zip(x)
            .map(|(p, x)| ((x / p.prior).ln() / p.sigma).powi(2))
            .sum();
        error(rows, |t| t.seen(&software)) + PRIOR * prior
    };
    let (found, _) = minimise(&start, &bounds, MOVES, &mut loss);
    Software::from_list(&found.iter().map(|x| rounded(*x)).collect::<Vec<_>>())
}

/// Runs of a chip that weigh as much as having the chip at all.
pub(super) const CHIP: f64 = 50.0;

/// Mean over chips of the mean absolute log error of both times; a chip of few runs weighs less.
fn error(rows: &[&Timed], seen: impl Fn(&Timed) -> super::Seen) -> f64 {
    let mut chips: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for t in rows {
        let found = seen(t);
        let off = (found.tpot / t.row.tpot).ln().abs() + (found.ttft / t.row.ttft).ln().abs();
        let sum = chips.entry(&t.row.chip.0).or_default();
        sum.0 += 0.5 * off;
        sum.1 += 1.0;
    }
    let all: f64 = chips.values().map(|(_, rows)| rows / (rows + CHIP)).sum();
    chips.values().map(|(sum, rows)| sum / (rows + CHIP)).sum::<f64>() / all.max(1e-9)
}

fn rounded(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}
