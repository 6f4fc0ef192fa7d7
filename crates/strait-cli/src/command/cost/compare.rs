//! `strait cost compare`.

use super::desk::{Asked, Desk};
use super::table::{estimates, keys};
use super::workload::named;
use crate::args::{CompareArgs, Global};
use crate::output::columns::Columns;
use crate::{Exit, view};
use miette::Result;
use serde::Serialize;
use strait::cost::{Comparison, CostBasis, HourlyCost, Rent, Side};
use strait::figure::{Need, Outcome};
use strait::perf::{PerfModel, Performance, Workload};

/// One workload in one place.
#[derive(Serialize)]
pub(crate) struct Compared<'d> {
    #[serde(skip)]
    pub(crate) asked: &'d Asked<'d>,
    #[serde(skip)]
    pub(crate) rival: &'d Asked<'d>,
    place: String,
    pub(crate) workload: Workload,
    pub(crate) comparison: Outcome<Comparison>,
    /// What owning each costs, where known.
    #[serde(skip)]
    pub(crate) hours: Vec<HourlyCost>,
    /// Prices that are missing, where the comparison can do without them.
    pub(crate) missing: Vec<Need>,
}

/// One side's cost.
struct Costed {
    hourly: Outcome<HourlyCost>,
    unpriced: Outcome<CostBasis>,
    rent: Option<Rent>,
}

pub(super) fn run(args: &CompareArgs, global: &Global) -> Result<Exit> {
    let desk = Desk::open(&args.site, global)?;
    let (chip, rival) = (
        desk.chips(std::slice::from_ref(&args.chip))?,
        desk.chips(std::slice::from_ref(&args.rival))?,
    );
    let workloads: Vec<&Workload> = if args.workload.is_empty() {
        desk.perf.workloads().iter().collect()
    } else {
        let all = args.workload.iter().map(|name| named(&desk.perf, name));
        all.collect::<Result<_>>()?
    };
    // Law and cost are the same for every workload.
    let (own, other) = (desk.asked(&chip)?, desk.asked(&rival)?);
    let own: Vec<(&Asked<'_>, Costed)> = own.iter().map(|a| (a, costed(a))).collect();
    let other: Vec<(&Asked<'_>, Costed)> = other.iter().map(|a| (a, costed(a))).collect();
    let mut rows = Vec::new();
    for workload in workloads {
        let pairs = own.iter().zip(&other);
        rows.extend(pairs.map(|(a, b)| row(&desk.perf, a, b, workload, args.matching)));
    }
    desk.show(&rows, &view::compare_page(&desk.about, &rows), &columns(&rows))?;
    Ok(Exit::Answered)
}

fn row<'d>(
    perf: &PerfModel,
    (asked, own): &(&'d Asked<'d>, Costed),
    (rival, other): &(&'d Asked<'d>, Costed),
    workload: &Workload,
    of: u32,
) -> Compared<'d> {
    let runs = (best(perf, asked, workload), best(perf, rival, workload));
    let missing = own
        .hourly
        .needs()
        .iter()
        .chain(other.hourly.needs())
        .cloned()
        .collect();
    let comparison = match (&own.unpriced, &other.unpriced, &runs) {
        (Outcome::Known(a), Outcome::Known(b), (Outcome::Known(x), Outcome::Known(y))) => {
            Outcome::Known(asked.cost.compare(&side(own, a, x), &side(other, b, y), of))
        }
        _ => {
            let bases = own.unpriced.needs().iter().chain(other.unpriced.needs());
            let runs = runs.0.needs().iter().chain(runs.1.needs());
            Outcome::Unknown(bases.chain(runs).cloned().collect())
        }
    };
    let hours = [&own.hourly, &other.hourly]
        .into_iter()
        .filter_map(|h| h.known().cloned())
        .collect();
    Compared {
        hours,
        place: asked.place.to_owned(),
        workload: workload.clone(),
        comparison,
        missing,
        asked,
        rival,
    }
}

fn side<'a>(cost: &'a Costed, unpriced: &'a CostBasis, performance: &'a Performance) -> Side<'a> {
    Side {
        unpriced,
        hourly: cost.hourly.known(),
        rent: cost.rent.as_ref(),
        performance,
    }
}

fn costed(asked: &Asked<'_>) -> Costed {
    let Asked {
        chip,
        market,
        domestic,
        ..
    } = *asked;
    Costed {
        hourly: asked.hourly(),
        unpriced: asked.cost.unpriced(chip, domestic, market, asked.on, asked.known),
        rent: asked.rent(),
    }
}

/// The run at the scale at which one chip does most.
fn best(perf: &PerfModel, asked: &Asked<'_>, workload: &Workload) -> Outcome<Performance> {
    strait::cost::best_scale(perf, asked.chip, workload)
}

fn columns(rows: &[Compared<'_>]) -> Columns {
    let mut c = keys(rows, |r| r.asked);
    c.text("rival", rows.iter().map(|r| r.rival.chip.id.0.clone()));
    c.text("workload", rows.iter().map(|r| r.workload.id.0.clone()));
    estimates(&mut c, "speed_ratio", rows, |r| Some(r.comparison.known()?.speed));
    estimates(&mut c, "per_dollar_ratio", rows, |r| {
        r.comparison.known()?.per_dollar
    });
    estimates(&mut c, "per_watt_ratio", rows, |r| {
        Some(r.comparison.known()?.per_watt)
    });
    estimates(&mut c, "tie_price_usd", rows, |r| {
        r.comparison.known()?.tie_price.as_ref()?.usd
    });
    estimates(&mut c, "tie_utilisation", rows, |r| {
        Some(r.comparison.known()?.tie_utilisation?.utilisation)
    });
    estimates(&mut c, "tie_rent_usd_per_hour", rows, |r| {
        Some(r.comparison.known()?.tie_rent?.usd)
    });
    estimates(&mut c, "matched_by_chips", rows, |r| {
        Some(r.comparison.known()?.matched_by)
    });
    c
}
