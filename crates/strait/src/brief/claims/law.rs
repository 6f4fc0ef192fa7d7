//! Claims that law and the catalog decide.

use super::{Bench, Claim, ClaimVerdict, Found, Test, lacks};
use crate::figure::{Need, Quantity};
use crate::rules::{ChinaState, Classification, Instrument, License, Listed, State, Transaction, Verdict};
use crate::scenario::Side;
use jiff::civil::{Date, date};

pub(crate) fn claims(bench: &Bench<'_>) -> Vec<Claim> {
    vec![
        designed(bench),
        administrations(bench),
        power(bench),
        autonomy(bench),
    ]
}

/// The verdict on a chip to a mainland platform.
fn check(bench: &Bench<'_>, chip: &str, on: Date) -> Result<Verdict, Need> {
    let chip = bench.chip(chip)?;
    let mut ask = Transaction::new(chip.id.clone(), "CN", on, bench.known);
    ask.listed = Listed::None;
    crate::brief::law::check(bench.library, &bench.library.law, chip, &ask)
        .map_err(|wrong| lacks(format!("the law of {on}: {wrong}"), "the claim is about it"))
}

fn designed(bench: &Bench<'_>) -> Claim {
    const CHIPS: [&str; 3] = ["h20", "l20", "l2"];
    let days = [date(2024, 6, 1), date(2025, 5, 1)];
    let found = || {
        bench.reached(days[0])?;
        let (mut words, mut free) = (Vec::new(), Vec::new());
        for day in days.into_iter().filter(|day| *day <= bench.known) {
            let mut names = Vec::new();
            for chip in CHIPS {
                let us = check(bench, chip, day)?.us;
                if us.classification == Classification::Outside3A090 && us.license != License::Required {
                    names.push(chip);
                }
            }
            let list = if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            };
            words.push(format!("free on {day}: {list}"));
            free.push(names.len());
        }
        // The highest bound of TPP is the one a chip is kept under.
        let margins = check(bench, "h20", days[0])?.us.margins;
        let bounds = margins.iter().filter(|m| m.bound.ends_with(" tpp"));
        let bound = bounds
            .filter_map(|m| m.limit.parse::<f64>().ok())
            .reduce(f64::max);
        let tpp = bench.tpp(bench.chip("h20")?)?;
        words.push(match bound {
            Some(bound) => format!("TPP of the H20 {tpp:.0} against a bound of {bound:.0}"),
            None => format!("TPP of the H20 {tpp:.0}"),
        });
        Ok(Found {
            figure: words.join("; "),
            band: None,
            verdict: if free.iter().all(|n| *n == CHIPS.len()) {
                ClaimVerdict::Supported
            } else if free.iter().all(|n| *n == 0) {
                ClaimVerdict::Contradicted
            } else {
                ClaimVerdict::DependsOnDate
            },
        })
    };
    Test {
        n: 1,
        claim: "H20, L20 and L2 were designed to stay under the US thresholds",
        test: format!(
            "check of each to CN on {} and {}: outside 3A090 and no license on each day known supports it",
            days[0], days[1]
        ),
        remark:
            "a letter of April 2025 asked for a license by memory and link rates, without moving a threshold"
                .into(),
    }
    .found(found())
}

fn administrations(bench: &Bench<'_>) -> Claim {
    let change = date(2025, 1, 20);
    let us = || {
        let all = bench.library.law.instruments().iter();
        all.filter(|i| i.side == Side::Us).filter_map(|i| {
            let begun = i
                .status
                .iter()
                .map(|s| s.get_ref())
                .filter(|s| s.state == State::InForce && s.known_from.first() <= bench.known);
            Some((i, begun.map(|s| s.from.first()).min()?))
        })
    };
    let restricts = |i: &Instrument| {
        !(i.classify.is_empty() && i.require.is_empty() && i.product.is_empty() && i.prohibition.is_empty())
    };
    let since = |day: &Date| *day >= change;
    let found = || {
        // The day itself leaves no time for anything since.
        bench.reached(change.tomorrow().unwrap_or(change))?;
        let tables = us().filter(|(i, _)| !i.classify.is_empty()).map(|(_, day)| day);
        let table = tables
            .min()
            .ok_or_else(|| lacks("a US table of thresholds".into(), "the test dates the first"))?;
        let (after, before): (Vec<Date>, Vec<Date>) = us()
            .filter(|(i, _)| restricts(i))
            .map(|(_, day)| day)
            .partition(since);
        Ok(Found {
            figure: format!(
                "the first table is of {table}; of those that restrict {} began before {change}, {} since",
                before.len(),
                after.len()
            ),
            band: None,
            verdict: match (since(&table), !after.is_empty()) {
                (true, true) => ClaimVerdict::Supported,
                (false, false) => ClaimVerdict::Contradicted,
                _ => ClaimVerdict::DependsOnDate,
            },
        })
    };
    Test {
        n: 2,
        claim: "The policies solidified under Trump and have intensified since",
        test: format!(
            "US instruments in force that classify, ask for a license by list or letter, or prohibit: the first table of \
             thresholds from {change} on supports its first half, any of them since then its second"
        ),
        remark: "thresholds date from October 2022 and October 2023, before that day; the license for the H20 from April \
                 2025: what hardened for that chip hardened later"
            .into(),
    }
    .found(found())
}

