//! Review policy and levies of a case that needs a license.

use super::classify::{Classed, base};
use super::condition;
use super::engine::Asked;
use super::metrics::Measured;
use super::{
    Classification, ConditionRow, DealFact, Instrument, Items, Levy, LevyRow, Review, ReviewRow, RulesError,
    Ternary,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde::Serialize;

/// How a condition of a review policy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The facts given meet it.
    Pass,
    /// The facts given do not.
    Fail,
    /// The exporter has to show it.
    Needs,
}

/// One condition of a review policy; never passed by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionCheck {
    /// Instrument id.
    pub instrument: String,
    /// Paragraph.
    pub paragraph: String,
    /// What must be so.
    pub what: String,
    /// How it stands.
    pub state: Check,
}

/// Whether an item of a class belongs to the items a row is about.
pub(crate) fn is_item(items: Items, class: &Classed, datacenter: bool) -> bool {
    match (items, base(class.0)) {
        (Items::All, Classification::A | Classification::B)
        | (Items::A, Classification::A)
        | (Items::Hbm, Classification::C) => true,
        (Items::DatacenterA, Classification::A) => datacenter,
        (Items::Notified, Classification::A) => !datacenter,
        (Items::Notified, Classification::B) => datacenter,
        _ => false,
    }
}

/// The policies that may apply, with the conditions of those that have any.
pub(crate) struct Reviewed<'b> {
    pub(crate) policies: Vec<Review>,
    pub(crate) by: Vec<(&'b Instrument, &'b ReviewRow)>,
    pub(crate) checks: Vec<ConditionCheck>,
}

/// The review policy for a listed item; two instruments that both speak must be ordered by `over`.
pub(crate) fn review<'b>(
    asked: &Asked<'b>,
    class: &Classed,
    datacenter: bool,
    measured: &Measured,
) -> Result<Reviewed<'b>, RulesError> {
    let mut matched: Vec<(&'b Instrument, &'b ReviewRow, Ternary, Vec<ConditionCheck>)> = Vec::new();
    for (instrument, active) in &asked.active {
        for row in &instrument.review {
            let leaves = row.leaves.as_ref().is_none_or(|c| *c == asked.from);
            if !leaves
                || !is_item(row.items, class, datacenter)
                || !asked.reaches(row.where_.as_ref(), row.who.as_ref())
            {
                continue;
            }
            let checks: Vec<_> = row
                .conditions
                .iter()
                .map(|c| check(asked, instrument, c))
                .collect();
            let failed = checks.iter().any(|c| c.state == Check::Fail);
            let limits = condition::all(&row.when, measured, Some(datacenter));
            let held = active.and(limits).and(Ternary::from(!failed));
            if held.is_possible() || failed {
                matched.push((instrument, row, held, checks));
            }
            if held == Ternary::Yes {
                break;
            }
        }
    }
    let prevails = |a: &Instrument, b: &Instrument| a.over.contains(&b.id);
    let mut reviewed = Reviewed {
        policies: Vec::new(),
        by: Vec::new(),
        checks: Vec::new(),
    };
    let certain: Vec<_> = matched.iter().filter(|m| m.2 == Ternary::Yes).collect();
    for (n, a) in certain.iter().enumerate() {
        for b in &certain[..n] {
            let same = a.0.id == b.0.id || a.1.review == b.1.review;
            if !same && !prevails(a.0, b.0) && !prevails(b.0, a.0) {
                return Err(RulesError::Unordered {
                    first: b.0.id.clone(),
                    second: a.0.id.clone(),
                    what: "a review policy",
                });
            }
        }
    }
    for (instrument, row, held, checks) in &matched {
        reviewed.checks.extend(checks.iter().cloned());
        let beaten = certain.iter().any(|other| prevails(other.0, instrument));
        if beaten || *held == Ternary::No {
            continue;
        }
        reviewed.by.push((instrument, row));
        if !reviewed.policies.contains(&row.review) {
            reviewed.policies.push(row.review);
        }
    }
    if reviewed.policies.is_empty() {
        reviewed.policies.push(Review::Unknown);
    }
    Ok(reviewed)
}

