//! The review policy of a case that needs a license, and how its conditions stand.

use crate::rules::chip::metrics::Measured;
use crate::rules::deal::ask::Ask;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::law::live::Live;
use crate::rules::steps::classify::base;
use crate::rules::steps::end_use::triggered;
use crate::rules::steps::findings::{Findings, Shown};
use crate::rules::steps::line::What;
use crate::rules::words::exact::Exact;
use crate::rules::{
    Classification, ConditionRow, DealFact, Instrument, Items, Review, ReviewRow, RulesError, Step, Ternary,
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

/// Whether an item of a class belongs to the items a row is about.
pub(crate) fn is_item(items: Items, class: Classification, datacenter: bool) -> bool {
    match (items, base(class)) {
        (Items::All, Classification::A | Classification::B)
        | (Items::A, Classification::A)
        | (Items::B, Classification::B)
        | (Items::Hbm, Classification::C) => true,
        (Items::DatacenterA, Classification::A) => datacenter,
        (Items::Notified, Classification::A) => !datacenter,
        (Items::Notified, Classification::B) => datacenter,
        _ => false,
    }
}

/// The policy for a listed item; two instruments that both speak must be ordered by `over`. Where several
/// are possible, unknown.
pub(crate) fn policy<'a>(
    day: &'a LawDay<'a>,
    ask: &Ask<'a>,
    class: Classification,
    datacenter: bool,
    measured: &Measured<Exact>,
    out: &mut Findings<'a>,
) -> Result<Review, RulesError> {
    let mut matched = std::mem::take(&mut out.matched);
    matched.clear();
    let mut settled: Option<&Instrument> = None;
    for live in &day.review {
        // Within one instrument rows are read top to bottom and the first that certainly holds ends it.
        if settled.is_some_and(|by| std::ptr::eq(by, live.by)) {
            continue;
        }
        let row = live.row;
        if row.leaves.as_ref().is_some_and(|c| c != ask.from.code)
            || !is_item(row.items, class, datacenter)
            || !live.speaks_of(ask)
        {
            continue;
        }
        let mut checklist = day.standing(&row.conditions);
        let failed = checklist.any(|c| stands(day, ask, c) == Check::Fail);
        let limits = condition::all(&row.when, measured, Some(datacenter));
        let held = live.held.and(limits).and(Ternary::from(!failed));
        if held.is_possible() || failed {
            matched.push((live, held));
        }
        if held == Ternary::Yes {
            settled = Some(live.by);
        }
    }
    let policy = stated(day, ask, &matched, out);
    out.matched = matched;
    policy
}

/// What the policies that reach a case come to.
fn stated<'a>(
    day: &LawDay<'a>,
    ask: &Ask<'_>,
    matched: &[(&'a Live<'a, ReviewRow>, Ternary)],
    out: &mut Findings<'a>,
) -> Result<Review, RulesError> {
    let prevails = |a: &Instrument, b: &Instrument| a.over.contains(&b.id);
    let certain = matched.iter().filter(|(_, held)| *held == Ternary::Yes);
    for (n, (a, _)) in certain.clone().enumerate() {
        for (b, _) in certain.clone().take(n) {
            let same = std::ptr::eq(a.by, b.by) || a.row.review == b.row.review;
            if !same && !prevails(a.by, b.by) && !prevails(b.by, a.by) {
                return Err(RulesError::Unordered {
                    first: b.by.id.clone(),
                    second: a.by.id.clone(),
                    what: "a review policy",
                });
            }
        }
    }
    let mut policy: Option<Review> = None;
    for (live, held) in matched {
        let mut all_shown = true;
        for condition in day.standing(&live.row.conditions) {
            let shown = Shown {
                by: live.by,
                row: condition,
                state: stands(day, ask, condition),
            };
            all_shown &= shown.state == Check::Pass;
            if !out.checks.iter().any(|c| std::ptr::eq(c.row, condition)) {
                out.checks.push(shown);
            }
        }
        let beaten = certain.clone().any(|(other, _)| prevails(other.by, live.by));
        if beaten || *held == Ternary::No {
            continue;
        }
        // Conditions that are all shown are conditions no more.
        let review = match live.row.review {
            Review::CaseByCaseIfConditions if all_shown => Review::CaseByCase,
            review => review,
        };
        let what = What::Reviewed(review);
        out.found(Step::Review, live.by, &live.row.paragraph, what);
        policy = Some(match policy {
            None => review,
            Some(kept) if kept == review => kept,
            Some(_) => Review::Unknown,
        });
    }
    Ok(policy.unwrap_or(Review::Unknown))
}

/// How one condition stands by the facts given.
pub(crate) fn stands(day: &LawDay<'_>, ask: &Ask<'_>, condition: &ConditionRow) -> Check {
    let tx = ask.tx;
    let bounded = |value: Option<Decimal>| {
        value.map(|v| condition.le.is_none_or(|l| v <= l.0) && condition.ge.is_none_or(|l| v >= l.0))
    };
    let state = match condition.field {
        Some(DealFact::ChinaToUsTppPercent) => {
            bounded(tx.china_to_us_tpp_percent.and_then(Decimal::from_f64))
        }
        Some(DealFact::UsLaboratory) => tx.us_laboratory,
        Some(DealFact::RemoteUsers) => tx
            .remote_users
            .as_ref()
            .map(|users| users.iter().all(|user| apart(day, condition, user))),
        Some(DealFact::NotifiedDaysBefore) => bounded(tx.notified_days_before.map(Decimal::from)),
        Some(DealFact::Quantity) => bounded(tx.quantity.map(Decimal::from)),
        Some(DealFact::Headquarters) => {
            Some(apart(day, condition, ask.headquarters.code) && apart(day, condition, ask.parent.code))
        }
        Some(DealFact::NoPart744) => no_part_744(day, ask),
        None => condition
            .id
            .as_ref()
            .filter(|_| !tx.conditions.is_empty())
            .and_then(|id| tx.conditions.get(id))
            .copied(),
    };
    match state {
        Some(true) => Check::Pass,
        Some(false) => Check::Fail,
        None => Check::Needs,
    }
}

/// Whether a country is none of those barred and, where some are named, one of those.
fn apart(day: &LawDay<'_>, condition: &ConditionRow, country: &str) -> bool {
    let Some(id) = day.book.places.id(country) else {
        return true;
    };
    let among = |names: &[String]| {
        names.iter().any(|named| {
            if named.contains(':') {
                day.group(named).contains(id)
            } else {
                day.book.places.id(named) == Some(id)
            }
        })
    };
    !among(&condition.none_of) && (condition.one_of.is_empty() || among(&condition.one_of))
}

/// Whether no end use or end user that part 744 controls at this destination is stated; `None` until each that
/// it asks about is.
fn no_part_744(day: &LawDay<'_>, ask: &Ask<'_>) -> Option<bool> {
    let mut any = Ternary::No;
    for live in &day.end_use {
        if live.reach.place.is_none() || live.reach.place(ask.to.id) {
            any = any.or(Ternary::from(triggered(ask.tx, live.row)));
        }
        if any == Ternary::Yes {
            break;
        }
    }
    match any {
        Ternary::Yes => Some(false),
        Ternary::No => Some(true),
        Ternary::Unknown => None,
    }
}
