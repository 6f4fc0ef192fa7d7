//! Training rows that others reported, under the columns of the published list: what each gives of a step, or
//! why it gives too little.

use super::plan::{Kernel, Recompute, Sharding, Trained};
use super::published::{Fixed, Hides, Measure, PublishedStep};
use crate::catalog::{Chip, ChipId, Format};
use crate::data::{DataFile, Problem, Problems};
use crate::figure::Sources;
use crate::perf::inference::ReportedError;
use crate::perf::{ModelId, PerfModel};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    source: String,
    #[allow(dead_code)]
    grade: String,
    model: Vec<RawModel>,
    #[serde(default)]
    chip: Vec<RawChip>,
    precision: Vec<RawPrecision>,
    unsaid: Vec<RawUnsaid>,
    software: Vec<RawSoftware>,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawModel {
    name: String,
    #[serde(default)]
    within: String,
    id: ModelId,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChip {
    name: String,
    id: ChipId,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPrecision {
    word: String,
    format: Format,
    gradient_bytes: f64,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUnsaid {
    within: String,
    families: Vec<String>,
    format: Format,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSoftware {
    within: String,
    attention: Kernel,
    hides: Hides,
    sharding: Option<Sharding>,
}

/// What the words of reported training rows mean (`data/perf/training_rows.toml`).
#[derive(Debug)]
pub struct TrainingNames {
    raw: Raw,
}

impl TrainingNames {
    /// Reads the file.
    ///
    /// # Errors
    /// What does not fit, a source that is not registered.
    pub fn read(file: DataFile<'_>, sources: &Sources) -> Result<Self, Problems> {
        let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let mut problems = Problems::default();
        if sources
            .get(&crate::figure::SourceId(raw.source.clone()))
            .is_none()
        {
            let text = format!("source `{}` is not in the register", raw.source);
            problems.push(Problem::in_file(file.path, text));
        }
        problems.or(Self { raw })
    }

    /// The chip that a report's name means.
    #[must_use]
    pub fn chip(&self, name: &str) -> Option<ChipId> {
        let found = self.raw.chip.iter().find(|c| c.name == name)?;
        Some(found.id.clone())
    }

    /// A step from the cells of a row, under the columns of the published list. What of its plan the row does not
    /// say is left to a search.
    ///
    /// # Errors
    /// Why nothing can be computed.
    pub fn step(
        &self,
        cell: &dyn Fn(&str) -> Option<String>,
        perf: &PerfModel,
        model: &dyn Fn(&str) -> Option<ModelId>,
        chip: &dyn Fn(&str) -> Option<(ChipId, String)>,
    ) -> Result<PublishedStep, String> {
        let text = |name: &str| cell(name).unwrap_or_default();
        let number = |name: &str| {
            let read = text(name).parse::<f64>().ok();
            read.filter(|x| x.is_finite() && *x > 0.0)
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = |name: &str| {
            number(name)
                .filter(|x| *x < 1e9 && x.fract() == 0.0)
                .map(|x| x as u32)
        };
        let origin = text("source");
        let named = text("model");
        let (chip, family) =
            chip(&text("chip")).ok_or(format!("chip `{}` is not known by that name", text("chip")))?;
        let listed = self
            .raw
            .model
            .iter()
            .find(|m| m.name == named && origin.contains(&m.within));
        let shipped = listed.map(|m| m.id.clone()).or_else(|| model(&named));
        let model = shipped
            .and_then(|id| perf.model(&id))
            .ok_or(format!("model `{named}` is not among those that strait ships"))?;
        let (arithmetic, gradient_bytes) = self.precision(&text("precision"), &origin, &family)?;
        let needed = |name: &str, fact| count(name).ok_or(format!("{fact} is not said"));
        let chips = needed("n_chips", "the number of chips")?;
        let sequence = needed("seq_len", "the length of a sequence")?;
        let batch = needed("global_batch_seqs", "the number of sequences of a step")?;
        let kind = text("flops_kind");
        let flops = match kind.as_str() {
            "model_flops" => Some(Measure::TflopsModel),
            "hardware_flops_incl_recompute" => Some(Measure::TflopsRecomputed),
            _ => None,
        };
        let given = [
            (Some(Measure::StepS), "iter_time_s"),
            (Some(Measure::TokensPerSPerChip), "tokens_per_s_per_chip"),
            (flops, "tflops_per_chip"),
        ];
        let (measure, value) = given
            .into_iter()
            .find_map(|(measure, name)| Some((measure?, number(name)?)))
            .ok_or("no time of a step, no rate of tokens, and no FLOP/s that says what it counts")?;
        let notes = text("notes");
        let lora = |text: &str| text.to_lowercase().contains("lora");
        let step = PublishedStep {
            id: text("id"),
            chip,
            model: model.id.clone(),
            chips,
            sequence,
            batch,
            arithmetic,
            attention: self.software(&origin).map_or(Kernel::Fused, |s| s.attention),
            gradient_bytes,
            trained: if lora(&named) || lora(&notes) {
                Trained::Adapters
            } else {
                Trained::All
            },
            fixed: self.fixed(&count, &text("recompute"), &notes, &origin),
            measured: measure.seconds(value, model, [chips, batch, sequence]),
        };
        match step.plan(model).and_then(|plan| plan.unfit(&step.job(model))) {
            Some(why) => Err(format!("its plan cannot run: {why}")),
            None => Ok(step),
        }
    }

    /// Arithmetic of the large products and bytes of a gradient that travels.
    fn precision(&self, word: &str, origin: &str, family: &str) -> Result<(Format, f64), String> {
        let lower = word.to_lowercase();
        if let Some(p) = self.raw.precision.iter().find(|p| p.word == lower) {
            return Ok((p.format, p.gradient_bytes));
        }
        let mut unsaid = self.raw.unsaid.iter();
        match unsaid.find(|u| origin.contains(&u.within) && u.families.iter().any(|f| f == family)) {
            Some(u) if lower.starts_with("submitter") => Ok((u.format, 2.0)),
            _ => Err(format!(
                "precision `{word}` is not one that training is computed in"
            )),
        }
    }

    fn software(&self, origin: &str) -> Option<&RawSoftware> {
        self.raw.software.iter().find(|s| origin.contains(&s.within))
    }

    fn fixed(
        &self,
        count: &dyn Fn(&str) -> Option<u32>,
        recompute: &str,
        notes: &str,
        origin: &str,
    ) -> Fixed {
        let software = self.software(origin);
        let words: Vec<&str> = notes.split([';', ' ']).map(str::trim).collect();
        let fully_sharded = |word: &&str| {
            let ranks = word.strip_prefix("FSDP=").and_then(|n| n.parse::<u32>().ok());
            *word == "FULL_SHARD" || ranks.is_some_and(|n| n > 1)
        };
        let sharding = if words.iter().any(fully_sharded) {
            Some(Sharding::Weights)
        } else if words.contains(&"SHARD_GRAD_OP") {
            Some(Sharding::Gradients)
        } else {
            software.and_then(|s| s.sharding)
        };
        let tensor = count("tp");
        let sequence_parallel = recompute.contains("sequence_parallel");
        Fixed {
            tensor,
            context: count("cp"),
            pipeline: count("pp"),
            expert: count("ep"),
            chunks: count("vpp"),
            microbatch: count("microbatch"),
            sharding,
            recompute: match recompute.split('+').next() {
                Some("full") => Some(Recompute::Full),
                Some("selective") => Some(Recompute::Selective),
                Some("none") => Some(Recompute::None),
                _ => None,
            },
            sequence_parallel: match (software.map(|s| s.hides), tensor) {
                _ if sequence_parallel => Some(true),
                // Norms were first split along the sequence in 2022, with selective recomputation.
                (Some(Hides::None), _) | (_, Some(1)) => Some(false),
                _ => None,
            },
            overlap: software.map(|s| s.hides.overlap()),
        }
    }
}

impl PerfModel {
    /// Computes reported steps; each that cannot be, with the reason.
    pub fn reported_training<'c>(
        &self,
        steps: &[(PublishedStep, String)],
        chip: impl Fn(&ChipId) -> Option<&'c Chip>,
    ) -> Vec<Result<ReportedError, String>> {
        let chips = self.training_chips(steps.iter().map(|(step, _)| step), &chip);
        let fitted = &self.training.fitted;
        steps
            .iter()
            .map(|(step, precision)| {
                let (computed, specified) = self.computed(step, &chips)?;
                let model = self.models.get(&step.model).ok_or("no such model")?;
                let of = chip(&step.chip).ok_or("the chip lacks a figure")?;
                let spread = if specified {
                    fitted.spread
                } else {
                    fitted.spread_of(model)
                };
                Ok(ReportedError {
                    id: step.id.clone(),
                    phase: "training",
                    chip: step.chip.clone(),
                    precision: precision.clone(),
                    engine: "best",
                    regime: if specified { "plan given" } else { "plan searched" },
                    computed,
                    measured: step.measured,
                    half: self.training_half(of, step.arithmetic, spread),
                })
            })
            .collect()
    }
}
