//! Measured serving runs: the table that aiconfigurator publishes, as typed rows.

use super::intake::{RawIntake, Run};
use super::{Formats, Intake, ServingNames, Spread};
use crate::catalog::ChipId;
use crate::perf::ModelId;
use std::collections::BTreeMap;

/// Prompts on replicas of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// Their spread.
    pub spread: Spread,
    /// How many there are.
    pub workers: f64,
}

/// One measured run.
#[derive(Debug, Clone, PartialEq)]
pub struct ServingRow {
    /// The table's id.
    pub id: String,
    /// Chip.
    pub chip: ChipId,
    /// Model.
    pub model: ModelId,
    /// Engine, as operator tables name it.
    pub engine: String,
    /// Precision of products, as the table names it.
    pub precision: String,
    /// What that means for the model under the engine.
    pub formats: Formats,
    /// Spread of one replica that decodes.
    pub spread: Spread,
    /// How many there are.
    pub workers: f64,
    /// Prompts apart, where they are.
    pub apart: Option<Apart>,
    /// Load generator.
    pub client: String,
    /// How the engine takes prompts into its steps.
    pub intake: Intake,
    /// Users at once, of all that decode.
    pub users: f64,
    /// Prompt tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Mean time to first token, seconds.
    pub ttft: f64,
    /// Mean time per output token, seconds.
    pub tpot: f64,
    /// What it has in common with runs that differ in users alone: where it was published, and the engine's version.
    pub series: String,
}

/// A time per token this much shorter than that of fewer users is no time of the same setting.
const FALLS: f64 = 0.75;

/// Which runs are of a series in which a time per token falls by more than a quarter where users grow: a step cannot
/// get shorter with more sequences, so that something else changed from run to run.
pub(super) fn unsteady(rows: &[ServingRow]) -> Vec<bool> {
    let alike = |a: &ServingRow, b: &ServingRow| {
        a.series == b.series
            && (&a.chip, &a.model, &a.engine, &a.precision) == (&b.chip, &b.model, &b.engine, &b.precision)
            && (a.spread, &a.apart, a.workers) == (b.spread, &b.apart, b.workers)
            && (a.input, a.output) == (b.input, b.output)
    };
    let falls = |a: &ServingRow, b: &ServingRow| a.users < b.users && b.tpot < FALLS * a.tpot;
    let broken: Vec<&ServingRow> = rows
        .iter()
        .filter(|a| rows.iter().any(|b| falls(a, b) && alike(a, b)))
        .collect();
    rows.iter()
        .map(|row| broken.iter().any(|b| alike(row, b)))
        .collect()
}

impl ServingRow {
    /// Whether two runs are of one setting, as far as the table says, bar what published them and the engine's version.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        let spread = |r: &Self| (r.spread.tensor, r.spread.data, r.spread.pipeline);
        (&self.chip, &self.model, &self.engine, &self.precision)
            == (&other.chip, &other.model, &other.engine, &other.precision)
            && spread(self) == spread(other)
            && (&self.apart, self.workers, self.users) == (&other.apart, other.workers, other.users)
            && (self.input, self.output) == (other.input, other.output)
    }

    /// Whether both are one run, published twice: both times agree to more digits than a clock has.
    pub(super) fn copies(&self, other: &Self) -> bool {
        let same = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-6;
        same(self.ttft, other.ttft) && same(self.tpot, other.tpot) && self.repeats(other)
    }
}

