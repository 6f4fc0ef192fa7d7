//! States derived by hand from the dated reports, and that nothing is shown before it was known.

use super::{SEGMENTS, ask, check, chinese, chip};
use crate::shipped::{BOOK, CATALOG};
use serde::Deserialize;
use std::collections::BTreeSet;
use strait::data::{DataSet, read_table};
use strait::rules::{Channel, ChinaState, Segment, Site};
use strait::scenario::Side;

#[derive(Deserialize)]
struct Cell {
    segment: Segment,
    site: Site,
    channel: Channel,
    chip: String,
    to: String,
    on: String,
    known: String,
    state: ChinaState,
    why: Option<String>,
    citation: String,
}

/// `data/validation/china_states.csv` was written and committed before the engine or the files were asked.
#[test]
fn the_engine_agrees_with_every_cell_derived_by_hand() {
    let data = DataSet::embedded();
    let cells = read_table::<Cell>(data.get("validation/china_states.csv").unwrap()).unwrap();
    assert!(cells.len() >= 100, "{} cells", cells.len());
    let mut wrong = Vec::new();
    for (place, cell) in &cells {
        let chip = chip(&cell.chip);
        let mut tx = ask(chip, &cell.to, &cell.on, &cell.known);
        (tx.segment, tx.channel) = (cell.segment, cell.channel);
        let cn = check(chip, &tx).cn;
        let named = match &cell.why {
            Some(why) => cn.why.contains(why),
            None => cn.why.is_empty(),
        };
        if cn.site != cell.site || cn.state != cell.state || !named {
            wrong.push(format!(
                "{place}: {:?} {} on {} as known on {}: {:?} by {:?}, by hand {:?} by {:?} ({})",
                cell.segment,
                cell.chip,
                cell.on,
                cell.known,
                cn.state,
                cn.why,
                cell.state,
                cell.why,
                cell.citation
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    let states: BTreeSet<String> = cells.iter().map(|(_, c)| format!("{:?}", c.state)).collect();
    assert_eq!(states.len(), 6, "every state is met: {states:?}");
}

/// Days around every date of the China side, and some far from any.
fn days() -> Vec<String> {
    let mut days: BTreeSet<String> = ["2022-12-01", "2024-03-01", "2026-11-20"]
        .map(str::to_owned)
        .into();
    for instrument in chinese() {
        for row in &instrument.status {
            let row = row.get_ref();
            for when in [row.from, row.known_from] {
                days.extend([when.first(), when.last()].map(|d| d.to_string()));
            }
        }
    }
    days.into_iter().collect()
}

#[test]
fn guidance_on_foreign_chips_never_binds_a_domestic_makers_chip() {
    for chip in CATALOG
        .iter()
        .filter(|c| CATALOG.designer_country(c) == Some("CN"))
    {
        for on in days() {
            for segment in SEGMENTS {
                for channel in [Channel::Direct, Channel::Grey] {
                    let mut tx = ask(chip, "CN", &on, "2026-11-20");
                    (tx.segment, tx.channel) = (segment, channel);
                    let cn = check(chip, &tx).cn;
                    assert_eq!(
                        cn.state,
                        ChinaState::None,
                        "{} {segment:?} on {on}: {:?}",
                        chip.id,
                        cn.why
                    );
                    assert!(cn.why.is_empty());
                }
            }
        }
    }
}

/// Nothing is shown before the day the public could know it: neither as a reason nor in the trace.
#[test]
fn what_was_not_known_yet_is_never_shown() {
    for name in [
        "h20",
        "h200",
        "rtx-pro-6000d",
        "rtx-5090d",
        "mi308x",
        "910c",
        "micron-hbm3-gen2-24gb",
    ] {
        let chip = chip(name);
        for known in days() {
            for segment in SEGMENTS {
                for (on, to) in [(known.as_str(), "CN"), ("2026-11-20", "CN"), ("2026-11-20", "HK")] {
                    let mut tx = ask(chip, to, on, &known);
                    tx.segment = segment;
                    let verdict = check(chip, &tx);
                    let subsidies = verdict.cn.subsidies.iter().map(|s| &s.id);
                    let traced = verdict.trace.iter().filter_map(|t| t.instrument.as_ref());
                    for id in verdict.cn.why.iter().chain(subsidies).chain(traced) {
                        let of = BOOK.instrument(id).unwrap();
                        if of.side == Side::Us {
                            continue;
                        }
                        let first = of.status.iter().map(|s| s.get_ref().known_from.last()).min();
                        assert!(first.unwrap() <= tx.known, "{id} shown on {known} for {name}");
                    }
                }
            }
        }
    }
}

#[test]
fn learning_more_never_changes_a_day_before_the_first_instrument() {
    let h20 = chip("h20");
    for known in days() {
        for segment in SEGMENTS {
            let mut tx = ask(h20, "CN", "2023-04-01", &known);
            tx.segment = segment;
            assert_eq!(check(h20, &tx).cn.state, ChinaState::None, "as known on {known}");
        }
    }
}
