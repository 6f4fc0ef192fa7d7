//! Conditions on a chip, decided over intervals: yes, no, or unknown.

use crate::rules::chip::metrics::{Measured, Range};
use crate::rules::words::exact::Number;
use crate::rules::{Condition, FactName, Limit, MetricName, Ternary};
use std::cmp::Ordering;

fn at_least<N: Ord>(range: &Range<N>, bound: &N) -> Ternary {
    if range.low >= *bound {
        Ternary::Yes
    } else if range.high.as_ref().is_some_and(|high| high < bound) {
        Ternary::No
    } else {
        Ternary::Unknown
    }
}

fn above<N: Ord>(range: &Range<N>, bound: &N) -> Ternary {
    if range.low > *bound {
        Ternary::Yes
    } else if range.high.as_ref().is_some_and(|high| high <= bound) {
        Ternary::No
    } else {
        Ternary::Unknown
    }
}

/// `rate >= bound x area` over the intervals.
fn density<N: Number>(rate: &Range<N>, area: &Range<N>, bound: N, strict: bool) -> Ternary {
    let beats = |rate: N, area: N| match rate.against(bound, area) {
        Ordering::Greater => true,
        Ordering::Equal => !strict,
        Ordering::Less => false,
    };
    if area.high.is_some_and(|high| beats(rate.low, high)) {
        Ternary::Yes
    } else if rate.high.is_none_or(|high| beats(high, area.low)) {
        Ternary::Unknown
    } else {
        Ternary::No
    }
}

fn range<N: Number>(measured: &Measured<N>, metric: MetricName) -> Range<N> {
    match metric {
        MetricName::Tpp | MetricName::PerformanceDensity => measured.tpp,
        MetricName::MemoryBandwidth | MetricName::HbmDensity => measured.bandwidth,
        MetricName::Io2022 => measured.io_2022,
        MetricName::ScaleUp => measured.scale_up,
        MetricName::MemoryPlusIo => measured.memory_plus_io(),
        MetricName::MemoryPlusScaleUp => measured.memory_plus_scale_up(),
    }
}

/// Decides one condition; a density of planar-only dies is undefined and meets no bound.
pub(crate) fn decide<N: Number>(
    condition: &Condition,
    measured: &Measured<N>,
    datacenter: Option<bool>,
) -> Ternary {
    let mut all = Ternary::Yes;
    if let Some(fact) = condition.fact {
        let wanted = condition.is.unwrap_or(true);
        let is = match fact {
            FactName::Datacenter => datacenter,
            FactName::HbmStack => Some(measured.stack.is_some()),
        };
        all = Ternary::from(is.map(|d| d == wanted));
    }
    let Some(metric) = condition.metric else {
        return all;
    };
    let range = range(measured, metric);
    let area = match metric {
        MetricName::PerformanceDensity => Some(measured.area),
        MetricName::HbmDensity => Some(measured.stack),
        _ => None,
    };
    let held = |limit: Limit, strict: bool| match area {
        Some(None) => Ternary::No,
        Some(Some(area)) => match density(&range, &area, N::limit(limit), strict) {
            Ternary::Yes if metric == MetricName::PerformanceDensity && measured.maybe_planar => {
                Ternary::Unknown
            }
            held => held,
        },
        None if strict => above(&range, &N::limit(limit)),
        None => at_least(&range, &N::limit(limit)),
    };
    if area == Some(None) {
        return Ternary::No;
    }
    for (limit, strict, negate) in [
        (condition.ge, false, false),
        (condition.gt, true, false),
        (condition.lt, false, true),
        (condition.le, true, true),
    ] {
        if let Some(limit) = limit {
            let held = held(limit, strict);
            all = all.and(if negate { held.negate() } else { held });
            if all == Ternary::No {
                return all;
            }
        }
    }
    all
}

/// Decides a conjunction.
pub(crate) fn all<N: Number>(
    conditions: &[Condition],
    measured: &Measured<N>,
    datacenter: Option<bool>,
) -> Ternary {
    let mut held = Ternary::Yes;
    for condition in conditions {
        held = held.and(decide(condition, measured, datacenter));
        if held == Ternary::No {
            break;
        }
    }
    held
}

/// Decides a disjunction of conjunctions.
pub(crate) fn any<N: Number>(
    groups: &[Vec<Condition>],
    measured: &Measured<N>,
    datacenter: Option<bool>,
) -> Ternary {
    let mut held = Ternary::No;
    for group in groups {
        held = held.or(all(group, measured, datacenter));
        if held == Ternary::Yes {
            break;
        }
    }
    held
}

/// The limits of a condition with their comparators.
pub(crate) fn limits(condition: &Condition) -> Vec<(&'static str, Limit)> {
    [
        (">=", condition.ge),
        (">", condition.gt),
        ("<", condition.lt),
        ("<=", condition.le),
    ]
    .into_iter()
    .filter_map(|(comparator, limit)| Some((comparator, limit?)))
    .collect()
}

/// Conditions as one line: `memory_bandwidth >= 4000`.
pub(crate) fn text(conditions: &[Condition]) -> String {
    let one = |c: &Condition| {
        let fact = c.fact.map(|f| match (f, c.is.unwrap_or(true)) {
            (FactName::Datacenter, true) => "for data centers".to_owned(),
            (FactName::Datacenter, false) => "not for data centers".to_owned(),
            (FactName::HbmStack, true) => "a memory stack".to_owned(),
            (FactName::HbmStack, false) => "no memory stack".to_owned(),
        });
        let bounds = limits(c).into_iter().filter_map(|(comparator, limit)| {
            Some(format!("{} {comparator} {}", c.metric?.as_str(), limit.0))
        });
        fact.into_iter().chain(bounds).collect::<Vec<_>>().join(" and ")
    };
    conditions.iter().map(one).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn an_interval_that_reaches_its_bound_is_open_where_the_bound_is_inclusive() {
        let range = |low: i64, high: i64| Range {
            low: Decimal::from(low),
            value: None,
            high: Some(Decimal::from(high)),
        };
        let bound = Decimal::from(2400);
        assert_eq!(at_least(&range(2300, 2400), &bound), Ternary::Unknown);
        assert_eq!(at_least(&range(2300, 2399), &bound), Ternary::No);
        assert_eq!(at_least(&range(2400, 2500), &bound), Ternary::Yes);
        assert_eq!(above(&range(2300, 2400), &bound), Ternary::No);
        assert_eq!(above(&range(2400, 2500), &bound), Ternary::Unknown);
        assert_eq!(above(&range(2401, 2500), &bound), Ternary::Yes);
    }
}
