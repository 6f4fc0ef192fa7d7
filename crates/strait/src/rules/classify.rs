//! Classification under the table in force, its margins, and what would decide an unknown.

use super::condition;
use super::engine::Asked;
use super::metrics::{Measured, Range};
use super::{
    Bound, Classification, ClassifyRow, Condition, Instrument, Limit, Margin, MetricName, RulesError, Step,
    Ternary,
};
use crate::catalog::{Form, Transistor};
use crate::figure::{Flip, Need};
use rust_decimal::Decimal;

/// A class and the limb that gives it.
pub(crate) type Classed = (Classification, Option<String>);

/// The classification table in force, where there is one. A stack of memory has a table of its own (3A090.c),
/// and no other is read for it.
pub(crate) fn table<'b>(asked: &Asked<'b>, cases: &[Measured]) -> Result<Option<&'b Instrument>, RulesError> {
    let stack = cases.iter().any(|m| m.stack.is_some());
    let of_memory = |i: &Instrument| i.classify.iter().all(|row| row.result == Classification::C);
    let mut tables = asked
        .active
        .iter()
        .filter(|(i, held)| *held == Ternary::Yes && !i.classify.is_empty() && of_memory(i) == stack)
        .map(|(i, _)| *i);
    let Some(first) = tables.next() else {
        return Ok(None);
    };
    tables
        .try_fold(first, |kept, next| {
            if next.over.contains(&kept.id) {
                Ok(next)
            } else if kept.over.contains(&next.id) {
                Ok(kept)
            } else {
                Err(RulesError::Unordered {
                    first: kept.id.clone(),
                    second: next.id.clone(),
                    what: "a classification table",
                })
            }
        })
        .map(Some)
}

/// Every class still possible for one case of a chip.
pub(crate) fn classes(
    rows: &[ClassifyRow],
    measured: &Measured,
    datacenter: Option<bool>,
    form: Form,
) -> Vec<Classed> {
    let mut found: Vec<Classed> = Vec::new();
    let mut add = |class: Classification, paragraph: Option<String>| {
        let one = (in_form(class, form), paragraph);
        if !found.contains(&one) {
            found.push(one);
        }
    };
    for row in rows {
        match condition::all(&row.when, measured, datacenter) {
            Ternary::No => {}
            Ternary::Unknown => add(row.result, Some(row.paragraph.clone())),
            Ternary::Yes => {
                add(row.result, Some(row.paragraph.clone()));
                return found;
            }
        }
    }
    add(Classification::Outside3A090, None);
    found
}

/// A server or rack is looked at through each IC it holds (4A090).
fn in_form(class: Classification, form: Form) -> Classification {
    match (class, form) {
        (Classification::A, Form::Server | Form::Rack) => Classification::ComputerA,
        (Classification::B, Form::Server | Form::Rack) => Classification::ComputerB,
        (class, _) => class,
    }
}

/// Adds the class presumed of a logic die whose exporter is bound by a presumption.
pub(crate) fn presume(asked: &mut Asked<'_>, classes: &mut Vec<Classed>) {
    let non_planar = |d: &crate::catalog::Die| d.logic && d.transistor != Transistor::Planar;
    if !asked.chip.dies.iter().any(non_planar) {
        return;
    }
    let role = asked.tx.exporter;
    let rows: Vec<_> = asked
        .active
        .iter()
        .filter(|(_, held)| *held == Ternary::Yes)
        .flat_map(|(i, _)| i.presume.iter().map(move |r| (*i, r)))
        .filter(|(_, r)| r.roles.contains(&role))
        .collect();
    for (instrument, row) in rows {
        if classes.iter().all(|(class, _)| *class == row.result) {
            continue;
        }
        classes.push((row.result, Some(row.paragraph.clone())));
        asked.trace(
            Step::Classification,
            Some((instrument, &row.paragraph)),
            format!("presumed {} unless {}", name(row.result), row.rebut),
        );
        asked.needs.push(Need {
            fact: row.rebut.clone(),
            flag: None,
            why: format!(
                "{} presumes {} of this exporter's logic dies",
                row.paragraph,
                name(row.result)
            ),
            flips: vec![Flip {
                when: "not shown".to_owned(),
                then: format!("{} presumed", name(row.result)),
            }],
        });
    }
}

/// The word used in output.
pub(crate) fn name(class: Classification) -> &'static str {
    match class {
        Classification::Outside3A090 => "outside_3a090",
        Classification::A => "3A090.a",
        Classification::B => "3A090.b",
        Classification::C => "3A090.c",
        Classification::ComputerA => "4A090.a",
        Classification::ComputerB => "4A090.b",
        Classification::Unknown => "unknown",
    }
}

