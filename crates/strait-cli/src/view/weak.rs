//! Part 6: the figures to be careful with, those that would change the answer first.

use super::{Section, Table};
use std::collections::BTreeMap;
use strait::brief::{Brief, WeakFigure};

pub(super) fn section(brief: &Brief) -> Section {
    let mut section = Section::new("6. Which figures are weak");
    if brief.weak.is_empty() {
        section.text("No figure that this answer rests on is disputed, rumoured, recalled or assumed.");
        return section;
    }
    let (mut tried, rest): (Vec<_>, Vec<_>) = brief
        .weak
        .iter()
        .partition(|w| w.changes.is_some() || !w.alternatives.is_empty());
    tried.sort_by_key(|w| match w.changes {
        Some(true) => 0,
        None => 1,
        Some(false) => 2,
    });
    section.table(alternatives(&tried));
    section.table(others(&rest));
    section
}

fn alternatives(figures: &[&WeakFigure]) -> Table {
    let mut table = Table::new(
        "Figures with other values, and what those would do to the answer",
        &[
            "figure",
            "value",
            "grade",
            "why",
            "alternatives",
            "changes the answer",
            "written in",
        ],
    );
    for weak in figures {
        let changes = match weak.changes {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not tried",
        };
        let changes = if weak.effect.is_empty() {
            changes.to_owned()
        } else {
            format!("{changes}: {}", weak.effect)
        };
        table.sources.insert(weak.source.clone());
        table.row([
            format!("{} {}", weak.of, weak.path),
            weak.value.clone(),
            weak.grade.to_string(),
            weak.why.clone(),
            weak.alternatives.join("; "),
            changes,
            weak.place.to_string(),
        ]);
    }
    table
}

/// Figures without another value on record, by the file they are written in.
fn others(figures: &[&WeakFigure]) -> Table {
    let mut files: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    let mut table = Table::new(
        "Rumoured, recalled and assumed figures without another value on record: not varied one by one",
        &["file", "grade", "figures (line)"],
    );
    for weak in figures {
        let value = if weak.value.is_empty() {
            String::new()
        } else {
            format!(" = {}", weak.value)
        };
        let at = weak
            .place
            .line
            .map_or_else(String::new, |line| format!(" ({line})"));
        let line = format!("{} {}{value}{at}", weak.of, weak.path);
        files
            .entry((&weak.place.file, weak.grade.to_string()))
            .or_default()
            .push(line);
        table.sources.insert(weak.source.clone());
    }
    for ((file, grade), lines) in files {
        table.row([file.to_owned(), grade, lines.join(", ")]);
    }
    table
}
