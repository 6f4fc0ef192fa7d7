//! A scenario: what a user changes before anything is computed.
//!
//! Read from a TOML file. It reaches every part of the flow as plain data: `catalog` applies
//! [`Scenario::figures`], `rules` applies [`Scenario::rules`], `cost` applies [`Scenario::prices`], `market`
//! [`Scenario::market`].

mod market;
mod rules;
mod words;

pub use market::{MarketChange, Verb};
pub use rules::{BoundChange, Comparator, LimbChange, LimbCondition, RuleChanges, Side};

use crate::data::{Problem, line_of};
use crate::figure::{Place, When};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use toml::Spanned;

/// Changes over the shipped data.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scenario {
    /// Short name, shown with every answer computed under it.
    pub id: String,
    /// One line on what it asks.
    pub title: String,
    /// Instruments left out or switched on, bounds moved, limbs added.
    pub rules: RuleChanges,
    /// Figures of chips replaced.
    #[serde(rename = "figure")]
    pub figures: Vec<FigureChange>,
    /// Prices fixed.
    #[serde(rename = "price")]
    pub prices: Vec<PriceChange>,
    /// Changes of the quarterly market: bans, caps, levies, guidance, supply, demand.
    pub market: Vec<MarketChange>,
    /// What others published of its question: rows of `revenue.csv` (`revenue:VENDOR/PERIOD/METRIC/BASIS`) and of
    /// `china_share.csv` (`share:ID`), told beside a run of the market. They change nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<String>,
    /// Its file.
    #[serde(skip)]
    pub written: Place,
}

/// One figure of one chip replaced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureChange {
    /// Chip id or name.
    pub chip: String,
    /// Dotted path (`memory.bandwidth`).
    pub figure: String,
    /// New value, in the figure's own unit.
    pub value: f64,
    /// From when; always, where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    /// Where it is written.
    #[serde(skip)]
    pub written: Place,
}

/// One price fixed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceChange {
    /// Chip id or name.
    pub chip: String,
    /// Country.
    pub place: String,
    /// Price of one chip, US dollars.
    pub usd: f64,
    /// From when; always, where absent.
    pub from: Option<When>,
    /// Where it is written.
    #[serde(skip)]
    pub written: Place,
}

/// A scenario as its file writes it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    id: String,
    title: String,
    rules: rules::RawRules,
    figure: Vec<Spanned<FigureChange>>,
    price: Vec<Spanned<PriceChange>>,
    market: Vec<Spanned<MarketChange>>,
    beside: Vec<String>,
}

/// The changes of one kind, each told where it is written.
fn placed<T>(
    file: &str,
    text: &str,
    changes: Vec<Spanned<T>>,
    written: impl Fn(&mut T) -> &mut Place,
) -> Vec<T> {
    let placed = |change: Spanned<T>| {
        let place = Place::line(file, line_of(text, change.span().start));
        let mut change = change.into_inner();
        *written(&mut change) = place;
        change
    };
    changes.into_iter().map(placed).collect()
}

impl Scenario {
    /// Reads one from a file's text.
    ///
    /// # Errors
    /// With the line of the first thing that is no scenario.
    pub fn read(file: &str, text: &str) -> Result<Self, Problem> {
        let raw: Raw = toml::from_str(text).map_err(|e| Problem::from_toml(file, text, &e))?;
        if text.parse::<toml::Table>().is_ok_and(|t| t.is_empty()) {
            let message = "the scenario is empty";
            return Err(Problem::in_file(file, message).help(
                "give it an `id` and what it changes (`[[market]]`, `[rules]`, `[[figure]]`, `[[price]]`); to change nothing, leave `--scenario` out",
            ));
        }
        let scenario = Self {
            id: raw.id,
            title: raw.title,
            rules: raw.rules.placed(file, text),
            figures: placed(file, text, raw.figure, |c| &mut c.written),
            prices: placed(file, text, raw.price, |c| &mut c.written),
            market: placed(file, text, raw.market, |c| &mut c.written),
            beside: raw.beside,
            written: Place::whole(file),
        };
        let not_positive = |p: &&PriceChange| !p.usd.is_finite() || p.usd <= 0.0;
        if let Some(bad) = scenario.prices.iter().find(not_positive) {
            let message = format!("price of `{}` is `{}`", bad.chip, bad.usd);
            let help = "a price is a positive number of US dollars a chip";
            return Err(Problem::at(bad.written.clone(), message).help(help));
        }
        if scenario.rules.with_from.is_some() && scenario.rules.with.is_empty() {
            let message = "`with_from` says from when nothing is in force";
            return Err(Problem::in_file(file, message).help("name proposed instruments in `with`"));
        }
        if let Some(problem) = scenario.market.iter().find_map(MarketChange::problem) {
            return Err(problem);
        }
        let mut pairs = scenario.market.iter().enumerate();
        if let Some(problem) =
            pairs.find_map(|(n, b)| scenario.market[..n].iter().find_map(|a| a.contradicted_by(b)))
        {
            return Err(problem);
        }
        Ok(scenario)
    }

    /// True where nothing is changed.
    pub fn is_baseline(&self) -> bool {
        self.rules == RuleChanges::default()
            && self.figures.is_empty()
            && self.prices.is_empty()
            && self.market.is_empty()
    }

    /// What it is called beside an answer: its id, or its file where it has none; nothing where nothing is changed.
    pub fn label(&self) -> Option<&str> {
        let called = if self.id.is_empty() {
            &self.written.file
        } else {
            &self.id
        };
        (!self.is_baseline()).then_some(called)
    }

    /// The days from which figures of chips are replaced, earliest first.
    pub fn figure_days(&self) -> Vec<Date> {
        let dated = self.figures.iter().filter_map(|f| f.from);
        let days: BTreeSet<Date> = dated.map(|from| from.first()).collect();
        days.into_iter().collect()
    }

    /// The scenario as it holds on a day, or before every day it names: figures replaced from a later day are left out, of two
    /// values of one figure the later holds, and none names a day any more.
    #[must_use]
    pub fn on(&self, day: Option<Date>) -> Self {
        let mut held = self.clone();
        let begins = |f: &FigureChange| f.from.map(|from| from.first());
        held.figures
            .retain(|f| begins(f).is_none_or(|from| day.is_some_and(|day| from <= day)));
        held.figures.sort_by_key(begins);
        held.figures.iter_mut().for_each(|f| f.from = None);
        held
    }

    /// The same scenario with every instrument of one side left out as well.
    #[must_use]
    pub fn without_side(mut self, side: Side) -> Self {
        if !self.rules.without_side.contains(&side) {
            self.rules.without_side.push(side);
        }
        self
    }
}
