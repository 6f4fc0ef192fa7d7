//! `data/validation/training.csv`: published training steps, with what of their plan was published.

use super::plan::{Kernel, Recompute, Sharding, Trained};
use super::published::{Fixed, Hides, Measure, PublishedStep};
use crate::catalog::{ChipId, Format};
use crate::data::{DataFile, Problem, Problems, read_table};
use crate::figure::{Place, SourceId, Sources};
use crate::perf::models::Model;
use crate::perf::{ModelId, RowUse};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Yes,
    No,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    chip: String,
    chips: u32,
    model: String,
    precision: Format,
    sequence: u32,
    batch: u32,
    tensor: Option<u32>,
    context: Option<u32>,
    pipeline: Option<u32>,
    expert: Option<u32>,
    chunks: Option<u32>,
    microbatch: Option<u32>,
    sharding: Option<Sharding>,
    recompute: Option<Recompute>,
    sequence_parallel: Option<Answer>,
    overlap: Hides,
    attention: Kernel,
    gradient_bytes: f64,
    trained: Trained,
    measure: Measure,
    value: f64,
    evaluated: Option<f64>,
    #[serde(rename = "use")]
    role: RowUse,
    source: String,
    #[allow(dead_code)]
    notes: String,
}

/// A row of the file.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) step: PublishedStep,
    pub(crate) role: RowUse,
    pub(crate) source: SourceId,
    pub(crate) place: Place,
}

/// Reads the file.
pub(crate) fn read(
    file: DataFile<'_>,
    sources: &Sources,
    models: &BTreeMap<ModelId, Model>,
) -> Result<Vec<Row>, Problems> {
    let mut problems = Problems::default();
    let mut rows = Vec::new();
    for (place, raw) in read_table::<Raw>(file)? {
        let mut wrong = |text: String| problems.push(Problem::at(place.clone(), text));
        let source = SourceId(raw.source.clone());
        if sources.get(&source).is_none() {
            wrong(format!("source `{source}` is not in the register"));
        }
        if !(raw.value.is_finite() && raw.value > 0.0) {
            wrong(format!("`value` is `{}`", raw.value));
        }
        if raw.chips == 0 || raw.sequence == 0 || raw.batch == 0 {
            wrong("a row without chips, sequence or batch".to_owned());
        }
        let Some(model) = models.get(&ModelId(raw.model.clone())) else {
            wrong(format!("model `{}` is not in data/models/", raw.model));
            continue;
        };
        let run = raw
            .measure
            .seconds(raw.value, model, [raw.chips, raw.batch, raw.sequence]);
        let evaluated = raw.evaluated.unwrap_or(0.0);
        if !(0.0..10.0).contains(&evaluated) {
            wrong(format!(
                "`evaluated` is `{evaluated}`: sequences a trained one, from 0 to 10"
            ));
        }
        // What was evaluated took forward passes of the run's time.
        let measured = run / (1.0 + evaluated * raw.trained.forward(model, raw.sequence));
        let step = PublishedStep {
            id: raw.id,
            chip: ChipId(raw.chip),
            model: model.id.clone(),
            chips: raw.chips,
            sequence: raw.sequence,
            batch: raw.batch,
            arithmetic: raw.precision,
            attention: raw.attention,
            gradient_bytes: raw.gradient_bytes,
            trained: raw.trained,
            fixed: Fixed {
                tensor: raw.tensor,
                context: raw.context,
                pipeline: raw.pipeline,
                expert: raw.expert,
                chunks: raw.chunks,
                microbatch: raw.microbatch,
                sharding: raw.sharding,
                recompute: raw.recompute,
                sequence_parallel: raw.sequence_parallel.map(|a| matches!(a, Answer::Yes)),
                overlap: Some(raw.overlap.overlap()),
            },
            measured,
        };
        if raw.role == RowUse::Calibrate && step.plan(model).is_none() {
            problems.push(Problem::at(
                place.clone(),
                "a row marked calibrate without a whole plan: tensor, pipeline, microbatch, sharding, recompute, sequence_parallel",
            ));
        }
        if let Some(why) = step.plan(model).and_then(|plan| plan.unfit(&step.job(model))) {
            problems.push(Problem::at(place.clone(), format!("its plan cannot run: {why}")));
        }
        rows.push(Row {
            step,
            role: raw.role,
            source,
            place,
        });
    }
    problems.or(rows)
}
