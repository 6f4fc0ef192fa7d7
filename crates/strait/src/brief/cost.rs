//! Part 4: prices, hourly costs, price performance and tie prices for the chips compared.

use super::performance::Runs;
use super::{Costs, Library, PriceRow};
use crate::catalog::Chip;
use crate::cost::{CostModel, HourlyCost, PricePerformance};
use crate::figure::Outcome;
use crate::perf::{Performance, Workload};
use crate::rules::{RulesError, Transaction};

/// The market whose prices and tariffs apply at a destination: Hong Kong and Macau buy at mainland prices.
pub fn place(to: &str) -> &str {
    if matches!(to, "HK" | "MO") { "CN" } else { to }
}

pub(crate) fn hourly(library: &Library, chip: &Chip, ask: &Transaction) -> Outcome<HourlyCost> {
    hourly_with(library, &library.cost, chip, ask)
}

/// The same by another model of cost.
pub(crate) fn hourly_with(
    library: &Library,
    model: &CostModel,
    chip: &Chip,
    ask: &Transaction,
) -> Outcome<HourlyCost> {
    let place = place(&ask.to);
    let domestic = library.catalog.designer_country(chip) == Some(place);
    model.hourly(chip, domestic, place, ask.on, ask.known)
}

/// Performance and cost of one chip on one workload, where both are known.
pub(crate) fn valued<'a>(
    library: &Library,
    runs: &'a Runs,
    chip: &Chip,
    hourly: &Outcome<HourlyCost>,
    workload: &Workload,
) -> Option<(&'a Performance, PricePerformance)> {
    let run = runs.valued(library, &chip.id, workload)?.known()?;
    let hourly = hourly.known()?;
    Some((run, library.cost.price_performance(hourly, run)))
}

/// The model of cost with the levies that the law of the same brief puts on a sale of each chip to the same buyer.
pub(crate) fn levied(library: &Library, peers: &[&Chip], ask: &Transaction) -> Result<CostModel, RulesError> {
    let mut model = library.cost.clone();
    for chip in peers {
        let verdict = super::law::check(library, &library.law, chip, ask)?;
        model = model.with_levies(super::charges::levies(&library.law, chip, &verdict));
    }
    Ok(model)
}

pub(crate) fn section(
    library: &Library,
    model: &CostModel,
    peers: &[&Chip],
    runs: &Runs,
    ask: &Transaction,
) -> Costs {
    let place = place(&ask.to);
    let prices: Vec<PriceRow> = peers
        .iter()
        .map(|chip| PriceRow {
            chip: chip.id.clone(),
            price: model.price(chip, place, ask.on, ask.known),
            hourly: hourly_with(library, model, chip, ask),
        })
        .collect();
    let mut price_performance = Vec::new();
    let mut ties = Vec::new();
    for workload in library.perf.workloads() {
        let of = |n: usize| valued(library, runs, peers[n], &prices[n].hourly, workload);
        let subject = of(0);
        for (n, chip) in peers.iter().enumerate() {
            let Some((run, value)) = of(n) else { continue };
            price_performance.push(value);
            let (Some((own, _)), Some(own_cost)) = (&subject, prices[0].hourly.known()) else {
                continue;
            };
            if n > 0
                && let Some(rival_cost) = prices[n].hourly.known()
            {
                let mut tie = model.tie_price(&own_cost.basis, own, rival_cost, run);
                tie.rival = chip.id.clone();
                ties.push(tie);
            }
        }
    }
    Costs {
        place: place.to_owned(),
        prices,
        price_performance,
        ties,
    }
}
