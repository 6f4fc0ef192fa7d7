//! Writes a page as one self-contained HTML file: no script, no font, nothing to fetch.

use crate::view::{Block, Page, Section, Table};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("html/page.css");

/// The page as HTML.
pub(crate) fn page(page: &Page) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (page.title) }
                    p.inputs { (page.subtitle) }
                    nav aria-label="parts" {
                        ol {
                            @for section in &page.sections {
                                li { a href={ "#" (anchor(&section.title)) } { (section.title) } }
                            }
                        }
                    }
                }
                main { @for part in &page.sections { (section(part)) } }
                footer {
                    p { "Written by strait. No legal and no investment advice." }
                    p { "Cite as: " (page.title) ", " (page.subtitle) ". Data: strait contributors, CC BY 4.0." }
                }
            }
        }
    }
    .into_string()
}

fn anchor(title: &str) -> String {
    let plain = title.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    format!("part-{}", plain.collect::<String>().trim_matches('-'))
}

fn section(section: &Section) -> Markup {
    html! {
        section id=(anchor(&section.title)) {
            h2 { (section.title) }
            @let sources = section.title == "Sources";
            @for part in &section.blocks { (block(part, sources)) }
        }
    }
}

fn block(block: &Block, register: bool) -> Markup {
    html! {
        @match block {
            Block::Lead(text) => p.lead { (text) },
            Block::Text(text) => p { (text) },
            Block::Items(items) => ul { @for item in items { li { (item) } } },
            Block::Table(content) => (table(content, register)),
            Block::Chart(_, chart) => figure { (PreEscaped(&chart.svg)) },
            Block::Folded(title, inner) => details {
                summary { (title) }
                @for part in inner { (self::block(part, false)) }
            },
        }
    }
}

fn table(table: &Table, register: bool) -> Markup {
    html! {
        div.table tabindex="0" role="region" aria-label=(table.title) {
            table {
                caption { (table.title) }
                @if table.head.iter().any(|h| !h.is_empty()) {
                    thead { tr { @for head in &table.head { th scope="col" { (head) } } } }
                }
                tbody {
                    @for row in &table.rows {
                        @let id = register.then(|| format!("source-{}", row[0]));
                        tr id=[id] {
                            @for (n, cell) in row.iter().enumerate() {
                                @if n == 0 { th scope="row" class=[kind(cell)] { (cell) } }
                                @else { td class=[kind(cell)] { (linked(cell)) } }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(note) = &table.note { p.note { (note) } }
        (behind(table))
    }
}

/// Sources of a table, and every figure behind it with its file and line.
fn behind(table: &Table) -> Markup {
    let sources = table.all_sources();
    html! {
        @if !sources.is_empty() {
            p.note {
                "Sources: "
                @for (n, id) in sources.iter().enumerate() {
                    @if n > 0 { ", " }
                    a href={ "#source-" (id) } { (id) }
                }
            }
        }
        @if !table.figures.is_empty() {
            details {
                summary { (table.figures.len()) " figures behind this table" }
                ul.figures {
                    @for figure in &table.figures {
                        li { (figure.of) " " (figure.path) ": data/" (figure.place) " (" (figure.source) ", " (figure.grade) ")" }
                    }
                }
            }
        }
    }
}

/// Numbers stay on one line; sentences get the width to be read in, also where the table is wider than the screen.
fn kind(cell: &str) -> Option<&'static str> {
    const SENTENCE: usize = 60;
    if is_number(cell) {
        Some("n")
    } else {
        (cell.chars().count() > SENTENCE).then_some("long")
    }
}

fn is_number(cell: &str) -> bool {
    cell.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && cell.chars().filter(char::is_ascii_alphabetic).count() <= 3
}

/// A cell whose web addresses are links.
fn linked(cell: &str) -> Markup {
    html! {
        @for (n, word) in cell.split(' ').enumerate() {
            @if n > 0 { " " }
            @if word.starts_with("https://") || word.starts_with("http://") { a href=(word) rel="noreferrer" { (word) } }
            @else { (word) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_data_say_cannot_become_markup() {
        let mut table = Table::new("t", &["a", "b"]);
        table.row(["<script>", "see https://example.org/x?a=1&b=2"]);
        let page = Page {
            title: "<b>".into(),
            sections: vec![Section {
                title: "1. Part".into(),
                blocks: vec![Block::Table(table)],
            }],
            ..Page::default()
        };
        let html = super::page(&page);
        assert!(!html.contains("<script") && !html.contains("<b>"));
        assert!(html.contains("<a href=\"https://example.org/x?a=1&amp;b=2\""));
    }

    #[test]
    fn numbers_are_told_from_words() {
        assert!(is_number("1,240 (1,100–1,400)") && is_number("12 %"));
        assert!(!is_number("2025-04-09 (120 days old)") && !is_number("H20"));
    }
}
