//! Claims that runs of the quarterly market decide, or fail to.

use super::{Bench, Claim, ClaimVerdict, above};
use crate::catalog::Chip;
use crate::data::Problems;
use crate::market::Quarter;
use crate::market::dynamics::{Band, Month, causes, name};
use crate::rules::metrics;
use jiff::civil::date;

pub(crate) fn claims(bench: &Bench<'_>) -> Result<Vec<Claim>, Problems> {
    let calm = bench.scenario("no-rebuff")?;
    let (fast, slow) = (
        bench.scenario("domestic-ramp-fast")?,
        bench.scenario("domestic-ramp-slow")?,
    );
    let mut out = vec![lukewarm(bench), weak(bench), timeline(&fast, &slow)];
    out.extend([alternatives(bench), years(bench), decoupling(bench)]);
    // Revenue lost to the rebuff, and won by others.
    let nvidia = gap(bench, &calm, name::BILLING, 2025, 2026);
    let chinese = gap(bench, &calm, name::DOMESTIC, 2026, 2027);
    let down = 1.0 - above(&nvidia);
    out.push(Claim {
        n: 8,
        claim: "The refusal dents NVIDIA's revenue",
        test: "history less `no-rebuff`, NVIDIA by billing location, 2025 and 2026: lower in 95 % of paths supports it".into(),
        figure: format!("{} million USD; lower in {:.0} % of paths", words(&Band::of(nvidia.clone())), down * 100.0),
        band: Some(Band::of(nvidia)),
        verdict: three(down, 0.95),
        remark: "guidance came together with license delay and the 15 % term; the size of its part rests on the prior of what guidance leaves".into(),
    });
    let up = above(&chinese);
    let share = Band::of(
        chinese
            .iter()
            .zip(
                bench
                    .year(&bench.base, name::DOMESTIC, 2026)
                    .iter()
                    .zip(bench.year(&bench.base, name::DOMESTIC, 2027)),
            )
            .map(|(gap, (a, b))| gap / (a + b))
            .collect(),
    );
    out.push(Claim {
        n: 10,
        claim: "The rebuff accelerates Chinese chips",
        test: "history less `no-rebuff`, revenue of Chinese vendors, 2026 and 2027: more in 95 % of paths and by a twentieth or more at the median supports it".into(),
        figure: format!("{} million USD, {:.0} % of their revenue ({:.0} to {:.0} %); more in {:.0} % of paths", words(&Band::of(chinese.clone())), share.median * 100.0, share.p05 * 100.0, share.p95 * 100.0, up * 100.0),
        band: Some(Band::of(chinese)),
        verdict: if up >= 0.95 && share.median >= 0.05 { ClaimVerdict::Supported } else { ClaimVerdict::CannotTell },
        remark: "where Chinese supply binds, demand turned to it buys no more; the US license requirement came first and is in both runs".into(),
    });
    Ok(out)
}

/// Supported where a part of draws is at or above a level, contradicted where at or below its mirror.
fn three(part: f64, level: f64) -> ClaimVerdict {
    if part >= level {
        ClaimVerdict::Supported
    } else if part <= 1.0 - level {
        ClaimVerdict::Contradicted
    } else {
        ClaimVerdict::CannotTell
    }
}

fn words(b: &Band) -> String {
    format!("{:.0} ({:.0} to {:.0})", b.median, b.p05, b.p95)
}

/// History less a scenario by draw, two years together.
fn gap(
    bench: &Bench<'_>,
    other: &crate::market::dynamics::Ensemble,
    variable: &str,
    a: i16,
    b: i16,
) -> Vec<f64> {
    let both = |e| -> Vec<f64> {
        bench
            .year(e, variable, a)
            .iter()
            .zip(bench.year(e, variable, b))
            .map(|(x, y)| x + y)
            .collect()
    };
    both(&bench.base)
        .iter()
        .zip(both(other))
        .map(|(x, y)| x - y)
        .collect()
}

