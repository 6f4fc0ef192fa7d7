//! The first question: is the item subject to the EAR?

use crate::rules::chip::item::Item;
use crate::rules::deal::ask::Ask;
use crate::rules::deal::assumed::Assumed;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::law::live::Live;
use crate::rules::steps::end_use::triggered;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::line::What;
use crate::rules::steps::open::Open;
use crate::rules::steps::review::is_item;
use crate::rules::{EndUseRow, Jurisdiction, JurisdictionRow, Step, Ternary};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

/// Whether the item is subject to the EAR, each basis a line of the trace.
pub(crate) fn decide<'a>(day: &'a LawDay<'a>, ask: &Ask<'a>, item: &'a Item<'a>, out: &mut Findings<'a>) {
    let answer = if ask.from.code == "US" {
        basis(out, "leaves from the US (734.3(a)(1))")
    } else if item.foundry == Some("US") {
        basis(out, "made in the US (734.3(a)(2))")
    } else if addressed(day, ask, item) {
        basis(
            out,
            "a letter addresses this maker's exports, reexports and transfers of it (744.23(b))",
        )
    } else {
        abroad(day, ask, item, out)
    };
    out.jurisdiction = answer;
    if answer != Jurisdiction::No && ask.tx.direct_product != Some(false) {
        let presumed = |live: &&Live<'a, JurisdictionRow>| {
            live.row.violation && reaches(day, live, ask, item, out).and(live.held).is_possible()
        };
        out.violation = day.jurisdiction.iter().find(presumed);
    }
    out.note(Step::Jurisdiction, What::Subject(answer));
}

fn basis(out: &mut Findings<'_>, text: &'static str) -> Jurisdiction {
    out.note(Step::Jurisdiction, What::Fixed(text));
    Jurisdiction::Yes
}

/// Whether a letter to this chip's maker certainly reaches the chip and the place.
fn addressed(day: &LawDay<'_>, ask: &Ask<'_>, item: &Item<'_>) -> bool {
    day.product.iter().any(|live| {
        let here = live.reach.of(ask);
        let named = live.row.families.contains(&item.chip.family);
        live.held == Ternary::Yes
            && live.row.vendor.as_deref() == Some(item.chip.vendor.as_str())
            && here
            && (named || condition::any(&live.row.any, &item.all, item.datacenter) == Ternary::Yes)
    })
}

/// A chip made abroad that does not come from the US: direct product (734.9) and de minimis (734.4).
fn abroad<'a>(
    day: &'a LawDay<'a>,
    ask: &Ask<'a>,
    item: &'a Item<'a>,
    out: &mut Findings<'a>,
) -> Jurisdiction {
    let us_maker = item.designer == Some("US");
    let mut answer: Option<Jurisdiction> = None;
    let mut open = false;
    let neither = ask.tx.direct_product == Some(false) && ask.tx.us_content_percent.is_some();
    for live in &day.jurisdiction {
        // A presumption yields to the facts that it stands in for.
        if live.row.gives == Jurisdiction::Presumed && neither {
            continue;
        }
        let reached = reaches(day, live, ask, item, out).and(live.held);
        if reached == Ternary::No {
            continue;
        }
        let row = live.row;
        let product = match (row.direct_product, ask.tx.direct_product) {
            (false, _) => Ternary::Yes,
            (true, Some(stated)) => stated.into(),
            // Chips are designed with US software; of a US maker's own chip nobody doubts it.
            (true, None) if us_maker => Ternary::Yes,
            (true, None) => Ternary::Unknown,
        };
        let content = match (row.content_gt_percent, ask.tx.us_content_percent) {
            (None, _) => Ternary::Yes,
            (Some(limit), Some(stated)) => Decimal::from_f64(stated).map(|p| p > limit.0).into(),
            (Some(_), None) => Ternary::Unknown,
        };
        match reached.and(product).and(content) {
            Ternary::No => {}
            Ternary::Unknown => open = true,
            Ternary::Yes => {
                out.found(
                    Step::Jurisdiction,
                    live.by,
                    &row.paragraph,
                    What::Text(&row.basis),
                );
                if row.direct_product && ask.tx.direct_product.is_none() {
                    out.assumed.push(Assumed::UsDirectProduct);
                }
                if answer != Some(Jurisdiction::Yes) {
                    answer = Some(row.gives);
                }
            }
        }
    }
    let answer = answer.unwrap_or_else(|| {
        if neither && !open {
            out.note(
                Step::Jurisdiction,
                What::Fixed("stated to be no direct product, US content not above de minimis"),
            );
            Jurisdiction::No
        } else if us_maker {
            out.note(
                Step::Jurisdiction,
                What::Fixed(
                    "a US maker's chip made abroad: direct product (734.9) and de minimis (734.4) not stated, and no \
                     rule modelled settles it for this item and destination",
                ),
            );
            Jurisdiction::Presumed
        } else {
            out.note(
                Step::Jurisdiction,
                What::Fixed("foreign maker: direct product (734.9) and de minimis (734.4) not settled"),
            );
            Jurisdiction::Unknown
        }
    });
    if answer != Jurisdiction::Yes && answer != Jurisdiction::No {
        if ask.tx.direct_product.is_none() {
            out.ask(Open::DirectProduct);
        }
        if ask.tx.us_content_percent.is_none() {
            out.ask(Open::UsContent);
        }
    }
    answer
}

/// Whether a row speaks of this designer, item, place, party and end use.
fn reaches<'a>(
    day: &LawDay<'a>,
    live: &Live<'a, JurisdictionRow>,
    ask: &Ask<'a>,
    item: &Item<'a>,
    out: &Findings<'a>,
) -> Ternary {
    let row = live.row;
    let by_designer = live.other.is_none_or(|there| {
        item.designer
            .and_then(|code| day.book.places.id(code))
            .is_some_and(|id| there.contains(id))
    });
    let anywhere = live.reach.place.is_none() && live.reach.who.is_none();
    let here = anywhere || live.reach.of(ask);
    let listed = row.listed.is_empty() || row.listed.contains(&ask.tx.listed);
    if !by_designer || !here || !listed {
        return Ternary::No;
    }
    let end_use = row.end_use.map_or(Ternary::Yes, |trigger| {
        let asked = EndUseRow {
            paragraph: String::new(),
            trigger,
            where_: None,
            review: None,
            ge_percent: None,
            from: None,
            until: None,
        };
        // An end use nobody states sets nothing off; it is asked for with part 744.
        triggered(ask.tx, &asked).unwrap_or(false).into()
    });
    end_use.and(item_of(row, out))
}

/// Whether every class still possible, or only some, belongs to the items of a row.
fn item_of(row: &JurisdictionRow, out: &Findings<'_>) -> Ternary {
    if row.items.is_empty() {
        return Ternary::Yes;
    }
    let is = |(_, datacenter, class): &(usize, bool, crate::rules::steps::classify::Classed<'_>)| {
        row.items
            .iter()
            .any(|items| is_item(*items, class.0, *datacenter))
    };
    let some = out.combinations.iter().any(is);
    let all = out.combinations.iter().all(is);
    match (all, some) {
        (true, true) => Ternary::Yes,
        (false, true) => Ternary::Unknown,
        _ => Ternary::No,
    }
}
