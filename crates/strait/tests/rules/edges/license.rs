//! License, review and conditions, and what is asked for.

use super::{ask, check, named};
use crate::made_up::{Made, deal, verdict};
use crate::shipped::BOOK;
use strait::catalog::Variant;
use strait::figure::Grade;
use strait::rules::{
    Check, ChinaState, Classification, License, Listed, Review, Step, SupplyEffect, Transaction,
};

/// Supplement 2 to part 748 (dd)(1)(iv): one end use or end user that part 744 controls fails it, whichever it is.
#[test]
fn one_controlled_end_use_is_enough_to_fail_its_condition() {
    let state = |supercomputer, military, listed| {
        let mut tx = ask("h200", "CN", "2026-02-01");
        (tx.supercomputer, tx.military, tx.listed) = (supercomputer, military, listed);
        let conditions = check("h200", &tx).us.review_conditions;
        let one = conditions.iter().find(|c| c.paragraph.ends_with("(dd)(1)(iv)"));
        one.unwrap().state
    };
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(state(no, yes, Listed::None), Check::Fail);
    assert_eq!(state(yes, no, Listed::None), Check::Fail);
    assert_eq!(state(no, no, Listed::Entity), Check::Fail);
    assert_eq!(state(no, no, Listed::None), Check::Pass);
    assert_eq!(state(no, no, Listed::Unknown), Check::Needs);
    assert_eq!(state(None, no, Listed::None), Check::Needs);
}

#[test]
fn conditions_that_are_all_shown_are_conditions_no_more() {
    let mut tx = ask("h200", "CN", "2026-02-01");
    for id in [
        "us_availability",
        "us_supply",
        "no_foundry_diversion",
        "kyc",
        "no_weight_transfer",
    ] {
        tx.conditions.insert(id.to_owned(), true);
    }
    (tx.supercomputer, tx.military, tx.listed) = (Some(false), Some(false), Listed::None);
    (tx.china_to_us_tpp_percent, tx.us_laboratory) = (Some(50.0), Some(true));
    tx.remote_users = Some(Vec::new());
    let review = |tx: &Transaction| check("h200", tx).us.review;
    assert_eq!(review(&tx), Some(Review::CaseByCaseIfConditions));
    tx.conditions.insert("physical_security".to_owned(), true);
    assert_eq!(review(&tx), Some(Review::CaseByCase));
    tx.conditions.insert("physical_security".to_owned(), false);
    assert_eq!(review(&tx), Some(Review::PresumptionOfDenial));
}

/// What one case leaves to a letter counts for the chip only where the other case comes to the same.
#[test]
fn cases_agree_on_what_a_letter_leaves_or_leave_it_unknown() {
    // Between the bounds reported of Intel's letter and those sure of NVIDIA's: 1,400 GB/s may be meant.
    let fork = |tpp_of_the_other: i64| {
        let mut chip = Made {
            vendor: "nvidia",
            memory_e2: 150_000,
            ..Made::simple(16_000_000, 3_000_000)
        }
        .chip();
        chip.variants.push(Variant {
            name: "other".to_owned(),
            why: "made up".to_owned(),
            values: vec![
                ("memory.bandwidth".to_owned(), 100.0),
                ("peak.tensor.tf32".to_owned(), (tpp_of_the_other / 16) as f64),
            ],
            source: named("h20").peaks[0].rate.source.clone(),
            grade: Grade::Analysis,
        });
        let us = verdict(&BOOK, &chip, &deal(&chip, "CN", "2025-06-01")).us;
        assert_eq!(us.license, License::Unknown);
        us.branches.iter().map(|b| b.license).collect::<Vec<_>>()
    };
    // Neither case needs a license without the letter: so much is sure.
    assert_eq!(fork(1600), [License::Required, License::NoneFound]);
    // The other case is 3A090.a and needs one whatever the letter says: without it nothing is sure.
    assert_eq!(fork(16_000), []);
}

#[test]
fn a_letter_whose_day_is_sure_asks_for_no_day() {
    let days = |name: &str, on: &str| {
        let found = check(
            name,
            &Transaction {
                known: "2026-10-01".parse().unwrap(),
                ..ask(name, "CN", on)
            },
        );
        found
            .needs
            .iter()
            .filter(|n| n.fact.starts_with("the day on which `us-letter"))
            .count()
    };
    assert_eq!(days("h20", "2025-04-20"), 0);
    // Intel was told on one of the days from 2025-04-09 to 2025-04-17.
    assert_eq!(
        (days("gaudi 3", "2025-04-12"), days("gaudi 3", "2025-04-20")),
        (1, 0)
    );
    assert_eq!(
        check("gaudi 3", &ask("gaudi 3", "CN", "2025-04-20"))
            .us
            .classification,
        Classification::A
    );
}

