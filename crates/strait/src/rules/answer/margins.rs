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
            if let Some((value, slack, to)) = distance(metric, limit, condition, measured) {
                margins.push(Margin {
                    bound: label,
                    instrument: instrument.to_owned(),
                    limit: text,
                    value: value.normalize().to_string(),
                    slack: slack.normalize().to_string(),
                    to,
                });
            }
        }
    }
}

fn distance(
    metric: MetricName,
    limit: Limit,
    condition: &Condition,
    measured: &Measured,
) -> Option<(Decimal, Decimal, Bound)> {
    let range = match metric {
        MetricName::Tpp | MetricName::PerformanceDensity => measured.tpp,
        MetricName::MemoryBandwidth | MetricName::HbmDensity => measured.bandwidth,
        MetricName::Io2022 => measured.io_2022,
        MetricName::ScaleUp => measured.scale_up,
        MetricName::MemoryPlusIo => measured.memory_plus_io(),
        MetricName::MemoryPlusScaleUp => measured.memory_plus_scale_up(),
    };
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
    let to = match condition::decide(&one, measured, None) {
        Ternary::Yes => Bound::AtOrAbove,
        Ternary::No => Bound::Below,
        Ternary::Unknown => Bound::Straddles,
    };
    let over = match metric {
        MetricName::PerformanceDensity => Some(measured.area?),
        MetricName::HbmDensity => Some(measured.stack?),
        _ => None,
    };
    let value = if let Some(area) = over {
        let area = area.value.filter(|a| *a > Decimal::ZERO)?;
        (range.value? / area).round_dp(4)
    } else {
        range.value?
    };
    Some((value, limit.0 - value, to))
}
