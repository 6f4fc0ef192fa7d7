//! The China side: the strictest of the instruments that bind this buyer.
//!
//! Nearly all of it is guidance nobody outside has seen, so the state comes with how it is known. An
//! instrument that names others under `over` is an exception from them: where it binds for certain, their
//! rows are left out. What is not known of the chip leaves the state unknown, never bound.

use super::engine::Asked;
use super::{Channel, ChinaRow, ChinaState, ChinaVerdict, Instrument, Segment, Site, Step, Ternary};
use crate::figure::{Flip, Need};
use crate::scenario::Side;

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

/// One row that may bind the buyer asked.
struct Speaks<'b> {
    instrument: &'b Instrument,
    row: &'b ChinaRow,
    binds: Ternary,
}

impl Speaks<'_> {
    fn state(&self) -> ChinaState {
        match self.binds {
            Ternary::Yes => self.row.effect,
            _ => ChinaState::Unknown,
        }
    }
}

/// Where the buyer puts the chip: as stated, or by the destination.
pub(crate) fn site(asked: &Asked<'_>) -> Site {
    asked.tx.site.unwrap_or(if asked.to == "CN" {
        Site::Mainland
    } else {
        Site::Offshore
    })
}

/// The state for the buyer asked, with the instruments that make it.
pub(crate) fn verdict(asked: &mut Asked<'_>) -> ChinaVerdict {
    let site = site(asked);
    let mut found = ChinaVerdict {
        segment: asked.tx.segment,
        site,
        state: ChinaState::None,
        quota: None,
        quota_of: None,
        why: Vec::new(),
        notes: Vec::new(),
        published: None,
        confidence: None,
        grade: None,
        subsidies: Vec::new(),
    };
    let greater_china = |country: &str| matches!(country, "CN" | "HK" | "MO");
    if ![&asked.to, &asked.headquarters, &asked.parent]
        .iter()
        .any(|c| greater_china(c))
    {
        asked.trace(
            Step::China,
            None,
            "no Chinese buyer or place in the transaction".to_owned(),
        );
        return found;
    }
    found.subsidies = super::subsidy::subsidies(asked, site);
    let speaking = prevailing(asked, speaking(asked, site));
    let strictest = speaking.iter().map(Speaks::state).max_by_key(|s| rank(*s));
    found.state = strictest.unwrap_or(ChinaState::None);
    if speaking.is_empty() {
        asked.trace(
            Step::China,
            None,
            "no instrument modelled binds this buyer for this chip".to_owned(),
        );
    }
    for speaks in &speaking {
        let Speaks { instrument, row, .. } = *speaks;
        let note = row.note.as_ref().map_or_else(String::new, |n| format!(" ({n})"));
        let text = format!("{} for {}{note}", word(speaks.state()), segment(asked.tx.segment));
        asked.trace(Step::China, Some((instrument, "")), text);
        if rank(speaks.state()) == rank(found.state) {
            rest_on(&mut found, speaks);
            asked.cite(instrument, "");
        }
    }
    if speaking.iter().any(|s| open_maker(asked, s.row)) {
        asked.needs.push(Need {
            fact: "the country of the chip's designer".to_owned(),
            flag: Some("designer_country in the chip file".to_owned()),
            why: "the China side binds foreign makers' chips".to_owned(),
            flips: vec![Flip {
                when: "CN".to_owned(),
                then: "not bound by guidance on foreign chips".to_owned(),
            }],
        });
    }
    found
}

/// Every row that binds the buyer asked, or may.
fn speaking<'b>(asked: &Asked<'b>, site: Site) -> Vec<Speaks<'b>> {
    let book = asked.book;
    let mut speaking = Vec::new();
    for instrument in book.instruments.iter().filter(|i| i.side == Side::Cn) {
        let held = instrument.binds_on(asked.tx.on, asked.tx.known, false);
        if !held.is_possible() {
            continue;
        }
        for row in &instrument.china {
            let binds = held.and(reaches(asked, row, site));
            // A row that may or may not say `none` leaves nothing open.
            if binds == Ternary::Yes || (binds == Ternary::Unknown && row.effect != ChinaState::None) {
                speaking.push(Speaks {
                    instrument,
                    row,
                    binds,
                });
            }
        }
    }
    speaking
}

