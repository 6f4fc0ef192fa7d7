//! What no verdict evaluates, and the red flags it leaves: `rules/scope.toml`.

use crate::data::{DataSet, Problem, Problems, nearest};
use crate::figure::{Grade, SourceId, Sources};
use crate::rules::Instrument;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use toml::Spanned;

const FILE: &str = "rules/scope.toml";

/// One thing left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutOfScope {
    /// Id, unique.
    pub id: String,
    /// What is not evaluated.
    pub what: String,
    /// What should make one look further.
    pub red_flags: String,
    /// Bills that would bring it under control: instrument ids.
    pub bills: Vec<String>,
    /// Provision or statement.
    pub cite: String,
    /// Source id.
    pub source: String,
    /// Grade.
    pub grade: Grade,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scope: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    what: String,
    red_flags: String,
    #[serde(default)]
    bills: Vec<Spanned<String>>,
    cite: String,
    source: Spanned<String>,
    grade: Grade,
}

/// Reads the file; where it is missing, that is a problem: silence would read as completeness.
pub(crate) fn load(
    data: &DataSet,
    sources: &Sources,
    instruments: &[Instrument],
    problems: &mut Problems,
) -> Vec<OutOfScope> {
    let Some(file) = data.get(FILE) else {
        problems
            .push(Problem::in_file(FILE, "the file is missing").help("it says what no verdict evaluates"));
        return Vec::new();
    };
    let read = match toml::from_str::<File>(file.text) {
        Ok(read) => read.scope,
        Err(error) => {
            problems.push(Problem::from_toml(FILE, file.text, &error));
            return Vec::new();
        }
    };
    let mut seen = BTreeSet::new();
    for row in &read {
        let at = |range, message: String| Problem::spanned(FILE, file.text, range, message);
        if !seen.insert(row.id.get_ref()) {
            problems.push(at(row.id.span(), format!("`{}` stands twice", row.id.get_ref())));
        }
        for bill in &row.bills {
            if !instruments.iter().any(|i| i.id == *bill.get_ref()) {
                let near = nearest(bill.get_ref(), instruments.iter().map(|i| i.id.as_str())).join("`, `");
                let wrong = at(
                    bill.span(),
                    format!("instrument `{}` does not exist", bill.get_ref()),
                );
                problems.push(wrong.help(format!("a bill is named by its id, such as `{near}`")));
            }
        }
        let id = SourceId(row.source.get_ref().clone());
        match sources.get(&id) {
            None => {
                let near = nearest(&id.0, sources.0.keys().map(|k| k.0.as_str())).join("`, `");
                let mut problem = at(row.source.span(), format!("source `{id}` is not in the register"));
                if !near.is_empty() {
                    problem = problem.help(format!("did you mean `{near}`?"));
                }
                problems.push(problem);
            }
            Some(source) if row.grade < source.grade => problems.push(at(
                row.source.span(),
                format!("grade `{}` is better than source `{id}` allows", row.grade),
            )),
            Some(_) => {}
        }
    }
    read.into_iter()
        .map(|row| OutOfScope {
            id: row.id.into_inner(),
            what: row.what,
            red_flags: row.red_flags,
            bills: row.bills.into_iter().map(Spanned::into_inner).collect(),
            cite: row.cite,
            source: row.source.into_inner(),
            grade: row.grade,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::load_sources;

    #[test]
    fn the_shipped_statement_names_what_issue_and_docs_promise() {
        let data = DataSet::embedded();
        let mut problems = Problems::default();
        let scope = load(&data, &load_sources(&data).unwrap(), &[], &mut problems);
        // No instrument was given, so the bill it names is missed, and nothing else.
        assert_eq!(problems.0.len(), 1, "{problems}");
        assert!(
            problems.to_string().contains("us-bill-remote-access"),
            "{problems}"
        );
        let ids: Vec<&str> = scope.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(
            ids,
            ["technology", "cloud-access", "used-items", "parties", "other-law"]
        );
    }

    #[test]
    fn faults_are_told_by_line() {
        let row = |id: &str, source: &str, grade: &str| {
            format!(
                "[[scope]]\nid = \"{id}\"\nwhat = \"w\"\nred_flags = \"r\"\ncite = \"c\"\nsource = \"{source}\"\ngrade = \"{grade}\"\n"
            )
        };
        let text = [
            row("a", "recalled", "recalled"),
            row("a", "nowhere", "analysis"),
            row("b", "recalled", "official"),
        ]
        .concat();
        let data = DataSet::embedded().with(FILE, text);
        let mut problems = Problems::default();
        load(&data, &load_sources(&data).unwrap(), &[], &mut problems);
        let lines: Vec<usize> = problems.0.iter().filter_map(|p| p.place.line).collect();
        assert_eq!(lines, [9, 13, 20], "{problems}");
        let mut problems = Problems::default();
        load(&DataSet::empty(), &Sources::default(), &[], &mut problems);
        assert_eq!(problems.0.len(), 1);
    }
}
