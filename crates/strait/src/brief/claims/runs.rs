//! Claims that runs of the quarterly market decide, or fail to.

use super::{Bench, Claim, ClaimVerdict, Found, Test, lacks};
use crate::data::Problems;
use crate::figure::Need;
use crate::market::Quarter;
use crate::market::dynamics::{Band, Ensemble, Key, Month, causes, name};
use jiff::civil::{Date, date};

pub(crate) fn claims(bench: &Bench<'_>) -> Result<Vec<Claim>, Problems> {
    let calm = bench.scenario("no-rebuff")?;
    Ok(vec![
        lukewarm(bench),
        weak(bench),
        dented(bench, &calm),
        accelerated(bench, &calm),
    ])
}

/// Part of Chinese vendors' revenue from which on a gain counts as one.
const A_TWENTIETH: f64 = 0.05;

/// Part of draws for which something holds.
fn part(draws: &[f64], holds: impl Fn(f64) -> bool) -> f64 {
    draws.iter().filter(|x| holds(**x)).count() as f64 / draws.len().max(1) as f64
}

/// Verdict on a direction: the draws that go it and those that go against it.
fn direction(with: f64, against: f64) -> ClaimVerdict {
    match (ClaimVerdict::by_draws(with), ClaimVerdict::by_draws(against)) {
        (ClaimVerdict::Supported, _) => ClaimVerdict::Supported,
        (_, ClaimVerdict::Supported) => ClaimVerdict::Contradicted,
        _ => ClaimVerdict::CannotTell,
    }
}

/// A median with its 90 % band.
pub(super) fn words(b: &Band) -> String {
    format!("{:.0} ({:.0} to {:.0})", b.median, b.p05, b.p95)
}

/// History less a scenario by draw, two years together. Lacks a fact where no path of the two differs.
fn gap(bench: &Bench<'_>, other: &Ensemble, variable: Key<'_>, years: [i16; 2]) -> Result<Vec<f64>, Need> {
    let both = |e: &Ensemble| -> Result<Vec<f64>, Need> {
        let (a, b) = (
            bench.year(e, variable, years[0])?,
            bench.year(e, variable, years[1])?,
        );
        Ok(a.iter().zip(b).map(|(x, y)| x + y).collect())
    };
    let gap: Vec<f64> = both(&bench.base)?
        .iter()
        .zip(both(other)?)
        .map(|(x, y)| x - y)
        .collect();
    if gap.iter().all(|x| *x == 0.0) {
        let fact = format!("guidance against US chips by {}", bench.known);
        return Err(lacks(fact, "without any known the two runs are one"));
    }
    Ok(gap)
}

fn dented(bench: &Bench<'_>, calm: &Ensemble) -> Claim {
    let found = || {
        let lost = gap(bench, calm, name::BILLING, [2025, 2026])?;
        let (down, up) = (part(&lost, |x| x < 0.0), part(&lost, |x| x > 0.0));
        let band = Band::of(lost);
        Ok(Found {
            figure: format!(
                "{} million USD; lower in {:.0} % of paths",
                words(&band),
                down * 100.0
            ),
            band: Some(band),
            verdict: direction(down, up),
        })
    };
    Test {
        n: 8,
        claim: "The refusal dents NVIDIA's revenue",
        test: "history less `no-rebuff`, in which guidance alone is away and license, levy, a stopped production and the chips stay, NVIDIA by billing location, 2025 and 2026: lower in 95 % of paths supports it, higher in 95 % contradicts it".into(),
        remark: "guidance came together with license delay and the 15 % term; the size of its part rests on the prior of what guidance leaves".into(),
    }
    .found(found())
}

fn accelerated(bench: &Bench<'_>, calm: &Ensemble) -> Claim {
    let found = || {
        let won = gap(bench, calm, name::DOMESTIC, [2026, 2027])?;
        let (up, down) = (part(&won, |x| x > 0.0), part(&won, |x| x < 0.0));
        let points = gap(bench, calm, name::SHARE_DOLLARS, [2026, 2027])?;
        let points: Vec<f64> = points.iter().map(|x| x / 2.0).collect();
        let by_share = direction(part(&points, |x| x > 0.0), part(&points, |x| x < 0.0));
        let points = Band::of(points);
        let (a, b) = (
            bench.year(&bench.base, name::DOMESTIC, 2026)?,
            bench.year(&bench.base, name::DOMESTIC, 2027)?,
        );
        let share = won.iter().zip(a.iter().zip(b)).map(|(gap, (a, b))| gap / (a + b));
        let (share, band) = (Band::of(share.collect()), Band::of(won));
        Ok(Found {
            figure: format!(
                "{} million USD, {:.0} % of their revenue ({:.0} to {:.0} %); more in {:.0} % of paths; of dollars {:+.0} points ({:+.0} to {:+.0})",
                words(&band),
                share.median * 100.0,
                share.p05 * 100.0,
                share.p95 * 100.0,
                up * 100.0,
                points.median * 100.0,
                points.p05 * 100.0,
                points.p95 * 100.0
            ),
            band: Some(band),
            verdict: ClaimVerdict::by_measures(&[
                match direction(up, down) {
                    // A gain that is next to nothing is none.
                    ClaimVerdict::Supported if share.median < A_TWENTIETH => ClaimVerdict::CannotTell,
                    other => other,
                },
                by_share,
            ]),
        })
    };
    Test {
        n: 10,
        claim: "The rebuff accelerates Chinese chips",
        test: "history less `no-rebuff`, revenue of Chinese vendors and their share of dollars, 2026 and 2027: by each, more in 95 % of paths (revenue by a twentieth or more at the median) supports it, less in 95 % contradicts it; what the two do not agree on cannot be told, or depends on the measure where they contradict one another".into(),
        remark: "where Chinese supply binds, demand turned to it buys no more; the US license requirement came first and is in both runs".into(),
    }
    .found(found())
}

