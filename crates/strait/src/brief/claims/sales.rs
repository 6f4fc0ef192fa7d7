//! Claims about who sells how much, which runs of the quarterly market decide.

use super::{Bench, Claim, ClaimVerdict, Found, Test, reported};
use crate::figure::{Need, Quantity};
use crate::market::dynamics::{Band, Key, name};
use jiff::civil::date;

pub(crate) fn claims(bench: &Bench<'_>) -> Vec<Claim> {
    vec![alternatives(bench), decoupling(bench)]
}

fn alternatives(bench: &Bench<'_>) -> Claim {
    const VENDORS: [&str; 4] = ["Huawei", "Cambricon", "T-Head", "Baidu"];
    let found = || {
        let of = |v: &str| {
            bench.year(
                &bench.base,
                Key::mainland(&format!("Revenue|Accelerators|{v}")),
                2025,
            )
        };
        let draws = VENDORS.into_iter().map(of).collect::<Result<Vec<_>, Need>>()?;
        let [huawei, cambricon, thead, baidu] = &draws[..] else {
            unreachable!("one a vendor")
        };
        let paths: Vec<usize> = (0..huawei.len()).collect();
        let of_paths = |holds: &dyn Fn(usize) -> bool| {
            paths.iter().filter(|k| holds(**k)).count() as f64 / paths.len().max(1) as f64
        };
        let first = of_paths(&|k| draws[1..].iter().all(|d| huawei[k] >= d[k]));
        let second = of_paths(&|k| baidu[k] >= cambricon[k] && baidu[k] >= thead[k]);
        let medians: Vec<String> = VENDORS
            .iter()
            .zip(&draws)
            .map(|(v, d)| {
                let band = Band::of(d.clone());
                let [median, p05, p95] = [band.median, band.p05, band.p95].map(|x| x / 1e3);
                format!("{v} {median:.1} ({p05:.1} to {p95:.1})")
            })
            .collect();
        Ok(Found {
            figure: format!(
                "bn USD: {}; Huawei first in {:.0} %, Baidu second in {:.0} % of paths",
                medians.join(", "),
                first * 100.0,
                second * 100.0
            ),
            band: Some(Band::of(baidu.clone())),
            verdict: if first >= 0.9 && second >= 0.9 {
                ClaimVerdict::Supported
            } else if second <= 0.1 {
                ClaimVerdict::Contradicted
            } else {
                ClaimVerdict::CannotTell
            },
        })
    };
    Test {
        n: 11,
        claim: "Huawei and Baidu are the alternatives",
        test: "revenue by Chinese vendor, 2025: Huawei first and Baidu second in nine paths of ten supports it, Baidu second in one of ten or fewer contradicts it".into(),
        remark: "Huawei holds; cards of 2025 by maker are counted by IDC, what they fetched is not".into(),
    }
    .found(found())
}

/// Part of the former sales below which two count as decoupled.
const A_FIFTH: f64 = 0.2;

fn decoupling(bench: &Bench<'_>) -> Claim {
    let found = || {
        let ratio = |of: Key<'_>| {
            let (new, old) = (
                bench.year(&bench.base, of, 2026)?,
                bench.year(&bench.base, of, 2025)?,
            );
            Ok(new
                .iter()
                .zip(old)
                .map(|(new, old)| new / old)
                .collect::<Vec<f64>>())
        };
        let (customers, mainland) = (ratio(name::HEADQUARTERS)?, ratio(name::NVIDIA_MAINLAND)?);
        let under = |draws: &[f64]| {
            let held = draws.iter().filter(|x| **x < A_FIFTH).count();
            ClaimVerdict::by_draws(held as f64 / draws.len().max(1) as f64)
        };
        let mut verdicts = vec![under(&customers), under(&mainland)];
        let (customers, mainland) = (Band::of(customers), Band::of(mainland));
        let of = |b: &Band| {
            format!(
                "{:.0} % ({:.0} to {:.0} %)",
                b.median * 100.0,
                b.p05 * 100.0,
                b.p95 * 100.0
            )
        };
        let mut figure = format!(
            "of 2025: from customers wherever they are {}, from data centers on the mainland {}",
            of(&customers),
            of(&mainland)
        );
        let after: Vec<(f64, f64)> = reported::reported(bench)
            .filter(|r| r.metric == reported::CHINA && r.basis == reported::HEADQUARTERS)
            .filter(|r| r.period_end.is_some_and(|end| end > date(2025, 8, 31)))
            .filter(|r| r.period.contains('Q'))
            .map(|r| (r.usd.low.get() / 1e9, r.usd.high.get() / 1e9))
            .collect();
        let year = |r: &&crate::market::ReportedRevenue| {
            r.metric == reported::CHINA && r.basis == reported::HEADQUARTERS && r.period == "FY2025"
        };
        let before = reported::reported(bench)
            .find(year)
            .map(|r| r.usd.value.get() / 4e9);
        if !after.is_empty() {
            let low = after.iter().map(|r| r.0).fold(f64::INFINITY, f64::min);
            let high = after.iter().map(|r| r.1).fold(0.0, f64::max);
            figure.push_str(&format!(
                "; reported {low:.1} to {high:.1} bn USD a quarter that ended after August 2025"
            ));
            if let Some(before) = before {
                figure.push_str(&format!(", {before:.1} on average in the four of FY2025"));
                verdicts.push(if high < A_FIFTH * before {
                    ClaimVerdict::Supported
                } else if low >= A_FIFTH * before {
                    ClaimVerdict::Contradicted
                } else {
                    ClaimVerdict::DependsOnDate
                });
            }
        }
        Ok(Found {
            figure,
            band: Some(customers),
            verdict: ClaimVerdict::by_measures(&verdicts),
        })
    };
    Test {
        n: 15,
        claim: "The two are decoupling",
        test: "NVIDIA's revenue of 2026 over that of 2025, from Chinese-headquartered customers and from data centers on the mainland: and what it reported by headquarters of quarters after August 2025 over a quarter of FY2025: under a fifth in 95 % of paths, or in every quarter, supports it by that measure, in 5 % or none contradicts it; measures that contradict one another make it depend on the measure".into(),
        remark: "sales to the mainland fell further than those to the same customers wherever they are, which go on as reported".into(),
    }
    .found(found())
}