fn lukewarm(bench: &Bench<'_>) -> Claim {
    let at = |year, quarter| {
        let (v, q) = (
            bench.base.find("Units|nvidia-h20|Mainland"),
            bench.base.quarter(Quarter { year, quarter }),
        );
        v.zip(q).map(|(v, q)| bench.base.band(v, q))
    };
    let (early, high, late) = (at(2024, 2), at(2025, 1), at(2025, 4));
    let median = |b: &Option<Band>| b.map_or(0.0, |b| b.median);
    let fell = median(&late) < 0.1 * median(&high);
    Claim {
        n: 4,
        claim: "Chinese buyers are lukewarm, not lining up for the H20",
        test: "H20 units a quarter on the mainland, 2024-Q2, 2025-Q1 and 2025-Q4: a tenth of the peak by the end says that it depends on the date".into(),
        figure: format!("{:.0}, {:.0} and {:.0} thousand", median(&early), median(&high), median(&late)),
        band: high,
        verdict: if fell { ClaimVerdict::DependsOnDate } else { ClaimVerdict::Contradicted },
        remark: "16 bn USD were ordered in the first quarter of 2025; from August 2025 guidance and not taste decides".into(),
    }
}

fn weak(bench: &Bench<'_>) -> Claim {
    let window = Month::of(date(2025, 8, 1)).0..Month::of(date(2026, 2, 1)).0;
    let found = causes(&bench.run(&bench.env, &[]), bench.draws.min(100), window);
    let part = |name: &str| {
        found
            .causes
            .iter()
            .find(|c| c.cause == name)
            .map(|c| (c.usd_million, c.largest))
    };
    let (performance, first) = part("performance").unwrap_or((Band::of(vec![0.0]), 0.0));
    let list: Vec<String> = found
        .causes
        .iter()
        .map(|c| {
            format!(
                "{} {:.0} ({:.0} %)",
                c.cause,
                c.usd_million.median,
                c.largest * 100.0
            )
        })
        .collect();
    Claim {
        n: 5,
        claim: "They hesitate because the chip is weak",
        test: "Shapley split of the fall of US makers' mainland sales, August 2025 to January 2026: performance the largest in nine paths of ten supports it, in one of ten or fewer contradicts it as the main cause".into(),
        figure: format!(
            "million USD, and in how many paths it is the largest: {}; guidance and license together {} beyond their sum",
            list.join(", "),
            words(&found.guidance_with_license)
        ),
        band: Some(performance),
        verdict: if first >= 0.9 { ClaimVerdict::Supported } else if first <= 0.1 { ClaimVerdict::Contradicted } else { ClaimVerdict::CannotTell },
        remark: match found.main {
            Some(main) => format!("main cause by this rule: {main}"),
            None => "which of guidance and license is the main cause cannot be told: they came together".into(),
        },
    }
}

fn alternatives(bench: &Bench<'_>) -> Claim {
    let vendors = ["huawei", "cambricon", "t-head", "baidu"];
    let draws: Vec<Vec<f64>> = vendors
        .iter()
        .map(|v| bench.year(&bench.base, &format!("Revenue|{v}|Mainland"), 2025))
        .collect();
    let n = draws[0].len().max(1) as f64;
    let first = (0..draws[0].len())
        .filter(|k| draws[1..].iter().all(|d| draws[0][*k] >= d[*k]))
        .count() as f64
        / n;
    let second = (0..draws[0].len())
        .filter(|k| draws[3][*k] >= draws[1][*k] && draws[3][*k] >= draws[2][*k])
        .count() as f64
        / n;
    let medians: Vec<String> = vendors
        .iter()
        .zip(&draws)
        .map(|(v, d)| format!("{v} {:.1}", Band::of(d.clone()).median / 1e3))
        .collect();
    Claim {
        n: 11,
        claim: "Huawei and Baidu are the alternatives",
        test: "revenue by Chinese vendor, 2025: Huawei first and Baidu second in nine paths of ten supports it, Baidu second in one of ten or fewer contradicts it".into(),
        figure: format!("bn USD: {}; Huawei first in {:.0} %, Baidu second in {:.0} % of paths", medians.join(", "), first * 100.0, second * 100.0),
        band: Some(Band::of(draws[3].clone())),
        verdict: if first >= 0.9 && second >= 0.9 { ClaimVerdict::Supported } else if second <= 0.1 { ClaimVerdict::Contradicted } else { ClaimVerdict::CannotTell },
        remark: "Huawei holds; the volumes of Baidu and T-Head are assumed intervals".into(),
    }
}

