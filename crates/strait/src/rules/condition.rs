//! Conditions on a chip, decided over intervals: yes, no, or unknown.

use super::metrics::{Measured, Range};
use super::{Condition, FactName, MetricName, Ternary};
use rust_decimal::Decimal;

fn at_least(range: Range, bound: Decimal) -> Ternary {
    if range.low >= bound {
        Ternary::Yes
    } else if range.high.is_some_and(|high| high < bound) {
        Ternary::No
    } else {
        Ternary::Unknown
    }
}

fn above(range: Range, bound: Decimal) -> Ternary {
    if range.low > bound {
        Ternary::Yes
    } else if range.high.is_some_and(|high| high <= bound) {
        Ternary::No
    } else {
        Ternary::Unknown
    }
}

/// `rate >= bound x area`, never a rounded quotient; without an area there is no density.
fn density(rate: Range, area: Option<Range>, bound: Decimal, strict: bool) -> Ternary {
    let Some(area) = area else {
        return Ternary::No;
    };
    let certain = area
        .high
        .is_some_and(|high| beats(rate.low, bound * high, strict));
    let possible = rate.high.is_none_or(|high| beats(high, bound * area.low, strict));
    match (certain, possible) {
        (true, _) => Ternary::Yes,
        (false, true) => Ternary::Unknown,
        (false, false) => Ternary::No,
    }
}

fn beats(left: Decimal, right: Decimal, strict: bool) -> bool {
    if strict { left > right } else { left >= right }
}

fn range(measured: &Measured, metric: MetricName) -> Range {
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
pub(crate) fn decide(condition: &Condition, measured: &Measured, datacenter: Option<bool>) -> Ternary {
    let mut all = Ternary::Yes;
    if let Some(fact) = condition.fact {
        let wanted = condition.is.unwrap_or(true);
        let is = match fact {
            FactName::Datacenter => datacenter,
            FactName::HbmStack => Some(measured.stack.is_some()),
        };
        all = all.and(Ternary::from(is.map(|d| d == wanted)));
    }
    let Some(metric) = condition.metric else {
        return all;
    };
    let over = match metric {
        MetricName::PerformanceDensity => Some((measured.tpp, measured.area)),
        MetricName::HbmDensity => Some((measured.bandwidth, measured.stack)),
        _ => None,
    };
    if let Some((rate, area)) = over {
        if area.is_none() {
            return Ternary::No;
        }
        for (limit, strict, negate) in [
            (condition.ge, false, false),
            (condition.gt, true, false),
            (condition.lt, false, true),
            (condition.le, true, true),
        ] {
            if let Some(limit) = limit {
                let held = density(rate, area, limit.0, strict);
                all = all.and(if negate { held.negate() } else { held });
            }
        }
        return all;
    }
    let range = range(measured, metric);
    if let Some(limit) = condition.ge {
        all = all.and(at_least(range, limit.0));
    }
    if let Some(limit) = condition.gt {
        all = all.and(above(range, limit.0));
    }
    if let Some(limit) = condition.lt {
        all = all.and(at_least(range, limit.0).negate());
    }
    if let Some(limit) = condition.le {
        all = all.and(above(range, limit.0).negate());
    }
    all
}

/// Decides a conjunction.
pub(crate) fn all(conditions: &[Condition], measured: &Measured, datacenter: Option<bool>) -> Ternary {
    conditions
        .iter()
        .fold(Ternary::Yes, |held, c| held.and(decide(c, measured, datacenter)))
}

/// Decides a disjunction of conjunctions.
pub(crate) fn any(groups: &[Vec<Condition>], measured: &Measured, datacenter: Option<bool>) -> Ternary {
    groups
        .iter()
        .fold(Ternary::No, |held, g| held.or(all(g, measured, datacenter)))
}
