//! Missing facts in words: what each would decide, and what each value would make of the answer.

use crate::figure::{Flip, Need};
use crate::rules::chip::item::Item;
use crate::rules::chip::metrics::{Measured, Range};
use crate::rules::law::day::LawDay;
use crate::rules::steps::classify::{self, Classed};
use crate::rules::steps::findings::Open;
use crate::rules::{ClassifyRow, MetricName};
use rust_decimal::Decimal;

/// One missing fact in words.
pub(crate) fn need(open: &Open<'_>, day: &LawDay<'_>, item: &Item<'_>) -> Need {
    let chip = &item.chip.id;
    let simple = |fact: String, flag: Option<&str>, why: &str, flips: &[(&str, &str)]| Need {
        fact,
        flag: flag.map(str::to_owned),
        why: why.to_owned(),
        flips: flips.iter().map(|(when, then)| flip(when, then)).collect(),
    };
    match open {
        Open::Datacenter => Need {
            flips: [true, false]
                .map(|is| flip(&is.to_string(), &text(day, item, &item.cases[0], Some(is))))
                .into(),
            ..simple(
                format!("whether {chip} is designed or marketed for data centers"),
                Some("market.designed_or_marketed_for_datacenter in the chip's file"),
                "Note 2 and the notified license exceptions turn on it",
                &[],
            )
        },
        Open::Variant => Need {
            flips: variants(day, item),
            ..simple(
                format!("which variant of {chip} is sold"),
                Some("the figure in a chip file of your own"),
                "its figures are disputed together",
                &[],
            )
        },
        Open::Metric(metric) => {
            let (fact, flag) = where_metric(*metric);
            Need {
                flips: around(day, item, *metric),
                ..simple(
                    format!("{fact} of {chip}"),
                    Some(flag),
                    "a bound of the classification lies inside what is known",
                    &[],
                )
            }
        }
        Open::DirectProduct => simple(
            "the fab and its tools' origin: whether the chip is a direct product of US technology, software or tools"
                .to_owned(),
            Some("--direct-product"),
            "it decides whether a foreign-made chip is subject to the EAR (734.9(e), (h), (i))",
            &[("true", "subject where the product and destination scopes meet"), ("false", "not_subject, unless US content is above de minimis")],
        ),
        Open::UsContent => simple(
            "the share of US-controlled content".to_owned(),
            Some("--us-content"),
            "above de minimis a foreign-made chip is subject to the EAR (734.4)",
            &[("above de minimis", "subject"), ("not above", "not_subject, unless it is a direct product")],
        ),
        Open::Rebut(row) => simple(
            row.rebut.clone(),
            row.rebut_id.as_ref().map(|_| "--deal"),
            &format!("{} presumes {} of this exporter's logic dies", row.paragraph, row.result.name()),
            &[("not shown", &format!("{} presumed", row.result.name()))],
        ),
        Open::Letter(by) => simple(
            format!("whether `{}` means this chip and destination", by.id),
            None,
            "the text is not public",
            &[("it does", "required"), ("it does not", "as without the letter: see the list-based lines of the trace")],
        ),
        Open::ReviewLimit(metric, limit) => simple(
            format!(
                "on which side of {} the chip's {} lies",
                limit.normalize(),
                metric.as_str()
            ),
            None,
            "the figure is an interval (disputed, or a width the text leaves open)",
            &[
                ("below", "case_by_case_if_conditions"),
                ("at or above", "presumption_of_denial"),
            ],
        ),
        Open::Except(row) => simple(
            format!("whether {}", row.except.as_deref().unwrap_or_default()),
            None,
            &row.paragraph,
            &[("yes", "none_found"), ("no", "required")],
        ),
        Open::Condition(row) => simple(
            row.what.clone(),
            Some("--deal"),
            &format!("{} asks for it", row.paragraph),
            &[("not met", "presumption_of_denial")],
        ),
        Open::EndUse(trigger) => {
            let (fact, flag) = trigger.asks();
            simple(
                fact.to_owned(),
                Some(flag),
                "part 744 may require a license where the list does not; taken as not so",
                &[("yes", "required")],
            )
        }
        Open::Designer => simple(
            "the country of the chip's designer".to_owned(),
            Some("designer_country in the chip's file"),
            "the China side binds foreign makers' chips",
            &[("CN", "not bound by guidance on foreign chips")],
        ),
        Open::Host => simple(
            "the ECCN of the system that holds the chip, before `.z`".to_owned(),
            Some("--host"),
            "the .z items stand under each host's own ECCN",
            &[],
        ),
    }
}

