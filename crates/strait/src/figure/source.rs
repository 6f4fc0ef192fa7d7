//! The register of sources: `data/sources.toml`, every source once.

use super::{Grade, When};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The id of an entry of `data/sources.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One document, dataset or page that figures come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    /// Id, unique.
    pub id: SourceId,
    /// Title or short description.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Date of publication, as exact as known; figures from it share the date.
    pub date: Option<When>,
    /// Public address.
    pub url: Option<String>,
    /// Licence of the material, where one is known.
    pub licence: Option<String>,
    /// Best grade a figure from here may claim.
    pub grade: Grade,
}

/// All sources by id.
#[derive(Debug, Clone, Default)]
pub struct Sources(pub BTreeMap<SourceId, Source>);

impl Sources {
    /// Looks one up.
    pub fn get(&self, id: &SourceId) -> Option<&Source> {
        self.0.get(id)
    }
}
