//! Part 5: offers put together from law, performance and cost, and what buyers make of them.

use super::performance::Runs;
use super::{Library, MarketSection, Reported, RevenueAtStake};
use crate::catalog::{Chip, DieRole};
use crate::figure::{Estimate, Need, Quantity, Usd};
use crate::market::{Access, Candidate, MarketCase, MarketOutcome, Offer, Quarter};
use crate::rules::{LawBook, Listed, Site, SupplyEffect, Transaction};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The chips on offer in the quarter, for [`Runs::make`].
pub(crate) fn candidates(library: &Library, ask: &Transaction) -> Vec<Candidate> {
    library.market.candidates(Quarter::of(ask.on), ask.known)
}

/// Whether a chip is to be had that quarter where the buyers are modelled.
pub(crate) fn on_sale(library: &Library, chip: &Chip, ask: &Transaction) -> Option<bool> {
    let modelled = super::cost::place(&ask.to) == "CN";
    let sold = || library.market.on_sale(&chip.id, Quarter::of(ask.on), ask.known);
    modelled.then(sold).flatten()
}

pub(super) fn offer(
    library: &Library,
    law: &LawBook,
    runs: &Runs,
    candidate: &Candidate,
    ask: &Transaction,
) -> Option<Offer> {
    let chip: &Chip = library.catalog.get(&candidate.chip)?;
    let mainland = Transaction {
        to: "CN".into(),
        listed: Listed::None,
        channel: candidate.channel,
        ..ask.clone()
    };
    let hourly = super::cost::hourly(library, chip, &mainland);
    let mut left_out = hourly.needs().first().map(|need| need.fact.clone());
    let mut value = BTreeMap::new();
    for workload in library.perf.workloads() {
        if let Some((_, value_of)) = super::cost::valued(library, runs, chip, &hourly, workload) {
            value.insert(workload.class, value_of.per_dollar);
        }
    }
    if value.is_empty() && left_out.is_none() {
        left_out = library
            .perf
            .workloads()
            .first()
            .and_then(|w| Some(runs.valued(library, &chip.id, w)?.needs().first()?.fact.clone()));
    }
    let access = library
        .market
        .segments()
        .iter()
        .filter_map(|segment| {
            let offshore = segment.site == Site::Offshore;
            let buyer = Transaction {
                segment: segment.segment,
                site: Some(segment.site),
                to: if offshore {
                    super::law::ABROAD.into()
                } else {
                    "CN".into()
                },
                headquarters: offshore.then(|| "CN".into()),
                parent: Some("CN".into()),
                ..mainland.clone()
            };
            let verdict = super::law::check(library, law, chip, &buyer).ok()?;
            // The China side counts once, as its own state.
            let us = SupplyEffect::of_license(verdict.us.license, verdict.us.review);
            Some(Access {
                segment: segment.segment,
                site: segment.site,
                supply_effect: verdict.supply_effect.beside(verdict.cn.state, us),
                china: verdict.cn.state,
                quota: verdict.cn.quota,
            })
        })
        .collect();
    Some(Offer {
        chip: chip.id.clone(),
        vendor: candidate.vendor.clone(),
        channel: candidate.channel,
        software: chip.software.clone(),
        price: hourly.known().map(|h| h.price.usd),
        value,
        access,
        domestic: library.catalog.designer_country(chip) == Some("CN"),
        interposed_dies: interposed_dies(chip),
        left_out,
    })
}

/// Logic dies that stand on an interposer: those of a chip with stacked memory, one where no die is described.
fn interposed_dies(chip: &Chip) -> Option<u32> {
    let kind = chip.memory.kind.as_ref()?;
    if !kind.value.starts_with("HBM") {
        return None;
    }
    let compute = chip.dies.iter().filter(|d| d.role == DieRole::Compute);
    Some(compute.map(|d| d.count).sum::<u32>().max(1))
}

fn case(
    library: &Library,
    runs: &Runs,
    candidates: &[Candidate],
    ask: &Transaction,
    case: MarketCase,
) -> MarketOutcome {
    let law = library.law_of(case);
    let offers: Vec<Offer> = candidates
        .par_iter()
        .filter_map(|c| offer(library, law, runs, c, ask))
        .collect();
    let quarter = Quarter::of(ask.on);
    let lines = library.dynamics.packaging.of_quarter(quarter, ask.known);
    library
        .market
        .quarter(&offers, (quarter, ask.known), case, lines.as_ref())
}

/// The three cases and the seller's revenue at stake; unknown where the buyers are not modelled.
pub(crate) fn section(library: &Library, chip: &Chip, ask: &Transaction, runs: &Runs) -> MarketSection {
    let quarter = Quarter::of(ask.on);
    if super::cost::place(&ask.to) != "CN" {
        let need = Need {
            fact: format!("budgets and choices of buyers in {}", ask.to),
            flag: Some("data/market/segments.toml".into()),
            why: "only buyers in China are modelled".into(),
            flips: Vec::new(),
        };
        return MarketSection {
            quarter,
            cases: Vec::new(),
            stake: None,
            needs: vec![need],
        };
    }
    let candidates = candidates(library, ask);
    let cases: Vec<MarketOutcome> = [
        MarketCase::AsIs,
        MarketCase::WithoutGuidance,
        MarketCase::WithoutUsRule,
    ]
    .into_par_iter()
    .map(|which| case(library, runs, &candidates, ask, which))
    .collect();
    let revenue = |n: usize| -> Estimate<Usd> {
        let of_vendor = cases[n].revenue.iter().find(|r| r.vendor == chip.vendor);
        of_vendor.map_or(Estimate::exact(Usd::of(0.0)), |r| r.usd)
    };
    let reported = library
        .market
        .seller_baseline(&chip.vendor, quarter, ask.known)
        .into_iter()
        .map(|r| Reported {
            vendor: r.vendor,
            period: r.period,
            basis: r.basis,
            usd: r.usd.value,
            known_from: r.known_from,
            source: r.source,
            grade: r.grade,
            place: r.place,
        })
        .collect();
    let stake = RevenueAtStake {
        vendor: chip.vendor.clone(),
        as_is: revenue(0),
        without_guidance: revenue(1),
        without_us_rule: revenue(2),
        on_bases: cases[0]
            .on_bases
            .iter()
            .filter(|b| b.vendor == chip.vendor)
            .cloned()
            .collect(),
        reported,
    };
    MarketSection {
        quarter,
        cases,
        stake: Some(stake),
        needs: Vec::new(),
    }
}
