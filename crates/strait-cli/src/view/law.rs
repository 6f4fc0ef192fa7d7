//! Part 2 of a brief: the verdict, what changed when, what comes, what happened.

use super::number::word;
use super::verdict::{explanation, sources, verdict_blocks};
use super::{Block, Section, Table, timeline};
use strait::brief::Brief;

pub(super) fn section(brief: &Brief) -> Section {
    let mut section = Section::new("2. The law");
    let law = &brief.law;
    section.blocks.extend(verdict_blocks(&law.verdict));
    section.chart(
        "law",
        timeline::chart(
            &brief.subject.name,
            &brief.to_name,
            (brief.strait.on, brief.strait.known),
            &law.timeline,
        ),
    );
    let mut changes = Table::new(
        "What changed when",
        &["day", "US license", "China side", "instruments", "what"],
    );
    for row in &law.timeline {
        changes.row([
            row.on.to_string(),
            change(&word(&row.license.0), &word(&row.license.1)),
            change(&word(&row.china.0), &word(&row.china.1)),
            row.instruments.join(", "),
            row.text.clone(),
        ]);
    }
    changes.sources = sources(&law.verdict);
    section.table(changes);
    upcoming(brief, &mut section);
    let practice = law
        .verdict
        .practice
        .iter()
        .map(|p| format!("{}: {} ({}, {})", p.when, p.what, p.source, p.grade))
        .collect();
    section.items("What happened beside the law:", practice);
    section.blocks.push(Block::Folded(
        "How the verdict was reached".into(),
        explanation(&law.verdict),
    ));
    section
}

/// Events shown before the rest is folded away.
const NEXT: usize = 10;

fn upcoming(brief: &Brief, section: &mut Section) {
    let events = &brief.law.upcoming;
    let line = format!(
        "Dated after {}, as known on {}:",
        brief.strait.on, brief.strait.known
    );
    let mut items: Vec<String> = events
        .iter()
        .map(|u| format!("{}: {} ({})", u.when, u.text, u.instrument))
        .collect();
    let later = items.split_off(items.len().min(NEXT));
    section.items(&line, items);
    if !later.is_empty() {
        let title = format!("{} later events", later.len());
        section
            .blocks
            .push(Block::Folded(title, vec![Block::Items(later)]));
    }
}

fn change(before: &str, after: &str) -> String {
    if before == after {
        after.to_owned()
    } else {
        format!("{before} → {after}")
    }
}
