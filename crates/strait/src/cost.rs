//! What it costs: dated prices, owned cost by the hour, price performance, break-even prices.
//!
//! Prices, exchange rates and tariffs are dated on both axes (the day they held, the day they became
//! public); the parameters of owning are figures with a source. No price is invented: a chip without a
//! published one is [`Outcome::Unknown`] until a scenario names one.

mod checks;
mod dated;
mod hourly;
mod parameters;
mod prices;
mod result;
mod select;
mod tokens;
mod validate;

pub use dated::FxRate;
pub use prices::{Currency, PriceRow, RentalRow};
pub use result::{CostBasis, CostParts, HourlyCost, Price, PriceForm, PriceKind, PricePerformance, TiePrice};
pub use validate::{OwnershipCheck, Use, Validation};

use crate::catalog::Chip;
use crate::data::{DataSet, Problems};
use crate::figure::{Estimate, FigureRef, Need, Outcome, Quantity, Sources, Usd, UsdPerKilowattHour, Watts};
use crate::perf::Performance;
use crate::scenario::{PriceChange, Scenario};
use checks::ChipNames;
use dated::{Rates, Tariffs};
use jiff::civil::Date;
use parameters::Parameters;
use select::Shelf;

/// Everything needed to say what a chip costs.
#[derive(Debug, Clone)]
pub struct CostModel {
    prices: Vec<PriceRow>,
    rentals: Vec<RentalRow>,
    rates: Rates,
    tariffs: Tariffs,
    parameters: Parameters,
    scenario: Scenario,
}

impl CostModel {
    /// The same model with one price fixed beside those of its scenario.
    #[must_use]
    pub fn with_price(mut self, price: PriceChange) -> Self {
        self.scenario.prices.insert(0, price);
        self
    }

    /// Reads prices, exchange rates, tariffs and parameters.
    ///
    /// # Errors
    /// Every row or parameter that does not fit, with file and line.
    pub fn load(data: &DataSet, scenario: &Scenario, sources: &Sources) -> Result<Self, Problems> {
        let names = ChipNames::read(data);
        let mut problems = Problems::default();
        let prices = noted(&mut problems, prices::read_prices(data, sources, &names));
        let rentals = noted(&mut problems, prices::read_rentals(data, sources, &names));
        let rates = noted(&mut problems, Rates::read(data, sources));
        let tariffs = noted(&mut problems, Tariffs::read(data, sources));
        let parameters = noted(&mut problems, Parameters::read(data, sources));
        match (prices, rentals, rates, tariffs, parameters) {
            (Some(prices), Some(rentals), Some(rates), Some(tariffs), Some(parameters)) => Ok(Self {
                prices,
                rentals,
                rates,
                tariffs,
                parameters,
                scenario: scenario.clone(),
            }),
            _ => Err(problems),
        }
    }

