//! The US side of one case: list-based requirement, letters, end use, exceptions, review.

use super::classify::{Classed, base};
use super::condition;
use super::engine::Asked;
use super::history::within;
use super::metrics::Measured;
use super::review::{is_item, review};
use super::{
    ConditionCheck, EndUseRow, ExceptionOffer, Instrument, License, Listed, ProductRow, Review, RulesError,
    Ternary, Trigger,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

/// What the law says of one case, were it subject to the EAR.
pub(crate) struct Outcome<'b> {
    pub(crate) license: License,
    pub(crate) review: Option<Review>,
    pub(crate) why: Vec<&'b Instrument>,
    pub(crate) exceptions: Vec<ExceptionOffer>,
    pub(crate) checks: Vec<ConditionCheck>,
    /// Instrument, paragraph, what it does here.
    pub(crate) found: Vec<Found<'b>>,
}

/// One rule that speaks in a case.
#[derive(Clone, PartialEq)]
pub(crate) struct Found<'b> {
    pub(crate) step: super::Step,
    pub(crate) instrument: &'b Instrument,
    pub(crate) paragraph: &'b str,
    pub(crate) what: String,
}

/// Strictness of a review policy, least strict first.
pub(crate) fn strictness(review: Review) -> u8 {
    match review {
        Review::NotStated => 0,
        Review::PresumptionOfApproval => 1,
        Review::CaseByCase => 2,
        Review::CaseByCaseIfConditions => 3,
        Review::Unknown => 4,
        Review::PresumptionOfDenial => 5,
    }
}

pub(crate) fn outcome<'b>(
    asked: &Asked<'b>,
    class: &Classed,
    datacenter: bool,
    measured: &Measured,
) -> Result<Outcome<'b>, RulesError> {
    let mut out = Outcome {
        license: License::NoneFound,
        review: None,
        why: Vec::new(),
        exceptions: Vec::new(),
        checks: Vec::new(),
        found: Vec::new(),
    };
    let listed = list(asked, class, &mut out);
    let mut reviews: Vec<Review> = Vec::new();
    let letters = products(asked, datacenter, measured, &mut out, &mut reviews);
    let end_use = end_uses(asked, &mut out, &mut reviews);
    if listed {
        let reviewed = review(asked, class, datacenter, measured)?;
        for (instrument, row) in &reviewed.by {
            out.found.push(Found {
                step: super::Step::Review,
                instrument,
                paragraph: &row.paragraph,
                what: format!("review: {}", word(row.review)),
            });
        }
        // A policy that is stated governs; two that are possible leave it open.
        let stated = match reviewed.policies.as_slice() {
            [one] => *one,
            _ => Review::Unknown,
        };
        reviews.push(stated);
        out.checks = reviewed.checks;
    }
    let excepted = listed && letters != Ternary::Yes && end_use != Ternary::Yes;
    if excepted {
        exceptions(asked, class, datacenter, measured, &mut out);
    }
    let other = letters.or(end_use);
    out.license = match (listed, other) {
        (_, Ternary::Yes) => License::Required,
        (true, _) if out.exceptions.is_empty() => License::Required,
        (true, Ternary::No) => License::ExceptionAvailable,
        (true | false, Ternary::Unknown) => License::Unknown,
        (false, Ternary::No) => License::NoneFound,
    };
    out.review = match out.license {
        License::NoneFound => None,
        License::Unknown => Some(Review::Unknown),
        _ => reviews
            .into_iter()
            .max_by_key(|r| strictness(*r))
            .or(Some(Review::NotStated)),
    };
    Ok(out)
}

pub(crate) fn word(review: Review) -> &'static str {
    match review {
        Review::PresumptionOfDenial => "presumption_of_denial",
        Review::CaseByCase => "case_by_case",
        Review::CaseByCaseIfConditions => "case_by_case_if_conditions",
        Review::PresumptionOfApproval => "presumption_of_approval",
        Review::NotStated => "not_stated",
        Review::Unknown => "unknown",
    }
}

/// The list-based requirement by destination and headquarters.
fn list<'b>(asked: &Asked<'b>, class: &Classed, out: &mut Outcome<'b>) -> bool {
    let mut required = false;
    for (instrument, active) in &asked.active {
        for row in &instrument.require {
            if *active != Ternary::Yes
                || !row.classes.contains(&base(class.0))
                || !within(row.from, row.until, asked.tx.on)
                || !asked.reaches(row.where_.as_ref(), row.who.as_ref())
            {
                continue;
            }
            required = true;
            add(&mut out.why, instrument);
            let except = row
                .except
                .as_ref()
                .map(|e| format!("; not where {e}"))
                .unwrap_or_default();
            out.found.push(Found {
                step: super::Step::Requirement,
                instrument,
                paragraph: &row.paragraph,
                what: format!("license required for {}{except}", super::classify::name(class.0)),
            });
        }
    }
    required
}

