//! `data/perf/systems.toml`: what the names and numbers of a measured folder mean.

use crate::catalog::ChipId;
use crate::data::{DataFile, Problem, Problems};
use crate::figure::{Grade, SourceId, Sources};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    source: String,
    #[allow(dead_code)]
    grade: Grade,
    gemm_copies: u8,
    #[serde(default)]
    system: Vec<RawSystem>,
    #[serde(default)]
    local_tokens: Vec<RawLocal>,
    #[serde(default)]
    ungated: Vec<RawUngated>,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSystem {
    name: String,
    chip: String,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLocal {
    engine: String,
    version: String,
}
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUngated {
    hidden: u32,
    inner: u32,
    chosen: u32,
}

/// Meanings of a measured folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Harness {
    /// Chip of a system.
    pub systems: BTreeMap<String, ChipId>,
    /// Sets of weights that products go round.
    pub gemm_copies: u8,
    /// Where the meanings are from.
    pub source: SourceId,
    local: Vec<(String, String)>,
    ungated: Vec<(u32, u32, u32)>,
}

impl Harness {
    /// Reads the file.
    ///
    /// # Errors
    /// What does not fit, and a source that is not registered.
    pub fn read(file: DataFile<'_>, sources: &Sources) -> Result<Self, Problems> {
        let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let source = SourceId(raw.source);
        if sources.get(&source).is_none() {
            let text = format!("source `{source}` is not in the register");
            return Err(Problem::in_file(file.path, text).into());
        }
        Ok(Self {
            systems: raw.system.into_iter().map(|s| (s.name, ChipId(s.chip))).collect(),
            gemm_copies: raw.gemm_copies,
            source,
            local: raw
                .local_tokens
                .into_iter()
                .map(|l| (l.engine, l.version))
                .collect(),
            ungated: raw
                .ungated
                .into_iter()
                .map(|u| (u.hidden, u.inner, u.chosen))
                .collect(),
        })
    }

    /// Whether a version's mixture tables give a rank all choices of all tokens.
    pub(crate) fn local_tokens(&self, engine: &str, version: &str) -> bool {
        self.local.iter().any(|(e, v)| e == engine && v == version)
    }

    /// Whether experts of these widths have no gate.
    pub(crate) fn ungated(&self, hidden: f64, inner: f64, chosen: f64) -> bool {
        self.ungated
            .iter()
            .any(|u| (f64::from(u.0), f64::from(u.1), f64::from(u.2)) == (hidden, inner, chosen))
    }
}
