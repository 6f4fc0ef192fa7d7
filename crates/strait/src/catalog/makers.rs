//! Who designs and who makes chips, and where they sit: `data/makers.toml`.

use crate::data::{DataSet, Problem, Problems, source_fault};
use crate::figure::{Grade, SourceId, Sources};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::Spanned;

/// What a maker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MakerKind {
    /// Designs and sells chips.
    Designer,
    /// Makes dies.
    Foundry,
}

/// A designer or foundry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Maker {
    /// Id (`nvidia`, `tsmc`).
    pub id: String,
    /// Name.
    pub name: String,
    /// Two-letter country of its headquarters.
    pub country: String,
    /// Designer or foundry.
    pub kind: MakerKind,
    /// Who says so.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Register {
    #[serde(default)]
    maker: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    name: String,
    country: Spanned<String>,
    kind: MakerKind,
    source: Spanned<String>,
}

/// Reads the register of makers; an absent file is an empty register.
///
/// # Errors
/// Every entry that is malformed, stands twice, or has no source or country code.
pub(crate) fn load_makers(data: &DataSet, sources: &Sources) -> Result<BTreeMap<String, Maker>, Problems> {
    let Some(file) = data.get("makers.toml") else {
        return Ok(BTreeMap::new());
    };
    let register: Register =
        toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut problems = Problems::default();
    let mut makers = BTreeMap::new();
    for entry in register.maker {
        let country = entry.country.get_ref();
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            let message = format!("`{country}` is no two-letter country code");
            problems.push(Problem::spanned(
                file.path,
                file.text,
                entry.country.span(),
                message,
            ));
        }
        let source = SourceId(entry.source.get_ref().clone());
        let grade = sources.get(&source).map(|s| s.grade);
        let claimed = grade.unwrap_or(Grade::Recalled);
        if let Some((message, help)) = source_fault(sources, &source, claimed, "add it to data/sources.toml")
        {
            let problem = Problem::spanned(file.path, file.text, entry.source.span(), message);
            problems.push(problem.help(help));
        }
        let span = entry.id.span();
        let id = entry.id.into_inner();
        let maker = Maker {
            id: id.clone(),
            name: entry.name,
            country: entry.country.into_inner(),
            kind: entry.kind,
            source,
            grade: claimed,
        };
        if makers.insert(id.clone(), maker).is_some() {
            let message = format!("maker `{id}` stands twice");
            problems.push(Problem::spanned(file.path, file.text, span, message));
        }
    }
    problems.or(makers)
}
