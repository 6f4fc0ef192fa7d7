//! Part 5: who would buy in the quarter, and what is at stake for the seller; and one chip as buyers see it, put together from
//! law, performance and cost.

use super::performance::Runs;
use super::{Library, MarketSection, Reported, RevenueAtStake};
use crate::catalog::Chip;
use crate::figure::{Estimate, Need, Quantity, Usd};
use crate::market::dynamics::NoFit;
use crate::market::{Access, Candidate, MarketCase, Offer, Quarter};
use crate::rules::{Channel, LawBook, Listed, Site, SupplyEffect, Transaction};
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
        left_out,
    })
}

/// The three cases and the seller's revenue at stake; unknown where the buyers are not modelled.
pub(crate) fn section(library: &Library, chip: &Chip, ask: &Transaction) -> MarketSection {
    let quarter = Quarter::of(ask.on);
    let lacks = |fact: String, file: &str, why: String| MarketSection {
        quarter,
        cases: Vec::new(),
        stake: None,
        fitted_to: None,
        needs: vec![Need {
            fact,
            flag: Some(file.into()),
            why,
            flips: Vec::new(),
        }],
    };
    if super::cost::place(&ask.to) != "CN" {
        return lacks(
            format!("budgets and choices of buyers in {}", ask.to),
            "data/market/segments.toml",
            "only buyers in China are modelled".into(),
        );
    }
    let asked = [
        MarketCase::AsIs,
        MarketCase::WithoutGuidance,
        MarketCase::WithoutUsRule,
    ];
    let cases = match library.over_time(quarter, ask.known, &asked) {
        Ok(Some(cases)) => cases,
        Ok(None) => {
            let fact = format!("buyers in {quarter}");
            return lacks(
                fact,
                "data/market/dynamics",
                "the market over time runs from 2022 to 2030".into(),
            );
        }
        Err(NoFit::Wrong(problem)) => {
            let fact = "a fit of the market over time to these data".to_owned();
            return lacks(fact, "data/market/posterior", problem.to_string());
        }
        Err(none) => {
            let need = none.need();
            return lacks(need.fact, need.flag.as_deref().unwrap_or_default(), need.why);
        }
    };
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
    let needs = not_a_good(library, chip, quarter).into_iter().collect();
    MarketSection {
        quarter,
        cases,
        stake: Some(stake),
        fitted_to: library
            .dynamics
            .fit_known(ask.known)
            .ok()
            .and_then(|fit| fit.posterior.day()),
        needs,
    }
}

/// That no good of the market holds the chip, so that the tables cannot say who would buy it.
fn not_a_good(library: &Library, chip: &Chip, quarter: Quarter) -> Option<Need> {
    let goods = &library.dynamics.spec.goods;
    if goods
        .iter()
        .any(|g| g.mix.iter().any(|m| m.chip.as_ref() == Some(&chip.id)))
    {
        return None;
    }
    let of_vendor: Vec<&str> = goods
        .iter()
        .filter(|g| g.facts.vendor == chip.vendor && g.facts.channel == Channel::Direct)
        .map(|g| g.facts.name.as_str())
        .collect();
    let others = if of_vendor.is_empty() {
        "and none is of its vendor".to_owned()
    } else {
        format!("of its vendor there are {}", of_vendor.join(", "))
    };
    Some(Need {
        fact: format!("who would buy {} in {quarter}, and how many", chip.name),
        flag: Some("data/market/dynamics/goods.toml".into()),
        why: format!(
            "it is none of the market's goods; {others}. A good would want its sales or its supply by quarter"
        ),
        flips: Vec::new(),
    })
}