fn flip(when: &str, then: &str) -> Flip {
    Flip {
        when: when.to_owned(),
        then: then.to_owned(),
    }
}

fn rows<'a>(day: &'a LawDay<'_>, item: &Item<'_>) -> &'a [ClassifyRow] {
    day.table(item).map_or(&[], |table| &table.classify)
}

/// The classes still possible for some figures, in words.
fn text(day: &LawDay<'_>, item: &Item<'_>, measured: &Measured, datacenter: Option<bool>) -> String {
    let found: Vec<Classed<'_>> = classify::classes(rows(day, item), measured, datacenter, item.chip.form);
    let mut names: Vec<_> = found.iter().map(|(class, _)| class.name()).collect();
    names.dedup();
    names.join(" or ")
}

fn variants(day: &LawDay<'_>, item: &Item<'_>) -> Vec<Flip> {
    let filed = std::iter::once(("as filed", Measured::of(item.chip)));
    let others = item.chip.variants.iter().map(|variant| {
        let changed = crate::rules::chip::variant::apply(item.chip, variant);
        (variant.name.as_str(), Measured::of(&changed))
    });
    filed
        .chain(others)
        .map(|(name, measured)| flip(name, &text(day, item, &measured, item.datacenter)))
        .collect()
}

/// The fact behind a metric, and where it is written.
fn where_metric(metric: MetricName) -> (&'static str, &'static str) {
    match metric {
        MetricName::Tpp => ("dense peak", "peak rows in the chip's file"),
        MetricName::PerformanceDensity => (
            "area of the non-planar logic dies",
            "die areas in the chip's file",
        ),
        MetricName::HbmDensity => ("area of the stack's package", "package.area in the chip's file"),
        MetricName::MemoryBandwidth => ("memory bandwidth", "memory.bandwidth in the chip's file"),
        _ => ("link and host rates", "io in the chip's file"),
    }
}

/// The class on each side of every bound of one metric.
fn around(day: &LawDay<'_>, item: &Item<'_>, metric: MetricName) -> Vec<Flip> {
    let measured = &item.cases[0];
    // A bound on a density becomes a bound on area once the rate is known.
    let rate = match metric {
        MetricName::PerformanceDensity => Some(measured.tpp),
        MetricName::HbmDensity => Some(measured.bandwidth),
        _ => None,
    };
    if rate.is_some_and(|rate| rate.value.is_none()) {
        return Vec::new();
    }
    let mut bounds: Vec<Decimal> = rows(day, item)
        .iter()
        .flat_map(|r| &r.when)
        .filter(|c| c.metric == Some(metric))
        .flat_map(|c| [c.ge, c.gt, c.lt, c.le])
        .flatten()
        .map(|limit| limit.0)
        .collect();
    if let Some(rate) = rate.and_then(|rate| rate.value) {
        bounds = bounds
            .into_iter()
            .filter(|b| *b > Decimal::ZERO)
            .map(|b| rate / b)
            .collect();
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
    let (what, unit) = match metric {
        MetricName::PerformanceDensity | MetricName::HbmDensity => ("area", " mm2"),
        MetricName::Tpp => ("tpp", ""),
        _ => ("rate", " GB/s"),
    };
    let mut flips: Vec<Flip> = Vec::new();
    for pair in edges.windows(2) {
        let middle = (pair[0] + pair[1]) / Decimal::TWO;
        let point = Range {
            low: middle,
            value: Some(middle),
            high: Some(middle),
        };
        let mut at = measured.clone();
        match metric {
            MetricName::PerformanceDensity => at.area = Some(point),
            MetricName::HbmDensity => at.stack = Some(point),
            MetricName::Tpp => at.tpp = point,
            MetricName::MemoryBandwidth => at.bandwidth = point,
            _ => at.io_2022 = point,
        }
        let then = text(day, item, &at, item.datacenter);
        let from = pair[0].round_dp(1).normalize();
        let when = if pair[1] > last {
            format!("{what} of {from}{unit} or more")
        } else {
            format!("{what} from {from} to {}{unit}", pair[1].round_dp(1).normalize())
        };
        flips.push(Flip { when, then });
    }
    flips
}
