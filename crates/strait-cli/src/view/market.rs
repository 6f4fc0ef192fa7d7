//! Part 5: who would buy, as things are, without the guidance and without the US rule.

use super::brief::name;
use super::number::{given, need, number, scaled, share, word};
use super::{Section, Table};
use crate::chart::{Chart, Row, stack};
use strait::brief::Brief;
use strait::catalog::ChipId;
use strait::market::{MarketCase, MarketOutcome};

/// Which of two models to ask for what.
const TRUST: &str = "One quarter by itself: budgets are given, nothing is bought ahead, and parameters of demand are those fitted to the market over time. For units and dollars trust `strait market run`, which is held against what was reported; this part says who would buy what, and what a rule or guidance moves. What a seller reports holds other sales to China too, and for fiscal quarters.";

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
    section.table(stake(brief));
    section.table(reported(brief));
    if !market.cases.is_empty() {
        section.text(TRUST);
    }
    let left_out = market
        .cases
        .first()
        .into_iter()
        .flat_map(|c| &c.left_out)
        .map(|(chip, why)| format!("{}: {why}", name(brief, chip)))
        .collect();
    section.items("Chips that could not be valued and are left out:", left_out);
    section
}

fn case_name(case: MarketCase) -> &'static str {
    match case {
        MarketCase::AsIs => "as things are",
        MarketCase::WithoutGuidance => "without the China-side guidance",
        MarketCase::WithoutUsRule => "without the US rule",
    }
}

fn buyer(segment: &strait::market::SegmentOutcome) -> String {
    format!("{}, {}", word(&segment.segment), word(&segment.site))
}

fn leading(brief: &Brief) -> Vec<&ChipId> {
    let mut sums: Vec<(&ChipId, f64)> = Vec::new();
    let parts = brief
        .market
        .cases
        .iter()
        .flat_map(|c| &c.segments)
        .flat_map(|s| &s.shares);
    for part in parts {
        match sums.iter_mut().find(|(chip, _)| **chip == part.chip) {
            Some((_, sum)) => *sum += part.share,
            None => sums.push((&part.chip, part.share)),
        }
    }
    let subject_first = |chip: &ChipId| *chip == brief.subject.chip;
    sums.sort_by(|a, b| {
        subject_first(b.0)
            .cmp(&subject_first(a.0))
            .then(b.1.total_cmp(&a.1))
            .then(a.0.cmp(b.0))
    });
    sums.into_iter().take(SERIES).map(|(chip, _)| chip).collect()
}

fn chart(brief: &Brief) -> Chart {
    let leading = leading(brief);
    if leading.is_empty() {
        return Chart::default();
    }
    let mut series: Vec<String> = leading.iter().map(|chip| name(brief, chip).to_owned()).collect();
    series.push("other chips".into());
    series.push("spent otherwise or deferred".into());
    let (others, outside) = (leading.len(), leading.len() + 1);
    let mut rows = Vec::new();
    for case in &brief.market.cases {
        for (n, segment) in case.segments.iter().enumerate() {
            let of = |chip: &ChipId| {
                segment
                    .shares
                    .iter()
                    .filter(|s| s.chip == *chip)
                    .map(|s| s.share)
                    .sum::<f64>()
            };
            let mut parts: Vec<(usize, f64)> = leading
                .iter()
                .enumerate()
                .map(|(n, chip)| (n, of(chip)))
                .collect();
            let rest = segment
                .shares
                .iter()
                .filter(|s| !leading.contains(&&s.chip))
                .map(|s| s.share)
                .sum();
            parts.extend([(others, rest), (outside, segment.outside.0)]);
            rows.push(Row {
                heading: (n == 0).then(|| case_name(case.case).to_owned()),
                label: buyer(segment),
                parts,
            });
        }
    }
    stack(
        &format!(
            "Shares of spending in {}, by buyer and case",
            brief.market.quarter
        ),
        "Stacked bars: central share of each segment's accelerator budget by chip under three policies. The tables below have the numbers with bands.",
        &series,
        &rows,
    )
}

fn shares(brief: &Brief, outcome: &MarketOutcome) -> Table {
    let title = format!(
        "Shares of spending {}, median with 90 % band",
        case_name(outcome.case)
    );
    let mut table = Table::new(
        title,
        &[
            "buyer",
            "budget, million USD",
            "chip",
            "share",
            "supply",
            "China side",
            "cap",
        ],
    );
    for segment in &outcome.segments {
        let mut lead = [buyer(segment), scaled(&segment.budget, 1e-6)];
        let shown = segment.shares.iter().filter(|s| s.high >= 0.005);
        for part in shown {
            let [who, budget] = std::mem::take(&mut lead);
            table.row([
                who,
                budget,
                name(brief, &part.chip).to_owned(),
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
        let (value, low, high) = segment.outside;
        table.row([
            who,
            budget,
            "otherwise or deferred".into(),
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
            format!(
                "{}: {} units ({}), one more worth {} USD",
                name(brief, &s.chip),
                number(s.units),
                s.limited_by,
                scaled(&s.shadow_price, 1.0)
            )
        })
        .collect();
    table.note = (!shortages.is_empty()).then(|| format!("binding supply: {}", shortages.join("; ")));
    table
}

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
        use strait::figure::Quantity;
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