fn years(bench: &Bench<'_>) -> Claim {
    let value = |chip: &Chip| {
        metrics(chip)
            .tpp
            .and_then(|t| t.value.to_string().parse::<f64>().ok())
    };
    let announced = |chip: &Chip| {
        chip.market
            .announced
            .as_ref()
            .is_some_and(|a| a.value.last() <= bench.known)
    };
    let best = |own: bool| {
        bench
            .library
            .dynamics
            .spec
            .goods
            .iter()
            .filter(|g| g.facts.domestic == own)
            .flat_map(|g| &g.mix)
            .filter(|m| m.from <= bench.known)
            .filter_map(|m| m.chip.as_ref())
            .filter_map(|id| bench.library.catalog.get(id))
            .filter(|c| announced(c))
            .filter_map(value)
            .fold(0.0, f64::max)
    };
    let single = best(true) / best(false);
    // US production of 2026 by the Institute for Progress: 6.89 million B300; in H100 by TPP at the catalog's B300.
    let b300 = bench
        .library
        .catalog
        .resolve("b300")
        .ok()
        .and_then(|r| value(r.chip))
        .unwrap_or(f64::NAN);
    let american = 6.89e6 * b300 / bench.env.compute_unit / 1e3;
    let share: Vec<f64> = bench
        .year(&bench.base, name::COMPUTE_DOMESTIC, 2026)
        .iter()
        .map(|x| x / american)
        .collect();
    let band = Band::of(share);
    Claim {
        n: 12,
        claim: "It will take considerable time to match NVIDIA",
        test: "best Chinese chip over best US chip on sale by TPP, and compute of Chinese vendors in 2026 over US production (6.89 million B300, IFP): both under a half supports it".into(),
        figure: format!("chip {:.0} %; aggregate {:.1} % ({:.1} to {:.1} %)", single * 100.0, band.median * 100.0, band.p05 * 100.0, band.p95 * 100.0),
        band: Some(band),
        verdict: if single < 0.5 && band.p95 < 0.5 { ClaimVerdict::Supported } else { ClaimVerdict::CannotTell },
        remark: "TPP counts arithmetic at the chip's own width; software is not in it".into(),
    }
}

fn timeline(fast: &crate::market::dynamics::Ensemble, slow: &crate::market::dynamics::Ensemble) -> Claim {
    let from = fast.quarters.iter().position(|q| q.year == 2024).unwrap_or(0);
    let when = |e: &crate::market::dynamics::Ensemble| {
        let mut found: Vec<usize> = e
            .find(name::SHARE_DOLLARS)
            .map(|v| e.reaches(v, 0.8, from))
            .unwrap_or_default()
            .into_iter()
            .map(|q| q.unwrap_or(usize::MAX))
            .collect();
        found.sort_unstable();
        e.quarters
            .get(found.get(found.len() / 2).copied().unwrap_or(usize::MAX))
            .map_or("after 2030".to_owned(), ToString::to_string)
    };
    Claim {
        n: 13,
        claim: "The time to self-sufficiency is getting shorter",
        test: "forecasts by the day they were made, and the model's date for four fifths of dollars under a fast and a slow ramp: the model has one vintage of each source, which cannot decide".into(),
        figure: format!("Morgan Stanley: 82 % by 2027 (May 2025), core demand by 2028 (2026); model: {} fast, {} slow", when(fast), when(slow)),
        band: None,
        verdict: ClaimVerdict::CannotTell,
        remark: "Huawei's 960 was pulled forward, memory pulls the other way".into(),
    }
}

fn decoupling(bench: &Bench<'_>) -> Claim {
    let ratio: Vec<f64> = bench
        .year(&bench.base, name::HEADQUARTERS, 2026)
        .iter()
        .zip(bench.year(&bench.base, name::HEADQUARTERS, 2025))
        .map(|(new, old)| new / old)
        .collect();
    let band = Band::of(ratio);
    Claim {
        n: 15,
        claim: "The two are decoupling",
        test: "NVIDIA's revenue from Chinese-headquartered customers, 2026 over 2025: under a fifth at the 95th percentile supports it, over a fifth at the 5th contradicts it".into(),
        figure: format!("{:.0} % ({:.0} to {:.0} %) of 2025; reported 2.8 to 3.1 bn USD a quarter after the refusal", band.median * 100.0, band.p05 * 100.0, band.p95 * 100.0),
        band: Some(band),
        verdict: if band.p95 < 0.2 { ClaimVerdict::Supported } else if band.p05 > 0.2 { ClaimVerdict::Contradicted } else { ClaimVerdict::CannotTell },
        remark: "by billing location the mainland is near zero: it depends on the basis; purchases abroad go on".into(),
    }
}
