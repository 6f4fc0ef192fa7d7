//! What is left open and what would settle it: needs with their flips, unresolved branches.

use super::engine::Asked;
use super::{Branch, Classification, License, Review, Step, Ternary, Trigger, UsVerdict, us};
use crate::figure::{Flip, Need};
use crate::scenario::Side;

/// What would settle a license or review that the cases leave open.
pub(crate) fn questions(asked: &mut Asked<'_>, us: &UsVerdict) {
    let need = |fact: String, why: &str, flips: [(&str, &str); 2]| Need {
        fact,
        flag: None,
        why: why.to_owned(),
        flips: flips
            .map(|(when, then)| Flip {
                when: when.to_owned(),
                then: then.to_owned(),
            })
            .into(),
    };
    let mut found = Vec::new();
    let known = us.classification != Classification::Unknown;
    if us.license == License::Unknown && known {
        for id in &us.why {
            if asked.book.instrument(id).is_some_and(|i| !i.product.is_empty()) {
                found.push(need(
                    format!("whether `{id}` means this chip and destination"),
                    "the text is not public",
                    [("it does", "required"), ("it does not", "none_found")],
                ));
            }
        }
    }
    if us.review == Some(Review::Unknown) && us.license == License::Required && known {
        for margin in us.margins.iter().filter(|m| m.to == super::Bound::Straddles) {
            found.push(need(
                format!(
                    "on which side of {} the chip's {} lies",
                    margin.limit, margin.bound
                ),
                "the figure is an interval (disputed, or a width the text leaves open)",
                [
                    ("below", "case_by_case_if_conditions"),
                    ("at or above", "presumption_of_denial"),
                ],
            ));
        }
    }
    for (instrument, held) in &asked.active {
        for row in &instrument.require {
            if let Some(except) = &row.except
                && *held == Ternary::Yes
                && us.why.contains(&instrument.id)
            {
                found.push(need(
                    format!("whether {except}"),
                    &row.paragraph,
                    [("yes", "none_found"), ("no", "required")],
                ));
            }
        }
    }
    asked.needs.extend(found);
}

/// Facts of part 744 that were not stated, and the Affiliates branches while they are unresolved.
pub(crate) fn end_use(asked: &mut Asked<'_>, us: &mut UsVerdict) {
    let open = matches!(us.license, License::NoneFound | License::ExceptionAvailable);
    let mut asks: Vec<(&str, &str)> = Vec::new();
    let (on, known) = (asked.tx.on, asked.tx.known);
    let book = asked.book;
    for instrument in book.instruments.iter().filter(|i| i.side == Side::Us) {
        for row in &instrument.end_use {
            let here = row.where_.is_none() || asked.reaches(row.where_.as_ref(), None);
            if !here {
                continue;
            }
            let state = instrument.state_at(on, known);
            let stated = us::triggered(asked, row);
            if row.trigger == Trigger::OwnedByListed {
                let unresolved = state == Some(super::State::Unresolved);
                if unresolved && stated != Some(false) && us.license != License::NotInForce {
                    let than = if stated == Some(true) {
                        License::Required
                    } else {
                        License::Unknown
                    };
                    let branch = |if_: &str, license, why: &str| Branch {
                        question: "does the ownership rule for affiliates of listed parties bind again?"
                            .to_owned(),
                        if_: if_.to_owned(),
                        license,
                        why: why.to_owned(),
                    };
                    us.branches.push(branch(
                        "it returned when the stay ran out",
                        if open { than } else { us.license },
                        "binds where listed parties own half or more",
                    ));
                    us.branches.push(branch(
                        "the stay was extended",
                        us.license,
                        "ownership alone does not bind",
                    ));
                    asked.cite(instrument, &row.paragraph);
                    asked.trace(
                        Step::EndUse,
                        Some((instrument, &row.paragraph)),
                        "unresolved; both branches shown".to_owned(),
                    );
                    if open && stated == Some(true) {
                        us.license = License::Unknown;
                        us.review = Some(Review::Unknown);
                    }
                }
                if state != Some(super::State::InForce) && !unresolved {
                    continue;
                }
            } else if state != Some(super::State::InForce) {
                continue;
            }
            let (fact, flag) = match row.trigger {
                Trigger::Supercomputer => ("whether the end use is a supercomputer", "--supercomputer"),
                Trigger::Military => ("whether the end use or user is military", "--military"),
                Trigger::EntityList | Trigger::MilitaryEndUserList => {
                    ("whether the end user is on a list", "--listed")
                }
                Trigger::OwnedByListed => ("the share owned by listed parties", "--owned-by-listed"),
            };
            if open && stated.is_none() && !asks.contains(&(fact, flag)) {
                asks.push((fact, flag));
            }
        }
    }
    for (fact, flag) in asks {
        asked.needs.push(Need {
            fact: fact.to_owned(),
            flag: Some(flag.to_owned()),
            why: "part 744 may require a license where the list does not; taken as not so".to_owned(),
            flips: vec![Flip {
                when: "yes".to_owned(),
                then: "required".to_owned(),
            }],
        });
    }
}
