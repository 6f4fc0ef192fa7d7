//! The blocks a page is made of.

use crate::chart::Chart;
use std::collections::BTreeSet;
use strait::brief::Made;
use strait::figure::{FigureRef, SourceId, Sources};

/// A whole answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// Title.
    pub(crate) title: String,
    /// One line below it: inputs and versions.
    pub(crate) subtitle: String,
    /// Parts in order.
    pub(crate) sections: Vec<Section>,
}

impl Page {
    /// The same with the scenario it was made under, where there is one.
    pub(crate) fn under(mut self, made: &Made) -> Self {
        if let Some(scenario) = &made.scenario {
            let between = if self.subtitle.is_empty() { "" } else { " · " };
            self.subtitle = format!("{}{between}scenario {scenario}", self.subtitle);
        }
        self
    }
}

/// A part with a heading.
#[derive(Debug, Clone, Default)]
pub(crate) struct Section {
    /// Heading.
    pub(crate) title: String,
    /// Content.
    pub(crate) blocks: Vec<Block>,
}

/// A piece of content.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    /// The sentences that answer, set larger.
    Lead(String),
    /// A paragraph.
    Text(String),
    /// A list.
    Items(Vec<String>),
    /// A table.
    Table(Table),
    /// A picture and the name of its file; the terminal leaves it out, its numbers stand in the table that follows.
    Chart(&'static str, Chart),
    /// Folded away on paper and screen until asked for.
    Folded(String, Vec<Block>),
}

/// A table with its sources.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// What it shows.
    pub(crate) title: String,
    /// Column heads.
    pub(crate) head: Vec<String>,
    /// Rows; each as long as the head.
    pub(crate) rows: Vec<Vec<String>>,
    /// Sources that no figure names.
    pub(crate) sources: BTreeSet<SourceId>,
    /// Figures of `data/` that it rests on.
    pub(crate) figures: BTreeSet<FigureRef>,
    /// A remark.
    pub(crate) note: Option<String>,
}

impl Table {
    /// An empty table with heads.
    pub(crate) fn new(title: impl Into<String>, head: &[&str]) -> Self {
        Self {
            title: title.into(),
            head: head.iter().map(|h| (*h).to_owned()).collect(),
            ..Self::default()
        }
    }

    /// The sources with these ids: date, title, address.
    pub(crate) fn of_sources<'a>(ids: impl IntoIterator<Item = &'a SourceId>, register: &Sources) -> Self {
        let mut table = Self::new("", &["id", "date", "title"]);
        for source in ids.into_iter().filter_map(|id| register.get(id)) {
            let title = match &source.url {
                Some(url) => format!("{} {url}", source.title),
                None => source.title.clone(),
            };
            let date = source.date.map_or_else(String::new, |date| date.to_string());
            table.row([source.id.to_string(), date, title]);
        }
        table
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Every source behind it, each once.
    pub(crate) fn all_sources(&self) -> BTreeSet<&SourceId> {
        self.sources
            .iter()
            .chain(self.figures.iter().map(|f| &f.source))
            .collect()
    }
}

impl Page {
    /// Every chart with the name of its file.
    pub(crate) fn charts(&self) -> impl Iterator<Item = (&'static str, &Chart)> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        blocks.filter_map(|block| match block {
            Block::Chart(name, chart) => Some((*name, chart)),
            _ => None,
        })
    }
}

impl Section {
    /// An empty part.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            blocks: Vec::new(),
        }
    }

    /// Adds a paragraph.
    pub(crate) fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds a list under a line, where it has items.
    pub(crate) fn items(&mut self, line: &str, items: Vec<String>) {
        if !items.is_empty() {
            self.text(line);
            self.blocks.push(Block::Items(items));
        }
    }

    /// Adds a table, where it has rows.
    pub(crate) fn table(&mut self, table: Table) {
        if !table.rows.is_empty() {
            self.blocks.push(Block::Table(table));
        }
    }

    /// Adds a picture, where there is one.
    pub(crate) fn chart(&mut self, name: &'static str, chart: Chart) {
        if !chart.svg.is_empty() {
            self.blocks.push(Block::Chart(name, chart));
        }
    }
}