/// The rows left once exceptions that bind for certain have set aside what they are exceptions from.
fn prevailing<'b>(asked: &mut Asked<'b>, speaking: Vec<Speaks<'b>>) -> Vec<Speaks<'b>> {
    let certain: Vec<&Instrument> = speaking
        .iter()
        .filter(|s| s.binds == Ternary::Yes)
        .map(|s| s.instrument)
        .collect();
    let over = |id: &str| certain.iter().find(|i| i.over.iter().any(|o| o == id)).copied();
    let mut left = Vec::new();
    for speaks in speaking {
        match over(&speaks.instrument.id) {
            Some(exception) => {
                let text = format!(
                    "{} set aside by {}, an exception from it",
                    word(speaks.state()),
                    exception.id
                );
                asked.trace(Step::China, Some((speaks.instrument, "")), text);
            }
            None => left.push(speaks),
        }
    }
    left
}

fn rest_on(found: &mut ChinaVerdict, speaks: &Speaks<'_>) {
    let Speaks { instrument, row, .. } = *speaks;
    if found.quota.is_none() {
        (found.quota, found.quota_of) = (row.quota, row.quota_of.clone());
    }
    if !found.why.contains(&instrument.id) {
        found.why.push(instrument.id.clone());
    }
    if let Some(note) = row.note.as_ref().filter(|n| !found.notes.contains(n)) {
        found.notes.push(note.clone());
    }
    let published = instrument.form.is_published();
    found.published = Some(found.published.is_none_or(|all| all) && published);
    found.confidence = found.confidence.max(instrument.confidence);
    found.grade = found.grade.max(Some(instrument.grade));
}

/// Whether a row with no vendors named leaves open whether the chip is foreign.
fn open_maker(asked: &Asked<'_>, row: &ChinaRow) -> bool {
    row.vendors.is_empty() && asked.designer.is_none()
}

/// Whether a row is on this buyer and this chip. Guidance on AI chips is not on memory stacks: those it
/// reaches only where their maker or family is named.
fn reaches(asked: &Asked<'_>, row: &ChinaRow, site: Site) -> Ternary {
    let (tx, chip) = (asked.tx, asked.chip);
    let sites: &[Site] = if row.sites.is_empty() {
        &[Site::Mainland]
    } else {
        &row.sites
    };
    let buyer = (row.segments.is_empty() || row.segments.contains(&tx.segment))
        && sites.contains(&site)
        && (row.channels.is_empty() || row.channels.contains(&tx.channel))
        && (row.families.is_empty() || row.families.contains(&chip.family))
        && (chip.is_accelerator() || !row.vendors.is_empty());
    let maker = if row.vendors.is_empty() {
        asked.designer.map(|country| country != "CN").into()
    } else {
        Ternary::from(row.vendors.contains(&chip.vendor))
    };
    let class = row.datacenter.map_or(Ternary::Yes, |wanted| {
        asked.datacenter().map(|is| is == wanted).into()
    });
    Ternary::from(buyer).and(maker).and(class)
}

pub(crate) fn word(state: ChinaState) -> &'static str {
    match state {
        ChinaState::None => "none",
        ChinaState::Discouraged => "discouraged",
        ChinaState::Conditional => "conditional",
        ChinaState::Quota => "quota",
        ChinaState::Banned => "banned",
        ChinaState::Unknown => "unknown",
    }
}

fn segment(segment: Segment) -> &'static str {
    match segment {
        Segment::Platform => "a large platform",
        Segment::StateFunded => "a state-funded data center",
        Segment::Government => "a government body or state-owned enterprise",
        Segment::Enterprise => "another enterprise",
        Segment::University => "a university or laboratory",
        Segment::Consumer => "consumers and workstations",
    }
}

/// Grey imports stand outside what the maker may do; the China side may still stop them.
pub(crate) fn is_grey(channel: Channel) -> bool {
    channel == Channel::Grey
}
