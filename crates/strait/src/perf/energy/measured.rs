//! Nodes measured at the wall.

use crate::catalog::{ChipId, Format};
use crate::data::{DataFile, Problem, Problems, read_table};
use crate::figure::{Kilowatts, Place, Quantity, SourceId, Sources, TokensPerSecond};
use crate::perf::{ModelId, RowUse};
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Phase {
    Training,
    Mixed,
    Peak,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Cooling {
    Air,
    Liquid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    chip: String,
    chips: u32,
    phase: Phase,
    model: Option<String>,
    precision: Option<Format>,
    input: Option<f64>,
    output: Option<f64>,
    batch: Option<u32>,
    cooling: Cooling,
    kilowatts: f64,
    tokens_per_s: Option<f64>,
    #[serde(rename = "use")]
    role: RowUse,
    source: String,
    #[allow(dead_code)]
    notes: String,
}

/// What a node ran.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) model: ModelId,
    pub(super) precision: Format,
    pub(super) input: f64,
    pub(super) output: f64,
    pub(super) batch: u32,
}

/// One measured node.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) chip: ChipId,
    pub(super) chips: u32,
    pub(super) phase: Phase,
    /// Absent for arithmetic without pause.
    pub(super) run: Option<Run>,
    pub(super) air: bool,
    pub(super) measured: Kilowatts,
    pub(super) rate: Option<TokensPerSecond>,
    pub(super) role: RowUse,
    pub(super) source: SourceId,
    pub(super) place: Place,
}

pub(super) fn read(file: DataFile<'_>, sources: &Sources) -> Result<Vec<Row>, Problems> {
    let mut problems = Problems::default();
    let mut rows = Vec::new();
    for (place, raw) in read_table::<Raw>(file)? {
        let mut wrong = |text: String| problems.push(Problem::at(place.clone(), text));
        let source = SourceId(raw.source);
        if sources.get(&source).is_none() {
            wrong(format!("source `{source}` is not in the register"));
        }
        if !(raw.kilowatts.is_finite() && raw.kilowatts > 0.0) {
            wrong(format!("`kilowatts` is `{}`", raw.kilowatts));
        }
        let run = match (raw.model, raw.precision, raw.input) {
            (Some(model), Some(precision), Some(input)) => Some(Run {
                model: ModelId(model),
                precision,
                input,
                output: raw.output.unwrap_or(0.0),
                batch: raw.batch.unwrap_or(raw.chips),
            }),
            _ if raw.phase == Phase::Peak => None,
            _ => {
                wrong("a run without `model`, `precision` and `input`".to_owned());
                None
            }
        };
        rows.push(Row {
            id: raw.id,
            chip: ChipId(raw.chip),
            chips: raw.chips,
            phase: raw.phase,
            run,
            air: raw.cooling == Cooling::Air,
            measured: Kilowatts::of(raw.kilowatts),
            rate: raw.tokens_per_s.map(TokensPerSecond::of),
            role: raw.role,
            source,
            place,
        });
    }
    problems.or(rows)
}
