//! Published end-to-end rates of serving, and what is computed for each.

use super::ModelId;
use super::inference::{Demand, Formats, Inference, Limits, Setup, Spread, best, within};
use super::models::Model;
use super::ops::End;
use super::validate::RowUse;
use crate::catalog::{Chip, ChipId, Format};
use crate::data::{DataFile, Problem, Problems, read_table};
use crate::figure::{Place, SourceId, Sources};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a row measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Phase {
    Prefill,
    Decode,
    Mixed,
}

impl Phase {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Prefill => "prefill",
            Self::Decode => "decode",
            Self::Mixed => "mixed",
        }
    }
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
    /// Tokens drafted a step; empty for one where any is kept.
    drafted: Option<f64>,
    /// Empty where tokens were drafted and nobody says how many were kept.
    accepted: Option<f64>,
    /// Format of attention's products; empty for 16 bits.
    scores: Option<Format>,
    /// Network of a chip in one direction, Gbit/s; empty where the source does not say.
    network: Option<f64>,
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
    pub(crate) chips: u32,
    pub(crate) precision: Format,
    pub(crate) input: f64,
    pub(crate) output: f64,
    /// Sequences a chip; as many as fit where absent.
    pub(crate) batch: Option<f64>,
    pub(crate) tensor: Option<u32>,
    pub(crate) expert: Option<u32>,
    /// Longest time per output token accepted, seconds; infinite where there is none.
    pub(crate) tpot: f64,
    pub(crate) drafted: Option<f64>,
    /// Drafted tokens kept a step, where it is known.
    pub(crate) accepted: Option<f64>,
    pub(crate) scores: Option<Format>,
    pub(crate) network: Option<f64>,
    pub(crate) place: Place,
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
            drafted: raw.drafted,
            accepted: raw.accepted,
            scores: raw.scores,
            network: raw.network,
            place,
        });
    }
    problems.or(rows)
}

impl Row {
    /// How weights and cache are kept; none where no kernels compute in the row's precision.
    pub(crate) fn formats(&self) -> Option<Formats> {
        let mut formats = Formats::of(self.precision)?;
        if let Some(format) = self.scores {
            formats.scores = Formats::of(format)?.attention.arithmetic;
        }
        Some(formats)
    }

    /// Modelled tokens a second and chip; `None` where the chip lacks a figure or the arithmetic, where nothing fits,
    /// or where nobody says how many drafted tokens were kept.
    pub(crate) fn predict(&self, inference: &Inference, model: &Model, chip: &Chip, end: End) -> Option<f64> {
        let formats = self.formats()?;
        let mut system = inference.system(chip, end).ok()?;
        if let Some(gigabits) = self.network {
            system.out = (gigabits * 1e9 / 8.0).min(system.device.link);
        }
        let setup = Setup {
            model,
            formats,
            spread: self.spread().unwrap_or(Spread::ONE),
            system,
            engine: None,
        };
        let accepted = self.accepted?;
        let demand = Demand {
            drafted: self.drafted.unwrap_or(accepted.ceil()),
            accepted,
            ..Demand::new(self.input, self.output)
        };
        // A limit binds a search for the users; a measured batch is run as it was.
        let limits = Limits {
            tpot: if self.batch.is_some() {
                f64::INFINITY
            } else {
                self.tpot
            },
            ..Limits::NONE
        };
        let replica = if self.spread().is_some() {
            inference.replica(&setup).ok()?
        } else {
            best(inference, &setup, self.chips, &demand, &limits)
                .ok()??
                .replica
        };
        let users = self.batch.map(|b| (b * replica.chips()).max(1.0));
        match self.phase {
            Phase::Prefill => Some(replica.prompt_rate(&demand)),
            Phase::Decode => {
                let users = users.unwrap_or_else(|| replica.fits(&demand));
                Some(replica.decoding(&demand, users).1)
            }
            Phase::Mixed => match users {
                Some(users) => Some(replica.at(&demand, users).per_chip),
                None => Some(within(&replica, &demand, &limits, 0.0)?.per_chip),
            },
        }
    }

    /// The spread that the row names.
    fn spread(&self) -> Option<Spread> {
        let tensor = self.tensor.unwrap_or(1);
        match self.expert {
            Some(experts) => Some(Spread {
                tensor,
                data: (experts / tensor).max(1),
                experts,
                pipeline: 1,
            }),
            None => self.tensor.map(Spread::tensor),
        }
    }
}
