//! Measured serving runs: the table that aiconfigurator publishes, and what its names mean
//! (`data/perf/serving_rows.toml`).

use super::{Client, Formats, Spread};
use crate::catalog::ChipId;
use crate::data::{DataFile, Problem, Problems};
use crate::figure::Sources;
use crate::perf::ModelId;
use crate::perf::ops::Precision;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    source: String,
    #[allow(dead_code)]
    grade: String,
    model: Vec<RawModel>,
    formats: Vec<RawFormats>,
    client: Vec<RawClient>,
    #[serde(default)]
    poll: Vec<RawPoll>,
    #[serde(default)]
    unsaid: Vec<RawUnsaid>,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawModel {
    path: String,
    id: String,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFormats {
    model: String,
    gemm: String,
    #[serde(default)]
    engines: Vec<String>,
    #[serde(default)]
    systems: Vec<String>,
    attention: String,
    feed: String,
    experts: String,
    cache: f64,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClient {
    name: String,
    begins: Vec<String>,
    lengths: f64,
    rounds: f64,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPoll {
    begins: Vec<String>,
    engine: String,
    systems: Vec<String>,
    users: f64,
    steps: f64,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUnsaid {
    path: String,
    engine: String,
    begins: Vec<String>,
    why: String,
}

/// What the names of measured serving runs mean.
#[derive(Debug)]
pub struct ServingNames {
    raw: Raw,
}

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
    /// Steps between two looks of the engine at what has come.
    pub poll: f64,
    /// Users at once, of all replicas.
    pub users: f64,
    /// Prompt tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Mean time to first token, seconds.
    pub ttft: f64,
    /// Mean time per output token, seconds.
    pub tpot: f64,
}

impl ServingNames {
    /// Reads the file.
    ///
    /// # Errors
    /// What does not fit, an unknown precision, a source that is not registered.
    pub fn read(file: DataFile<'_>, sources: &Sources) -> Result<Self, Problems> {
        let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let mut problems = Problems::default();
        if sources.get(&crate::figure::SourceId(raw.source.clone())).is_none() {
            problems.push(Problem::in_file(
                file.path,
                format!("source `{}` is not in the register", raw.source),
            ));
        }
        for f in &raw.formats {
            for word in [&f.attention, &f.feed, &f.experts] {
                if Precision::of(word).is_none() {
                    let known: Vec<&str> = Precision::ALL.iter().map(|p| p.name).collect();
                    let text = format!("`{word}` of {} is no precision", f.model);
                    problems.push(Problem::in_file(file.path, text).help(known.join(", ")));
                }
            }
        }
        problems.or(Self { raw })
    }

    /// Load generators by name; how many prompts go together is fitted.
    #[must_use]
    pub fn clients(&self) -> BTreeMap<String, Client> {
        let of = |c: &RawClient| {
            let rounds = if c.rounds > 0.0 { c.rounds } else { f64::INFINITY };
            let client = Client {
                lengths: c.lengths,
                rounds,
                ..Client::STEADY
            };
            (c.name.clone(), client)
        };
        self.raw.client.iter().map(of).collect()
    }

    fn formats(&self, model: &str, gemm: &str, engine: &str, system: &str) -> Option<Formats> {
        let any = |list: &[String], word: &str| list.is_empty() || list.iter().any(|w| w == word);
        let found = self.raw.formats.iter().find(|f| {
            f.model == model && f.gemm == gemm && any(&f.engines, engine) && any(&f.systems, system)
        })?;
        Some(Formats {
            attention: Precision::of(&found.attention)?,
            feed: Precision::of(&found.feed)?,
            experts: Precision::of(&found.experts)?,
            cache: found.cache,
        })
    }

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
        let number = |name: &str| text(name).parse::<f64>().ok().filter(|x| x.is_finite() && *x > 0.0);
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
        let workers = number("decode_num_workers").unwrap_or(1.0);
        let users = origin
            .split("silicon_concurrency=")
            .nth(1)
            .and_then(|s| s.split(';').next()?.trim().parse::<f64>().ok())
            .or_else(|| Some(number("batch_size")? * f64::from(spread.data)))
            .ok_or("the number of users is not said")?;
        let polls = self.raw.poll.iter().filter(|p| {
            p.engine == engine && begins(&p.begins) && p.systems.contains(&system) && users >= p.users
        });
        let poll = polls.last().map_or(0.0, |p| p.steps);
        let needed = |name: &str| number(name).ok_or(format!("`{name}` is not a positive number"));
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
            poll,
            users,
            input: needed("isl")?,
            output: needed("osl")?,
            ttft: needed("silicon_ttft_ms")? / 1e3,
            tpot: needed("silicon_tpot_ms")? / 1e3,
        })
    }
}

/// The spread a row names. Some rows give chips times expert ranks where others give chips: 16 or 64 on
/// servers of eight, with four or eight ranks; they are read as four and eight chips.
fn spread(number: &dyn Fn(&str) -> Option<f64>, prefix: &str) -> Result<Spread, String> {
    let read = |name: &str| number(&format!("{prefix}{name}")).unwrap_or(1.0);
    let (mut tensor, mut data, experts) = (
        read("tp_size"),
        read("attention_dp_size"),
        read("moe_ep_size"),
    );
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
