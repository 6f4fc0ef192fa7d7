//! The China side: the strictest of the instruments that bind this buyer.

use super::engine::Asked;
use super::{Channel, ChinaRow, ChinaState, ChinaVerdict, Instrument, Segment, Site, Step, Ternary};
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

/// The state for the buyer asked, with the instruments that make it.
pub(crate) fn verdict(asked: &mut Asked<'_>) -> ChinaVerdict {
    let tx = asked.tx;
    let site = tx.site.unwrap_or(if asked.to == "CN" {
        Site::Mainland
    } else {
        Site::Offshore
    });
    let mut found = ChinaVerdict {
        segment: tx.segment,
        site,
        state: ChinaState::None,
        quota: None,
        quota_of: None,
        why: Vec::new(),
        confidence: None,
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
    let book = asked.book;
    let mut by: Vec<&Instrument> = Vec::new();
    for instrument in book.instruments.iter().filter(|i| i.side == Side::Cn) {
        let held = instrument.binds_on(tx.on, tx.known, false);
        if held == Ternary::No {
            continue;
        }
        for row in &instrument.china {
            if !binds(asked, row, site) {
                continue;
            }
            let state = if held == Ternary::Yes {
                row.effect
            } else {
                ChinaState::Unknown
            };
            asked.trace(
                Step::China,
                Some((instrument, "")),
                format!("{} for {}", word(state), segment(tx.segment)),
            );
            match rank(state).cmp(&rank(found.state)) {
                std::cmp::Ordering::Greater => {
                    found.state = state;
                    (found.quota, found.quota_of) = (row.quota, row.quota_of.clone());
                    by = vec![instrument];
                }
                std::cmp::Ordering::Equal if state != ChinaState::None => {
                    if found.quota.is_none() {
                        (found.quota, found.quota_of) = (row.quota, row.quota_of.clone());
                    }
                    by.push(instrument);
                }
                _ => {}
            }
        }
    }
    if found.state == ChinaState::None {
        asked.trace(
            Step::China,
            None,
            "no instrument modelled binds this buyer for this chip".to_owned(),
        );
    }
    for instrument in &by {
        asked.cite(instrument, "");
    }
    found.confidence = by.iter().map(|i| i.grade).max();
    found.why = by.iter().map(|i| i.id.clone()).collect();
    found
}

fn binds(asked: &Asked<'_>, row: &ChinaRow, site: Site) -> bool {
    let (tx, chip) = (asked.tx, asked.chip);
    let foreign = asked.designer.is_none_or(|c| c != "CN");
    let sites: &[Site] = if row.sites.is_empty() {
        &[Site::Mainland]
    } else {
        &row.sites
    };
    (row.segments.is_empty() || row.segments.contains(&tx.segment))
        && sites.contains(&site)
        && (row.channels.is_empty() || row.channels.contains(&tx.channel))
        && (row.families.is_empty() || row.families.contains(&chip.family))
        && (if row.vendors.is_empty() {
            foreign
        } else {
            row.vendors.contains(&chip.vendor)
        })
        && row
            .datacenter
            .is_none_or(|d| asked.datacenter().is_none_or(|is| is == d))
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