impl ServingNames {
    /// A row from the cells of the published table.
    ///
    /// # Errors
    /// Why the row cannot be used.
    pub fn row(
        &self,
        cell: &dyn Fn(&str) -> Option<String>,
        systems: &BTreeMap<String, ChipId>,
    ) -> Result<ServingRow, String> {
        let text = |name: &str| cell(name).unwrap_or_default();
        let number = |name: &str| positive(&text(name));
        let system = text("system");
        let Some(chip) = systems.get(&system) else {
            return Err(format!("system `{system}` is not mapped to a chip"));
        };
        let path = text("model_path");
        let Some(model) = self.raw.model.iter().find(|m| m.path == path) else {
            return Err(format!("model `{path}` is not among those that strait ships"));
        };
        let engine = match text("backend").as_str() {
            "trtllm" => "TRTLLM",
            "vllm" => "VLLM",
            "sglang" => "SGLang",
            other => return Err(format!("engine `{other}` has no fitted kernels")),
        };
        let origin = text("silicon_data_source");
        let begins = |list: &[String]| list.iter().any(|b| origin.contains(b.as_str()));
        if let Some(u) = self
            .raw
            .unsaid
            .iter()
            .find(|u| u.path == path && u.engine == engine && begins(&u.begins))
        {
            return Err(u.why.clone());
        }
        let gemm = text("gemm_quant_mode");
        let gemm = if gemm.is_empty() { "bf16" } else { gemm.as_str() };
        let Some(formats) = self.formats(&model.id, gemm, engine, &system) else {
            return Err(format!("{} in {gemm} under {engine} has no formats", model.id));
        };
        let Some(client) = self.raw.client.iter().find(|c| begins(&c.begins)) else {
            return Err("the load generator is not known".to_owned());
        };
        let apart = text("mode") == "disagg";
        let prefix = if apart { "decode_" } else { "" };
        let spread = spread(&number, prefix)?;
        // The column `batch_size` is what the engine was set to, not how many came.
        let users = origin
            .split("silicon_concurrency=")
            .nth(1)
            .and_then(|s| s.split(';').next()?.trim().parse::<f64>().ok())
            .ok_or("the number of users is not said")?;
        let workers = if apart {
            number("decode_num_workers").unwrap_or(1.0)
        } else {
            replicas(users, &number)
        };
        let needed = |name: &str| number(name).ok_or(format!("`{name}` is not a positive number"));
        let (input, output) = (needed("isl")?, needed("osl")?);
        let run = Run {
            origin: &origin,
            engine,
            model: &model.id,
            system: &system,
            precision: gemm,
            input,
            output,
            tensor: f64::from(spread.tensor),
            users: users / workers,
        };
        Ok(ServingRow {
            id: text("id"),
            chip: chip.clone(),
            model: ModelId(model.id.clone()),
            engine: engine.to_owned(),
            precision: gemm.to_owned(),
            formats,
            spread,
            workers,
            apart: if apart {
                let spread = self::spread(&number, "prefill_")?;
                let workers = number("prefill_num_workers").unwrap_or(1.0);
                Some(Apart { spread, workers })
            } else {
                None
            },
            client: client.name.clone(),
            intake: RawIntake::find(&self.raw.intake, &run),
            users,
            input,
            output,
            ttft: needed("silicon_ttft_ms")? / 1e3,
            tpot: needed("silicon_tpot_ms")? / 1e3,
            series: series(&origin, &text("backend_version")),
        })
    }
}

/// Replicas that share the users of a run: each has as many as its `batch_size`, in every attention replica.
fn replicas(users: f64, number: &dyn Fn(&str) -> Option<f64>) -> f64 {
    let each = number("batch_size").unwrap_or(users) * number("attention_dp_size").unwrap_or(1.0);
    (users / each).round().max(1.0)
}

/// Where a run was published and its engine's version, without the numbers of jobs, which differ from run to run.
fn series(origin: &str, version: &str) -> String {
    let published = origin.split("silicon_concurrency").next().unwrap_or_default();
    let parts = published.split(';').map(str::trim);
    let kept: Vec<&str> = parts.filter(|p| !p.starts_with("gtl_")).collect();
    format!("{} {version}", kept.join("; "))
}

/// The spread a row names. Some rows give chips times expert ranks where others give chips: 16 or 64 on
/// servers of eight, with four or eight ranks; they are read as four and eight chips.
fn spread(number: &dyn Fn(&str) -> Option<f64>, prefix: &str) -> Result<Spread, String> {
    let read = |name: &str| number(&format!("{prefix}{name}")).unwrap_or(1.0);
    let (mut tensor, mut data, experts) = (read("tp_size"), read("attention_dp_size"), read("moe_ep_size"));
    if prefix.is_empty() {
        let squared = |x: f64| (x - experts * experts).abs() < 0.5 && x > 8.0;
        if squared(tensor) {
            tensor = experts;
        }
        if squared(data) && tensor < 2.0 {
            data = experts;
        }
    }
    if tensor * data < experts || tensor * data > 72.0 || (prefix.is_empty() && tensor * data > 8.0) {
        return Err(format!(
            "a spread of {tensor} x {data} chips and {experts} expert ranks is not understood"
        ));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Ok(Spread {
        tensor: tensor as u32,
        data: data as u32,
        experts: experts as u32,
        pipeline: read("pp_size") as u32,
    })
}

/// A number of a cell: finite and above nothing.
pub(super) fn positive(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|x| x.is_finite() && *x > 0.0)
}
