//! Part 6: the figures to be careful with, those that would change the answer first.

use super::{Section, Table};
use strait::brief::Brief;

pub(super) fn section(brief: &Brief) -> Section {
    let mut section = Section::new("6. Which figures are weak");
    if brief.weak.is_empty() {
        section.text("No figure that this answer rests on is disputed, rumoured, recalled or assumed.");
    }
    let mut table = Table::new(
        "Disputed, rumoured, recalled and assumed figures behind this answer",
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
    let mut rows: Vec<_> = brief.weak.iter().collect();
    rows.sort_by_key(|w| match w.changes {
        Some(true) => 0,
        None => 1,
        Some(false) => 2,
    });
    for weak in rows {
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
    section.table(table);
    section
}
