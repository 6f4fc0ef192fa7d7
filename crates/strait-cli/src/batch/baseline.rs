//! A former answer, and what differs from it: for use as a check in CI.

mod read;

use read::{Decided, FIELDS, File, RowRead, single};

use super::ask::Row;
use miette::{Result, miette};
use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::path::Path;
use strait::rules::{Summary, Verdict};

const WHAT: &str =
    "a baseline is what `strait check --batch … --format json` or `strait check … --json` printed";

/// An answer of this run, to be compared.
#[derive(Debug)]
pub(crate) struct Answered {
    id: String,
    asked: String,
    /// Chip and destination.
    about: String,
    line: Option<u64>,
    decided: Decided,
}

impl Answered {
    /// The answer to a row.
    pub(crate) fn row(row: &Row<'_>, found: &Summary<'_>) -> Self {
        Self {
            id: row.id.clone(),
            asked: row.asked.clone(),
            about: single(found.chip, found.to),
            line: Some(row.line),
            decided: Decided::of(found),
        }
    }

    /// A single verdict.
    pub(crate) fn verdict(verdict: &Verdict) -> Self {
        // Read back from its own JSON, so that both sides of the comparison are made alike.
        let value = serde_json::to_value(verdict).and_then(serde_json::from_value::<File>);
        let (about, decided) = value
            .ok()
            .and_then(File::single)
            .expect("a verdict's JSON holds what decides");
        Self {
            id: String::new(),
            asked: String::new(),
            about,
            line: None,
            decided,
        }
    }
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FieldChange {
    field: &'static str,
    old: String,
    new: String,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Became {
    /// Decided otherwise.
    Changed,
    /// Not in the baseline.
    New,
    /// Only in the baseline.
    Gone,
}

/// One row that differs from the baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    became: Became,
    /// Line of the row; that of the baseline's file where it is gone.
    line: Option<u64>,
    /// The user's own name of the row, or what it asks.
    row: String,
    fields: Vec<FieldChange>,
    /// Instruments newly or no longer behind the answer; all behind it where they are the same.
    instruments: Vec<String>,
}

/// A former answer, by row.
#[derive(Debug)]
pub(crate) struct Baseline {
    rows: Vec<(String, Option<u64>, Decided)>,
    /// Rows of a name that have not been met yet, in order: names may repeat.
    open: HashMap<String, VecDeque<usize>>,
}

impl Baseline {
    /// Reads a former `--format json` output, or a single `check --json`.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let name = path.display();
        let text = crate::input::read(path)?;
        let file: File = serde_json::from_str(&text)
            .map_err(|e| miette!(help = WHAT, "{name}:{}: no baseline: {e}", e.line()))?;
        let rows = match file {
            File { rows: Some(rows), .. } => rows.into_iter().map(RowRead::entry).collect(),
            one => match one.single() {
                Some((about, decided)) => vec![(about, None, decided)],
                None => {
                    return Err(miette!(
                        help = WHAT,
                        "`{name}` holds neither rows nor one verdict"
                    ));
                }
            },
        };
        let mut open: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (at, (key, _, _)) in rows.iter().enumerate() {
            open.entry(key.clone()).or_default().push_back(at);
        }
        Ok(Self { rows, open })
    }

    /// What differs for one answer: a row's, or a single check's, which has neither line nor cells.
    pub(crate) fn compare(&mut self, now: Answered) -> Option<Change> {
        let own = key(&now.id, &now.asked);
        // A baseline of one check knows chip and destination only.
        let named = match self.rows.as_slice() {
            _ if self.open.contains_key(&own) => own,
            [(only, None, _)] if now.line.is_none() => only.clone(),
            _ => now.about.clone(),
        };
        let shown = [now.id, now.asked, now.about];
        let shown = shown
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or_default();
        let change = |became, fields, instruments| Change {
            became,
            line: now.line,
            row: shown,
            fields,
            instruments,
        };
        let Some(at) = self.open.get_mut(&named).and_then(VecDeque::pop_front) else {
            return Some(change(Became::New, Vec::new(), now.decided.why));
        };
        let old = &self.rows[at].2;
        let fields: Vec<FieldChange> = FIELDS
            .into_iter()
            .zip(old.fields.iter().zip(&now.decided.fields))
            .filter(|(_, (old, new))| old != new)
            .map(|(field, (old, new))| FieldChange {
                field,
                old: old.clone(),
                new: new.clone(),
            })
            .collect();
        if fields.is_empty() {
            return None;
        }
        Some(change(Became::Changed, fields, causes(&old.why, now.decided.why)))
    }

    /// Takes a row that could not be decided as met: what is wrong with it is told elsewhere.
    pub(crate) fn pass_over(&mut self, id: &str, asked: &str) {
        if let Some(rows) = self.open.get_mut(&key(id, asked)) {
            rows.pop_front();
        }
    }

    /// Rows of the baseline that were not met.
    pub(crate) fn gone(&self) -> Vec<Change> {
        let mut left: Vec<usize> = self.open.values().flatten().copied().collect();
        left.sort_unstable();
        let gone = |at: usize| {
            let (row, line, old) = &self.rows[at];
            Change {
                became: Became::Gone,
                line: *line,
                row: row.clone(),
                fields: Vec::new(),
                instruments: old.why.clone(),
            }
        };
        left.into_iter().map(gone).collect()
    }
}

/// Instruments on one side only; where they are the same, those behind the new answer.
fn causes(old: &[String], new: Vec<String>) -> Vec<String> {
    let mut causes: Vec<String> = new.iter().filter(|id| !old.contains(id)).cloned().collect();
    causes.extend(old.iter().filter(|id| !new.contains(id)).cloned());
    if causes.is_empty() { new } else { causes }
}

fn key(id: &str, asked: &str) -> String {
    if id.is_empty() {
        asked.to_owned()
    } else {
        format!("id {id}")
    }
}

impl Change {
    /// One line for people.
    pub(crate) fn line(&self, file: &str) -> String {
        let place = self.line.map_or_else(String::new, |line| match self.became {
            Became::Gone => String::new(),
            _ => format!("{file}:{line}: "),
        });
        let by = match self.instruments.as_slice() {
            [] => "no instrument is named".to_owned(),
            ids => format!("by {}", ids.join(", ")),
        };
        let row = &self.row;
        match self.became {
            Became::New => format!("{place}{row}: new, not in the baseline ({by})"),
            Became::Gone => format!("{row}: gone, only in the baseline ({by})"),
            Became::Changed => {
                let fields: Vec<String> = self
                    .fields
                    .iter()
                    .map(|f| format!("{} {} → {}", f.field, f.old, f.new))
                    .collect();
                format!("{place}{row}: {} ({by})", fields.join("; "))
            }
        }
    }
}