fn power(bench: &Bench<'_>) -> Claim {
    let of = |name: &str| {
        let chip = bench.chip(name)?;
        let rate = chip.memory.bandwidth.as_ref();
        let rate =
            rate.ok_or_else(|| lacks(format!("memory bandwidth of {}", chip.id), "the test compares it"))?;
        Ok((bench.tpp(chip)?, rate.value.get()))
    };
    let found = || {
        let ((t20, b20), (t100, b100)) = (of("h20")?, of("h100-sxm")?);
        Ok(Found {
            figure: format!(
                "TPP {:.0} %, memory bandwidth {:.0} %",
                t20 / t100 * 100.0,
                b20 / b100 * 100.0
            ),
            band: None,
            verdict: ClaimVerdict::by_days(&[vec![t20 / t100 < 0.5, b20 / b100 < 0.5]]),
        })
    };
    Test {
        n: 6,
        claim: "The H20 is a substantial drop in processing power",
        test: "TPP and memory bandwidth of the H20 over the H100 SXM: under a half of both supports it, of none contradicts it, of one says that it depends on the measure".into(),
        remark: "for arithmetic; decoding is bound by bandwidth, of which it has more (strait brief h20 shows each workload)".into(),
    }
    .found(found())
}

/// How often something happened, and when.
fn weeks(of: &[String]) -> String {
    match of {
        [] => "never".to_owned(),
        [one] => format!("once (week of {one})"),
        all => format!("{} times (weeks of {})", all.len(), all.join(", ")),
    }
}

fn autonomy(bench: &Bench<'_>) -> Claim {
    let strict = |s: ChinaState| matches!(s, ChinaState::Banned | ChinaState::Discouraged);
    let found = || {
        let mut states: Vec<(Date, bool)> = Vec::new();
        let mut day = date(2025, 1, 15);
        let end = bench.known.min(date(2026, 12, 31));
        while day <= end {
            states.push((day, strict(check(bench, "h200", day)?.cn.state)));
            day = day.saturating_add(jiff::Span::new().days(7));
        }
        let turned = |to: bool| {
            let steps = states
                .windows(2)
                .filter(move |w| w[0].1 != w[1].1 && w[1].1 == to);
            steps.map(|w| w[1].0.to_string()).collect::<Vec<_>>()
        };
        let (closed, opened) = (turned(true), turned(false));
        if closed.is_empty() && opened.is_empty() {
            let fact = format!("a turn of the Chinese side on the H200 by {}", bench.known);
            return Err(lacks(fact, "what never turned was neither kept to nor given up"));
        }
        Ok(Found {
            figure: format!("tightened {}, relaxed {}", weeks(&closed), weeks(&opened)),
            band: None,
            verdict: if opened.is_empty() {
                ClaimVerdict::Supported
            } else {
                ClaimVerdict::DependsOnDate
            },
        })
    };
    Test {
        n: 14,
        claim: "Beijing puts autonomy over expediency",
        test: "the Chinese side's state for the H200 and a platform, week by week from 2025: tightened and never relaxed supports it".into(),
        remark: "rationing with use abroad, rather than a ban; nearly all of it is unpublished guidance".into(),
    }
    .found(found())
}

#[cfg(test)]
mod tests {
    use super::weeks;

    #[test]
    fn what_never_happened_has_no_week() {
        let days = ["2025-08-05", "2025-09-16"].map(str::to_owned);
        assert_eq!(weeks(&[]), "never");
        assert_eq!(weeks(&days[..1]), "once (week of 2025-08-05)");
        assert_eq!(weeks(&days), "2 times (weeks of 2025-08-05, 2025-09-16)");
    }
}
