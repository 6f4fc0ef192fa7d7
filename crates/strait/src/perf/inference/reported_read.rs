//! A reported row from its cells: what each means, and what a row that leaves one out is taken to mean.

use super::reported_cells::{drafted, length, parallelism};
use super::rows::positive;
use super::{Load, Measures, ReportedRow, ServingNames};
use crate::catalog::ChipId;
use crate::perf::ModelId;

/// What a chip's name in a report means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedChip {
    /// Chip.
    pub chip: ChipId,
    /// Devices of which the report counts so many to a chip: its dies where it counts dies.
    pub devices: u32,
    /// Dies of the chip that compute.
    pub dies: u32,
}

/// Columns of what was measured, and how a cell that is no number above zero is taken.
const MEASURES: [(&str, &str); 3] = [
    ("ttft_ms", "`ttft_ms` is no number above zero: left out"),
    ("tpot_ms", "`tpot_ms` is no number above zero: left out"),
    (
        "tput_tok_s_per_chip",
        "`tput_tok_s_per_chip` is no number above zero: left out",
    ),
];

impl ReportedRow {
    /// A row from its cells, under the columns of the published list. `chip` says what a chip's name means.
    ///
    /// # Errors
    /// Why it cannot be computed.
    pub fn read(
        cell: &dyn Fn(&str) -> Option<String>,
        names: &ServingNames,
        model: &dyn Fn(&str) -> Option<ModelId>,
        chip: &dyn Fn(&str) -> Option<NamedChip>,
    ) -> Result<Self, String> {
        let text = |name: &str| cell(name).unwrap_or_default();
        let number = |name: &str| positive(&text(name));
        let named = text("chip");
        let NamedChip { chip, devices, dies } =
            chip(&named).ok_or(format!("chip `{named}` is not known by that name"))?;
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
            "bf16 (int4 ckpt)" => "int4_wo",
            _ => {
                return Err(format!(
                    "precision `{precision}` is not one that kernels are fitted in"
                ));
            }
        };
        let formats = names
            .reported(&model, gemm, engine.unwrap_or(""), &chip)
            .ok_or(format!("`{gemm}` is no precision"))?;
        let notes = text("notes").to_lowercase();
        let drafted = match names.drafts(&text("engine"), &text("notes")) {
            Some(said) => said,
            None => drafted([number("drafted"), number("accepted")], &notes)?,
        };
        if notes.contains("prefix cache likely") {
            return Err("part of the prompts was cached, how much is not said".to_owned());
        }
        let measures = Measures::read(&text("phase"))?;
        let input = length(&text("input_len")).or_else(|| names.input(&path));
        let alone = (measures == Measures::Prompts).then_some(1.0);
        let (Some(input), Some(output)) = (input, length(&text("output_len")).or(alone)) else {
            return Err("lengths of prompts or answers are not numbers".to_owned());
        };
        let chips = number("n_chips").ok_or("the number of chips is not said")? / f64::from(devices);
        if chips < 1.0 || chips.fract() > 0.0 {
            return Err(format!("the devices are no whole number of {chip}"));
        }
        let load = Load::read(&text("batch_or_concurrency"), measures)?;
        let load = match load {
            Load::PerChip(users) => Load::PerChip(users * f64::from(devices)),
            Load::Tokens(tokens) => Load::Tokens(tokens * f64::from(devices)),
            other => other,
        };
        let most = notes.split("max-num-seqs ").nth(1).and_then(leading);
        if let (Load::Users(users), Some(most)) = (load, most)
            && users > most
        {
            return Err("more users than the engine takes at once, so that requests waited".to_owned());
        }
        let mut taken = Vec::new();
        let mut said = |figure: Option<f64>, column: &str, usual: &[&str], taken_as: &'static str| {
            let figure = figure?;
            let word = text(column);
            if word.is_empty() {
                taken.push(taken_as);
            }
            (word.is_empty() || usual.contains(&word.as_str())).then_some(figure)
        };
        let first = ["mean", "batch-1 first-token latency"];
        let ttft = said(
            number("ttft_ms"),
            "ttft_stat",
            &first,
            "`ttft_stat` is not said: mean",
        );
        let tpot = said(
            number("tpot_ms"),
            "tpot_stat",
            &["mean"],
            "`tpot_stat` is not said: mean",
        );
        let (kinds, kind): (&[&str], _) = if measures == Measures::Prompts {
            (&["input"], "`tput_kind` is not said: tokens of prompts")
        } else {
            let kinds = &["output", "output per card", "output (decode)"];
            (kinds, "`tput_kind` is not said: tokens of answers")
        };
        let rate = said(number("tput_tok_s_per_chip"), "tput_kind", kinds, kind);
        let bad = |(name, _): &(&str, &str)| !text(name).is_empty() && number(name).is_none();
        let bad: Vec<(&str, &'static str)> = MEASURES.into_iter().filter(bad).collect();
        if ttft.is_none() && tpot.is_none() && rate.is_none() {
            return Err(match bad.first() {
                Some((name, _)) => format!(
                    "`{name}` is `{}`, where a number above zero was expected",
                    text(name)
                ),
                None => "no mean latency and no rate of the tokens computed".to_owned(),
            });
        }
        taken.extend(bad.iter().map(|(_, as_none)| *as_none));
        let spread = text("parallelism");
        let within = if spread.contains("(dies)") {
            // Packages counted, the spread over their dies.
            dies
        } else {
            devices
        };
        let named = parallelism(&spread, within)?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let chips = chips as u32;
        if let Some(of) = named.filter(|of| of.chips() > chips) {
            // Reports of experts dealt to many nodes count the chips of one; a group that shares matrices is all there.
            if of.tensor * of.pipeline > chips {
                return Err(format!(
                    "spread `{spread}` takes {} chips, and the row has {chips}",
                    of.tensor * of.pipeline
                ));
            }
            taken.push("`n_chips` is fewer than the spread takes: as many as it takes");
        }
        Ok(Self {
            id: text("id"),
            chip,
            model: ModelId(model),
            precision,
            engine,
            formats,
            chips,
            spread: named,
            load,
            measures,
            input,
            output,
            drafted,
            ttft: ttft.map(|ms| ms / 1e3),
            tpot: tpot.map(|ms| ms / 1e3),
            rate: rate.map(|rate| rate * f64::from(devices)),
            taken,
        })
    }
}

/// The number a text begins with.
fn leading(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}
