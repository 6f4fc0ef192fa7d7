//! A scenario: what a user changes before anything is computed.
//!
//! Read from a TOML file. It reaches every part of the flow as plain data: `catalog` applies
//! [`Scenario::figures`], `rules` applies [`Scenario::rules`], `cost` applies [`Scenario::prices`], `market`
//! [`Scenario::market`].

mod market;
mod rules;

pub use market::{MarketChange, Verb};
pub use rules::{BoundChange, Comparator, LimbChange, LimbCondition, RuleChanges, Side};

use crate::data::Problem;
use crate::figure::When;
use serde::{Deserialize, Serialize};

/// Changes over the shipped data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
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
}

/// One price fixed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceChange {
    /// Chip id or name.
    pub chip: String,
    /// Two-letter place.
    pub place: String,
    /// Price of one chip, US dollars.
    pub usd: f64,
    /// From when; always, where absent.
    pub from: Option<When>,
}

impl Scenario {
    /// Reads one from a file's text.
    ///
    /// # Errors
    /// With the line of the first thing that is no scenario.
    pub fn read(file: &str, text: &str) -> Result<Self, Problem> {
        let scenario: Self = toml::from_str(text).map_err(|e| Problem::from_toml(file, text, &e))?;
        if let Some(bad) = scenario
            .prices
            .iter()
            .find(|p| !p.usd.is_finite() || p.usd <= 0.0)
        {
            return Err(
                Problem::in_file(file, format!("price of `{}` is `{}`", bad.chip, bad.usd))
                    .help("a price is a positive number of US dollars a chip"),
            );
        }
        if let Some(bad) = scenario
            .figures
            .iter()
            .find(|f| !f.value.is_finite() || f.value < 0.0)
        {
            return Err(Problem::in_file(
                file,
                format!("`{}` of `{}` is `{}`", bad.figure, bad.chip, bad.value),
            )
            .help("a figure is a finite number of zero or more"));
        }
        if let Some(problem) = scenario.market.iter().find_map(|change| change.problem(file)) {
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

    /// The same scenario with every instrument of one side left out as well.
    #[must_use]
    pub fn without_side(mut self, side: Side) -> Self {
        if !self.rules.without_side.contains(&side) {
            self.rules.without_side.push(side);
        }
        self
    }
}
