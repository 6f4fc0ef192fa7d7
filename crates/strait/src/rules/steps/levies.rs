//! Levies, prohibitions beside the license, and red flags.

use crate::rules::chip::item::Item;
use crate::rules::deal::ask::Ask;
use crate::rules::law::condition;
use crate::rules::law::day::LawDay;
use crate::rules::law::live::Live;
use crate::rules::steps::findings::{Findings, Levied};
use crate::rules::steps::line::What;
use crate::rules::{LevyRow, RedFlagRow, Step, Ternary};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

/// Levies that fall on this transaction or may.
pub(crate) fn levies<'a>(day: &'a LawDay<'a>, ask: &Ask<'a>, item: &Item<'a>, out: &mut Findings<'a>) {
    for live in &day.levy {
        if let Some(applies) = applies(live, ask, item) {
            out.found(Step::Levies, live.by, "", What::Levied(live.row, applies));
            out.levies.push(Levied {
                by: live.by,
                row: live.row,
                applies,
            });
        }
    }
}

/// Whether one levy falls on this transaction; `None` where it is about other goods.
fn applies(live: &Live<'_, LevyRow>, ask: &Ask<'_>, item: &Item<'_>) -> Option<Ternary> {
    let (row, chip) = (live.row, item.chip);
    if !(row.vendors.is_empty() || row.vendors.contains(&chip.vendor))
        || !(row.families.is_empty() || row.families.contains(&chip.family))
        || (live.reach.place.is_some() && !live.reach.place(ask.to.id))
    {
        return None;
    }
    let mut held = live.held.and(row.applies);
    if !row.bands.is_empty() {
        let mut each = item
            .exact
            .iter()
            .map(|m| condition::any(&row.bands, m, item.datacenter));
        let first = each.next().unwrap_or(Ternary::Unknown);
        let band = if each.all(|other| other == first) {
            first
        } else {
            Ternary::Unknown
        };
        if band == Ternary::No {
            return None;
        }
        held = held.and(band);
    }
    if let Some(country) = &row.on_entry {
        let enters = match (ask.from.code == country, item.foundry) {
            (false, _) => Ternary::No,
            (true, Some(foundry)) => Ternary::from(foundry != country),
            (true, None) => Ternary::Unknown,
        };
        // Uses within the country are left out, and the use of what stays there is not stated.
        let stays = ask.to.code == country;
        held = held
            .and(enters)
            .and(if stays { Ternary::Unknown } else { Ternary::Yes });
    }
    Some(held)
}

/// Notices under general prohibition 10 that name the chip.
pub(crate) fn prohibitions<'a>(day: &'a LawDay<'a>, item: &Item<'a>, out: &mut Findings<'a>) {
    for live in &day.prohibition {
        let row = live.row;
        if row.vendor == item.chip.vendor && row.families.contains(&item.chip.family) {
            out.found(Step::Prohibitions, live.by, &row.paragraph, What::Text(&row.what));
            out.prohibitions.push((live.by, row));
        }
    }
}

/// What a careful exporter looks twice at.
pub(crate) fn red_flags<'a>(day: &'a LawDay<'a>, ask: &Ask<'a>, item: &Item<'a>, out: &mut Findings<'a>) {
    for live in &day.red_flag {
        if raised(day, live, ask, item) {
            out.found(
                Step::Prohibitions,
                live.by,
                &live.row.paragraph,
                What::Text(&live.row.what),
            );
            out.red_flags.push((live.by, live.row));
        }
    }
}

fn raised(day: &LawDay<'_>, live: &Live<'_, RedFlagRow>, ask: &Ask<'_>, item: &Item<'_>) -> bool {
    let (row, tx) = (live.row, ask.tx);
    let placed = live.reach.place.is_none() && live.reach.who.is_none() || live.reach.of(ask);
    let users = live.other.is_none_or(|there| {
        tx.remote_users.as_ref().is_some_and(|users| {
            let ids = users.iter().filter_map(|user| day.book.places.id(user));
            ids.into_iter().any(|id| there.contains(id))
        })
    });
    let owned = row.owned_ge_percent.is_none_or(|limit| {
        tx.owned_by_listed_percent
            .and_then(Decimal::from_f64)
            .is_none_or(|percent| percent >= limit.0)
    });
    placed
        && users
        && owned
        && (row.uses.is_empty() || tx.use_.is_some_and(|u| row.uses.contains(&u)))
        && (row.vendors.is_empty() || row.vendors.contains(&item.chip.vendor))
        && (row.families.is_empty() || row.families.contains(&item.chip.family))
}
