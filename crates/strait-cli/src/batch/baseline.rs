//! A former answer, and what differs from it: for use as a check in CI.

mod causes;
mod change;
mod decided;

pub(crate) use change::Change;

use super::ask::Row;
use causes::Laws;
use change::{Became, FieldChange};
use decided::{Decided, FIELDS, File, RowRead, aspect, single};
use miette::{Result, miette};
use std::collections::{HashMap, VecDeque};
use std::path::Path;
use strait::rules::{Aspect, LawBook, Summary, Verdict};

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

/// A former answer, by row.
#[derive(Debug)]
pub(crate) struct Baseline<'b> {
    rows: Vec<(String, Option<u64>, Decided)>,
    /// Rows of a name that have not been met yet, in order: names may repeat.
    open: HashMap<String, VecDeque<usize>>,
    laws: Laws<'b>,
}

impl<'b> Baseline<'b> {
    /// Reads a former `--format json` output, or a single `check --json`.
    pub(crate) fn read(path: &Path, law: &'b LawBook) -> Result<Self> {
        let name = path.display();
        let text = crate::input::read(path)?;
        let mut file: File = serde_json::from_str(&text)
            .map_err(|e| miette!(help = WHAT, "{name}:{}: no baseline: {e}", e.line()))?;
        let instruments = file.instruments.take();
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
        Ok(Self {
            rows,
            open,
            laws: Laws::new(law, instruments),
        })
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
        let fields = fields(&mut self.laws, &self.rows[at].2, &now.decided);
        if fields.is_empty() {
            return None;
        }
        let all = once(fields.iter().flat_map(|f| &f.instruments));
        Some(change(Became::Changed, fields, all))
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

/// The fields that differ, each with its cause.
fn fields(laws: &mut Laws<'_>, old: &Decided, new: &Decided) -> Vec<FieldChange> {
    let mut found: Vec<FieldChange> = FIELDS
        .into_iter()
        .zip(old.fields.iter().zip(&new.fields))
        .filter_map(|(field, (old, new))| Some((field, old.clone()?, new.clone()?)))
        .filter(|(_, old, new)| old != new)
        .map(|(field, old, new)| FieldChange {
            field,
            old,
            new,
            instruments: Vec::new(),
        })
        .collect();
    let differ: Vec<Aspect> = found.iter().filter_map(|f| aspect(f.field)).collect();
    for field in &mut found {
        if let Some(aspect) = aspect(field.field) {
            field.instruments = laws.causes(aspect, &differ, (old, new));
        }
    }
    // What sums the others up has their causes.
    let all = once(found.iter().flat_map(|f| &f.instruments));
    let sums = found.iter_mut().filter(|f| aspect(f.field).is_none());
    sums.for_each(|f| f.instruments.clone_from(&all));
    found
}

fn once<'s>(ids: impl Iterator<Item = &'s String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for id in ids {
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    all
}

fn key(id: &str, asked: &str) -> String {
    if id.is_empty() {
        asked.to_owned()
    } else {
        format!("id {id}")
    }
}
