//! Two chips that somebody measured at the same work: the measured ratio of their rates beside the computed one.

use super::Crossovers;
use crate::catalog::ChipId;
use crate::figure::Quantity;
use crate::perf::served_rows::{Phase, Row};
use crate::perf::training::StepReport;
use crate::perf::{ModelId, PerfModel, RowError, ValidationReport};
use std::collections::BTreeMap;

/// Prompts this far apart, log, count as alike where two chips decode.
const ALIKE: f64 = 0.1;
/// Batches at most this far apart, as a ratio.
const BATCH: f64 = 4.0;

/// A pair of chips at one work. Ratios are of rates a chip, the first over the second.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// `prefill`, `decode`, `mixed` or `training`.
    pub phase: &'static str,
    /// Model.
    pub model: ModelId,
    /// Lengths, and sequences a chip or chips.
    pub work: String,
    /// The chip.
    pub chip: ChipId,
    /// The chip it is set beside.
    pub against: ChipId,
    /// Measured rows of each, joined by their geometric mean.
    pub rows: [usize; 2],
    /// Measured ratio.
    pub measured: f64,
    /// Computed ratio, each chip at what its rows say.
    pub computed: f64,
}

impl Pair {
    /// Log of the computed over the measured ratio.
    #[must_use]
    pub fn error(&self) -> f64 {
        (self.computed / self.measured).ln()
    }

    /// Whether the model says of the two which is faster as was measured.
    #[must_use]
    pub fn same_side(&self) -> bool {
        (self.computed >= 1.0) == (self.measured >= 1.0)
    }
}

/// Measured and computed rates of one chip at one work.
type Rates = Vec<[f64; 2]>;
/// Phase, model, work, and rates by chip.
type Works<'a> = BTreeMap<(&'static str, &'a ModelId, String), BTreeMap<&'a ChipId, Rates>>;

/// Pairs of served rows.
#[must_use]
pub fn served_pairs(perf: &PerfModel, report: &ValidationReport, asked: &Crossovers) -> Vec<Pair> {
    let errors: BTreeMap<&str, &RowError> = report.rows.iter().map(|e| (e.id.as_str(), e)).collect();
    let scored: Vec<(&Row, [f64; 2])> = perf
        .rows
        .iter()
        .filter_map(|row| {
            let error = errors.get(row.id.as_str())?;
            Some((row, [error.measured.get(), error.modelled.get()]))
        })
        .collect();
    let mut works = Works::new();
    for (row, rates) in &scored {
        let work = match row.phase {
            Phase::Decode => continue,
            Phase::Prefill => format!("{} bits, prompts of {}", bits(row), row.input),
            Phase::Mixed => {
                let limit = if row.tpot.is_finite() {
                    format!(", {:.0} ms a token", row.tpot * 1e3)
                } else {
                    String::new()
                };
                // A batch that was set is no largest load.
                let batch = row
                    .batch
                    .map_or_else(String::new, |b| format!(", {b} sequences a chip"));
                format!(
                    "{} bits, {} in, {} out, {} {}{batch}{limit}",
                    bits(row),
                    row.input,
                    row.output,
                    row.chips,
                    if row.chips == 1 { "chip" } else { "chips" }
                )
            }
        };
        let by_chip = works.entry((row.phase.name(), &row.model, work)).or_default();
        by_chip.entry(&row.chip).or_default().push(*rates);
    }
    let mut found = joined(&works, asked);
    found.extend(decoding(&scored, asked));
    found
}

fn bits(row: &Row) -> f64 {
    row.precision.usual_bits().0
}

/// Every decoding row of a subject beside the row of each reference that is nearest in batch.
fn decoding(scored: &[(&Row, [f64; 2])], asked: &Crossovers) -> Vec<Pair> {
    let rows = |chips: &[ChipId]| -> Vec<(&Row, f64, [f64; 2])> {
        let decode = scored.iter().filter(|(row, _)| row.phase == Phase::Decode);
        decode
            .filter(|(row, _)| chips.contains(&row.chip))
            .filter_map(|(row, rates)| Some((*row, row.batch?, *rates)))
            .collect()
    };
    let mut found = Vec::new();
    for (row, batch, rates) in rows(&asked.subjects) {
        for reference in &asked.references {
            let others = rows(std::slice::from_ref(reference));
            let drafts = |row: &Row| row.accepted.is_some_and(|a| a > 0.0);
            let off = |other: f64| (batch / other).ln().abs();
            let nearest = others
                .iter()
                .filter(|(o, other, _)| {
                    (o.model == row.model && bits(o) == bits(row) && drafts(o) == drafts(row))
                        && (o.input / row.input).ln().abs() <= ALIKE
                        && off(*other) <= BATCH.ln() + 1e-9
                })
                .min_by(|a, b| off(a.1).total_cmp(&off(b.1)));
            if let Some((beside, other, others)) = nearest {
                found.push(Pair {
                    phase: "decode",
                    model: row.model.clone(),
                    work: format!(
                        "{} bits, prompts of {}, {batch} and {other} sequences a chip, {} and {} chips",
                        bits(row),
                        row.input,
                        row.chips,
                        beside.chips
                    ),
                    chip: row.chip.clone(),
                    against: reference.clone(),
                    rows: [1, 1],
                    measured: rates[0] / others[0],
                    computed: rates[1] / others[1],
                });
            }
        }
    }
    found
}

/// Pairs of training steps on as many chips.
#[must_use]
pub fn trained_pairs(perf: &PerfModel, report: &StepReport, asked: &Crossovers) -> Vec<Pair> {
    let mut works = Works::new();
    for row in &perf.training.rows {
        let Some(error) = report.rows.iter().find(|e| e.id == row.step.id) else {
            continue;
        };
        let step = &row.step;
        let tokens = f64::from(step.batch) * f64::from(step.sequence) / f64::from(step.chips);
        let work = format!(
            "{}, sequences of {}, {} chips",
            step.arithmetic.name(),
            step.sequence,
            step.chips
        );
        let by_chip = works.entry(("training", &step.model, work)).or_default();
        let rates = [tokens / error.measured.get(), tokens / error.computed.get()];
        by_chip.entry(&step.chip).or_default().push(rates);
    }
    joined(&works, asked)
}

/// Every subject beside every reference at the same work.
fn joined(works: &Works<'_>, asked: &Crossovers) -> Vec<Pair> {
    let mut found = Vec::new();
    for ((phase, model, work), by_chip) in works {
        for chip in &asked.subjects {
            for against in &asked.references {
                let (Some(a), Some(b)) = (by_chip.get(chip), by_chip.get(against)) else {
                    continue;
                };
                let ratio = |which: usize| (mean_log(a, which) - mean_log(b, which)).exp();
                found.push(Pair {
                    phase,
                    model: (*model).clone(),
                    work: work.clone(),
                    chip: chip.clone(),
                    against: against.clone(),
                    rows: [a.len(), b.len()],
                    measured: ratio(0),
                    computed: ratio(1),
                });
            }
        }
    }
    found
}

fn mean_log(rates: &Rates, which: usize) -> f64 {
    rates.iter().map(|r| r[which].ln()).sum::<f64>() / rates.len() as f64
}
