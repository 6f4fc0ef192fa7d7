//! One row's question: its cells over the defaults, the chip it names, and the law of its day.

use super::cells::{Cells, RowError};
use crate::args::Route;
use crate::input::{Stated, StatedIn, bundle, is_path, read};
use clap::ValueEnum;
use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use strait::catalog::{Catalog, Chip};
use strait::data::nearest;
use strait::rules::{AsOf, Findings, Item, LawBook, LawDay, Summary};

/// Days whose law is kept at one time; a file of rows seldom has more, and a day is quickly made again.
const DAYS: usize = 512;

/// A row whose question is complete.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// Line in the file.
    pub(crate) line: u64,
    /// The user's own name of it; may be empty.
    pub(crate) id: String,
    /// Its cells as they stand.
    pub(crate) asked: String,
    /// Facts, with countries resolved and the origin derived.
    pub(crate) stated: Stated,
    /// The chip taken.
    pub(crate) item: Arc<Item<'a>>,
    /// The law of its day.
    law: Arc<OfDay<'a>>,
}

/// The law of a day, and what its codified text says where that is not enforced.
#[derive(Debug)]
struct OfDay<'a> {
    day: LawDay<'a>,
    text: Option<LawDay<'a>>,
}

impl<'a> Row<'a> {
    /// What the law says of it; `findings` serve one row after another.
    pub(crate) fn decide<'r>(&'r self, findings: &mut Findings<'r>) -> Result<Summary<'r>, RowError>
    where
        'a: 'r,
    {
        let tx = &self.stated.tx;
        let OfDay { day, text } = &*self.law;
        let decided = day.decide(&self.item, tx, findings);
        decided.map_err(|e| RowError::row(self.line, e.to_string()))?;
        Ok(day.summary(text.as_ref(), &self.item, tx, findings))
    }
}

/// What rows are asked of.
pub(crate) struct Asker<'a> {
    catalog: &'a Catalog,
    law: &'a LawBook,
    defaults: Stated,
    /// The chip of rows that name none.
    chip: Option<String>,
    /// By name as typed; a name that means nothing is looked up once only, too.
    items: Kept<String, Result<Arc<Item<'a>>, String>>,
    days: Kept<AsOf, Arc<OfDay<'a>>>,
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
            items: Kept::default(),
            days: Kept::default(),
        }
    }

    /// The question of a row.
    pub(crate) fn row(&self, cells: &Cells<'_>) -> Result<Row<'a>, RowError> {
        let wrong = |field: &str, message: String| RowError::new(cells.line, field, message);
        let named = cells.chip.as_deref().or(self.chip.as_deref());
        let named = named.ok_or_else(|| {
            wrong(
                "chip",
                "no chip named; expected a name as `strait chips` lists it".into(),
            )
        })?;
        let item = self.item(named.trim()).map_err(|m| wrong("chip", m))?;
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
            .settle(self.designer(&item), &self.law.places, StatedIn::Columns)
            .map_err(|e| wrong(e.field, format!("{}; {}", e.message, e.help)))?;
        stated.tx.chip.clone_from(&item.chip().id);
        let as_of = AsOf::of(&stated.tx);
        let law = match self.days.get(&as_of) {
            Some(law) => law,
            None => {
                let day = self.law.day(as_of).map_err(|e| wrong("on", e.to_string()))?;
                let text = day.codified_text();
                self.days.keep(as_of, Arc::new(OfDay { day, text }), DAYS)
            }
        };
        let mut asked = String::with_capacity(48);
        cells.stated(&mut asked);
        Ok(Row {
            line: cells.line,
            id: cells.id.trim().to_owned(),
            asked,
            item,
            stated,
            law,
        })
    }

    fn designer(&self, item: &Item<'a>) -> Option<&'a str> {
        self.catalog.designer_country(item.chip())
    }

    /// The chip of a name, each name resolved once.
    fn item(&self, named: &str) -> Result<Arc<Item<'a>>, String> {
        match self.items.get(named) {
            Some(found) => found,
            None => self.items.keep(named.to_owned(), self.prepare(named), usize::MAX),
        }
    }

    fn prepare(&self, named: &str) -> Result<Arc<Item<'a>>, String> {
        let chip = self.chip(named).map_err(|report| {
            let mut message = report.to_string();
            if let Some(first) = report.related().and_then(|mut all| all.next()) {
                message = format!("{message}, first {first}");
            }
            match report.help() {
                Some(help) => format!("{message}; {help}"),
                None => message,
            }
        })?;
        let designer = self.catalog.designer_country(chip);
        Ok(Arc::new(Item::new(
            chip,
            designer,
            self.catalog.foundry_country_of(chip),
        )))
    }

    fn chip(&self, named: &str) -> miette::Result<&'a Chip> {
        if !is_path(named) {
            return Ok(self.catalog.resolve(named)?.chip);
        }
        let text = read(Path::new(named))?;
        let chip = self.catalog.read_chip(named, &text).map_err(bundle)?;
        // Kept until the program ends, as the catalog is: each file is read once.
        Ok(Box::leak(Box::new(chip)))
    }
}

/// Values made once and shared between threads.
struct Kept<K, V>(RwLock<HashMap<K, V>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(RwLock::new(HashMap::new()))
    }
}

impl<K: Hash + Eq, V: Clone> Kept<K, V> {
    fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
    {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).cloned()
    }

    /// Keeps a value, unless another thread was quicker; where there are too many, all go first.
    fn keep(&self, key: K, value: V, most: usize) -> V {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= most {
            kept.clear();
        }
        kept.entry(key).or_insert(value).clone()
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
