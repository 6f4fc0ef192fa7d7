//! End use and end user (part 744), with the branches of a rule nobody has said returned.
//!
//! Facts not stated set nothing off; they are asked for.

use crate::rules::deal::ask::Ask;
use crate::rules::law::day::LawDay;
use crate::rules::law::live::Live;
use crate::rules::steps::findings::{Findings, Fork};
use crate::rules::steps::letters::raise;
use crate::rules::steps::line::What;
use crate::rules::steps::open::Open;
use crate::rules::{EndUseRow, License, Listed, Review, Step, Ternary, Transaction, Trigger};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

/// Whether the facts stated set part 744 off; raises `review` to the policy it states.
pub(crate) fn reached<'a>(
    day: &'a LawDay<'a>,
    ask: &Ask<'a>,
    review: &mut Option<Review>,
    out: &mut Findings<'a>,
) -> Ternary {
    let mut any = Ternary::No;
    for live in &day.end_use {
        if live.reach.place.is_some() && !live.reach.place(ask.to.id) {
            continue;
        }
        if triggered(ask.tx, live.row) != Some(true) {
            continue;
        }
        any = any.or(live.held);
        raise(review, live.row.review.unwrap_or(Review::NotStated));
        out.because(live.by);
        let what = What::Fixed("license required by end use or end user");
        out.found(Step::EndUse, live.by, &live.row.paragraph, what);
    }
    any
}

/// Whether the facts given set an end-use row off; `None` where they are not stated.
pub(crate) fn triggered(tx: &Transaction, row: &EndUseRow) -> Option<bool> {
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

/// Asks for facts of part 744 that were not stated, and shows the branches while a rule is unresolved.
pub(crate) fn ask_for<'a>(day: &'a LawDay<'a>, ask: &Ask<'a>, out: &mut Findings<'a>) {
    let open = matches!(out.license, License::NoneFound | License::ExceptionAvailable);
    for live in &day.stayed {
        let stated = triggered(ask.tx, live.row);
        if stated == Some(false) || out.license == License::NotInForce {
            continue;
        }
        if live.held == Ternary::No {
            // A stay is worth a line only to whom it frees.
            if stated == Some(true) {
                let what = What::Fixed("stayed that day: ownership alone does not bind");
                out.found(Step::EndUse, live.by, &live.row.paragraph, what);
                stay(day, live, "the stay is in force that day", out);
            }
            continue;
        }
        let returned = match (open, stated) {
            (false, _) => out.license,
            (true, Some(true)) => License::Required,
            (true, _) => License::Unknown,
        };
        out.forks.push(Fork::Affiliates(returned, out.license));
        let what = What::Fixed("unresolved; both branches shown");
        out.found(Step::EndUse, live.by, &live.row.paragraph, what);
        if stated == Some(true) {
            let ran_out = "the stay has run out by its own terms; nobody has said whether it was extended";
            stay(day, live, ran_out, out);
        }
        if open && stated == Some(true) {
            out.because(live.by);
            out.license = License::Unknown;
            out.review = Some(Review::Unknown);
        } else if open {
            out.ask(Open::EndUse(live.row.trigger));
        }
    }
    if !open {
        return;
    }
    for live in day.end_use.iter().filter(|live| live.held == Ternary::Yes) {
        let here = live.reach.place.is_none() || live.reach.place(ask.to.id);
        if here && triggered(ask.tx, live.row).is_none() {
            let asked = out.open.iter().any(|o| o.key() == live.row.trigger.key());
            if !asked {
                out.open.push(Open::EndUse(live.row.trigger));
            }
        }
    }
}

/// A line for each instrument that stays this one.
fn stay<'a>(day: &'a LawDay<'a>, live: &Live<'_, EndUseRow>, text: &'static str, out: &mut Findings<'a>) {
    for (_, by) in day.stays.iter().filter(|(id, _)| *id == live.by.id) {
        out.found(Step::EndUse, by, "", What::Fixed(text));
    }
}
