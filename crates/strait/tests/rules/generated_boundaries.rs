//! Every number of the shipped law, held against `fixtures/bounds.csv`, typed from the rule texts; and for each a chip or
//! a deal a part below it, on it and a part above.

use crate::made_up::bounds::{Bound, ROWS, Row, bounds};
use crate::made_up::{Made, book, deal, verdict};
use crate::shipped::BOOK;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use strait::rules::{LawBook, License, Review, Ternary, Verdict};

#[test]
fn the_data_hold_the_bounds_typed_from_the_texts_and_no_others() {
    let found: BTreeSet<_> = bounds().into_iter().collect();
    let typed: BTreeSet<_> = ROWS.iter().map(Row::bound).collect();
    assert_eq!(typed.len(), ROWS.len(), "a bound is typed twice");
    let only = |a: &BTreeSet<Bound>, b: &BTreeSet<Bound>| {
        a.difference(b)
            .map(|d| format!("  {d:?}"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert!(
        found == typed,
        "in the data, not typed from a text:\n{}\ntyped from a text, not in the data:\n{}",
        only(&found, &typed),
        only(&typed, &found)
    );
}

static WITH_BILL: LazyLock<LawBook> = LazyLock::new(|| book("[rules]\nwith = [\"us-bill-safe-chips\"]\n"));

/// Bounds that must hold together with a row, itself among them.
fn group(row: &Row) -> impl Iterator<Item = &'static Row> {
    let key = (
        row.instrument.clone(),
        row.part.clone(),
        row.paragraph.clone(),
        row.group,
    );
    ROWS.iter()
        .filter(move |r| (&r.instrument, &r.part, &r.paragraph, r.group) == (&key.0, &key.1, &key.2, key.3))
}

/// A value well inside what the group asks of a metric, in parts of `1/unit`.
fn inside(row: &Row, metric: &str, unit: i64) -> Option<i64> {
    let of = |comparators: [&str; 2]| {
        group(row)
            .filter(|r| r.metric == metric && comparators.contains(&r.comparator.as_str()))
            .map(|r| parts(r.bound, unit))
            .next()
    };
    match (of(["ge", "gt"]), of(["lt", "le"])) {
        (None, None) => None,
        (Some(low), None) => Some(low * 6 / 5),
        (None, Some(high)) => Some(high * 4 / 5),
        (Some(low), Some(high)) => Some((low + high) / 2),
    }
}

fn parts(bound: Decimal, unit: i64) -> i64 {
    let parts = bound * Decimal::from(unit);
    assert_eq!(parts, parts.trunc(), "a bound finer than the test's parts");
    parts.to_i64().unwrap()
}

/// A chip on which every other bound of the row's group holds and the row's metric lies `step` parts from its bound.
fn beside(row: &Row, step: i64) -> Made {
    let probed = |metric: &str, unit: i64, part: i64| {
        (row.metric == metric).then(|| parts(row.bound, unit) + step * part)
    };
    let sixteen = |v: i64| v / 16 * 16;
    let mut tpp = probed("tpp", 10_000, 16)
        .or_else(|| inside(row, "tpp", 10_000).map(sixteen))
        .unwrap_or(1000 * 10_000);
    let mut area = 3_000_000;
    if let Some(density) = probed("performance_density", 100, 0) {
        area = sixteen(tpp / density);
        tpp = density * area + 16 * step;
    } else if let Some(density) = inside(row, "performance_density", 100) {
        area = sixteen(tpp / density);
    }
    let mut made = Made::simple(tpp, area);
    made.datacenter = Some(row.paragraph != "Note 2 to 3A090");
    made.vendor = ["nvidia", "amd", "intel"]
        .into_iter()
        .find(|v| row.instrument.ends_with(v))
        .unwrap_or("made-up");
    let of = |metric: &str| probed(metric, 100, 1).or_else(|| inside(row, metric, 100));
    made.memory_e2 = of("memory_bandwidth").unwrap_or(made.memory_e2);
    made.host_e2 = of("io_2022").unwrap_or(0);
    made.scale_up_e2 = of("scale_up").unwrap_or(0);
    if let Some(sum) = of("memory_plus_io") {
        (made.host_e2, made.memory_e2) = (sum / 5, sum - sum / 5);
    }
    if let Some(sum) = of("memory_plus_scale_up") {
        (made.scale_up_e2, made.memory_e2) = (sum / 5, sum - sum / 5);
    }
    made
}

/// Whether the provision of a row is seen to have been met.
fn met(row: &Row, verdict: &Verdict) -> bool {
    let us = &verdict.us;
    match row.part.as_str() {
        "classify" => us.paragraph.as_ref() == Some(&row.paragraph),
        "review" | "condition" => us.review == Some(Review::CaseByCaseIfConditions),
        "levy" => us
            .levies
            .iter()
            .any(|l| l.id == row.instrument && l.applies == Ternary::Yes),
        "any" | "end_use" => us.license == License::Required && us.why.contains(&row.instrument),
        "maybe" => us.license == License::Unknown,
        "exception" => us.exceptions.iter().any(|e| e.id == "NAC" || e.id == "HBM"),
        other => panic!("no part `{other}`"),
    }
}

/// Area of a made-up memory stack, mm² times 100.
const STACK: i64 = 11_000;

const BESIDE: [i64; 3] = [-1, 0, 1];

/// Whether a bound is one on the chip, not on the deal.
fn on_chip(row: &Row) -> bool {
    ["classify", "review", "levy", "any", "maybe"].contains(&row.part.as_str()) || row.metric == "hbm_density"
}

#[test]
fn every_bound_on_a_chip_compares_as_its_text_says() {
    let mut seen = 0;
    for row in ROWS.iter().filter(|r| on_chip(r)) {
        let law = if row.instrument == "us-bill-safe-chips" {
            &*WITH_BILL
        } else {
            &*BOOK
        };
        for step in BESIDE {
            let mut made = beside(row, step);
            let chip = if row.metric == "hbm_density" {
                made.memory_e2 = parts(row.bound, 100) * STACK / 100 + step;
                made.stack(STACK)
            } else {
                made.chip()
            };
            let verdict = verdict(law, &chip, &deal(&chip, "CN", &row.on));
            let expected = row.holds(row.bound + Decimal::new(step, 6));
            assert_eq!(
                met(row, &verdict),
                expected,
                "{:?} at step {step}: {made:?}",
                row.bound()
            );
            seen += 1;
        }
    }
    assert!(seen >= 3 * 40, "{seen} chips");
}

#[test]
fn every_bound_on_a_deal_compares_as_its_text_says() {
    for row in ROWS.iter().filter(|r| !on_chip(r)) {
        // A number of days or of chips is whole.
        let whole = row.part == "exception";
        let mut made = Made::simple(16_000 * 10_000, 3_000_000);
        match row.part.as_str() {
            "exception" => (made.rates[0].tera_e4, made.datacenter) = (313 * 10_000, Some(false)),
            "end_use" => made.rates[0].tera_e4 = 10 * 10_000,
            _ => {}
        }
        let chip = made.chip();
        for step in BESIDE {
            let value = row.bound
                + if whole {
                    Decimal::from(step)
                } else {
                    Decimal::new(step, 2)
                };
            let mut tx = deal(&chip, "CN", &row.on);
            match row.metric.as_str() {
                "china_to_us_tpp_percent" => tx.china_to_us_tpp_percent = value.to_f64(),
                "owned_percent" => tx.owned_by_listed_percent = value.to_f64(),
                "notification_days" | "notified_days_before" => tx.notified_days_before = value.to_u32(),
                other => panic!("no deal field `{other}`"),
            }
            let found = met(row, &verdict(&BOOK, &chip, &tx));
            assert_eq!(found, row.holds(value), "{:?} at {value}", row.bound());
        }
    }
}