/// The 3A090 class behind a 4A090 one.
pub(crate) fn base(class: Classification) -> Classification {
    match class {
        Classification::ComputerA => Classification::A,
        Classification::ComputerB => Classification::B,
        other => other,
    }
}

/// Margins to every bound of some conditions; none where the metric is not known.
pub(crate) fn margins(
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

/// What is missing where the class is not determined, and what each value would make of it.
pub(crate) fn needs(asked: &Asked<'_>, rows: &[ClassifyRow], cases: &[Measured]) -> Vec<Need> {
    let (chip, form) = (&asked.chip.id, asked.chip.form);
    let datacenter = asked.datacenter();
    let text = |measured: &Measured, datacenter: Option<bool>| {
        let found = classes(rows, measured, datacenter, form);
        let mut names: Vec<_> = found.iter().map(|(class, _)| name(*class)).collect();
        names.dedup();
        names.join(" or ")
    };
    let flip = |when: String, then: String| Flip { when, then };
    let mut needs = Vec::new();
    let Some(first) = cases.first() else { return needs };
    if datacenter.is_none() {
        needs.push(Need {
            fact: format!("whether {chip} is designed or marketed for data centers"),
            flag: Some("market.designed_or_marketed_for_datacenter in the chip's file".to_owned()),
            why: "Note 2 and the notified license exceptions turn on it".to_owned(),
            flips: vec![
                flip("true".to_owned(), text(first, Some(true))),
                flip("false".to_owned(), text(first, Some(false))),
            ],
        });
    }
    if cases.len() > 1 {
        let names = std::iter::once("as filed").chain(asked.chip.variants.iter().map(|v| v.name.as_str()));
        let all = std::iter::once(Measured::of(asked.chip)).chain(
            asked
                .chip
                .variants
                .iter()
                .map(|v| Measured::of(&super::variant::apply(asked.chip, v))),
        );
        needs.push(Need {
            fact: format!("which variant of {chip} is sold"),
            flag: Some("the figure in a chip file of your own".to_owned()),
            why: "its figures are disputed together".to_owned(),
            flips: names
                .zip(all)
                .map(|(name, measured)| flip(name.to_owned(), text(&measured, datacenter)))
                .collect(),
        });
    }
    let open = |range: Range| range.high != Some(range.low);
    let asks = |metric: MetricName| {
        rows.iter()
            .flat_map(|r| &r.when)
            .any(|c| c.metric == Some(metric))
    };
    let mut missing = |metric: MetricName, range: Range, fact: &str, flag: &str| {
        if asks(metric) && open(range) {
            needs.push(Need {
                fact: format!("{fact} of {chip}"),
                flag: Some(flag.to_owned()),
                why: "a bound of the classification lies inside what is known".to_owned(),
                flips: around(rows, first, metric, &|m| text(m, datacenter)),
            });
        }
    };
    missing(
        MetricName::Tpp,
        first.tpp,
        "dense peak",
        "peak rows in the chip's file",
    );
    missing(
        MetricName::Io2022,
        first.io_2022,
        "link and host rates",
        "io in the chip's file",
    );
    if let Some(area) = first.area {
        missing(
            MetricName::PerformanceDensity,
            area,
            "area of the non-planar logic dies",
            "die areas in the chip's file",
        );
    }
    needs
}

/// The class on each side of every bound of one metric.
fn around(
    rows: &[ClassifyRow],
    measured: &Measured,
    metric: MetricName,
    text: &dyn Fn(&Measured) -> String,
) -> Vec<Flip> {
    // Bounds on density become bounds on area once the peak is known.
    let tpp = measured.tpp.value;
    if metric == MetricName::PerformanceDensity && tpp.is_none() {
        return Vec::new();
    }
    let mut bounds: Vec<Decimal> = rows
        .iter()
        .flat_map(|r| &r.when)
        .filter(|c| c.metric == Some(metric))
        .flat_map(|c| [c.ge, c.gt, c.lt, c.le])
        .flatten()
        .map(|limit| limit.0)
        .collect();
    if metric == MetricName::PerformanceDensity {
        bounds = bounds
            .into_iter()
            .filter(|b| *b > Decimal::ZERO)
            .filter_map(|b| tpp.map(|tpp| tpp / b))
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
        MetricName::PerformanceDensity => ("area", " mm2"),
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
            MetricName::Tpp => at.tpp = point,
            _ => at.io_2022 = point,
        }
        let then = text(&at);
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