/// Requirements by product or threshold: letters, and bills a scenario switches on.
fn products<'b>(
    asked: &Asked<'b>,
    datacenter: bool,
    measured: &Measured,
    out: &mut Outcome<'b>,
    reviews: &mut Vec<Review>,
) -> Ternary {
    let mut any = Ternary::No;
    for (instrument, active) in &asked.active {
        for row in &instrument.product {
            let held = product(asked, row, datacenter, measured).and(*active);
            if held == Ternary::No {
                continue;
            }
            any = any.or(held);
            let what = if held == Ternary::Yes {
                reviews.push(row.review.unwrap_or(Review::NotStated));
                "license required for the product named or reached"
            } else {
                "may require a license; the text is not public"
            };
            add(&mut out.why, instrument);
            out.found.push(Found {
                step: super::Step::Letters,
                instrument,
                paragraph: &row.paragraph,
                what: what.to_owned(),
            });
        }
    }
    any
}

pub(crate) fn product(asked: &Asked<'_>, row: &ProductRow, datacenter: bool, measured: &Measured) -> Ternary {
    let chip = asked.chip;
    if row.vendor.as_ref().is_some_and(|v| *v != chip.vendor) {
        return Ternary::No;
    }
    let place = if asked.reaches(row.where_.as_ref(), row.who.as_ref()) {
        Ternary::Yes
    } else if row.where_maybe.is_some() && asked.reaches(row.where_maybe.as_ref(), None) {
        Ternary::Unknown
    } else {
        return Ternary::No;
    };
    let named = row.families.contains(&chip.family);
    let reached = condition::any(&row.any, measured, Some(datacenter));
    let maybe = match condition::any(&row.maybe, measured, Some(datacenter)) {
        Ternary::No => Ternary::No,
        _ => Ternary::Unknown,
    };
    Ternary::from(named).or(reached).or(maybe).and(place)
}

/// End use and end user (part 744); facts not stated set nothing off, they are asked for.
fn end_uses<'b>(asked: &Asked<'b>, out: &mut Outcome<'b>, reviews: &mut Vec<Review>) -> Ternary {
    let mut any = Ternary::No;
    for (instrument, active) in &asked.active {
        for row in &instrument.end_use {
            let here = row.where_.is_none() || asked.reaches(row.where_.as_ref(), None);
            if *active != Ternary::Yes || !here || triggered(asked, row) != Some(true) {
                continue;
            }
            any = Ternary::Yes;
            reviews.push(row.review.unwrap_or(Review::NotStated));
            add(&mut out.why, instrument);
            out.found.push(Found {
                step: super::Step::EndUse,
                instrument,
                paragraph: &row.paragraph,
                what: "license required by end use or end user".to_owned(),
            });
        }
    }
    any
}

/// Whether the facts given set an end-use row off; `None` where they are not stated.
pub(crate) fn triggered(asked: &Asked<'_>, row: &EndUseRow) -> Option<bool> {
    let tx = asked.tx;
    match row.trigger {
        Trigger::Supercomputer => tx.supercomputer,
        Trigger::Military => tx.military,
        Trigger::EntityList => match tx.listed {
            Listed::Unknown => None,
            Listed::Entity | Listed::EntityFn1 | Listed::EntityFn4 => Some(true),
            Listed::None | Listed::Meu => Some(false),
        },
        Trigger::MilitaryEndUserList => match tx.listed {
            Listed::Unknown => None,
            listed => Some(listed == Listed::Meu),
        },
        Trigger::OwnedByListed => {
            let percent = tx.owned_by_listed_percent.and_then(Decimal::from_f64)?;
            Some(row.ge_percent.is_some_and(|limit| percent >= limit.0))
        }
    }
}

fn exceptions<'b>(
    asked: &Asked<'b>,
    class: &Classed,
    datacenter: bool,
    measured: &Measured,
    out: &mut Outcome<'b>,
) {
    for (instrument, active) in &asked.active {
        for row in &instrument.exception {
            if *active != Ternary::Yes
                || !is_item(row.items, class, datacenter)
                || !within(row.from, row.until, asked.tx.on)
                || row.leaves.as_ref().is_some_and(|c| *c != asked.from)
                || row.transfer.is_some_and(|t| t != (asked.from == asked.to))
                || !asked.reaches(row.where_.as_ref(), row.who.as_ref())
                || condition::all(&row.when, measured, Some(datacenter)) != Ternary::Yes
                || row
                    .only_if_stated
                    .as_ref()
                    .is_some_and(|id| asked.tx.conditions.get(id) != Some(&true))
            {
                continue;
            }
            let conditions: Vec<_> = row
                .conditions
                .iter()
                .map(|c| super::review::check(asked, instrument, c))
                .collect();
            if let Some(failed) = conditions.iter().find(|c| c.state == super::Check::Fail) {
                out.found.push(Found {
                    step: super::Step::Exceptions,
                    instrument,
                    paragraph: &row.paragraph,
                    what: format!("license exception {} fails: {}", row.id, failed.what),
                });
                continue;
            }
            out.exceptions.push(ExceptionOffer {
                id: row.id.clone(),
                paragraph: row.paragraph.clone(),
                notification_days: row.notification_days,
                conditions,
            });
            out.found.push(Found {
                step: super::Step::Exceptions,
                instrument,
                paragraph: &row.paragraph,
                what: format!(
                    "license exception {} may be used where its conditions hold",
                    row.id
                ),
            });
        }
    }
}

fn add<'b>(list: &mut Vec<&'b Instrument>, instrument: &'b Instrument) {
    if !list.iter().any(|i| i.id == instrument.id) {
        list.push(instrument);
    }
}
