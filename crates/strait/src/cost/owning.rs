//! The price of a chip and what owning it costs by the hour.

use super::select::{self, Shelf};
use super::tariffs::Tariff;
use super::{
    CostBasis, CostModel, HourlyCost, Price, PriceForm, PricePerformance, PriceRow, RentalRow, hourly,
    levies, need, quoted, tokens,
};
use crate::catalog::Chip;
use crate::figure::{Estimate, FigureRef, Grade, Need, Outcome, Place, Quantity, SourceId, Usd, Watts};
use crate::perf::Performance;
use jiff::civil::Date;

impl CostModel {
    fn shelf(&self) -> Shelf<'_> {
        Shelf {
            rows: &self.prices,
            rates: &self.rates,
            parameters: &self.parameters,
            stated: &self.stated,
            fixed: &self.fixed,
        }
    }

    /// The price of one chip in the country of `place` on `on`, as known on `known`: the scenario's, else the
    /// market's, else the home market's, else unknown; with the levies handed in.
    pub fn price(&self, chip: &Chip, place: &str, on: Date, known: Date) -> Outcome<Price> {
        let price = self.shelf().price(chip, place, on, known);
        price.map(|price| levies::levied(price, &self.levies, &self.parameters))
    }

    /// Every published price of a chip in `market` public by `known`, oldest first, for a listing.
    pub fn prices(&self, chip: &Chip, market: &str, known: Date) -> Vec<&PriceRow> {
        quoted::of_chip(&self.prices, chip, market, known)
    }

    /// Every published rent of a chip in `market` public by `known`, oldest first.
    pub fn rentals(&self, chip: &Chip, market: &str, known: Date) -> Vec<&RentalRow> {
        quoted::of_chip(&self.rentals, chip, market, known)
    }

    /// What owning one chip costs by the hour in `place` (`CN`, `CN-GS`); `domestic` where its designer's country
    /// is the place's, which decides the tariff. Power is the load parameter times the board power.
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
        let (price, site) = match (price, site) {
            (Outcome::Known(price), Ok(site)) => (price, site),
            (price, site) => {
                let missing = price.needs().iter().cloned();
                return Outcome::Unknown(missing.chain(site.err().unwrap_or_default()).collect());
            }
        };
        let basis = CostBasis {
            bought: price.bought,
            form: price.form,
            ..site.unpriced(chip)
        };
        let mut rests_on = price.rests_on.clone();
        rests_on.extend(site.rests_on(chip));
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
            fx: self.fx(on, known),
            notes: site.tariff.notes,
            rests_on,
        })
    }

    /// The basis of a chip's cost without its price: what a tie price, its power and its electricity rest on.
    pub fn unpriced(
        &self,
        chip: &Chip,
        domestic: bool,
        place: &str,
        on: Date,
        known: Date,
    ) -> Outcome<CostBasis> {
        match self.site(chip, domestic, place, on, known) {
            Ok(site) => Outcome::Known(site.unpriced(chip)),
            Err(needs) => Outcome::Unknown(needs),
        }
    }

    /// Board power and tariff of a chip in a place, or what is missing.
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
        let tariff = match self.tariff {
            Some(stated) => Ok(Tariff {
                usd: Estimate::exact(stated),
                rests_on: vec![FigureRef {
                    of: "tariff".to_owned(),
                    path: "value".to_owned(),
                    source: SourceId("user".to_owned()),
                    grade: Grade::Assumed,
                    place: Place::whole("stated"),
                }],
                notes: Vec::new(),
            }),
            None => self.tariffs.on(place, domestic, on, known, &self.rates),
        };
        match (&chip.tdp, tariff) {
            (Some(tdp), Ok(tariff)) => Ok(Site {
                tdp: tdp.estimate(),
                tariff,
            }),
            (_, tariff) => {
                needs.extend(tariff.err());
                Err(needs)
            }
        }
    }

    /// What a workload costs on a chip: $/Mtok = chip-hour in use over tokens an hour, its inverse, and
    /// tokens for a joule at the wall. Uses the workload's own chip power where performance gives it.
    pub fn price_performance(&self, hourly: &HourlyCost, performance: &Performance) -> PricePerformance {
        tokens::price_performance(&self.parameters, hourly, performance)
    }

    /// Power of one chip's part at the wall under a workload: PUE × (chip + server share).
    pub fn wall_power(&self, basis: &CostBasis, performance: &Performance) -> Estimate<Watts> {
        tokens::wall_power(&self.parameters, basis, performance)
    }
}

/// Board power and tariff of a chip in a place.
struct Site {
    tdp: Estimate<Watts>,
    tariff: Tariff,
}

impl Site {
    fn unpriced(&self, chip: &Chip) -> CostBasis {
        CostBasis {
            bought: Estimate::exact(Usd::of(0.0)),
            form: PriceForm::Card,
            card: select::is_card(chip),
            tdp: self.tdp,
            tariff: self.tariff.usd,
        }
    }

    fn rests_on(&self, chip: &Chip) -> impl Iterator<Item = FigureRef> {
        let power = chip.tdp.as_ref().map(|tdp| FigureRef {
            of: chip.id.0.clone(),
            path: "power.tdp".to_owned(),
            source: tdp.source.clone(),
            grade: tdp.grade,
            place: tdp.place.clone(),
        });
        self.tariff.rests_on.clone().into_iter().chain(power)
    }
}