/// How one condition stands by the facts given.
pub(crate) fn check(asked: &Asked<'_>, instrument: &Instrument, condition: &ConditionRow) -> ConditionCheck {
    let tx = asked.tx;
    let bounded = |value: Option<Decimal>| {
        value.map(|v| condition.le.is_none_or(|l| v <= l.0) && condition.ge.is_none_or(|l| v >= l.0))
    };
    let apart = |country: &str| {
        let here = |place: &String| match place.contains(':') {
            true => asked.book.places.in_group(country, place, tx.on),
            false => super::places::for_us(country) == place,
        };
        !condition.none_of.iter().any(here)
    };
    let state = match condition.field {
        Some(DealFact::ChinaToUsTppPercent) => {
            bounded(tx.china_to_us_tpp_percent.and_then(Decimal::from_f64))
        }
        Some(DealFact::UsLaboratory) => tx.us_laboratory,
        Some(DealFact::RemoteUsers) => tx
            .remote_users
            .as_ref()
            .map(|users| users.iter().all(|u| apart(u))),
        Some(DealFact::NotifiedDaysBefore) => bounded(tx.notified_days_before.map(Decimal::from)),
        Some(DealFact::Quantity) => bounded(tx.quantity.map(Decimal::from)),
        Some(DealFact::Headquarters) => Some(apart(&asked.headquarters) && apart(&asked.parent)),
        Some(DealFact::NoPart744) => no_part_744(tx),
        None => condition
            .id
            .as_ref()
            .and_then(|id| tx.conditions.get(id))
            .copied(),
    };
    ConditionCheck {
        instrument: instrument.id.clone(),
        paragraph: condition.paragraph.clone(),
        what: condition.what.clone(),
        state: match state {
            Some(true) => Check::Pass,
            Some(false) => Check::Fail,
            None => Check::Needs,
        },
    }
}

/// Whether nothing stated sets part 744 off; `None` until end use and party are both stated.
fn no_part_744(tx: &super::Transaction) -> Option<bool> {
    let listed = match tx.listed {
        super::Listed::Unknown => None,
        listed => Some(listed != super::Listed::None),
    };
    let any = Ternary::from(tx.supercomputer)
        .or(tx.military.into())
        .or(listed.into());
    match any {
        Ternary::Yes => Some(false),
        Ternary::No => Some(true),
        Ternary::Unknown => None,
    }
}

/// One levy as it falls on this transaction; `None` where it is about other goods.
pub(crate) fn levy(
    asked: &Asked<'_>,
    instrument: &Instrument,
    row: &LevyRow,
    active: Ternary,
    cases: &[Measured],
) -> Option<Levy> {
    let chip = asked.chip;
    if !(row.vendors.is_empty() || row.vendors.contains(&chip.vendor))
        || !(row.families.is_empty() || row.families.contains(&chip.family))
        || (row.where_.is_some() && !asked.reaches(row.where_.as_ref(), None))
    {
        return None;
    }
    let mut held = active.and(row.applies);
    if !row.bands.is_empty() {
        let each: Vec<_> = cases
            .iter()
            .map(|m| condition::any(&row.bands, m, asked.datacenter()))
            .collect();
        let band = match each.as_slice() {
            [] => Ternary::Unknown,
            [first, rest @ ..] if rest.iter().all(|r| r == first) => *first,
            _ => Ternary::Unknown,
        };
        if band == Ternary::No {
            return None;
        }
        held = held.and(band);
    }
    let mut conditions = row.conditions.clone();
    if let Some(country) = &row.on_entry {
        let enters = if asked.from != *country {
            Ternary::No
        } else {
            match asked.foundry {
                Some(foundry) => Ternary::from(foundry != country),
                None => Ternary::Unknown,
            }
        };
        conditions.push(format!(
            "arises on entry into {country}; goods that never enter owe nothing"
        ));
        held = held.and(enters);
    }
    Some(Levy {
        id: instrument.id.clone(),
        kind: row.kind,
        rate: row.rate.0.to_string(),
        base: row.base.clone(),
        applies: held,
        codified: row.codified,
        conditions,
    })
}
