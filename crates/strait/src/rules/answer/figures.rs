//! What figures of a chip that are not known would make of the answer: a value between each two bounds.

use crate::figure::Flip;
use crate::rules::answer::needs::Again;
use crate::rules::chip::metrics::{Measured, Range};
use crate::rules::{Condition, MetricName};
use rust_decimal::Decimal;

/// The answer on each side of every bound on one metric; stretches that come to the same are one.
pub(crate) fn around(again: &Again<'_>, metric: MetricName) -> Vec<Flip> {
    let measured = &again.item.cases[0];
    // A bound on a density becomes a bound on area once the rate is known.
    let rate = match metric {
        MetricName::PerformanceDensity => Some(measured.tpp),
        MetricName::HbmDensity => Some(measured.bandwidth),
        _ => None,
    };
    if rate.is_some_and(|rate| rate.value.is_none()) {
        return Vec::new();
    }
    let mut bounds: Vec<Decimal> = bounds(again, metric);
    if let Some(rate) = rate.and_then(|rate| rate.value) {
        let over = bounds.into_iter().filter(|b| *b > Decimal::ZERO);
        bounds = over.map(|b| rate / b).collect();
    }
    bounds.sort();
    bounds.dedup();
    let Some(last) = bounds.last().copied() else {
        return Vec::new();
    };
    let edges: Vec<Decimal> = std::iter::once(Decimal::ZERO)
        .chain(bounds)
        .chain([last * Decimal::TWO])
        .collect();
    let mut stretches: Vec<(Decimal, Decimal, String)> = Vec::new();
    for pair in edges.windows(2) {
        let at = with(measured, metric, (pair[0] + pair[1]) / Decimal::TWO);
        let then = again.measuring("", at).then;
        match stretches.last_mut() {
            Some((_, end, same)) if *same == then => *end = pair[1],
            _ => stretches.push((pair[0], pair[1], then)),
        }
    }
    let (what, unit) = words(metric);
    let edge = |value: Decimal| value.round_dp(1).normalize();
    let flip = |(from, to, then): (Decimal, Decimal, String)| Flip {
        when: match (from.is_zero(), to > last) {
            (true, true) => format!("{what} of any value"),
            (false, true) => format!("{what} of {}{unit} or more", edge(from)),
            (true, false) => format!("{what} below {}{unit}", edge(to)),
            (false, false) => format!("{what} from {} to {}{unit}", edge(from), edge(to)),
        },
        then,
    };
    stretches.into_iter().map(flip).collect()
}

/// The answer with a metric at either end of what is known, a bound of the review policy between them.
pub(crate) fn sides(again: &Again<'_>, metric: MetricName, limit: Decimal) -> Vec<Flip> {
    let measured = &again.item.cases[0];
    let (what, unit) = words(metric);
    let limit_words = limit.normalize();
    let below = with(measured, metric, limit - Decimal::ONE);
    let above = with(measured, metric, limit);
    vec![
        again.measuring(&format!("{what} below {limit_words}{unit}"), below),
        again.measuring(&format!("{what} of {limit_words}{unit} or more"), above),
    ]
}

/// Every bound that the day puts on a metric of this chip.
fn bounds(again: &Again<'_>, metric: MetricName) -> Vec<Decimal> {
    let (day, item) = (again.day, again.item);
    let table = day.table(item).map_or(&[][..], |table| &table.classify);
    let ours = |vendor: &Option<String>| vendor.as_ref().is_none_or(|v| *v == item.chip.vendor);
    let letters = day.product.iter().filter(|live| ours(&live.row.vendor));
    let conditions = table
        .iter()
        .flat_map(|row| &row.when)
        .chain(letters.flat_map(|live| live.row.any.iter().chain(&live.row.maybe).flatten()))
        .chain(day.review.iter().flat_map(|live| &live.row.when));
    let limits = |c: &Condition| [c.ge, c.gt, c.lt, c.le];
    conditions
        .filter(|c| c.metric == Some(metric))
        .flat_map(limits)
        .flatten()
        .map(|limit| limit.0)
        .collect()
}

/// The same figures with one set.
fn with(measured: &Measured, metric: MetricName, value: Decimal) -> Measured {
    let point = Range::exactly(value);
    let mut at = measured.clone();
    match metric {
        MetricName::PerformanceDensity => at.area = Some(point),
        MetricName::HbmDensity => at.stack = Some(point),
        MetricName::Tpp => at.tpp = point,
        MetricName::MemoryBandwidth => at.bandwidth = point,
        _ => at.io_2022 = point,
    }
    at
}

fn words(metric: MetricName) -> (&'static str, &'static str) {
    match metric {
        MetricName::PerformanceDensity | MetricName::HbmDensity => ("area", " mm2"),
        MetricName::Tpp => ("tpp", ""),
        MetricName::MemoryBandwidth => ("bandwidth", " GB/s"),
        _ => ("rate", " GB/s"),
    }
}
