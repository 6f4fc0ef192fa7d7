//! Distance from a chip's figures to every bound that may matter for it.

use crate::rules::chip::item::Item;
use crate::rules::chip::metrics::Measured;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::{Bound, Classification, Condition, Limit, Margin, MetricName, Ternary};
use rust_decimal::Decimal;

/// Margins to the bounds of the table in force, of letters to this maker, and of review limits where the
/// chip is, or may be, inside 3A090.
pub(crate) fn all(day: &LawDay<'_>, item: &Item<'_>, class: Classification) -> Vec<Margin> {
    let mut found = Vec::new();
    if let Some(table) = day.table(item) {
        for row in &table.classify {
            margins(&table.id, &row.paragraph, &row.when, &item.all, &mut found);
        }
    }
    for live in &day.product {
        if live.row.vendor.as_ref().is_some_and(|v| *v != item.chip.vendor) {
            continue;
        }
        for group in live.row.any.iter().chain(&live.row.maybe) {
            margins(&live.by.id, &live.row.paragraph, group, &item.all, &mut found);
        }
    }
    if class != Classification::Outside3A090 {
        for live in &day.review {
            margins(
                &live.by.id,
                &live.row.paragraph,
                &live.row.when,
                &item.all,
                &mut found,
            );
        }
        for live in &day.exception {
            margins(
                &live.by.id,
                &live.row.paragraph,
                &live.row.when,
                &item.all,
                &mut found,
            );
        }
    }
    found
}

/// Margins to every bound of some conditions; none where the metric is not known.
fn margins(
    instrument: &str,
    paragraph: &str,
    conditions: &[Condition],
    measured: &Measured,
    margins: &mut Vec<Margin>,
) {
    for condition in conditions {
        let Some(metric) = condition.metric else { continue };
        for limit in [condition.ge, condition.gt, condition.lt, condition.le]
            .into_iter()
            .flatten()
        {
            let label = format!("{paragraph} {}", metric.as_str());
            let text = limit.0.normalize().to_string();
            let seen = |m: &Margin| m.bound == label && m.limit == text && m.instrument == instrument;
            if margins.iter().any(seen) {
                continue;
            }
            let Some(seen) = seen_as(metric, measured) else {
                continue;
            };
            let interval = seen.high != Some(seen.value) || seen.low != seen.value;
            let shown = |value: Decimal| value.normalize().to_string();
            let slack = |value: Decimal| shown(limit.0 - value);
            margins.push(Margin {
                bound: label,
                instrument: instrument.to_owned(),
                limit: text,
                value: shown(seen.value),
                low: interval.then(|| shown(seen.low)),
                high: seen.high.filter(|_| interval).map(shown),
                slack: slack(seen.value),
                slack_ends: seen
                    .high
                    .filter(|_| interval)
                    .map(|high| [high, seen.low].map(slack)),
                to: side(metric, limit, condition, measured),
            });
        }
    }
}

/// A metric as a margin shows it: with the ends of its interval, densities rounded.
struct Seen {
    value: Decimal,
    low: Decimal,
    high: Option<Decimal>,
}

fn seen_as(metric: MetricName, measured: &Measured) -> Option<Seen> {
    let range = match metric {
        MetricName::Tpp | MetricName::PerformanceDensity => measured.tpp,
        MetricName::MemoryBandwidth | MetricName::HbmDensity => measured.bandwidth,
        MetricName::Io2022 => measured.io_2022,
        MetricName::ScaleUp => measured.scale_up,
        MetricName::MemoryPlusIo => measured.memory_plus_io(),
        MetricName::MemoryPlusScaleUp => measured.memory_plus_scale_up(),
    };
    let value = range.value?;
    let area = match metric {
        MetricName::PerformanceDensity => measured.area?,
        MetricName::HbmDensity => measured.stack?,
        _ => {
            return Some(Seen {
                value,
                low: range.low,
                high: range.high,
            });
        }
    };
    let over = |rate: Decimal, area: Decimal| (area > Decimal::ZERO).then(|| (rate / area).round_dp(4));
    Some(Seen {
        value: over(value, area.value?)?,
        low: area
            .high
            .and_then(|most| over(range.low, most))
            .unwrap_or_default(),
        high: range.high.and_then(|most| over(most, area.low)),
    })
}

/// On which side of a bound the metric lies, compared exactly.
fn side(metric: MetricName, limit: Limit, condition: &Condition, measured: &Measured) -> Bound {
    let strict = condition.gt == Some(limit) || condition.le == Some(limit);
    let one = Condition {
        metric: Some(metric),
        fact: None,
        is: None,
        lt: None,
        le: None,
        gt: strict.then_some(limit),
        ge: (!strict).then_some(limit),
    };
    match condition::decide(&one, measured, None) {
        Ternary::Yes => Bound::AtOrAbove,
        Ternary::No => Bound::Below,
        Ternary::Unknown => Bound::Straddles,
    }
}
