//! Part 5: who would buy, as things are, without the guidance and without the US rule.

use super::brief::name;
use super::number::{given, need, scaled, share, word};
use super::{Section, Table};
use crate::chart::{Chart, Row, stack};
use strait::brief::Brief;
use strait::catalog::ChipId;
use strait::figure::Quantity;
use strait::market::{MarketCase, MarketOutcome, Share};
use strait::rules::Channel;

/// Where the figures come from.
const WHENCE: &str = "Read off the paths of the market over time, as `strait market run` tells them: in every case what came before the quarter is history, and within it law and limits are those of the case. Bands are of parameters and budgets; that of what a seller reports holds what the model leaves of a published value too, and what it reports holds other sales to China, for fiscal quarters. A share is of what a buyer spends for use and for stock.";

/// Series drawn on their own; the others are added up.
const SERIES: usize = 7;

pub(super) fn section(brief: &Brief) -> Section {
    let market = &brief.market;
    let mut section = Section::new(format!("5. Who would buy in {}", market.quarter));
    section.items(
        "Not modelled here; what would be needed:",
        market.needs.iter().map(need).collect(),
    );
    section.chart("market", chart(brief));
    for case in &market.cases {
        section.table(shares(brief, case));
    }
    if let Some(as_is) = market.cases.first() {
        section.table(goods(brief, as_is));
    }
    section.table(stake(brief));
    section.table(reported(brief));
    if !market.cases.is_empty() {
        let fitted = market.fitted_to.map_or_else(String::new, |day| {
            format!(" Draws are of a posterior fitted to what was published by {day}.")
        });
        section.text(format!("{WHENCE}{fitted}"));
    }
    let left_out = market
        .cases
        .first()
        .into_iter()
        .flat_map(|c| &c.left_out)
        .map(|(good, why)| format!("{good}: {why}"))
        .collect();
    section.items("Goods that could not be valued and are left out:", left_out);
    section
}

fn case_name(case: MarketCase) -> &'static str {
    match case {
        MarketCase::AsIs => "as things are",
        MarketCase::WithoutGuidance => "without the China-side guidance",
        MarketCase::WithoutUsRule => "without the US rule",
    }
}

/// A good by the chips in it.
fn good(brief: &Brief, chips: &[ChipId], channel: Channel) -> String {
    let names: Vec<&str> = chips.iter().map(|chip| name(brief, chip)).collect();
    match channel {
        Channel::Direct => names.join(", "),
        Channel::Grey => format!("{} (around the law)", names.join(", ")),
    }
}

fn leading(brief: &Brief) -> Vec<&Share> {
    let mut sums: Vec<(&Share, f64)> = Vec::new();
    let parts = brief
        .market
        .cases
        .iter()
        .flat_map(|c| &c.buyers)
        .flat_map(|s| &s.shares);
    for part in parts {
        match sums.iter_mut().find(|(share, _)| share.good == part.good) {
            Some((_, sum)) => *sum += part.share,
            None => sums.push((part, part.share)),
        }
    }
    let subject_first = |share: &Share| share.chips.contains(&brief.subject.chip);
    sums.sort_by(|a, b| {
        subject_first(b.0)
            .cmp(&subject_first(a.0))
            .then(b.1.total_cmp(&a.1))
            .then(a.0.good.cmp(&b.0.good))
    });
    sums.into_iter().take(SERIES).map(|(share, _)| share).collect()
}

fn chart(brief: &Brief) -> Chart {
    let leading = leading(brief);
    if leading.is_empty() {
        return Chart::default();
    }
    let mut series: Vec<String> = leading.iter().map(|s| good(brief, &s.chips, s.channel)).collect();
    series.push("other chips".into());
    series.push("spent otherwise or deferred".into());
    let (others, outside) = (leading.len(), leading.len() + 1);
    let mut rows = Vec::new();
    for case in &brief.market.cases {
        for (n, buyer) in case.buyers.iter().enumerate() {
            let of = |good: &str| {
                let same = buyer.shares.iter().filter(|s| s.good == good);
                same.map(|s| s.share).sum::<f64>()
            };
            let mut parts: Vec<(usize, f64)> = leading
                .iter()
                .enumerate()
                .map(|(n, share)| (n, of(&share.good)))
                .collect();
            let drawn: f64 = parts.iter().map(|(_, part)| part).sum();
            let all: f64 = buyer.shares.iter().map(|s| s.share).sum();
            parts.extend([(others, all - drawn), (outside, buyer.outside.0)]);
            rows.push(Row {
                heading: (n == 0).then(|| case_name(case.case).to_owned()),
                label: buyer.name.clone(),
                parts,
            });
        }
    }
    stack(
        &format!(
            "Shares of spending in {}, by buyer and case",
            brief.market.quarter
        ),
        "Stacked bars: mean share of each buyer's spending on accelerators by good under three policies. The tables below have the numbers with bands.",
        &series,
        &rows,
    )
}

