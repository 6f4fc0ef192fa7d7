//! Reads `data/sources.toml`, the register every figure's source must stand in.

use super::{DataFile, DataSet, Problem, Problems, nearest};
use crate::figure::{Grade, Source, SourceId, Sources, When};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Register {
    #[serde(default)]
    source: Vec<RawSource>,
}

/// One `[[source]]` as TOML writes it: in the register, or in a user's own chip file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSource {
    pub(crate) id: Spanned<String>,
    title: String,
    publisher: Option<String>,
    date: Option<When>,
    url: Option<String>,
    licence: Option<String>,
    grade: Grade,
}

impl RawSource {
    pub(crate) fn source(self) -> Source {
        Source {
            id: SourceId(self.id.into_inner()),
            title: self.title,
            publisher: self.publisher,
            date: self.date,
            url: self.url,
            licence: self.licence,
            grade: self.grade,
        }
    }
}

/// Reads the register, files `sources.toml` and `sources/*.toml` together.
///
/// # Errors
/// Every entry that is malformed or whose id stands twice.
pub fn load_sources(data: &DataSet) -> Result<Sources, Problems> {
    let mut problems = Problems::default();
    let mut sources = BTreeMap::new();
    for file in data.get("sources.toml").into_iter().chain(data.below("sources/")) {
        let register: Register = match toml::from_str(file.text) {
            Ok(register) => register,
            Err(error) => {
                problems.push(Problem::from_toml(file.path, file.text, &error));
                continue;
            }
        };
        for entry in register.source {
            let span = entry.id.span();
            let source = entry.source();
            let id = source.id.clone();
            if sources.insert(id.clone(), source).is_some() {
                problems.push(
                    Problem::spanned(file.path, file.text, span, format!("source `{id}` stands twice"))
                        .help("give the second one its own id, or delete it"),
                );
            }
        }
    }
    problems.or(Sources(sources))
}

/// What is wrong with a figure's source, and what to do: one that is not registered (`remedy` says where it goes), or
/// a grade better than it allows.
pub(crate) fn source_fault(
    sources: &Sources,
    id: &SourceId,
    grade: Grade,
    remedy: &str,
) -> Option<(String, String)> {
    match sources.get(id) {
        None if id.0.is_empty() => Some(("a figure without a source".to_owned(), remedy.to_owned())),
        None => {
            let near = nearest(&id.0, sources.0.keys().map(|k| k.0.as_str())).join("`, `");
            let help = if near.is_empty() {
                remedy.to_owned()
            } else {
                format!("did you mean `{near}`? otherwise {remedy}")
            };
            Some((format!("source `{id}` is not in the register"), help))
        }
        Some(source) if grade < source.grade => Some((
            format!("grade `{grade}` is better than source `{id}` allows"),
            format!(
                "`{}` is the best grade a figure from there may have",
                source.grade
            ),
        )),
        Some(_) => None,
    }
}

/// Refuses what a file says of where it is from: a source that is not registered, or a grade better than the source allows.
pub(crate) fn source_registered(
    file: DataFile<'_>,
    source: &Spanned<String>,
    grade: Grade,
    sources: &Sources,
) -> Result<(), Problem> {
    let id = SourceId(source.get_ref().clone());
    match source_fault(sources, &id, grade, "add it to data/sources/") {
        Some((message, help)) => {
            Err(Problem::spanned(file.path, file.text, source.span(), message).help(help))
        }
        None => Ok(()),
    }
}
