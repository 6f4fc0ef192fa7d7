//! What a buyer runs: lengths, batch, latency limits, scales.

use super::training::Recipe;
use super::{ModelId, Scale, WorkloadClass, WorkloadId};
use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{Figure, FigureRef, Grade, Quantity, Seconds, SourceId, Sources};
use serde::{Deserialize, Serialize};
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWorkload {
    title: String,
    order: u32,
    class: WorkloadClass,
    model: String,
    input: u32,
    output: u32,
    #[serde(default)]
    global_batch: u32,
    recipe: Option<Recipe>,
    scales: Vec<u32>,
    ttft_limit: Option<RawFigure>,
    tpot_limit: Option<RawFigure>,
    source: Spanned<String>,
}

/// One workload of a brief.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Workload {
    /// Id, the file's name.
    pub id: WorkloadId,
    /// One line.
    pub title: String,
    /// Place in a brief.
    pub order: u32,
    /// What it stresses.
    pub class: WorkloadClass,
    /// Model.
    pub model: ModelId,
    /// Prompt tokens, or the sequence length of training.
    pub input: u32,
    /// Output tokens; zero in training.
    pub output: u32,
    /// Sequences in one optimiser step; zero in serving.
    pub global_batch: u32,
    /// Precision of training; that of [`Recipe::usual`] where absent.
    pub recipe: Option<Recipe>,
    /// Scales it is shown at.
    pub scales: Vec<Scale>,
    /// Longest time to first token accepted.
    pub ttft_limit: Option<Figure<Seconds>>,
    /// Longest time per output token accepted.
    pub tpot_limit: Option<Figure<Seconds>>,
    /// Source of the choice.
    pub source: SourceId,
}

impl Workload {
    /// True for the two training classes.
    pub fn is_training(&self) -> bool {
        matches!(
            self.class,
            WorkloadClass::DenseTraining | WorkloadClass::MoeTraining
        )
    }

    /// The figures of the workload a result rests on.
    pub(crate) fn figure_refs(&self) -> Vec<FigureRef> {
        let limits = [("ttft_limit", &self.ttft_limit), ("tpot_limit", &self.tpot_limit)];
        limits
            .iter()
            .filter_map(|(path, figure)| {
                let figure = figure.as_ref()?;
                Some(FigureRef {
                    of: self.id.0.clone(),
                    path: (*path).to_owned(),
                    source: figure.source.clone(),
                    grade: figure.grade,
                    place: figure.place.clone(),
                })
            })
            .collect()
    }
}

/// Reads one file of `data/workloads/`.
pub(crate) fn read_workload(file: DataFile<'_>, sources: &Sources) -> Result<Workload, Problems> {
    let raw: RawWorkload =
        toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let source = reader.source(raw.source.get_ref(), Grade::Assumed, raw.source.span());
    let ttft_limit = raw
        .ttft_limit
        .as_ref()
        .and_then(|raw| reader.figure::<Seconds>(raw));
    let tpot_limit = raw
        .tpot_limit
        .as_ref()
        .and_then(|raw| reader.figure::<Seconds>(raw));
    let mut problems = std::mem::take(&mut reader.problems);
    let training = matches!(
        raw.class,
        WorkloadClass::DenseTraining | WorkloadClass::MoeTraining
    );
    if raw.input == 0 || raw.scales.is_empty() || raw.scales.contains(&0) {
        problems.push(
            Problem::in_file(file.path, "a workload without `input` tokens or `scales`")
                .help("`input` is one or more, `scales` a list of numbers of chips"),
        );
    }
    if training && raw.global_batch == 0 {
        problems.push(
            Problem::in_file(file.path, "a training workload without `global_batch`")
                .help("give the sequences of one optimiser step"),
        );
    }
    if !training && raw.recipe.is_some() {
        problems.push(
            Problem::in_file(file.path, "a serving workload with a `recipe`")
                .help("`recipe` is the precision of training"),
        );
    }
    if !training && raw.output == 0 {
        problems.push(Problem::in_file(
            file.path,
            "a serving workload without `output` tokens",
        ));
    }
    if tpot_limit.as_ref().is_some_and(|f| f.value.get() <= 0.0) {
        problems.push(Problem::in_file(file.path, "a `tpot_limit` of zero"));
    }
    let scale = |chips: &u32| {
        if *chips == 8 {
            Scale::Node
        } else {
            Scale::Cluster(*chips)
        }
    };
    let id = file
        .path
        .trim_start_matches("workloads/")
        .trim_end_matches(".toml");
    problems.or(Workload {
        id: WorkloadId(id.to_owned()),
        title: raw.title,
        order: raw.order,
        class: raw.class,
        model: ModelId(raw.model),
        input: raw.input,
        output: raw.output,
        global_batch: raw.global_batch,
        recipe: raw.recipe,
        scales: raw.scales.iter().map(scale).collect(),
        ttft_limit,
        tpot_limit,
        source,
    })
}
