//! End-to-end rates that others reported, row by row: what is computed for each, or why it cannot be.

use super::score::summary;
use super::{Demand, Formats, Inference, Operating, ServingNames, ServingScore, Setup, Spread, frontier};
use crate::catalog::{Chip, ChipId};
use crate::perf::ops::End;
use crate::perf::{Model, ModelId};
use std::collections::BTreeMap;

/// Users an engine takes at once where a run gives it all there are (the largest default among engines).
const ALL_THERE_ARE: f64 = 1024.0;

/// One reported row, as far as it can be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedRow {
    /// Id.
    pub id: String,
    /// Chip.
    pub chip: ChipId,
    /// Model.
    pub model: ModelId,
    /// Precision as written.
    pub precision: String,
    /// Engine, where its kernels are fitted.
    pub engine: Option<&'static str>,
    /// Formats.
    pub formats: Formats,
    /// Chips.
    pub chips: u32,
    /// Spread of a replica, where it is said.
    pub spread: Option<Spread>,
    /// Users at once of a replica; as many as fit where absent.
    pub users: Option<f64>,
    /// Prompt tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Measured mean time to first token, seconds.
    pub ttft: Option<f64>,
    /// Measured mean time per output token, seconds.
    pub tpot: Option<f64>,
    /// Measured output tokens a second and chip.
    pub rate: Option<f64>,
}

/// One figure of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedError {
    /// Row.
    pub id: String,
    /// `ttft`, `tpot`, `throughput` or `training`.
    pub phase: &'static str,
    /// Chip.
    pub chip: ChipId,
    /// Precision.
    pub precision: String,
    /// Engine, or `best`.
    pub engine: &'static str,
    /// `reported`; of training `plan given` or `plan searched`.
    pub regime: &'static str,
    /// Computed.
    pub computed: f64,
    /// Measured.
    pub measured: f64,
    /// Half-width of the 90 % interval of the logarithm.
    pub half: f64,
}

