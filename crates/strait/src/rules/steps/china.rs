//! The China side: the strictest of the instruments that bind this buyer.
//!
//! Nearly all of it is guidance nobody outside has seen, so the state comes with how it is known. An
//! instrument that names others under `over` is an exception from them: where it binds for certain, their
//! rows are left out. What is not known of the chip leaves the state unknown, never bound.

use crate::rules::chip::item::Item;
use crate::rules::deal::ask::Ask;
use crate::rules::law::day::LawDay;
use crate::rules::law::live::Live;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::line::{Line, What};
use crate::rules::steps::open::Open;
use crate::rules::{ChinaRow, ChinaState, Segment, Site, Step, Ternary};

fn rank(state: ChinaState) -> u8 {
    match state {
        ChinaState::None => 0,
        ChinaState::Discouraged => 1,
        ChinaState::Conditional => 2,
        ChinaState::Quota => 3,
        ChinaState::Unknown => 4,
        ChinaState::Banned => 5,
    }
}

/// The state for the buyer asked, with the rows that make it.
pub(crate) fn decide<'a>(day: &'a LawDay<'a>, ask: &Ask<'a>, item: &Item<'a>, out: &mut Findings<'a>) {
    out.cn_site = ask.site;
    out.touches_china = ask.touches_china();
    if !out.touches_china {
        out.note(
            Step::China,
            What::Fixed("no Chinese buyer or place in the transaction"),
        );
        return;
    }
    let mut speaking = std::mem::take(&mut out.cn_speaking);
    speaking.extend(day.china.iter().filter_map(|live| {
        let binds = live.held.and(reaches(live.row, ask, item));
        // A row that may or may not say `none` leaves nothing open.
        let open = binds == Ternary::Unknown && live.row.effect != ChinaState::None;
        (binds == Ternary::Yes || open).then_some((live, binds))
    }));
    if speaking.is_empty() {
        out.note(
            Step::China,
            What::Fixed("no instrument modelled binds this buyer for this chip"),
        );
    }
    let stands = |(live, binds): &&(&Live<'_, ChinaRow>, Ternary)| {
        *binds == Ternary::Yes && exception_from(live, &speaking).is_none()
    };
    let certain = speaking
        .iter()
        .filter(stands)
        .map(|(live, _)| rank(live.row.effect))
        .max()
        .unwrap_or(0);
    for (live, binds) in &speaking {
        // What may only add a milder state leaves the certain one standing.
        if *binds == Ternary::Unknown && rank(live.row.effect) <= certain {
            continue;
        }
        let state = match binds {
            Ternary::Yes => live.row.effect,
            _ => ChinaState::Unknown,
        };
        if let Some(exception) = exception_from(live, &speaking) {
            line(live, What::SetAside(state, exception.by), out);
            continue;
        }
        if live.held == Ternary::Unknown {
            out.ask(Open::Day(live.by));
        }
        if item.designer.is_none() && live.row.vendors.is_empty() {
            out.ask(Open::Designer);
        }
        let what = What::China(state, ask.tx.segment, live.row.note.as_deref());
        line(live, what, out);
        match rank(state).cmp(&rank(out.cn_state)) {
            std::cmp::Ordering::Greater => {
                out.cn_state = state;
                out.cn_why.clear();
                out.cn_why.push((live.by, live.row));
            }
            std::cmp::Ordering::Equal => out.cn_why.push((live.by, live.row)),
            std::cmp::Ordering::Less => {}
        }
    }
    out.cn_speaking = speaking;
}

fn line<'a>(live: &'a Live<'a, ChinaRow>, what: What<'a>, out: &mut Findings<'a>) {
    out.push(Line {
        step: Step::China,
        by: Some(live.by),
        paragraph: "",
        what,
        cited: false,
    });
}

/// The row, binding for certain, whose instrument is an exception from this one's.
fn exception_from<'a>(
    live: &Live<'_, ChinaRow>,
    speaking: &[(&'a Live<'a, ChinaRow>, Ternary)],
) -> Option<&'a Live<'a, ChinaRow>> {
    let certain = speaking.iter().filter(|(_, binds)| *binds == Ternary::Yes);
    certain
        .map(|(other, _)| *other)
        .find(|other| other.by.over.contains(&live.by.id))
}

/// Whether a row is on this buyer and this chip. Guidance on AI chips is not on memory stacks: those it
/// reaches only where their maker or family is named.
fn reaches(row: &ChinaRow, ask: &Ask<'_>, item: &Item<'_>) -> Ternary {
    let (tx, chip) = (ask.tx, item.chip);
    let sites: &[Site] = if row.sites.is_empty() {
        &[Site::Mainland]
    } else {
        &row.sites
    };
    let buyer = (row.segments.is_empty() || row.segments.contains(&tx.segment))
        && sites.contains(&ask.site)
        && (row.channels.is_empty() || row.channels.contains(&tx.channel))
        && (row.families.is_empty() || row.families.contains(&chip.family))
        && (chip.is_accelerator() || !row.vendors.is_empty());
    let maker = if row.vendors.is_empty() {
        item.designer.map(|country| country != "CN").into()
    } else {
        Ternary::from(row.vendors.contains(&chip.vendor))
    };
    let class = row.datacenter.map_or(Ternary::Yes, |wanted| {
        item.datacenter.map(|is| is == wanted).into()
    });
    Ternary::from(buyer).and(maker).and(class)
}

/// A buyer in words.
pub(crate) fn buyer(segment: Segment) -> &'static str {
    match segment {
        Segment::Platform => "a large platform",
        Segment::StateFunded => "a state-funded data center",
        Segment::Government => "a government body or state-owned enterprise",
        Segment::Enterprise => "another enterprise",
        Segment::University => "a university or laboratory",
        Segment::Consumer => "consumers and workstations",
    }
}