    fn shelf(&self) -> Shelf<'_> {
        Shelf {
            rows: &self.prices,
            rates: &self.rates,
            parameters: &self.parameters,
            scenario: &self.scenario,
        }
    }

    /// The price of one chip in `place` on `on`, as known on `known`: the scenario's, else the market's,
    /// else the home market's, else unknown.
    pub fn price(&self, chip: &Chip, place: &str, on: Date, known: Date) -> Outcome<Price> {
        self.shelf().price(chip, place, on, known)
    }

    /// Every published price of a chip in `place` public by `known`, oldest first, for a listing.
    pub fn prices(&self, chip: &Chip, place: &str, known: Date) -> Vec<&PriceRow> {
        let mut rows: Vec<_> = self
            .prices
            .iter()
            .filter(|r| r.market == place && r.known_from.last() <= known && prices::means(&r.chip, chip))
            .collect();
        rows.sort_by_key(|r| (r.from_date.first(), r.id.as_str()));
        rows
    }

    /// Every published rent of a chip in `place` public by `known`, oldest first.
    pub fn rentals(&self, chip: &Chip, place: &str, known: Date) -> Vec<&RentalRow> {
        let mut rows: Vec<_> = self
            .rentals
            .iter()
            .filter(|r| r.market == place && r.known_from.last() <= known && prices::means(&r.chip, chip))
            .collect();
        rows.sort_by_key(|r| (r.from_date.first(), r.id.as_str()));
        rows
    }

    /// Prices of the scenario that name none of these chips: misspelt, most likely.
    pub fn unmatched_prices<'a>(&self, chips: impl Iterator<Item = &'a Chip> + Clone) -> Vec<&PriceChange> {
        let unmatched = |c: &&PriceChange| !chips.clone().any(|chip| select::names(&c.chip, chip));
        self.scenario.prices.iter().filter(unmatched).collect()
    }

    /// The latest exchange rate dated on or before `on`; none before the first.
    pub fn fx(&self, on: Date) -> Option<FxRate> {
        self.rates.on(on)
    }

    /// What owning one chip costs by the hour in `place`; `domestic` where its designer's country is the
    /// place, which decides the tariff. Power is the load parameter times the board power.
    pub fn hourly(
        &self,
        chip: &Chip,
        domestic: bool,
        place: &str,
        on: Date,
        known: Date,
    ) -> Outcome<HourlyCost> {
        let price = self.price(chip, place, on, known);
        let site = self.site(chip, domestic, place, on, known);
        let (price, (tdp, tariff, rows)) = match (price, site) {
            (Outcome::Known(price), Ok(site)) => (price, site),
            (price, site) => {
                let missing = price.needs().iter().cloned();
                return Outcome::Unknown(missing.chain(site.err().unwrap_or_default()).collect());
            }
        };
        let basis = CostBasis {
            bought: price.bought,
            form: price.form,
            card: select::is_card(chip),
            tdp,
            tariff,
        };
        let mut rests_on = price.rests_on.clone();
        rests_on.extend(rows);
        rests_on.extend(self.parameters.rests_on());
        rests_on.sort();
        rests_on.dedup();
        Outcome::Known(HourlyCost {
            chip: chip.id.clone(),
            place: place.to_owned(),
            price,
            total: tokens::hours(&self.parameters, &basis, true),
            owned: tokens::hours(&self.parameters, &basis, false),
            parts: hourly::Unit::of(&basis, None).parts(&self.parameters.centre()),
            basis,
            rests_on,
        })
    }

    /// Board power and tariff of a chip in a place, with their rows, or what is missing.
    fn site(
        &self,
        chip: &Chip,
        domestic: bool,
        place: &str,
        on: Date,
        known: Date,
    ) -> Result<Site, Vec<Need>> {
        let mut needs = Vec::new();
        if chip.tdp.is_none() {
            needs.push(need(
                format!("board power of {}", chip.id),
                "`power.tdp` of the chip file",
                "electricity, hosting and tokens a joule rest on it",
            ));
        }
        let tariff = self.tariffs.on(place, domestic, on, known, &self.rates);
        if tariff.is_none() {
            needs.push(need(
                format!("electricity tariff in {place} on {on}, as known on {known}"),
                "a row of data/market/tariffs.csv (`--data DIR`)",
                "the electricity of a chip-hour rests on it",
            ));
        }
        let (Some(tdp), Some((tariff, mut rows))) = (&chip.tdp, tariff) else {
            return Err(needs);
        };
        rows.push(FigureRef {
            of: chip.id.0.clone(),
            path: "power.tdp".to_owned(),
            source: tdp.source.clone(),
            grade: tdp.grade,
            place: tdp.place.clone(),
        });
        Ok((tdp.estimate(), tariff, rows))
    }

    /// What a workload costs on a chip: $/Mtok = chip-hour in use over tokens an hour, its inverse, and
    /// tokens for a joule at the wall. Uses the workload's own chip power where performance gives it.
    pub fn price_performance(&self, hourly: &HourlyCost, performance: &Performance) -> PricePerformance {
        tokens::price_performance(&self.parameters, hourly, performance)
    }

    /// The price of `chip` at which a million tokens cost what they cost on the rival, all else equal;
    /// solved exactly, since the chip-hour is linear in the price. Parameters move both sides together.
    pub fn tie_price(
        &self,
        chip: &Chip,
        hourly: &HourlyCost,
        performance: &Performance,
        rival: &HourlyCost,
        rival_performance: &Performance,
    ) -> TiePrice {
        TiePrice {
            chip: chip.id.clone(),
            ..tokens::tie_price(
                &self.parameters,
                &hourly.basis,
                performance,
                rival,
                rival_performance,
            )
        }
    }

    /// [`CostModel::tie_price`] for a chip without a known price: what it may cost at most to keep up
    /// with the rival. `performance` names chip and workload.
    #[allow(
        clippy::too_many_arguments,
        reason = "place and days are asked of a chip that has no hourly cost"
    )]
    pub fn tie_price_unpriced(
        &self,
        chip: &Chip,
        domestic: bool,
        place: &str,
        on: Date,
        known: Date,
        performance: &Performance,
        rival: &HourlyCost,
        rival_performance: &Performance,
    ) -> Outcome<TiePrice> {
        let (tdp, tariff, _) = match self.site(chip, domestic, place, on, known) {
            Ok(site) => site,
            Err(needs) => return Outcome::Unknown(needs),
        };
        let basis = CostBasis {
            bought: Estimate::exact(Usd::of(0.0)),
            form: PriceForm::Card,
            card: select::is_card(chip),
            tdp,
            tariff,
        };
        Outcome::Known(tokens::tie_price(
            &self.parameters,
            &basis,
            performance,
            rival,
            rival_performance,
        ))
    }
}

/// Board power, tariff, and the rows both rest on.
type Site = (Estimate<Watts>, Estimate<UsdPerKilowattHour>, Vec<FigureRef>);

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
