//! Model against published end-to-end measurements.

use super::PerfModel;
use super::ops::End;
use super::served_rows::Row;
use crate::catalog::{Chip, ChipId};
use crate::figure::{Estimate, Place, Quantity, SourceId, TokensPerSecond, median};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a row may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowUse {
    /// System factors are fitted on it.
    Calibrate,
    /// Only scored.
    Test,
}

/// One row's measured and modelled rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowError {
    /// Row id.
    pub id: String,
    /// Chip.
    pub chip: ChipId,
    /// Source of the measurement.
    pub source: SourceId,
    /// Calibration or test.
    pub role: RowUse,
    /// Measured, a chip.
    pub measured: TokensPerSecond,
    /// Modelled, a chip.
    pub modelled: TokensPerSecond,
    /// ln(modelled / measured).
    pub log_error: f64,
    /// Whether the model's 90 % interval holds the measurement.
    pub covered: bool,
    /// What is modelled at the ends of what is disputed or assumed of the chip, a chip.
    #[serde(skip)]
    pub ends: [f64; 2],
    /// Line of the row.
    pub place: Place,
}

/// Errors of a group of rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ErrorSummary {
    /// Rows.
    pub rows: usize,
    /// Median of the absolute log error.
    pub median_abs_log_error: f64,
    /// Mean log error: positive where the model is too fast.
    pub bias: f64,
    /// Share of rows inside the model's 90 % interval.
    pub coverage: f64,
}

/// The model's score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValidationReport {
    /// Every row scored, in the file's order.
    pub rows: Vec<RowError>,
    /// Rows that could not be run (chip unknown, a figure missing, no plan), by id.
    pub skipped: Vec<String>,
    /// By use.
    pub by_use: BTreeMap<RowUse, ErrorSummary>,
    /// By chip.
    pub by_chip: BTreeMap<String, ErrorSummary>,
    /// By source.
    pub by_source: BTreeMap<String, ErrorSummary>,
}

/// Scores the model on every row whose chip `chip` knows.
pub fn validate<'c>(model: &PerfModel, chip: impl Fn(&ChipId) -> Option<&'c Chip>) -> ValidationReport {
    let mut rows = Vec::new();
    let mut skipped = Vec::new();
    for row in &model.rows {
        let scored = chip(&row.chip).and_then(|chip| score(model, row, chip));
        match scored {
            Some(scored) => rows.push(scored),
            None => skipped.push(row.id.clone()),
        }
    }
    ValidationReport {
        by_use: grouped(&rows, |r| r.role),
        by_chip: grouped(&rows, |r| r.chip.0.clone()),
        by_source: grouped(&rows, |r| r.source.0.clone()),
        rows,
        skipped,
    }
}

fn score(model: &PerfModel, row: &Row, chip: &Chip) -> Option<RowError> {
    let architecture = model.model(&row.model)?;
    let at = |end| row.predict(&model.inference, architecture, chip, end);
    let formats = row.formats();
    let modelled = at(End::Middle)?;
    // The ends span what is disputed or assumed; which of them is the faster may turn with the work.
    let ends = [at(End::Low).unwrap_or(0.0), at(End::High).unwrap_or(modelled)];
    let (low, high) = (
        ends[0].min(ends[1]).min(modelled),
        ends[0].max(ends[1]).max(modelled),
    );
    let mut row = RowError {
        id: row.id.clone(),
        chip: row.chip.clone(),
        source: row.source.clone(),
        role: row.role,
        measured: TokensPerSecond::of(row.measured),
        modelled: TokensPerSecond::of(modelled),
        log_error: (modelled / row.measured).ln(),
        covered: false,
        ends: [low, high],
        place: row.place.clone(),
    };
    let formats = formats?;
    row.covered = row.inside(model.serving_ratio(chip, (architecture, &formats), false));
    Some(row)
}

impl PerfModel {
    /// What a chip serves in the way that a row says, tokens a second, with its 90 % interval; `None` where the chip
    /// lacks a figure, the architecture is not known or nothing meets the row's limits.
    pub(crate) fn served(&self, row: &Row, chip: &Chip) -> Option<Estimate<TokensPerSecond>> {
        let scored = score(self, row, chip)?;
        let (architecture, formats) = (self.model(&row.model)?, row.formats()?);
        let ratio = self.serving_ratio(chip, (architecture, &formats), false);
        let [low, high] = [scored.ends[0] / ratio, scored.ends[1] * ratio].map(TokensPerSecond::of);
        Some(Estimate::new(scored.modelled, low, high))
    }
}

impl RowError {
    /// Whether an interval holds the measurement that is a factor wider, each way, than what is disputed or assumed.
    pub(super) fn inside(&self, ratio: f64) -> bool {
        let measured = self.measured.get();
        measured >= self.ends[0] / ratio && measured <= self.ends[1] * ratio
    }
}

pub(super) fn grouped<K: Ord>(rows: &[RowError], key: impl Fn(&RowError) -> K) -> BTreeMap<K, ErrorSummary> {
    let mut groups: BTreeMap<K, Vec<&RowError>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(row)).or_default().push(row);
    }
    groups
        .into_iter()
        .map(|(key, rows)| {
            let mut errors: Vec<f64> = rows.iter().map(|r| r.log_error.abs()).collect();
            errors.sort_by(f64::total_cmp);
            let n = errors.len();
            let median = median(&errors).unwrap_or(0.0);
            #[allow(clippy::cast_precision_loss)]
            let count = n as f64;
            let summary = ErrorSummary {
                rows: n,
                median_abs_log_error: median,
                bias: rows.iter().map(|r| r.log_error).sum::<f64>() / count,
                #[allow(clippy::cast_precision_loss)]
                coverage: rows.iter().filter(|r| r.covered).count() as f64 / count,
            };
            (key, summary)
        })
        .collect()
}