#[test]
fn a_letter_that_is_sure_is_not_asked_about() {
    let asked = |name: &str, on: &str| {
        let tx = ask(name, "CN", on);
        check(name, &tx)
            .needs
            .iter()
            .any(|n| n.fact.starts_with("whether `us-letter"))
    };
    assert!(!asked("h20", "2025-06-01"));
    assert!(!asked("h100", "2025-06-01"));
    let told = |name: &str, on: &str| {
        let trace = check(name, &ask(name, "CN", on)).trace;
        let mut letters = trace.into_iter().filter(|line| line.step == Step::Letters);
        letters.next().unwrap().found
    };
    assert_eq!(
        told("h20", "2025-06-01"),
        "license required for the product named or reached"
    );
    // 1,344 GB/s of an RTX 5090D V2 lie below every bound; 1,792 of an RTX 5090 above the one reported of Intel's.
    assert_eq!(
        told("rtx 5090", "2025-06-01"),
        "may require a license; the text is not public"
    );
}

/// Part 744 asks each of its questions once, where it reaches, until it is answered.
#[test]
fn end_uses_are_asked_for_where_they_reach_and_once() {
    let asked = |to: &str, set: &dyn Fn(&mut Transaction)| {
        let mut tx = ask("l2", to, "2024-03-01");
        set(&mut tx);
        let flags = check("l2", &tx).needs.into_iter().filter_map(|n| n.flag);
        let mut flags: Vec<String> = flags.filter(|f| !f.starts_with("--hq")).collect();
        flags.sort();
        flags.join(" ")
    };
    assert_eq!(asked("CN", &|_| {}), "--listed --military --supercomputer");
    // 744.23(a)(1) speaks of China and Macau, 744.21 of some countries; the lists of everywhere.
    assert_eq!(asked("DE", &|_| {}), "--listed");
    assert_eq!(
        asked("CN", &|tx| tx.supercomputer = Some(false)),
        "--listed --military"
    );
    assert_eq!(
        asked("CN", &|tx| (tx.military, tx.listed) = (Some(false), Listed::None)),
        "--supercomputer"
    );
}

#[test]
fn the_lines_of_a_trace_stand_in_the_order_of_the_steps() {
    for (name, to) in [("h200", "CN"), ("910c", "MY"), ("l2", "DE"), ("h100", "US")] {
        let trace = check(name, &ask(name, to, "2026-02-01")).trace;
        assert!(
            trace.is_sorted_by_key(|line| line.step),
            "{name} to {to}: {trace:?}"
        );
    }
}

#[test]
fn a_requirement_says_whether_it_follows_a_class_or_the_destination_alone() {
    let told = |to: &str| {
        let trace = check("h100", &ask("h100", to, "2024-03-01")).trace;
        let lines = trace.into_iter().filter(|line| line.step == Step::Requirement);
        lines.map(|line| line.found).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(told("CN"), "license required for 3A090.a");
    // 746.8(a)(1): every item of the list.
    assert!(
        told("RU").contains("by destination for every listed item"),
        "{}",
        told("RU")
    );
}

/// Found by the property that more performance never loosens a verdict: the codified text is milder on the stronger
/// part. 742.6(b)(10)(iii)(B)(1) presumes approval of .a up to the allocations; of .b no paragraph of (b)(10) speaks
/// since (iv) is gone, so that (b)(1)(i)(B) reviews it case by case.
#[test]
fn the_codified_text_reviews_the_stronger_part_more_mildly() {
    let asked = |name: &str| {
        let mut tx = Transaction {
            known: "2026-10-01".parse().unwrap(),
            ..ask(name, "VN", "2026-08-01")
        };
        tx.codified = true;
        let us = check(name, &tx).us;
        let ids: Vec<_> = us.exceptions.into_iter().map(|e| e.id).collect();
        (us.classification, us.review, ids.join(" "))
    };
    let (b, a) = (Classification::B, Classification::A);
    assert_eq!(asked("a30"), (b, Some(Review::CaseByCase), "ACA".to_owned()));
    assert_eq!(
        asked("h100"),
        (a, Some(Review::PresumptionOfApproval), "LPP".to_owned())
    );
}

/// A Chinese rule that may hold leaves open what nothing else stops; a license that is needed stays one.
#[test]
fn an_unknown_china_side_takes_away_only_what_was_open() {
    let left = |name: &str, on: &str| {
        let known = "2026-10-01".parse().unwrap();
        let found = check(
            name,
            &Transaction {
                known,
                ..ask(name, "CN", on)
            },
        );
        (found.cn.state, found.us.license, found.supply_effect)
    };
    // The guidance on energy is dated only to the year 2024; the halt of orders for H20 to some weeks of 2025.
    assert_eq!(
        left("h20", "2023-12-31"),
        (ChinaState::None, License::NoneFound, SupplyEffect::Open)
    );
    assert_eq!(
        left("h20", "2024-06-01"),
        (ChinaState::Unknown, License::NoneFound, SupplyEffect::Unknown)
    );
    assert_eq!(
        left("h20", "2025-07-25"),
        (ChinaState::Unknown, License::Required, SupplyEffect::Licensed)
    );
}
