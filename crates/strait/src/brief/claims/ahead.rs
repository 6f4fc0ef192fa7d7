//! Claims about what is still to come: catching up, and when.

use super::{Bench, Claim, ClaimVerdict, Found, Test, lacks};
use crate::brief::us_production;
use crate::data::Problems;
use crate::figure::Need;
use crate::market::PublishedShare;
use crate::market::dynamics::{Band, Ensemble, name};

/// Part of what the other side has at which it counts as all but matched.
const MATCHED: f64 = 0.5;

/// Share of dollars at which Chinese vendors count as sufficient.
const SUFFICIENT: f64 = 0.8;

pub(crate) fn claims(bench: &Bench<'_>) -> Result<Vec<Claim>, Problems> {
    let (fast, slow) = (
        bench.scenario("domestic-ramp-fast")?,
        bench.scenario("domestic-ramp-slow")?,
    );
    Ok(vec![years(bench), timeline(bench, &fast, &slow)])
}

fn years(bench: &Bench<'_>) -> Claim {
    let best = |own: bool| {
        let goods = bench.library.dynamics.spec.goods.iter();
        let sold = goods
            .filter(|g| g.facts.domestic == own)
            .flat_map(|g| &g.mix)
            .filter(|m| m.from <= bench.known)
            .filter_map(|m| bench.library.catalog.get(m.chip.as_ref()?))
            .filter(|c| c.announced_by(bench.known, bench.known) == Some(true));
        let best = sold.filter_map(|c| bench.tpp(c).ok()).reduce(f64::max);
        let whose = if own { "Chinese" } else { "US" };
        best.ok_or_else(|| {
            let fact = format!("TPP of a {whose} chip on sale by {}", bench.known);
            lacks(fact, "the test compares the best")
        })
    };
    let found = || {
        let single = best(true)? / best(false)?;
        // US production of the year, counted in B300.
        let production = bench.library.us_production(bench.known).ok_or_else(|| {
            let fact = format!(
                "row `{}` of china_share.csv by {}",
                us_production::ROW,
                bench.known
            );
            lacks(fact, "the test divides by it")
        })?;
        let share = bench.year(&bench.base, name::COMPUTE_DOMESTIC, 2026)?;
        let band = Band::of(share.iter().map(|x| x / production.compute).collect());
        Ok(Found {
            figure: format!(
                "chip {:.0} %; aggregate {:.1} % ({:.1} to {:.1} %) of {:.2} million B300 ({})",
                single * 100.0,
                band.median * 100.0,
                band.p05 * 100.0,
                band.p95 * 100.0,
                production.units / 1e6,
                production.organisation
            ),
            band: Some(band),
            verdict: if single < MATCHED && band.p95 < MATCHED {
                ClaimVerdict::Supported
            } else if single >= MATCHED && band.p05 >= MATCHED {
                ClaimVerdict::Contradicted
            } else {
                ClaimVerdict::CannotTell
            },
        })
    };
    Test {
        n: 12,
        claim: "It will take considerable time to match NVIDIA",
        test: "best Chinese chip over best US chip on sale by TPP, and compute of Chinese vendors in 2026 over US production, counted in B300: both under a half supports it, both at a half or more contradicts it".into(),
        remark: "TPP counts arithmetic at the chip's own width; software is not in it".into(),
    }
    .found(found())
}

/// The quarter by which half of the paths reach four fifths of dollars.
fn when(e: &Ensemble) -> Result<String, Need> {
    let from = e.quarters.iter().position(|q| q.year == 2024);
    let (Some(v), Some(from)) = (e.find(name::SHARE_DOLLARS), from) else {
        return Err(lacks(
            format!("`{}` in the model", name::SHARE_DOLLARS),
            "the test reads it",
        ));
    };
    let mut found = e.reaches(v, SUFFICIENT, from);
    // Paths that never do come last.
    found.sort_unstable_by_key(|q| q.unwrap_or(usize::MAX));
    let middle = found.get(found.len() / 2).copied().flatten();
    Ok(middle
        .and_then(|q| e.quarters.get(q))
        .map_or("after 2030".to_owned(), ToString::to_string))
}

