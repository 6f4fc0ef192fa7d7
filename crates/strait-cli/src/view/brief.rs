//! The brief as a page, its parts in the order they are read.

use super::{Block, Page, Section, Table, answer, cost, law, market, performance, weak};
use strait::brief::Brief;
use strait::catalog::ChipId;

/// Builds the page.
pub(crate) fn brief_page(brief: &Brief) -> Page {
    Page {
        title: format!("{} to {}", brief.subject.name, brief.to_name),
        subtitle: subtitle(brief),
        sections: vec![
            answer::section(brief),
            law::section(brief),
            performance::section(brief),
            cost::section(brief),
            market::section(brief),
            weak::section(brief),
            sources(brief),
        ],
    }
}

/// Name of a chip as tables and charts write it: without the form and memory that follow a comma or a bracket, unless
/// two chips mentioned would then have one name; the id of a chip without a name.
pub(super) fn name<'a>(brief: &'a Brief, chip: &'a ChipId) -> &'a str {
    let short = |name: &'a str| name.split([',', '(']).next().unwrap_or(name).trim_end();
    let Some(full) = brief.names.get(chip) else {
        return &chip.0;
    };
    let shared = brief
        .names
        .values()
        .filter(|other| short(other) == short(full))
        .count()
        > 1;
    if shared { full } else { short(full) }
}

fn subtitle(brief: &Brief) -> String {
    let header = &brief.strait;
    let scenario = header
        .made
        .scenario
        .as_ref()
        .map_or_else(String::new, |s| format!(" · scenario {s}"));
    format!(
        "asked `{}` to {} · on {} · as known on {}{scenario} · strait {} · data {} · seed {}",
        brief.subject.asked,
        brief.to,
        header.on,
        header.known,
        header.made.version,
        header.made.data,
        header.seed
    )
}

fn sources(brief: &Brief) -> Section {
    let mut section = Section::new("Sources");
    section.text(
        "Each place is a file and line of data/, where the figure stands with its date and its alternatives. \
         strait gives no legal and no investment advice.",
    );
    let mut table = Table::new(
        "What this brief rests on",
        &["id", "grade", "date", "title", "written in"],
    );
    for source in &brief.sources {
        let mut places: Vec<String> = source.places.iter().map(ToString::to_string).collect();
        places.dedup();
        let title = match &source.url {
            Some(url) => format!("{} {url}", source.title),
            None => source.title.clone(),
        };
        table.row([
            source.id.to_string(),
            source.grade.to_string(),
            source.date.clone().unwrap_or_default(),
            title,
            places.join(" "),
        ]);
    }
    section.blocks.push(Block::Table(table));
    section
}
