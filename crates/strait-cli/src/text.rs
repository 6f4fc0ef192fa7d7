//! Writes a page as terminal text.

use crate::view::{Block, Page, Section, Table};
use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table as Grid, TableStyle, Width};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Columns where the output is no terminal.
const PLAIN_WIDTH: u16 = 120;
/// Narrowest width that tables are laid out for.
const NARROWEST: u16 = 60;
/// Longest name that is kept on one line.
const LONGEST_ID: usize = 28;

/// How to lay text out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// Columns.
    pub(crate) width: u16,
    /// Whether folded blocks are shown.
    pub(crate) unfold: bool,
}

impl Layout {
    /// For the terminal that standard output goes to, or for a file or pipe.
    pub(crate) fn of_stdout(unfold: bool) -> Self {
        let width = Grid::new().width().unwrap_or(PLAIN_WIDTH);
        Self {
            width: width.max(NARROWEST),
            unfold,
        }
    }
}

/// The page as text, ending in a line break.
pub(crate) fn page(page: &Page, layout: Layout) -> String {
    let mut out = String::new();
    let bar = "═".repeat(page.title.chars().count());
    writeln!(out, "{}\n{bar}", page.title).expect("to a string");
    if !page.subtitle.is_empty() {
        wrap(&mut out, &page.subtitle, "", layout.width);
    }
    for part in &page.sections {
        section(&mut out, part, layout);
    }
    out
}

fn section(out: &mut String, section: &Section, layout: Layout) {
    if !section.title.is_empty() {
        let bar = "─".repeat(section.title.chars().count());
        writeln!(out, "\n{}\n{bar}", section.title).expect("to a string");
    }
    for block in &section.blocks {
        write_block(out, block, layout);
    }
}

fn write_block(out: &mut String, block: &Block, layout: Layout) {
    match block {
        Block::Lead(text) | Block::Text(text) => {
            out.push('\n');
            wrap(out, text, "", layout.width);
        }
        Block::Items(items) => {
            for item in items {
                wrap(out, item, "  - ", layout.width);
            }
        }
        Block::Table(table) => write_table(out, table, layout),
        Block::Chart(..) => {}
        Block::Folded(title, inner) => {
            if layout.unfold {
                writeln!(out, "\n{title}").expect("to a string");
                for block in inner {
                    write_block(out, block, layout);
                }
            }
        }
    }
}

fn write_table(out: &mut String, table: &Table, layout: Layout) {
    let mut grid = Grid::new();
    grid.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(layout.width);
    if table.head.iter().any(|h| !h.is_empty()) {
        grid.set_header(&table.head);
    }
    for row in &table.rows {
        grid.add_row(row);
    }
    keep_ids_whole(&mut grid, table);
    writeln!(out, "\n{}", table.title).expect("to a string");
    for line in grid.to_string().lines() {
        writeln!(out, "{}", line.trim_end()).expect("to a string");
    }
    if let Some(note) = &table.note {
        wrap(out, note, "  ", layout.width);
    }
    let sources: Vec<String> = table.all_sources().into_iter().map(ToString::to_string).collect();
    if !sources.is_empty() {
        let files: BTreeSet<&str> = table.figures.iter().map(|f| f.place.file.as_str()).collect();
        let files = if files.is_empty() {
            String::new()
        } else {
            format!("; files: {}", files.into_iter().collect::<Vec<_>>().join(", "))
        };
        wrap(
            out,
            &format!("sources: {}{files}", sources.join(", ")),
            "  ",
            layout.width,
        );
    }
}

/// Columns of short names (ids, dates) are not broken; long texts give way instead.
fn keep_ids_whole(grid: &mut Grid, table: &Table) {
    for n in 0..table.head.len().min(2) {
        let cells = || table.rows.iter().filter_map(|row| row.get(n));
        let longest = cells().map(|cell| cell.chars().count()).max().unwrap_or(0);
        let names = longest <= LONGEST_ID && cells().all(|cell| !cell.contains(' '));
        if let (true, Some(column), Ok(width)) = (names, grid.column_mut(n), u16::try_from(longest + 2)) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
    }
}

/// Writes `text` with `lead` before its first line, broken at spaces.
fn wrap(out: &mut String, text: &str, lead: &str, width: u16) {
    let width = usize::from(width);
    let indent = " ".repeat(lead.chars().count());
    let mut line = lead.to_owned();
    let mut used = lead.chars().count();
    let mut fresh = true;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !fresh && used + 1 + length > width {
            writeln!(out, "{line}").expect("to a string");
            line.clone_from(&indent);
            used = indent.len();
            fresh = true;
        }
        if !fresh {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
        fresh = false;
    }
    writeln!(out, "{line}").expect("to a string");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_spaces_and_keeps_the_indent() {
        let mut out = String::new();
        wrap(&mut out, "aaa bbb ccc", "- ", 9);
        assert_eq!(out, "- aaa bbb\n  ccc\n");
    }

    #[test]
    fn a_table_names_its_sources() {
        let mut table = Table::new("Prices", &["chip", "USD"]);
        table.row(["H20", "12,000"]);
        table
            .sources
            .insert(strait::figure::SourceId("press-2025".into()));
        let layout = Layout {
            width: 60,
            unfold: false,
        };
        let mut text = String::new();
        write_block(&mut text, &Block::Table(table), layout);
        assert!(
            text.contains("H20") && text.contains("sources: press-2025"),
            "{text}"
        );
    }
}
