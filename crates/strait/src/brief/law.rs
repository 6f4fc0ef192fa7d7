//! Part 2 and the buyers of part 1: what the law says of the subject, and of other buyers.

use super::{BuyerRow, LawSection, Library, TimelineRow, UpcomingRow};
use crate::catalog::Chip;
use crate::rules::{LawBook, Listed, Part, RulesError, Segment, Transaction, Verdict};

/// Runs `check` with the designer's and the foundry's country from the catalog.
pub(crate) fn check(
    library: &Library,
    law: &LawBook,
    chip: &Chip,
    ask: &Transaction,
) -> Result<Verdict, RulesError> {
    let part = part(library, chip, ask);
    law.check(chip, part.designer, part.foundry, &part.transaction)
}

/// The chip with the countries that the catalog gives.
fn part<'a>(library: &'a Library, chip: &'a Chip, ask: &Transaction) -> Part<'a> {
    Part {
        chip,
        designer: library.catalog.designer_country(chip),
        foundry: library.catalog.foundry_country_of(chip),
        transaction: Transaction {
            chip: chip.id.clone(),
            ..ask.clone()
        },
    }
}

pub(crate) fn section(library: &Library, chip: &Chip, ask: &Transaction, verdict: Verdict) -> LawSection {
    let timeline: Vec<TimelineRow> = library
        .law
        .timeline(&part(library, chip, ask))
        .into_iter()
        .map(|event| TimelineRow {
            on: event.on,
            license: (event.before.license, event.after.license),
            china: (event.before.cn_state, event.after.cn_state),
            instruments: event.instruments,
            text: event.text,
        })
        .collect();
    // Of everything dated ahead, what speaks of this chip: the verdict or its history cites it.
    let cited = |id: &String| {
        verdict.citations.iter().any(|c| c.instrument == *id)
            || timeline.iter().any(|row| row.instruments.contains(id))
    };
    let upcoming = library
        .law
        .upcoming(ask.on, ask.known)
        .into_iter()
        .filter(|u| cited(&u.instrument))
        .map(|u| UpcomingRow {
            when: u.on,
            instrument: u.instrument,
            text: format!("{}: {}", u.title, u.what),
        })
        .collect();
    LawSection {
        verdict,
        timeline,
        upcoming,
    }
}

/// The place taken for a Chinese parent's operation abroad: in none of the country groups that carry a
/// destination-based requirement, so that the row shows the headquarters test alone.
pub(crate) const ABROAD: &str = "MY";

/// Four buyers side by side: platform, state-funded data center, listed party, Chinese parent abroad.
pub(crate) fn buyers(library: &Library, chip: &Chip, ask: &Transaction) -> Result<Vec<BuyerRow>, RulesError> {
    let base = Transaction {
        listed: Listed::None,
        ..ask.clone()
    };
    let china = super::cost::place(&ask.to) == "CN";
    let mut rows = Vec::new();
    let first = if china { "platform" } else { "local company" };
    rows.push((
        first,
        Transaction {
            segment: Segment::Platform,
            ..base.clone()
        },
    ));
    rows.push((
        "state-funded data center",
        Transaction {
            segment: Segment::StateFunded,
            ..base.clone()
        },
    ));
    rows.push((
        "listed party",
        Transaction {
            segment: Segment::Platform,
            listed: Listed::Entity,
            ..base.clone()
        },
    ));
    let abroad = if china { ABROAD.to_owned() } else { ask.to.clone() };
    rows.push((
        "Chinese parent abroad",
        Transaction {
            to: abroad,
            headquarters: None,
            parent: Some("CN".to_owned()),
            segment: Segment::Platform,
            site: None,
            ..base
        },
    ));
    rows.into_iter()
        .map(|(buyer, ask)| {
            let verdict = check(library, &library.law, chip, &ask)?;
            Ok(BuyerRow {
                buyer: buyer.to_owned(),
                to: ask.to.clone(),
                license: verdict.us.license,
                review: verdict.us.review,
                why: verdict.us.why.clone(),
                china: verdict.cn.state,
                china_why: verdict.cn.why.clone(),
                supply_effect: verdict.supply_effect,
                says: super::sentences::verdict_phrase(&verdict),
            })
        })
        .collect()
}
