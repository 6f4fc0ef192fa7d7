//! Model against published end-to-end measurements.

use super::machine::{End, Machine};
use super::models::Model;
use super::serving::{Demand, serve};
use super::{Fit, ModelId, PerfModel};
use crate::catalog::{Chip, ChipId, Format};
use crate::data::{DataFile, Problem, Problems, read_table};
use crate::figure::{Place, Quantity, SourceId, Sources, TokensPerSecond};
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

/// What a row measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Phase {
    Prefill,
    Decode,
    Mixed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    id: String,
    chip: String,
    model: String,
    phase: Phase,
    chips: u32,
    precision: Format,
    input: f64,
    output: f64,
    /// Sequences a chip; empty where the maximum was run.
    batch: Option<f64>,
    tensor: Option<u32>,
    pipeline: Option<u32>,
    expert: Option<u32>,
    tpot_limit_ms: Option<f64>,
    accepted: f64,
    /// Tokens a second and chip: prompt tokens in prefill, output tokens in decode and mixed.
    tokens_per_s_per_chip: f64,
    #[serde(rename = "use")]
    role: RowUse,
    source: String,
}

/// One measured row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) chip: ChipId,
    pub(crate) model: ModelId,
    pub(crate) phase: Phase,
    pub(crate) role: RowUse,
    pub(crate) source: SourceId,
    pub(crate) measured: f64,
    chips: u32,
    precision: Format,
    input: f64,
    output: f64,
    batch: Option<f64>,
    tensor: Option<u32>,
    expert: Option<u32>,
    tpot: f64,
    accepted: f64,
    place: Place,
}

/// Reads `data/validation/performance.csv`.
pub(crate) fn read_rows(
    file: DataFile<'_>,
    sources: &Sources,
    models: &BTreeMap<ModelId, Model>,
) -> Result<Vec<Row>, Problems> {
    let mut problems = Problems::default();
    let mut rows = Vec::new();
    for (place, raw) in read_table::<RawRow>(file)? {
        let (model, source) = (ModelId(raw.model), SourceId(raw.source));
        if !models.contains_key(&model) {
            problems.push(Problem::at(
                place.clone(),
                format!("model `{model}` is not in data/models/"),
            ));
        }
        if sources.get(&source).is_none() {
            problems.push(Problem::at(
                place.clone(),
                format!("source `{source}` is not in the register"),
            ));
        }
        if raw.pipeline.is_some_and(|p| p != 1) {
            problems.push(Problem::at(
                place.clone(),
                "`pipeline` is not 1: serving over stages is not modelled, training has validation/training.csv",
            ));
        }
        if !(raw.tokens_per_s_per_chip.is_finite() && raw.tokens_per_s_per_chip > 0.0) || raw.input < 1.0 {
            problems.push(Problem::at(
                place.clone(),
                "a row without a positive rate and `input`",
            ));
        }
        rows.push(Row {
            id: raw.id,
            chip: ChipId(raw.chip),
            model,
            phase: raw.phase,
            role: raw.role,
            source,
            measured: raw.tokens_per_s_per_chip,
            chips: raw.chips,
            precision: raw.precision,
            input: raw.input,
            output: raw.output,
            batch: raw.batch,
            tensor: raw.tensor,
            expert: raw.expert,
            tpot: raw.tpot_limit_ms.map_or(f64::INFINITY, |ms| ms / 1e3),
            accepted: raw.accepted,
            place,
        });
    }
    problems.or(rows)
}

impl PerfModel {
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Modelled tokens a second and chip of a row under given system factors.
    pub(crate) fn predict(&self, row: &Row, machine: &Machine, fit: &Fit) -> Option<f64> {
        let model = self.models.get(&row.model)?;
        let chips = f64::from(row.chips);
        machine.peak(row.precision)?;
        let demand = Demand {
            chips: row.chips,
            input: row.input,
            output: row.output,
            prompts: row.phase != Phase::Decode,
            decodes: row.phase != Phase::Prefill,
            ttft: f64::INFINITY,
            // The limit binds a search for the batch; a measured batch is run as it was.
            tpot: if row.batch.is_some() {
                f64::INFINITY
            } else {
                row.tpot
            },
            tensor: row.tensor,
            expert: row.expert,
            batch_per_chip: row.batch,
            accepted: row.accepted,
            arithmetic: row.precision,
        };
        let served = serve(model, machine, fit, &demand).ok()?;
        let per_request = if row.phase == Phase::Prefill {
            row.input
        } else {
            row.output
        };
        Some(served.requests * per_request / chips)
    }
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
    for row in model.rows() {
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
    let at = |end| {
        let machine = Machine::of(chip, &model.families, end).ok()?;
        model.predict(row, &machine, &model.fit)
    };
    let modelled = at(End::Middle)?;
    let (low, high) = (at(End::Low).unwrap_or(0.0), at(End::High).unwrap_or(modelled));
    let phase = match row.phase {
        Phase::Prefill => model.fit.prefill.sigma,
        Phase::Decode => model.fit.decode.sigma,
        Phase::Mixed => model.fit.prefill.sigma.max(model.fit.decode.sigma),
    };
    let (family, _, _) = model.families.get(&chip.perf_family);
    let ratio = (1.645 * phase.hypot(family.sigma)).exp();
    Some(RowError {
        id: row.id.clone(),
        chip: row.chip.clone(),
        source: row.source.clone(),
        role: row.role,
        measured: TokensPerSecond::of(row.measured),
        modelled: TokensPerSecond::of(modelled),
        log_error: (modelled / row.measured).ln(),
        covered: row.measured >= low / ratio && row.measured <= high * ratio,
        place: row.place.clone(),
    })
}

fn grouped<K: Ord>(rows: &[RowError], key: impl Fn(&RowError) -> K) -> BTreeMap<K, ErrorSummary> {
    let mut groups: BTreeMap<K, Vec<&RowError>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(row)).or_default().push(row);
    }
    groups
        .into_iter()
        .map(|(key, rows)| {
            let mut errors: Vec<f64> = rows.iter().map(|r| r.log_error.abs()).collect();
            errors.sort_by(f64::total_cmp);
            let (n, half) = (errors.len(), errors.len() / 2);
            let median = if n % 2 == 1 {
                errors[half]
            } else {
                (errors[half - 1] + errors[half]) / 2.0
            };
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