fn shares(brief: &Brief, outcome: &MarketOutcome) -> Table {
    let title = format!(
        "Shares of spending {}, mean with 90 % band",
        case_name(outcome.case)
    );
    let mut table = Table::new(
        title,
        &[
            "buyer",
            "for use; for stock, million USD",
            "good",
            "share",
            "supply",
            "China side",
            "limit",
        ],
    );
    for buyer in &outcome.buyers {
        let mut budget = scaled(&buyer.budget, 1e-6);
        if buyer.ahead.high.get() >= 1e6 {
            budget = format!("{budget}; {}", scaled(&buyer.ahead, 1e-6));
        }
        let mut lead = [buyer.name.clone(), budget];
        let shown = buyer.shares.iter().filter(|s| s.high >= 0.005);
        for part in shown {
            let [who, budget] = std::mem::take(&mut lead);
            table.row([
                who,
                budget,
                good(brief, &part.chips, part.channel),
                share(part.share, part.low, part.high),
                word(&part.supply_effect),
                word(&part.china),
                if part.capped {
                    "binds".into()
                } else {
                    String::new()
                },
            ]);
        }
        let [who, budget] = lead;
        let (value, low, high) = buyer.outside;
        table.row([
            who,
            budget,
            "otherwise, deferred or out of stock".into(),
            share(value, low, high),
            String::new(),
            String::new(),
            String::new(),
        ]);
    }
    table.figures.extend(outcome.rests_on.iter().cloned());
    let shortages: Vec<String> = outcome
        .shortages
        .iter()
        .map(|s| {
            let named = outcome.goods.iter().find(|g| g.good == s.good);
            let named = named.map_or_else(|| s.good.clone(), |g| good(brief, &g.chips, g.channel));
            let least = if s.at_least > 0.5 { "at least " } else { "" };
            format!(
                "{named}: {} units ({}), one more worth {least}{} USD",
                scaled(&s.units, 1.0),
                s.limited_by,
                scaled(&s.shadow_price, 1.0)
            )
        })
        .collect();
    table.note = (!shortages.is_empty()).then(|| format!("binding supply: {}", shortages.join("; ")));
    table
}

/// What is sold of each good on the mainland.
fn goods(brief: &Brief, outcome: &MarketOutcome) -> Table {
    let title = format!(
        "Units and sales on the mainland {}, median with 90 % band",
        case_name(outcome.case)
    );
    let head = ["good", "units", "of them for stock", "sales, million USD"];
    let mut table = Table::new(title, &head);
    for row in outcome.goods.iter().filter(|g| g.units.high.get() >= SOME) {
        table.row([
            good(brief, &row.chips, row.channel),
            scaled(&row.units, 1.0),
            scaled(&row.ahead, 1.0),
            scaled(&row.usd, 1e-6),
        ]);
    }
    table.figures.extend(outcome.rests_on.iter().cloned());
    table
}

/// Units under which a good is not worth a row.
const SOME: f64 = 50.0;

fn stake(brief: &Brief) -> Table {
    let mut table = Table::new(
        "The seller's revenue of the quarter from these buyers, million USD",
        &["seller", "case", "modelled"],
    );
    if let Some(stake) = &brief.market.stake {
        let cases = [
            ("as things are", &stake.as_is),
            ("without the China-side guidance", &stake.without_guidance),
            ("without the US rule", &stake.without_us_rule),
        ];
        for (case, usd) in cases {
            table.row([stake.vendor.clone(), case.to_owned(), scaled(usd, 1e-6)]);
        }
        for on in &stake.on_bases {
            table.row([
                stake.vendor.clone(),
                format!(
                    "as things are, other sales to China too, by {}",
                    on.basis.replace('_', " ")
                ),
                scaled(&on.usd, 1e-6),
            ]);
        }
        table
            .figures
            .extend(brief.market.cases.iter().flat_map(|c| c.rests_on.iter().cloned()));
    }
    table
}

fn reported(brief: &Brief) -> Table {
    let mut table = Table::new(
        "Revenue the seller reported",
        &["seller", "period", "basis", "million USD", "known from", "grade"],
    );
    for r in brief.market.stake.iter().flat_map(|s| &s.reported) {
        table.sources.insert(r.source.clone());
        table.row([
            r.vendor.clone(),
            r.period.clone(),
            r.basis.replace('_', " "),
            given((r.usd.get() * 1e-6 * 100.0).round() / 100.0),
            r.known_from.to_string(),
            r.grade.to_string(),
        ]);
    }
    table
}
