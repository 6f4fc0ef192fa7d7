//! What it costs: dated prices and rents, the owned hour, tokens, training runs, comparisons, fleets.
//!
//! Prices, exchange rates and tariffs are dated on both axes (the day they held, the day they became
//! public); the parameters of owning are figures with a source. No price is invented: a chip without a
//! published one is [`Outcome::Unknown`](crate::figure::Outcome::Unknown) until a scenario names one.

mod assume;
mod checks;
mod compare;
mod fleet;
mod fx;
mod hourly;
mod levies;
mod money;
mod owning;
mod pair;
mod parameters;
mod per_token;
mod prices;
mod published;
mod quoted;
mod region;
mod rent;
mod result;
mod select;
mod service;
mod tariffs;
mod tokens;
mod training_run;
mod validate;

pub use assume::Assumptions;
pub use compare::{Comparison, Side};
pub use fleet::{Candidate, FleetLimits, FleetPart, FleetPlan, NoFleet, fleet};
pub use fx::FxRate;
pub use levies::{Levy, LevyOn, LevyPaid};
pub use money::{InYuan, Money};
pub use pair::BreakEven;
pub use parameters::OutOfRange;
pub use per_token::{PerMillion, TokenCost, per_million};
pub use prices::{Currency, PriceRow, RentalRow};
pub use published::{HourOf, Modelled, Published, PublishedCheck, PublishedChecks, TokenError};
pub use quoted::{Quote, Quoted};
pub use region::{Regions, country_of};
pub use rent::Rent;
pub use result::{CostBasis, CostParts, HourlyCost, Price, PriceForm, PriceKind, PricePerformance, TiePrice};
pub use service::{Service, ServingRate, best_scale};
pub use training_run::{Training, TrainingRun};
pub use validate::{OwnershipCheck, Score, Use, Validation};

use crate::catalog::{Catalog, Chip};
use crate::data::{DataSet, Problem, Problems};
use crate::figure::{Need, Sources, UsdPerKilowattHour, When};
use crate::scenario::PriceChange;
use checks::ChipNames;
use fx::Rates;
use jiff::civil::Date;
use parameters::Parameters;
use tariffs::Tariffs;

/// Everything needed to say what a chip costs.
#[derive(Debug, Clone)]
pub struct CostModel {
    prices: Vec<PriceRow>,
    rentals: Vec<RentalRow>,
    rates: Rates,
    tariffs: Tariffs,
    parameters: Parameters,
    /// Prices of the scenario.
    fixed: Vec<PriceChange>,
    /// Prices stated beside it, which come before them.
    stated: Vec<PriceChange>,
    levies: Vec<Levy>,
    /// A user's tariff, in place of those of the data.
    tariff: Option<UsdPerKilowattHour>,
    verified_through: Date,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Meta {
    verified_through: When,
}

impl CostModel {
    /// Reads prices, exchange rates, tariffs and parameters; no price is fixed.
    ///
    /// # Errors
    /// Every row or parameter that does not fit, with file and line.
    pub fn load(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let names = ChipNames::read(data);
        let mut problems = Problems::default();
        let prices = noted(&mut problems, prices::read_prices(data, sources, &names));
        let rentals = noted(&mut problems, prices::read_rentals(data, sources, &names));
        let rates = noted(&mut problems, Rates::read(data, sources));
        let tariffs = noted(&mut problems, Tariffs::read(data, sources));
        let parameters = noted(&mut problems, Parameters::read(data, sources));
        let verified_through = noted(&mut problems, read_meta(data));
        match (prices, rentals, rates, tariffs, parameters, verified_through) {
            (
                Some(prices),
                Some(rentals),
                Some(rates),
                Some(tariffs),
                Some(parameters),
                Some(verified_through),
            ) => Ok(Self {
                prices,
                rentals,
                rates,
                tariffs,
                parameters,
                fixed: Vec::new(),
                stated: Vec::new(),
                levies: Vec::new(),
                tariff: None,
                verified_through,
            }),
            _ => Err(problems),
        }
    }

    /// The same model with the prices of a scenario, their chips by id and their places by code.
    #[must_use]
    pub fn fixing(mut self, prices: Vec<PriceChange>) -> Self {
        self.fixed = prices;
        self
    }

    /// The same model with one price stated: it counts before those of the scenario and any stated earlier for the
    /// same chip and place.
    #[must_use]
    pub fn with_price(mut self, price: PriceChange) -> Self {
        self.stated
            .retain(|p| (&p.chip, &p.place) != (&price.chip, &price.place));
        self.stated.push(price);
        self
    }

    /// The same model with levies on sales, which every price of their chip then takes into account.
    #[must_use]
    pub fn with_levies(mut self, levies: impl IntoIterator<Item = Levy>) -> Self {
        self.levies.extend(levies);
        self
    }

    /// Last day through which prices, rents, tariffs and rates were looked for.
    pub fn verified_through(&self) -> Date {
        self.verified_through
    }

    /// Days by which `on` lies past that day; zero where it does not.
    pub fn days_past(&self, on: Date) -> i64 {
        fx::days(self.verified_through, on).max(0)
    }

    /// Refuses a price of the scenario for a chip that neither the catalog has nor is one of the user's `own`: it would
    /// change nothing without a word.
    ///
    /// # Errors
    /// Each of them, with the nearest names.
    pub fn check_prices<'a>(
        &self,
        catalog: &Catalog,
        own: impl Iterator<Item = &'a Chip> + Clone,
    ) -> Result<(), Problems> {
        let mut problems = Problems::default();
        for price in &self.fixed {
            if own.clone().any(|chip| chip.is_called(&price.chip)) {
                continue;
            }
            if let Err(unknown) = catalog.resolve(&price.chip) {
                let problem = Problem::at(price.written.clone(), unknown.to_string());
                let near = unknown.near.join("`, `");
                problems.push(if near.is_empty() {
                    problem.help("`strait chips` lists every id")
                } else {
                    problem.help(format!("did you mean `{near}`?"))
                });
            }
        }
        problems.or(())
    }

    /// The latest exchange rate dated on or before `on` and public by `known`; none before the first.
    pub fn fx(&self, on: Date, known: Date) -> Option<FxRate> {
        self.rates.on(on, known)
    }
}

fn read_meta(data: &DataSet) -> Result<Date, Problems> {
    const FILE: &str = "cost/meta.toml";
    let missing = || Problem::in_file(FILE, "the file is missing").help("it holds `verified_through`");
    let file = data.get(FILE).ok_or_else(missing)?;
    let meta: Meta = toml::from_str(file.text).map_err(|e| Problem::from_toml(FILE, file.text, &e))?;
    Ok(meta.verified_through.last())
}

fn noted<T>(problems: &mut Problems, read: Result<T, Problems>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(found) => {
            problems.0.extend(found.0);
            None
        }
    }
}

fn need(fact: String, flag: &str, why: &str) -> Need {
    Need {
        fact,
        flag: Some(flag.to_owned()),
        why: why.to_owned(),
        flips: Vec::new(),
    }
}
