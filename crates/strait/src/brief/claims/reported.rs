//! Claims that prices and reported revenue decide.

use super::{Bench, Claim, ClaimVerdict, Found, Test, lacks};
use crate::figure::{Need, Outcome, Quantity};
use crate::market::ReportedRevenue;
use jiff::civil::{Date, date};

/// The basis that counts where a customer has its headquarters.
pub(super) const HEADQUARTERS: &str = "customer_headquarters";
/// Revenue from China and Hong Kong.
pub(super) const CHINA: &str = "revenue_china_incl_hk";
const WHOLE: &str = "revenue_total";

pub(crate) fn claims(bench: &Bench<'_>) -> Vec<Claim> {
    vec![significant(bench), premium(bench), irreplaceable(bench)]
}

/// What NVIDIA had reported by the day of knowledge.
pub(super) fn reported<'a>(bench: &'a Bench<'_>) -> impl Iterator<Item = &'a ReportedRevenue> {
    let rows = bench.library.market.reported().iter();
    rows.filter(|r| r.vendor == "nvidia" && r.known_from <= bench.known)
}

/// One figure of it, million USD.
fn figure(bench: &Bench<'_>, period: &str, metric: &str, basis: Option<&str>) -> Result<f64, Need> {
    let mut rows = reported(bench);
    let found = rows.find(|r| r.period == period && r.metric == metric && basis.is_none_or(|b| r.basis == b));
    found.map(|r| r.usd.value.get() / 1e6).ok_or_else(|| {
        let basis = basis.map(|b| format!(" by {b}")).unwrap_or_default();
        let fact = format!(
            "NVIDIA's {metric} of {period}{basis} as reported by {}",
            bench.known
        );
        lacks(fact, "the test adds it up")
    })
}

fn significant(bench: &Bench<'_>) -> Claim {
    let share = |year: &&str, basis| {
        let china = figure(bench, year, CHINA, Some(basis)).ok()?;
        Some(china / figure(bench, year, WHOLE, None).ok()?)
    };
    let of = |years: &[&str], basis| -> Vec<f64> { years.iter().filter_map(|y| share(y, basis)).collect() };
    let billing = of(&["FY2022", "FY2023", "FY2024", "FY2025"], "billing_location");
    let own = of(&["FY2024", "FY2025"], HEADQUARTERS);
    let words = |x: &[f64]| {
        if x.is_empty() {
            return "none yet".to_owned();
        }
        let shares = x.iter().map(|s| format!("{:.0} %", s * 100.0));
        shares.collect::<Vec<_>>().join(", ")
    };
    let found = if billing.is_empty() && own.is_empty() {
        let fact = format!("a year's revenue from China as reported by {}", bench.known);
        Err(lacks(fact, "the test divides it by the whole"))
    } else {
        Ok(Found {
            figure: format!(
                "by billing location {}; by customer headquarters {}",
                words(&billing),
                words(&own)
            ),
            band: None,
            verdict: if billing.iter().chain(&own).all(|s| *s >= 0.1) {
                ClaimVerdict::Supported
            } else {
                ClaimVerdict::Contradicted
            },
        })
    };
    Test {
        n: 3,
        claim: "China was a significant part of NVIDIA's revenue",
        test: "reported China revenue over total, FY2022 to FY2025 by billing location and FY2024 to FY2025 by headquarters: a tenth or more in every year reported supports it".into(),
        remark: "of all revenue, gaming included; data-center shares were given in words only".into(),
    }
    .found(found)
}

fn premium(bench: &Bench<'_>) -> Claim {
    let (day, later) = (date(2024, 2, 15), date(2024, 8, 1));
    // The days of the article the claims are from.
    let article = date(2025, 8, 15);
    let price = |name: &str, on: Date| {
        let chip = bench.chip(name)?;
        match bench.library.cost.price(chip, "CN", on, bench.known) {
            Outcome::Known(p) => Ok(p.usd.value.get()),
            Outcome::Unknown(_) => Err(lacks(
                format!("a price of {} in China on {on} by {}", chip.id, bench.known),
                "the test compares prices",
            )),
        }
    };
    let rate = |name: &str| {
        let chip = bench.chip(name)?;
        let rate = chip.memory.bandwidth.as_ref().map(|f| f.value.get());
        rate.ok_or_else(|| {
            lacks(
                format!("memory bandwidth of {}", chip.id),
                "the test divides by it",
            )
        })
    };
    let found = || {
        bench.reached(later)?;
        let tpp = |name: &str| bench.tpp(bench.chip(name)?);
        let (work, bytes) = (
            tpp("h20")? / tpp("ascend-910b1")?,
            rate("h20")? / rate("ascend-910b1")?,
        );
        let (mut words, mut all) = (Vec::new(), Vec::new());
        for on in [day, later, article] {
            let over = price("h20", on).and_then(|p| Ok(p / price("ascend-910b1", on)?));
            match over {
                _ if on > bench.known => (),
                Ok(over) => {
                    let by = [over, over / work, over / bytes];
                    words.push(format!(
                        "{on}: price {:.2} times, per TPP {:.1}, per GB/s {:.2}",
                        by[0], by[1], by[2]
                    ));
                    all.push(by.iter().map(|x| *x > 1.0).collect());
                }
                Err(need) => words.push(format!("{on}: unknown, {}", need.fact)),
            }
        }
        Ok(Found {
            figure: words.join("; "),
            band: None,
            verdict: ClaimVerdict::by_days(&all),
        })
    };
    Test {
        n: 7,
        claim: "It still sells at a premium price",
        test: format!(
            "price over that of the Ascend 910B on {day}, {later} and {article}, whole, per TPP and per GB/s: above one by every measure on every day supports it, by none contradicts it; it depends on the measure where these differ on a day, otherwise on the date"
        ),
        remark: "dear for arithmetic, cheap for bandwidth".into(),
    }
    .found(found())
}

fn irreplaceable(bench: &Bench<'_>) -> Claim {
    let china = |period: &str| figure(bench, period, CHINA, Some(HEADQUARTERS));
    let found = || {
        let quarters = ["FY2026Q1", "FY2026Q2", "FY2026Q3", "FY2026Q4"];
        let this = quarters.into_iter().map(china).sum::<Result<f64, Need>>()?;
        let before = china("FY2025")?;
        let (old, new) = (
            figure(bench, "FY2025", WHOLE, None)? - before,
            figure(bench, "FY2026", WHOLE, None)? - this,
        );
        Ok(Found {
            figure: format!(
                "others {:+.0} % ({:.0} to {:.0} bn USD); China {:.1} to {:.1} bn",
                (new / old - 1.0) * 100.0,
                old / 1e3,
                new / 1e3,
                before / 1e3,
                this / 1e3
            ),
            band: None,
            verdict: if new - old > before - this {
                ClaimVerdict::Contradicted
            } else {
                ClaimVerdict::Supported
            },
        })
    };
    Test {
        n: 9,
        claim: "China is irreplaceable for NVIDIA in the short term",
        test: "growth of revenue from everybody else, FY2025 to FY2026, by customer headquarters: more than the loss in China contradicts it".into(),
        remark: "replaced in sum, which does not say that nothing was lost".into(),
    }
    .found(found())
}
