//! Claims that law, catalog, prices and reported figures decide.

use super::{Bench, Claim, ClaimVerdict};
use crate::figure::{Outcome, Quantity};
use crate::rules::{
    ChinaState, Classification, Instrument, License, State, SupplyEffect, Transaction, Verdict, metrics,
};
use crate::scenario::Side;
use jiff::civil::{Date, date};

pub(crate) fn claims(bench: &Bench<'_>) -> Vec<Claim> {
    [
        designed(bench),
        administrations(bench),
        significant(bench),
        power(bench),
        premium(bench),
        irreplaceable(bench),
        autonomy(bench),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The verdict on a chip to a mainland platform.
fn check(bench: &Bench<'_>, chip: &str, on: Date) -> Option<Verdict> {
    let chip = bench.library.catalog.resolve(chip).ok()?.chip;
    let mut ask = Transaction::new(chip.id.clone(), "CN", on, bench.known);
    ask.listed = crate::rules::Listed::None;
    crate::brief::law::check(bench.library, &bench.library.law, chip, &ask).ok()
}

fn tpp(bench: &Bench<'_>, chip: &str) -> Option<f64> {
    let chip = bench.library.catalog.resolve(chip).ok()?.chip;
    metrics(chip).tpp?.value.to_string().parse().ok()
}

fn designed(bench: &Bench<'_>) -> Option<Claim> {
    let (before, after) = (date(2024, 6, 1), date(2025, 5, 1));
    let free = |on| {
        ["h20", "l20", "l2"]
            .into_iter()
            .filter(|c| {
                check(bench, c, on).is_some_and(|v| {
                    v.us.classification == Classification::Outside3A090 && v.us.license != License::Required
                })
            })
            .collect::<Vec<_>>()
    };
    let (early, late) = (free(before), free(after));
    Some(Claim {
        n: 1,
        claim: "H20, L20 and L2 were designed to stay under the US thresholds",
        test: format!(
            "check of each to CN on {before} and {after}: outside 3A090 and no license on both days supports it"
        ),
        figure: format!(
            "free on {before}: {}; on {after}: {}; TPP of the H20 {:.0} against a bound of 4800",
            early.join(", "),
            if late.is_empty() {
                "none".into()
            } else {
                late.join(", ")
            },
            tpp(bench, "h20")?
        ),
        band: None,
        verdict: match (early.len(), late.len()) {
            (3, 3) => ClaimVerdict::Supported,
            (0, 0) => ClaimVerdict::Contradicted,
            _ => ClaimVerdict::DependsOnDate,
        },
        remark:
            "a letter of April 2025 asked for a license by memory and link rates, without moving a threshold"
                .into(),
    })
}

fn administrations(bench: &Bench<'_>) -> Option<Claim> {
    let change = date(2025, 1, 20);
    let us = || {
        let all = bench.library.law.instruments().iter();
        all.filter(|i| i.side == Side::Us).filter_map(|i| {
            let begun = i
                .status
                .iter()
                .map(|s| s.get_ref())
                .filter(|s| s.state == State::InForce);
            Some((i, begun.map(|s| s.from.first()).min()?))
        })
    };
    let table = us()
        .filter(|(i, _)| !i.classify.is_empty())
        .map(|(_, day)| day)
        .min()?;
    let restricts = |i: &Instrument| {
        !(i.classify.is_empty() && i.require.is_empty() && i.product.is_empty() && i.prohibition.is_empty())
    };
    let since = |day: &Date| *day >= change;
    let (after, before): (Vec<Date>, Vec<Date>) = us()
        .filter(|(i, _)| restricts(i))
        .map(|(_, day)| day)
        .partition(since);
    let verdict = match (since(&table), !after.is_empty()) {
        (true, true) => ClaimVerdict::Supported,
        (false, false) => ClaimVerdict::Contradicted,
        _ => ClaimVerdict::DependsOnDate,
    };
    Some(Claim {
        n: 2,
        claim: "The policies solidified under Trump and have intensified since",
        test: format!(
            "US instruments in force that classify, ask for a license by list or letter, or prohibit: the first table of \
             thresholds from {change} on supports its first half, any of them since then its second"
        ),
        figure: format!(
            "the first table is of {table}; of those that restrict {} began before {change}, {} since",
            before.len(),
            after.len()
        ),
        band: None,
        verdict,
        remark: "thresholds date from October 2022 and October 2023, before that day; the license for the H20 from April \
                 2025: what hardened for that chip hardened later"
            .into(),
    })
}

fn reported(bench: &Bench<'_>, period: &str, metric: &str, basis: Option<&str>) -> Option<f64> {
    let rows = bench.library.market.reported();
    let row = rows.iter().find(|r| {
        r.vendor == "nvidia" && r.period == period && r.metric == metric && basis.is_none_or(|b| r.basis == b)
    })?;
    Some(row.usd.value.get() / 1e6)
}

fn significant(bench: &Bench<'_>) -> Option<Claim> {
    let share = |year: &str, basis| {
        Some(
            reported(bench, year, "revenue_china_incl_hk", Some(basis))?
                / reported(bench, year, "revenue_total", None)?,
        )
    };
    let years = ["FY2022", "FY2023", "FY2024", "FY2025"];
    let billing: Vec<f64> = years
        .iter()
        .filter_map(|y| share(y, "billing_location"))
        .collect();
    let own: Vec<f64> = ["FY2024", "FY2025"]
        .iter()
        .filter_map(|y| share(y, "customer_headquarters"))
        .collect();
    let words = |x: &[f64]| {
        x.iter()
            .map(|s| format!("{:.0} %", s * 100.0))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Some(Claim {
        n: 3,
        claim: "China was a significant part of NVIDIA's revenue",
        test: "reported China revenue over total, FY2022 to FY2025 by billing location and FY2024 to FY2025 by headquarters: a tenth or more in every year supports it".into(),
        figure: format!("by billing location {}; by customer headquarters {}", words(&billing), words(&own)),
        band: None,
        verdict: if billing.iter().chain(&own).all(|s| *s >= 0.1) { ClaimVerdict::Supported } else { ClaimVerdict::Contradicted },
        remark: "of all revenue, gaming included; data-center shares were given in words only".into(),
    })
}

fn power(bench: &Bench<'_>) -> Option<Claim> {
    let of = |name: &str| {
        let chip = bench.library.catalog.resolve(name).ok()?.chip;
        Some((tpp(bench, name)?, chip.memory.bandwidth.as_ref()?.value.get()))
    };
    let ((t20, b20), (t100, b100)) = (of("h20")?, of("h100-sxm")?);
    Some(Claim {
        n: 6,
        claim: "The H20 is a substantial drop in processing power",
        test: "TPP and memory bandwidth of the H20 over the H100 SXM: under a half of TPP supports it".into(),
        figure: format!("TPP {:.0} %, memory bandwidth {:.0} %", t20 / t100 * 100.0, b20 / b100 * 100.0),
        band: None,
        verdict: if t20 / t100 < 0.5 { ClaimVerdict::Supported } else { ClaimVerdict::Contradicted },
        remark: "for arithmetic; decoding is bound by bandwidth, of which it has more (strait brief h20 shows each workload)".into(),
    })
}

fn premium(bench: &Bench<'_>) -> Option<Claim> {
    let price = |name: &str, on: Date| {
        let chip = bench.library.catalog.resolve(name).ok()?.chip;
        match bench.library.cost.price(chip, "CN", on, bench.known) {
            Outcome::Known(p) => Some(p.usd.value.get()),
            Outcome::Unknown(_) => None,
        }
    };
    let rate = |name: &str| {
        Some(
            bench
                .library
                .catalog
                .resolve(name)
                .ok()?
                .chip
                .memory
                .bandwidth
                .as_ref()?
                .value
                .get(),
        )
    };
    let (day, later) = (date(2024, 2, 15), date(2024, 8, 1));
    let (h20, b) = (price("h20", day)?, price("ascend-910b1", day)?);
    let (h20_later, b_later) = (price("h20", later)?, price("ascend-910b1", later)?);
    let per_tpp = (h20_later / tpp(bench, "h20")?) / (b_later / tpp(bench, "ascend-910b1")?);
    let per_rate = (h20_later / rate("h20")?) / (b_later / rate("ascend-910b1")?);
    Some(Claim {
        n: 7,
        claim: "It still sells at a premium price",
        test: format!(
            "price over that of the Ascend 910B on {day} and {later}, and on {later} per TPP and per GB/s: above one on all supports it, on none contradicts it"
        ),
        figure: format!(
            "price {:.2} and {:.2} times; per TPP {per_tpp:.1} times; per GB/s {per_rate:.2} times",
            h20 / b,
            h20_later / b_later
        ),
        band: None,
        verdict: match [
            h20 / b > 1.0,
            h20_later / b_later > 1.0,
            per_tpp > 1.0,
            per_rate > 1.0,
        ]
        .iter()
        .filter(|x| **x)
        .count()
        {
            4 => ClaimVerdict::Supported,
            0 => ClaimVerdict::Contradicted,
            _ => ClaimVerdict::DependsOnDate,
        },
        remark: "dear for arithmetic, cheap for bandwidth; it depends on the work as much as on the day"
            .into(),
    })
}

fn irreplaceable(bench: &Bench<'_>) -> Option<Claim> {
    let total = |y| reported(bench, y, "revenue_total", None);
    let china = |y: &str| reported(bench, y, "revenue_china_incl_hk", Some("customer_headquarters"));
    let this: f64 = ["FY2026Q1", "FY2026Q2", "FY2026Q3", "FY2026Q4"]
        .iter()
        .map(|q| china(q))
        .sum::<Option<f64>>()?;
    let (old, new) = (total("FY2025")? - china("FY2025")?, total("FY2026")? - this);
    Some(Claim {
        n: 9,
        claim: "China is irreplaceable for NVIDIA in the short term",
        test: "growth of revenue from everybody else, FY2025 to FY2026, by customer headquarters: more than the loss in China contradicts it".into(),
        figure: format!("others {:+.0} % ({:.0} to {:.0} bn USD); China {:.1} to {:.1} bn", (new / old - 1.0) * 100.0, old / 1e3, new / 1e3, china("FY2025")? / 1e3, this / 1e3),
        band: None,
        verdict: if new - old > china("FY2025")? - this { ClaimVerdict::Contradicted } else { ClaimVerdict::Supported },
        remark: "replaced in sum, which does not say that nothing was lost".into(),
    })
}

fn autonomy(bench: &Bench<'_>) -> Option<Claim> {
    let mut states: Vec<(Date, ChinaState)> = Vec::new();
    let mut day = date(2025, 1, 15);
    let end = bench.known.min(date(2026, 12, 31));
    while day <= end {
        for chip in ["h20", "h200"] {
            let Some(v) = check(bench, chip, day) else {
                continue;
            };
            if chip == "h200" {
                states.push((day, v.cn.state));
            }
            let _: SupplyEffect = v.supply_effect;
        }
        day = day.saturating_add(jiff::Span::new().days(7));
    }
    let strict = |s: ChinaState| matches!(s, ChinaState::Banned | ChinaState::Discouraged);
    let opened: Vec<Date> = states
        .windows(2)
        .filter(|w| strict(w[0].1) && !strict(w[1].1))
        .map(|w| w[1].0)
        .collect();
    let closed = states
        .windows(2)
        .filter(|w| !strict(w[0].1) && strict(w[1].1))
        .count();
    Some(Claim {
        n: 14,
        claim: "Beijing puts autonomy over expediency",
        test: "the Chinese side's state for the H200 and a platform, week by week from 2025: never relaxed supports it".into(),
        figure: format!("tightened {closed} times, relaxed {} times (weeks of {})", opened.len(), opened.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        band: None,
        verdict: if opened.is_empty() { ClaimVerdict::Supported } else { ClaimVerdict::DependsOnDate },
        remark: "rationing with use abroad, rather than a ban; nearly all of it is unpublished guidance".into(),
    })
}