impl ReportedRow {
    /// A row from its cells, under the columns of the published list.
    ///
    /// # Errors
    /// Why it cannot be computed.
    pub fn read(
        cell: &dyn Fn(&str) -> Option<String>,
        names: &ServingNames,
        model: &dyn Fn(&str) -> Option<ModelId>,
        chip: &dyn Fn(&str) -> Option<ChipId>,
    ) -> Result<Self, String> {
        let text = |name: &str| cell(name).unwrap_or_default();
        let number = |name: &str| {
            text(name)
                .parse::<f64>()
                .ok()
                .filter(|x| x.is_finite() && *x > 0.0)
        };
        let named = text("chip");
        let chip = chip(&named).ok_or(format!("chip `{named}` is not known by that name"))?;
        let path = text("model");
        let ModelId(model) =
            model(&path).ok_or(format!("model `{path}` is not among those that strait ships"))?;
        let engine = text("engine").to_lowercase();
        let engine = if engine.contains("ascend") || engine.contains("rocm") {
            // The kernels fitted under an engine's name are those of NVIDIA's chips.
            None
        } else if engine.contains("tensorrt") {
            Some("TRTLLM")
        } else if engine.contains("vllm") {
            Some("VLLM")
        } else if engine.contains("sglang") {
            Some("SGLang")
        } else {
            None
        };
        let precision = text("precision");
        let gemm = match precision.to_lowercase().as_str() {
            "fp8" | "fp8 (full)" => "fp8",
            "fp4" | "nvfp4" | "mxfp4" => "nvfp4",
            "fp16" | "bf16" => "bf16",
            "int8" | "w8a8" => "int8",
            _ => {
                return Err(format!(
                    "precision `{precision}` is not one that kernels are fitted in"
                ));
            }
        };
        let formats = names
            .formats(&model, gemm, engine.unwrap_or(""), "")
            .or_else(|| Formats::named(gemm))
            .ok_or(format!("`{gemm}` is no precision"))?;
        let notes = text("notes").to_lowercase();
        if notes.contains("mtp") || notes.contains("speculative") {
            return Err("run with speculative decoding of an acceptance that is not said".to_owned());
        }
        if notes.contains("prefix cache likely") {
            return Err("part of the prompts was cached, how much is not said".to_owned());
        }
        let (Some(input), Some(output)) = (number("input_len"), number("output_len")) else {
            return Err("lengths of prompts or answers are not numbers".to_owned());
        };
        if text("phase") != "mixed" {
            return Err(format!(
                "phase `{}` alone, whose batch is not said in full",
                text("phase")
            ));
        }
        let chips = number("n_chips").ok_or("the number of chips is not said")?;
        let users = match text("batch_or_concurrency").as_str() {
            "offline max load" | "Offline" => None,
            words => Some(
                words
                    .parse::<f64>()
                    .map_err(|_| format!("load `{words}` is not a number of users"))?,
            ),
        };
        let mean = text("ttft_stat");
        let ttft = number("ttft_ms").filter(|_| mean == "mean" || mean == "batch-1 first-token latency");
        let tpot = number("tpot_ms").filter(|_| text("tpot_stat") == "mean");
        let kind = text("tput_kind");
        let rate = number("tput_tok_s_per_chip").filter(|_| kind == "output" || kind == "output per card");
        if ttft.is_none() && tpot.is_none() && rate.is_none() {
            return Err("no mean latency and no rate of output tokens".to_owned());
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(Self {
            id: text("id"),
            chip,
            model: ModelId(model),
            precision,
            engine,
            formats,
            chips: chips as u32,
            spread: parallelism(&text("parallelism"))?,
            users,
            input,
            output,
            ttft: ttft.map(|ms| ms / 1e3),
            tpot: tpot.map(|ms| ms / 1e3),
            rate,
        })
    }

    /// Every figure of the row beside what is computed.
    ///
    /// # Errors
    /// Why nothing is.
    pub fn errors(
        &self,
        inference: &Inference,
        model: &Model,
        chip: &Chip,
    ) -> Result<Vec<ReportedError>, String> {
        let why = |needs: Vec<crate::figure::Need>| {
            needs
                .first()
                .map_or_else(String::new, |n| format!("missing: {}", n.fact))
        };
        let system = inference.system(chip, End::Middle).map_err(why)?;
        let demand = Demand::new(self.input, self.output);
        let one = |spread| {
            let setup = Setup {
                model,
                formats: self.formats,
                spread,
                system,
                engine: self.engine,
            };
            inference.replica(&setup)
        };
        let replica = match self.spread {
            Some(spread) => one(spread).map_err(why)?,
            None => {
                // The fewest chips that hold the model and leave room for users.
                let mut tensor = 1;
                loop {
                    let held = one(Spread::tensor(tensor)).ok();
                    if let Some(replica) = held.filter(|r| r.fits(&demand) >= 8.0) {
                        break replica;
                    }
                    tensor *= 2;
                    if tensor > self.chips.min(system.domain) {
                        return Err("by our count the model does not fit the chips".to_owned());
                    }
                }
            }
        };
        let way: Operating = match self.users {
            Some(users) => {
                let replicas = (f64::from(self.chips) / replica.chips()).max(1.0);
                let users = (users / replicas).max(1.0);
                if users > replica.fits(&demand) {
                    return Err("more users than the cache holds, so that requests waited".to_owned());
                }
                replica.at(&demand, users)
            }
            None => {
                let ways = frontier(&replica, &demand);
                let fit = ways.iter().filter(|o| o.users <= ALL_THERE_ARE);
                *fit.max_by(|a, b| a.per_chip.total_cmp(&b.per_chip))
                    .ok_or("by our count not one sequence fits beside the weights")?
            }
        };
        let [first, further] = [inference.fit.half_width(true), inference.fit.half_width(false)];
        let engine = self.engine.unwrap_or("best");
        let figures = [
            ("ttft", way.ttft, self.ttft, first),
            ("tpot", way.tpot, self.tpot, further),
            ("throughput", way.per_chip, self.rate, further),
        ];
        Ok(figures
            .into_iter()
            .filter_map(|(phase, computed, measured, half)| {
                Some(ReportedError {
                    id: self.id.clone(),
                    phase,
                    chip: self.chip.clone(),
                    precision: self.precision.clone(),
                    engine,
                    regime: "reported",
                    computed,
                    measured: measured?,
                    half,
                })
            })
            .collect())
    }
}

/// `TP8`, `TP4 EP4`, `DEP8`, `TP1 PP2`; none where nothing is said.
fn parallelism(text: &str) -> Result<Option<Spread>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let mut spread = Spread::ONE;
    for word in text.split_whitespace() {
        let split = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
        let (kind, count) = word.split_at(split);
        let count: u32 = count
            .parse()
            .map_err(|_| format!("spread `{text}` is not understood"))?;
        match kind {
            "TP" => spread.tensor = count,
            "EP" => spread.experts = count,
            "PP" => spread.pipeline = count,
            "DEP" => {
                spread.data = count;
                spread.experts = count;
            }
            _ => return Err(format!("spread `{text}` is not understood")),
        }
    }
    Ok(Some(spread))
}

/// Scores by phase, regime, chip, precision and engine, then of each chip and of all together.
#[must_use]
pub fn reported_scores(errors: &[ReportedError]) -> Vec<ServingScore> {
    type Key = (&'static str, &'static str, String, String, String);
    let mut groups: BTreeMap<Key, Vec<(f64, f64)>> = BTreeMap::new();
    for e in errors {
        let off = ((e.computed / e.measured).ln(), e.half);
        let all = || "all".to_owned();
        for (chip, precision, engine) in [
            (e.chip.0.clone(), e.precision.clone(), e.engine.to_owned()),
            (e.chip.0.clone(), all(), all()),
            (all(), all(), all()),
        ] {
            groups
                .entry((e.phase, e.regime, chip, precision, engine))
                .or_default()
                .push(off);
        }
    }
    groups
        .into_iter()
        .map(|((phase, regime, chip, precision, engine), errors)| {
            summary([chip, precision, engine], phase, regime, &errors)
        })
        .collect()
}
