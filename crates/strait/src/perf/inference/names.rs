//! What the names in tables of measured serving runs mean (`data/perf/serving_rows.toml`).

use super::intake::RawIntake;
use super::{Client, Formats};
use crate::catalog::ChipId;
use crate::data::{DataFile, Problem, Problems};
use crate::figure::Sources;
use crate::perf::ops::{Arithmetic, Precision};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) source: String,
    #[allow(dead_code)]
    pub(super) grade: String,
    pub(super) model: Vec<RawModel>,
    #[serde(default)]
    pub(super) chip: Vec<RawModel>,
    #[serde(default)]
    pub(super) lengths: Vec<RawLengths>,
    #[serde(default)]
    pub(super) drafts: Vec<RawDrafts>,
    pub(super) formats: Vec<RawFormats>,
    pub(super) client: Vec<RawClient>,
    #[serde(default)]
    pub(super) intake: Vec<RawIntake>,
    #[serde(default)]
    pub(super) unsaid: Vec<RawUnsaid>,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawModel {
    pub(super) path: String,
    pub(super) id: String,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLengths {
    pub(super) path: String,
    pub(super) input: f64,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDrafts {
    pub(super) engine: String,
    pub(super) notes: Vec<String>,
    pub(super) drafted: f64,
    pub(super) kept: f64,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFormats {
    pub(super) model: String,
    pub(super) gemm: String,
    #[serde(default)]
    pub(super) engines: Vec<String>,
    #[serde(default)]
    pub(super) systems: Vec<String>,
    /// Whether it holds beyond the runs of the table: the checkpoint's own, not a script's.
    #[serde(default)]
    pub(super) reports: bool,
    pub(super) attention: String,
    pub(super) feed: String,
    pub(super) experts: String,
    pub(super) cache: f64,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClient {
    pub(super) name: String,
    pub(super) begins: Vec<String>,
    pub(super) lengths: f64,
    pub(super) rounds: f64,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUnsaid {
    pub(super) path: String,
    pub(super) engine: String,
    pub(super) begins: Vec<String>,
    pub(super) why: String,
}

/// What the names of measured serving runs mean.
#[derive(Debug)]
pub struct ServingNames {
    pub(super) raw: Raw,
}

impl ServingNames {
    /// Reads the file.
    ///
    /// # Errors
    /// What does not fit, an unknown precision, a source that is not registered.
    pub fn read(file: DataFile<'_>, sources: &Sources) -> Result<Self, Problems> {
        let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let mut problems = Problems::default();
        if sources
            .get(&crate::figure::SourceId(raw.source.clone()))
            .is_none()
        {
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

    /// Load generators by name.
    #[must_use]
    pub fn clients(&self) -> BTreeMap<String, Client> {
        let of = |c: &RawClient| {
            let rounds = if c.rounds > 0.0 { c.rounds } else { f64::INFINITY };
            let client = Client {
                lengths: c.lengths,
                rounds,
            };
            (c.name.clone(), client)
        };
        self.raw.client.iter().map(of).collect()
    }

    /// The model a checkpoint or a report's name means.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<String> {
        self.raw
            .model
            .iter()
            .find(|m| m.path == name)
            .map(|m| m.id.clone())
    }

    /// The chip a report's name means.
    #[must_use]
    pub fn chip(&self, name: &str) -> Option<ChipId> {
        self.raw
            .chip
            .iter()
            .find(|m| m.path == name)
            .map(|m| ChipId(m.id.clone()))
    }

    /// Mean prompt of a benchmark's own requests, tokens, where a report names the benchmark alone.
    pub(super) fn input(&self, path: &str) -> Option<f64> {
        let found = self.raw.lengths.iter().find(|l| l.path == path)?;
        Some(found.input)
    }

    /// Tokens drafted a step and kept, where an engine's report says it once for such rows.
    pub(super) fn drafts(&self, engine: &str, notes: &str) -> Option<[f64; 2]> {
        let holds =
            |d: &&RawDrafts| d.engine == engine && d.notes.iter().any(|n| notes.starts_with(n.as_str()));
        let found = self.raw.drafts.iter().find(holds)?;
        Some([found.drafted, found.kept])
    }

    /// What a precision word means for a model under an engine on a system, in runs of the table.
    pub(super) fn formats(&self, model: &str, gemm: &str, engine: &str, system: &str) -> Option<Formats> {
        self.found(|_| true, [model, gemm, engine, system])
    }

    /// The same in a report from anywhere, on a chip: what a checkpoint says, else one precision throughout.
    pub(super) fn reported(&self, model: &str, gemm: &str, engine: &str, chip: &ChipId) -> Option<Formats> {
        self.found(|f| f.reports, [model, gemm, engine, &chip.0])
            .or_else(|| Formats::named(gemm))
    }

    fn found(
        &self,
        counts: fn(&RawFormats) -> bool,
        [model, gemm, engine, system]: [&str; 4],
    ) -> Option<Formats> {
        let any = |list: &[String], word: &str| list.is_empty() || list.iter().any(|w| w == word);
        let found = self.raw.formats.iter().filter(|f| counts(f)).find(|f| {
            f.model == model && f.gemm == gemm && any(&f.engines, engine) && any(&f.systems, system)
        })?;
        Some(Formats {
            attention: Precision::of(&found.attention)?,
            feed: Precision::of(&found.feed)?,
            experts: Precision::of(&found.experts)?,
            scores: Arithmetic::Bits16,
            cache: found.cache,
        })
    }
}
