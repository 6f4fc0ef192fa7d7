//! One row's question: its cells over the defaults, the chip it names, and the verdict.

use super::cells::{Cells, RowError};
use super::outcome::Outcome;
use crate::args::Route;
use crate::input::{self, Stated, foundry_country};
use clap::ValueEnum;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use strait::catalog::{Catalog, Chip};
use strait::data::nearest;
use strait::rules::LawBook;

/// A chip as named in a row, with what every verdict on it needs.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The chip taken.
    pub(crate) chip: Chip,
    /// Country of its designer.
    pub(crate) designer: Option<String>,
    /// Country of its foundry.
    pub(crate) foundry: Option<String>,
}

/// A row whose question is complete.
#[derive(Debug)]
pub(crate) struct Row {
    /// Line in the file.
    pub(crate) line: u64,
    /// The user's own name of it; may be empty.
    pub(crate) id: String,
    /// Its cells as they stand.
    pub(crate) asked: String,
    /// The chip taken.
    pub(crate) chip: Arc<Prepared>,
    /// Facts, with countries resolved and the origin derived.
    pub(crate) stated: Stated,
}

/// What rows are asked of.
pub(crate) struct Asker<'a> {
    catalog: &'a Catalog,
    law: &'a LawBook,
    defaults: Stated,
    /// The chip of rows that name none.
    chip: Option<String>,
    /// By name as typed; a name that means nothing is looked up once only, too.
    chips: RwLock<HashMap<String, Result<Arc<Prepared>, String>>>,
}

impl<'a> Asker<'a> {
    /// `defaults` and `chip` hold for rows that do not say otherwise.
    pub(crate) fn new(
        catalog: &'a Catalog,
        law: &'a LawBook,
        defaults: Stated,
        chip: Option<String>,
    ) -> Self {
        Self {
            catalog,
            law,
            defaults,
            chip,
            chips: RwLock::new(HashMap::new()),
        }
    }

    /// The question of a row.
    pub(crate) fn row(&self, cells: &Cells<'_>) -> Result<Row, RowError> {
        let wrong = |field: &str, message: String| RowError::new(cells.line, field, message);
        let named = cells.chip.as_deref().or(self.chip.as_deref());
        let named = named.ok_or_else(|| {
            wrong(
                "chip",
                "no chip named; expected a name as `strait chips` lists it".into(),
            )
        })?;
        let chip = self.chip(named.trim()).map_err(|m| wrong("chip", m))?;
        let mut stated = self.defaults.clone();
        for (fact, text) in &cells.facts {
            stated
                .tx
                .set(*fact, text)
                .map_err(|e| wrong(fact.name(), e.to_string()))?;
        }
        if let Some(text) = &cells.route {
            stated.route = Some(route(text).map_err(|m| wrong("route", m))?);
        }
        stated
            .settle(chip.designer.as_deref(), &self.law.places)
            .map_err(|e| wrong(e.field, format!("{}; {}", e.message, e.help)))?;
        stated.tx.chip.clone_from(&chip.chip.id);
        let mut asked = String::with_capacity(48);
        cells.stated(&mut asked);
        Ok(Row {
            line: cells.line,
            id: cells.id.trim().to_owned(),
            asked,
            chip,
            stated,
        })
    }

    /// What the law says of it.
    pub(crate) fn decide(&self, row: &Row) -> Result<Outcome, RowError> {
        let chip = &row.chip;
        self.law
            .check(
                &chip.chip,
                chip.designer.as_deref(),
                chip.foundry.as_deref(),
                &row.stated.tx,
            )
            .map(Outcome::from)
            .map_err(|e| RowError::row(row.line, e.to_string()))
    }

    /// The chip of a name, each name resolved once.
    fn chip(&self, named: &str) -> Result<Arc<Prepared>, String> {
        let known = self.chips.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(named) {
            return found.clone();
        }
        drop(known);
        let found = self.prepare(named);
        let mut known = self.chips.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(named.to_owned()).or_insert(found).clone()
    }

    fn prepare(&self, named: &str) -> Result<Arc<Prepared>, String> {
        let found = input::chip(self.catalog, named).map_err(|report| {
            let mut message = report.to_string();
            if let Some(related) = report.related().and_then(|mut all| all.next()) {
                message = format!("{message}, first {related}");
            }
            match report.help() {
                Some(help) => format!("{message}; {help}"),
                None => message,
            }
        })?;
        Ok(Arc::new(Prepared {
            designer: self.catalog.designer_country(&found.chip).map(str::to_owned),
            foundry: foundry_country(self.catalog, &found.chip).map(str::to_owned),
            chip: found.chip,
        }))
    }
}

fn route(text: &str) -> Result<Route, String> {
    let text = text.trim();
    Route::from_str(text, true).map_err(|_| {
        let words: Vec<&str> = Route::value_variants().iter().map(|r| r.word()).collect();
        let near = nearest(text, words.iter().copied());
        let hint = near
            .first()
            .map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
        format!("`{text}` is no route; expected `{}`{hint}", words.join("`, `"))
    })
}
