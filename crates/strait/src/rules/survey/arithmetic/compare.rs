//! Comparisons with the bounds of the day, each as it is made.

use super::{Comparison, Work};
use crate::rules::chip::metrics::{Measured, Range};
use crate::rules::law::condition;
use crate::rules::law::condition::decide;
use crate::rules::{Amount, Condition, Interval, Limit, MetricName, Ternary};

/// Every bound on one metric, each once.
pub(super) fn bounds(work: &Work<'_>, metric: MetricName) -> Vec<Comparison> {
    let mut found: Vec<Comparison> = Vec::new();
    let all = work.bounds.iter();
    let all = all.flat_map(|b| b.conditions().into_iter().map(move |(p, c)| (b.instrument, p, c)));
    for (instrument, paragraph, condition) in all {
        if condition.metric != Some(metric) {
            continue;
        }
        for (comparator, limit) in condition::limits(condition) {
            let one = Comparison {
                instrument: instrument.id.clone(),
                paragraph: paragraph.clone(),
                ..compare(&work.measured, metric, comparator, limit)
            };
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

/// A condition of one limit alone.
pub(crate) fn only(metric: MetricName, comparator: &str, limit: Limit) -> Condition {
    let given = |which: &str| (comparator == which).then_some(limit);
    Condition {
        metric: Some(metric),
        fact: None,
        is: None,
        lt: given("<"),
        le: given("<="),
        gt: given(">"),
        ge: given(">="),
    }
}

fn compare(measured: &Measured, metric: MetricName, comparator: &'static str, limit: Limit) -> Comparison {
    let holds = decide(&only(metric, comparator, limit), measured, None);
    let bound = Amount(limit.0);
    let (left, over) = sides(measured, metric);
    let left = Interval::of(left);
    let says = match holds {
        Ternary::Yes => "yes",
        Ternary::No => "no",
        Ternary::Unknown => "not determined",
    };
    let (right, text) = match over {
        None => {
            let right = Interval::of(Range::exactly(limit.0));
            (Some(right), format!("{left} {comparator} {bound}: {says}"))
        }
        Some(None) => (
            None,
            format!("{left} {comparator} {bound} x area: undefined, no die counts; not met"),
        ),
        Some(Some(area)) if area == Range::UNKNOWN => (
            None,
            format!("{left} {comparator} {bound} x area: area not known; {says}"),
        ),
        Some(Some(area)) => {
            let right = Interval::of(area.times(limit.0));
            let area = Interval::of(area);
            (
                Some(right),
                format!("{left} {comparator} {bound} x {area} = {right}: {says}"),
            )
        }
    };
    Comparison {
        instrument: String::new(),
        paragraph: String::new(),
        comparator,
        limit: bound,
        left,
        right,
        holds,
        text,
    }
}

/// The left side of a comparison, and the area it is divided by, where it is a density.
#[allow(
    clippy::option_option,
    reason = "no density, a density without an area, one with"
)]
fn sides(measured: &Measured, metric: MetricName) -> (Range, Option<Option<Range>>) {
    match metric {
        MetricName::Tpp => (measured.tpp, None),
        MetricName::PerformanceDensity => (measured.tpp, Some(measured.area)),
        MetricName::MemoryBandwidth => (measured.bandwidth, None),
        MetricName::Io2022 => (measured.io_2022, None),
        MetricName::ScaleUp => (measured.scale_up, None),
        MetricName::MemoryPlusIo => (measured.memory_plus_io(), None),
        MetricName::MemoryPlusScaleUp => (measured.memory_plus_scale_up(), None),
        MetricName::HbmDensity => (measured.bandwidth, Some(measured.stack)),
    }
}
