//! Requirements by product or threshold: letters, and bills a scenario switches on.

use crate::rules::chip::item::Item;
use crate::rules::chip::metrics::Measured;
use crate::rules::deal::ask::Ask;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::law::live::Live;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::line::What;
use crate::rules::steps::open::Open;
use crate::rules::words::exact::Exact;
use crate::rules::{ProductRow, Review, Step, Ternary};

/// Whether a letter reaches the chip and the place; raises `review` to the policy it states.
pub(crate) fn reached<'a>(
    day: &'a LawDay<'a>,
    ask: &Ask<'a>,
    item: &Item<'a>,
    datacenter: bool,
    measured: &Measured<Exact>,
    review: &mut Option<Review>,
    out: &mut Findings<'a>,
) -> Ternary {
    let mut any = Ternary::No;
    for live in &day.product {
        let held = product(live, ask, item, datacenter, measured).and(live.held);
        if held == Ternary::No {
            continue;
        }
        any = any.or(held);
        if live.held == Ternary::Unknown {
            out.ask(Open::Day(live.by));
        }
        let text = if held == Ternary::Yes {
            raise(review, live.row.review.unwrap_or(Review::NotStated));
            "license required for the product named or reached"
        } else {
            "may require a license; the text is not public"
        };
        out.because(live.by);
        out.found(Step::Letters, live.by, &live.row.paragraph, What::Fixed(text));
    }
    any
}

/// The stricter of two review policies.
pub(crate) fn raise(kept: &mut Option<Review>, next: Review) {
    if kept.is_none_or(|k| k.strictness() < next.strictness()) {
        *kept = Some(next);
    }
}

fn product(
    live: &Live<'_, ProductRow>,
    ask: &Ask<'_>,
    item: &Item<'_>,
    datacenter: bool,
    measured: &Measured<Exact>,
) -> Ternary {
    let (row, chip) = (live.row, item.chip);
    if row.vendor.as_ref().is_some_and(|v| *v != chip.vendor) {
        return Ternary::No;
    }
    let place = if live.reach.of(ask) {
        Ternary::Yes
    } else if live.other.is_some_and(|maybe| maybe.contains(ask.to.id)) {
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