/// Forecasts of one thing by one source: each value beside the one it gave next.
fn revised(forecasts: &[&PublishedShare]) -> Vec<(f64, f64)> {
    let same = |a: &PublishedShare, b: &PublishedShare| {
        (&a.organisation, &a.period, &a.metric, &a.model) == (&b.organisation, &b.period, &b.metric, &b.model)
    };
    let mut pairs = Vec::new();
    for former in forecasts {
        let later = forecasts
            .iter()
            .filter(|r| same(r, former) && r.made_on.first() > former.made_on.last());
        if let Some(next) = later.min_by_key(|r| r.made_on.first())
            && let (Some(a), Some(b)) = (former.value, next.value)
        {
            pairs.push((a.0, b.0));
        }
    }
    pairs
}

fn timeline(bench: &Bench<'_>, fast: &Ensemble, slow: &Ensemble) -> Claim {
    let rows = bench.library.market.published_shares().iter();
    let known: Vec<&PublishedShare> = rows
        .filter(|r| r.vendor == "domestic" && r.kind == "forecast" && r.made_on.last() <= bench.known)
        .collect();
    let found = || {
        let dates = format!("model: {} fast, {} slow", when(fast)?, when(slow)?);
        let pairs = revised(&known);
        if pairs.is_empty() {
            let fact = format!(
                "a second forecast of the same year by the same source by {}",
                bench.known
            );
            return Err(lacks(
                format!("{fact}; {dates}"),
                "one vintage of each source cannot say which way its dates move",
            ));
        }
        let part = |holds: fn(&(f64, f64)) -> bool| pairs.iter().filter(|p| holds(p)).count();
        let (raised, cut) = (part(|p| p.1 > p.0), part(|p| p.1 < p.0));
        Ok(Found {
            figure: format!("revisions: {raised} up, {cut} down of {}; {dates}", pairs.len()),
            band: None,
            verdict: match (raised, cut) {
                (_, 0) if raised == pairs.len() => ClaimVerdict::Supported,
                (0, _) if cut == pairs.len() => ClaimVerdict::Contradicted,
                (0, 0) => ClaimVerdict::CannotTell,
                _ => ClaimVerdict::DependsOnDate,
            },
        })
    };
    let said = known.iter().filter_map(|r| {
        let value = r.value?.0;
        let said = match r.metric.as_str() {
            "self_sufficiency_revenue" => format!("{:.0} % of {}", value * 100.0, r.period),
            "revenue_cny_bn" => format!("{value} bn CNY of Chinese vendors' revenue in {}", r.period),
            _ => return None,
        };
        Some(format!("{} forecast {said} ({}); ", r.organisation, r.made_on))
    });
    let said: String = said.collect();
    Test {
        n: 13,
        claim: "The time to self-sufficiency is getting shorter",
        test: "forecasts of Chinese vendors that one source made of one year on several days: all revised up supports it, all down contradicts it, both depends on the date; beside them the model's date for four fifths of dollars under a fast and a slow ramp".into(),
        remark: format!("{said}Huawei's 960 was pulled forward, memory pulls the other way"),
    }
    .found(found())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::Library;
    use crate::data::DataSet;
    use crate::scenario::Scenario;

    #[test]
    fn a_forecast_counts_as_revised_where_its_source_made_it_twice() {
        let library = Library::load(&DataSet::embedded(), &Scenario::default()).unwrap();
        let row = |day: &str, value: f64| {
            let mut row = library.market.published_shares()[0].clone();
            row.made_on = day.parse().unwrap();
            row.value = Some((value, value));
            row
        };
        let (a, b, c) = (row("2025-01", 0.5), row("2025-06", 0.6), row("2026-02", 0.8));
        let mut other = row("2026-03", 0.1);
        other.organisation = "another".into();
        assert_eq!(revised(&[&c, &a, &other, &b]), [(0.5, 0.6), (0.6, 0.8)]);
        assert!(revised(&[&a, &other]).is_empty());
    }
}
