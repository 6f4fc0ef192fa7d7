//! The China side: the strictest of the instruments that bind this buyer.

use super::ask::Ask;
use super::day::{LawDay, Live};
use super::findings::{Findings, Line, What};
use super::item::Item;
use super::{ChinaRow, ChinaState, Segment, Site, Step, Ternary};

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

/// The state for the buyer asked, with the instruments that make it.
pub(crate) fn decide<'a>(day: &'a LawDay<'a>, ask: &Ask<'a>, item: &Item<'a>, out: &mut Findings<'a>) {
    out.cn_site = ask.site;
    if !ask.touches_china() {
        out.note(
            Step::China,
            What::Fixed("no Chinese buyer or place in the transaction"),
        );
        return;
    }
    for live in &day.china {
        if !binds(live, ask, item) {
            continue;
        }
        let state = match live.held {
            Ternary::Yes => live.row.effect,
            _ => ChinaState::Unknown,
        };
        out.push(Line {
            step: Step::China,
            by: Some(live.by),
            paragraph: "",
            what: What::China(state, ask.tx.segment),
            cited: false,
        });
        match rank(state).cmp(&rank(out.cn_state)) {
            std::cmp::Ordering::Greater => {
                out.cn_state = state;
                out.cn_why.clear();
                out.cn_why.push((live.by, live.row));
            }
            std::cmp::Ordering::Equal if state != ChinaState::None => out.cn_why.push((live.by, live.row)),
            _ => {}
        }
    }
    if out.cn_state == ChinaState::None {
        out.note(
            Step::China,
            What::Fixed("no instrument modelled binds this buyer for this chip"),
        );
    }
}

fn binds(live: &Live<'_, ChinaRow>, ask: &Ask<'_>, item: &Item<'_>) -> bool {
    let (row, tx, chip) = (live.row, ask.tx, item.chip);
    let foreign = item.designer.is_none_or(|c| c != "CN");
    let sites: &[Site] = if row.sites.is_empty() {
        &[Site::Mainland]
    } else {
        &row.sites
    };
    (row.segments.is_empty() || row.segments.contains(&tx.segment))
        && sites.contains(&ask.site)
        && (row.channels.is_empty() || row.channels.contains(&tx.channel))
        && (row.families.is_empty() || row.families.contains(&chip.family))
        && (if row.vendors.is_empty() {
            foreign
        } else {
            row.vendors.contains(&chip.vendor)
        })
        && row
            .datacenter
            .is_none_or(|d| item.datacenter.is_none_or(|is| is == d))
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
