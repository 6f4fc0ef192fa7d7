//! How sure each report is, what stays open, and what an exception sets aside.

use super::{SOURCES, ask, check, chinese, chip};
use crate::shipped::BOOK;
use strait::catalog::Chip;
use strait::figure::{Grade, SourceId};
use strait::rules::{ChinaState, Confidence, InstrumentForm, Segment};

/// Guidance nobody has seen is told from notices anybody can read, each with how sure it is.
#[test]
fn every_instrument_says_how_it_is_known() {
    for instrument in chinese() {
        let id = &instrument.id;
        assert!(instrument.confidence.is_some(), "{id} has no confidence");
        let source = SOURCES
            .get(&SourceId(instrument.source.get_ref().clone()))
            .unwrap();
        assert!(source.id.0 != *id, "{id} is its own source");
        assert!(
            source.publisher.is_some() && source.date.is_some(),
            "{id}: {source:?}"
        );
        if source.url.is_none() {
            assert_eq!(instrument.grade, Grade::Rumour, "{id} has no address to look at");
        }
        let practice = instrument.form == InstrumentForm::Practice;
        assert!(
            practice || !instrument.verified.is_empty(),
            "{id} says not what was checked"
        );
        let published = instrument.form.is_published();
        assert_eq!(instrument.confidence == Some(Confidence::High), published, "{id}");
        assert_eq!(instrument.dates.published.is_some(), published, "{id}");
        if !published && !practice {
            assert!(
                ["report", " said ", " says "]
                    .iter()
                    .any(|w| instrument.summary.contains(w)),
                "{id} states as fact what is only reported"
            );
        }
        let known = instrument.dates.known_from.unwrap();
        for row in &instrument.status {
            assert!(row.get_ref().known_from.last() >= known.first(), "{id}");
        }
    }
    let published: Vec<_> = chinese()
        .filter(|i| i.form.is_published())
        .map(|i| &i.id)
        .collect();
    assert_eq!(
        published,
        [
            "cn-cac-summons-h20-2025-07",
            "cn-micron-review-2023",
            "cn-samr-finding-2025-09",
            "cn-samr-probe-2024-12"
        ]
    );
}

#[test]
fn a_verdict_says_whether_its_reasons_can_be_read_and_how_sure_they_are() {
    let h20 = chip("h20");
    let cn = check(h20, &ask(h20, "CN", "2026-10-05", "2026-10-05")).cn;
    assert_eq!(
        (cn.published, cn.confidence),
        (Some(false), Some(Confidence::Medium))
    );
    assert_eq!(cn.notes, ["new orders"]);
    let hbm = chip("Micron HBM3E");
    let mut tx = ask(hbm, "CN", "2026-10-05", "2026-10-05");
    tx.segment = Segment::Government;
    let cn = check(hbm, &tx).cn;
    assert_eq!(
        (cn.published, cn.confidence),
        (Some(true), Some(Confidence::High))
    );
    let h200 = chip("h200");
    let cn = check(h200, &ask(h200, "CN", "2026-10-05", "2026-10-05")).cn;
    assert_eq!(
        (cn.quota, cn.quota_of.as_deref()),
        (Some(10_000.0), Some("chips a firm, about"))
    );
    assert_eq!(
        (cn.confidence, cn.grade),
        (Some(Confidence::Low), Some(Grade::Rumour))
    );
    let cn = check(h200, &ask(h200, "CN", "2026-02-01", "2026-02-01")).cn;
    assert_eq!(cn.quota, Some(400_000.0));
}

/// Guidance on foreign chips asks who designed the chip; nobody having said leaves the state open.
#[test]
fn an_unknown_maker_or_class_leaves_the_state_open() {
    let mut own = chip("mi300x").clone();
    own.vendor = "acme".to_owned();
    let mut tx = ask(&own, "CN", "2026-10-05", "2026-10-05");
    tx.segment = Segment::StateFunded;
    let state = |chip: &Chip, designer: Option<&str>| BOOK.check(chip, designer, None, &tx).unwrap();
    assert_eq!(state(&own, Some("US")).cn.state, ChinaState::Banned);
    assert_eq!(state(&own, Some("CN")).cn.state, ChinaState::None);
    let open = state(&own, None);
    assert_eq!(open.cn.state, ChinaState::Unknown);
    assert!(
        open.needs.iter().any(|n| n.fact.contains("designer")),
        "{:?}",
        open.needs
    );
    own.market.datacenter = None;
    assert_eq!(state(&own, Some("US")).cn.state, ChinaState::Unknown);
}

/// 2026-01-13: laboratories are an exception from the block that stops everybody else.
#[test]
fn an_exception_sets_aside_what_it_is_an_exception_from_and_says_so() {
    let h200 = chip("h200");
    let mut tx = ask(h200, "CN", "2026-01-20", "2026-01-20");
    tx.segment = Segment::University;
    let verdict = check(h200, &tx);
    assert_eq!(verdict.cn.why, ["cn-h200-special-2026-01"]);
    let set_aside = verdict
        .trace
        .iter()
        .filter(|t| t.found.contains("set aside by cn-h200-special-2026-01"));
    assert_eq!(set_aside.count(), 2, "{:?}", verdict.trace);
}