fn lukewarm(bench: &Bench<'_>) -> Claim {
    let at = |year, quarter| {
        let quarter = Quarter { year, quarter };
        bench.reached(quarter.last_day())?;
        let units = Key::mainland("Sales|Units|NVIDIA|H20");
        let found = bench.base.find(units).zip(bench.base.quarter(quarter));
        let (v, q) = found.ok_or_else(|| lacks(format!("`{units}` in the model"), "the test reads it"))?;
        Ok(bench.base.band(v, q))
    };
    let found = || {
        let (early, high, late) = (at(2024, 2)?, at(2025, 1)?, at(2025, 4)?);
        Ok(Found {
            figure: format!(
                "{} thousand H20 in 2024-Q2, {} in 2025-Q1, {} in 2025-Q4",
                words(&early),
                words(&high),
                words(&late)
            ),
            band: Some(high),
            verdict: if late.median < 0.1 * high.median {
                ClaimVerdict::DependsOnDate
            } else {
                ClaimVerdict::Contradicted
            },
        })
    };
    let ordered = match bench.published("h20-orders-2025q1").map(|row| row.value) {
        Ok(Some((usd, _))) => format!("{usd:.0} bn USD were ordered in the first quarter of 2025; "),
        _ => String::new(),
    };
    Test {
        n: 4,
        claim: "Chinese buyers are lukewarm, not lining up for the H20",
        test: "H20 units a quarter on the mainland, 2024-Q2, 2025-Q1 and 2025-Q4: a tenth of the peak by the end says that it depends on the date".into(),
        remark: format!("{ordered}from August 2025 guidance and not taste decides"),
    }
    .found(found())
}

fn weak(bench: &Bench<'_>) -> Claim {
    let months: [Date; 2] = [date(2025, 8, 1), date(2026, 2, 1)];
    let mut remark =
        "which of guidance and license is the main cause cannot be told: they came together".to_owned();
    let mut found = || {
        bench.reached(months[1])?;
        let window = Month::of(months[0]).0..Month::of(months[1]).0;
        let found = causes(&bench.run(&bench.env, &[]), bench.draws.min(100), window, None);
        let performance = found.causes.iter().find(|c| c.cause == "performance");
        let performance = performance
            .ok_or_else(|| lacks("`performance` among the causes".into(), "the claim is about it"))?;
        let list: Vec<String> = found
            .causes
            .iter()
            .map(|c| {
                format!(
                    "{} {}, largest in {:.0} %",
                    c.cause,
                    words(&c.usd_million),
                    c.largest * 100.0
                )
            })
            .collect();
        if let Some(main) = &found.main {
            remark = format!("main cause by this rule: {main}");
        }
        Ok(Found {
            figure: format!(
                "million USD, and in what part of paths each is the largest: {}; guidance and license together {} beyond their sum",
                list.join("; "),
                words(&found.guidance_with_license)
            ),
            band: Some(performance.usd_million),
            verdict: if performance.largest >= 0.9 {
                ClaimVerdict::Supported
            } else if performance.largest <= 0.1 {
                ClaimVerdict::Contradicted
            } else {
                ClaimVerdict::CannotTell
            },
        })
    };
    let found = found();
    Test {
        n: 5,
        claim: "They hesitate because the chip is weak",
        test: "Shapley split of the fall of US makers' mainland sales, August 2025 to January 2026, from a world where none of five causes acts: the chip does what its flagship does, is worth what the Chinese leader's is, may be bought and sold freely and is there in any number, stock laid in included; performance the largest in nine paths of ten supports it, in one of ten or fewer contradicts it as the main cause".into(),
        remark,
    }
    .found(found)
}
