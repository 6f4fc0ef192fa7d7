//! Checks that every table of `cost` makes of its rows.

use crate::data::{DataSet, Problem, Problems, nearest, read_table, source_fault};
use crate::figure::{Grade, Place, SourceId, Sources, When};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// Notes a source that is not registered, or a grade better than the source allows.
pub(crate) fn source(problems: &mut Problems, sources: &Sources, id: &SourceId, grade: Grade, place: &Place) {
    if let Some((message, help)) = source_fault(sources, id, grade, "add it to data/sources/cost.toml") {
        problems.push(Problem::at(place.clone(), message).help(help));
    }
}

/// Notes an interval that is not finite, not positive, or whose ends are swapped.
pub(crate) fn interval(problems: &mut Problems, low: f64, high: f64, place: &Place) {
    for (name, value) in [("low", low), ("high", high)] {
        if !value.is_finite() || value <= 0.0 {
            let message = format!("field `{name}` is `{value}`");
            problems.push(Problem::at(place.clone(), message).help("a positive number is expected here"));
        }
    }
    if low > high {
        let message = format!("`low` {low} is above `high` {high}");
        problems.push(Problem::at(place.clone(), message).help("swap the two"));
    }
}

/// Notes a place that is no two-letter code of a country.
pub(crate) fn country_code(problems: &mut Problems, code: &str, place: &Place) {
    if !super::region::is_country(code) {
        let message = format!("`{code}` is no place");
        problems.push(Problem::at(place.clone(), message).help("a two-letter code such as `CN` or `US`"));
    }
}

/// Notes an id that stands twice: two rows could not be told apart in an answer.
pub(crate) fn unique(problems: &mut Problems, seen: &mut BTreeSet<String>, id: &str, place: &Place) {
    if !seen.insert(id.to_owned()) {
        let message = format!("row `{id}` stands twice");
        problems.push(Problem::at(place.clone(), message).help("give the second one its own id"));
    }
}

/// What every published figure that ours stand beside says of itself.
pub(crate) struct Published<'r> {
    pub(crate) id: &'r str,
    pub(crate) chip: &'r str,
    /// Two-letter code.
    pub(crate) country: &'r str,
    /// Ends of the figure.
    pub(crate) ends: [f64; 2],
    pub(crate) source: &'r SourceId,
    pub(crate) grade: Grade,
}

/// Reads a table of published figures, noting what is wrong with a row; `head` says where a row has what.
///
/// # Errors
/// A table that is missing or cannot be read.
pub(crate) fn published<R: DeserializeOwned>(
    data: &DataSet,
    path: &str,
    sources: &Sources,
    problems: &mut Problems,
    head: impl Fn(&R) -> Published<'_>,
) -> Result<Vec<(Place, R)>, Problems> {
    let rows = read_table::<R>(data.require(path)?)?;
    let (names, mut seen) = (ChipNames::read(data), BTreeSet::new());
    for (place, row) in &rows {
        let row = head(row);
        unique(problems, &mut seen, row.id, place);
        source(problems, sources, row.source, row.grade, place);
        interval(problems, row.ends[0], row.ends[1], place);
        country_code(problems, row.country, place);
        names.check(problems, row.chip, place);
    }
    Ok(rows)
}

/// Whether a row dated `date` and public from `known_from` may be used on `on` with the knowledge of
/// `known`. A date known to the month counts from its first day, knowledge from its last.
pub(crate) fn usable(date: When, known_from: When, on: jiff::civil::Date, known: jiff::civil::Date) -> bool {
    date.first() <= on && known_from.last() <= known
}

/// Chip ids and families of the data set, to catch a misspelt one in a table.
#[derive(Debug, Default)]
pub(crate) struct ChipNames {
    ids: BTreeSet<String>,
    families: BTreeSet<String>,
}

#[derive(Deserialize)]
struct NamesOnly {
    id: String,
    family: Option<String>,
    #[serde(default)]
    former_ids: Vec<String>,
}

impl ChipNames {
    /// Reads the names alone; a file that is no chip is the catalog's to report.
    pub(crate) fn read(data: &DataSet) -> Self {
        let mut names = Self::default();
        for file in data.below("chips/") {
            if let Ok(chip) = toml::from_str::<NamesOnly>(file.text) {
                names.ids.insert(chip.id);
                names.ids.extend(chip.former_ids);
                names.families.extend(chip.family);
            }
        }
        names
    }

    /// Notes a chip column that names no chip and, after `family:`, no family.
    pub(crate) fn check(&self, problems: &mut Problems, chip: &str, place: &Place) {
        let (found, kind, known, name) = match chip.strip_prefix("family:") {
            Some(family) => (self.families.contains(family), "family", &self.families, family),
            None => (self.ids.contains(chip), "chip", &self.ids, chip),
        };
        if !found {
            let near = nearest(name, known.iter().map(String::as_str)).join("`, `");
            let problem = Problem::at(place.clone(), format!("`{name}` is no {kind} of data/chips"));
            problems.push(if near.is_empty() {
                problem
            } else {
                problem.help(format!("did you mean `{near}`?"))
            });
        }
    }
}
