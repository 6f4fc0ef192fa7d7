//! What changed when, what comes next, the buyers of the China side, deals from files, and speed.

use crate::shipped::{BOOK, CATALOG, ask, book};
use strait::catalog::Chip;
use strait::rules::{
    Channel, ChinaState, Jurisdiction, License, Listed, Part, Review, Segment, Site, SupplyEffect, Ternary,
    Transaction, Verdict, read_deal,
};
use strait::scenario::{Scenario, Side};

fn chip(name: &str) -> &'static Chip {
    CATALOG.resolve(name).unwrap().chip
}

fn part(name: &str, transaction: Transaction) -> Part<'static> {
    let chip = chip(name);
    Part {
        chip,
        designer: CATALOG.designer_country(chip),
        foundry: chip.dies.iter().find_map(|d| CATALOG.foundry_country(d)),
        transaction,
    }
}

fn check(name: &str, tx: &Transaction) -> Verdict {
    let chip = chip(name);
    let foundry = chip.dies.iter().find_map(|d| CATALOG.foundry_country(d));
    BOOK.check(chip, CATALOG.designer_country(chip), foundry, tx)
        .unwrap()
}

#[test]
fn the_timeline_of_h20_names_the_letter_and_its_day() {
    let events = BOOK.timeline(&part("h20", ask("h20", "CN", "2026-11-20")));
    let letter: Vec<_> = events
        .iter()
        .filter(|e| e.before.license == License::NoneFound && e.after.license == License::Required)
        .collect();
    assert_eq!(letter.len(), 1, "{events:?}");
    assert_eq!(letter[0].on.to_string(), "2025-04-09");
    assert_eq!(letter[0].instruments, ["us-letter-2025-04-nvidia"]);
    let known = BOOK.timeline(&part("h20", ask("h20", "CN", "2025-04-10")));
    assert!(
        known.iter().all(|e| e.after.license != License::Required),
        "the letter was not public yet"
    );
}

#[test]
fn two_sentences_tell_the_history_of_any_chip() {
    let told = |name: &str, on: &str| BOOK.sentences(&part(name, ask(name, "CN", on))).unwrap();
    let [us, cn] = told("h20", "2026-11-20");
    let in_order = |text: &str, parts: &[&str]| {
        let mut rest = text;
        for part in parts {
            let at = rest
                .find(part)
                .unwrap_or_else(|| panic!("no `{part}` in `{rest}`"));
            rest = &rest[at + part.len()..];
        }
    };
    in_order(
        &us,
        &[
            "announcement (2023-11-09) no license was found",
            "from 2025-04-09 it needs a license",
            "us-letter-2025-04-nvidia, public only on 2025-04-15",
            "15 % of revenue",
            "will be granted (us-resume-2025-07: 2025-07-14)",
        ],
    );
    in_order(
        &cn,
        &[
            "nothing was found",
            "discouraged it",
            "barred it (cn-h20-order-halt-2025-07)",
        ],
    );
    let [us, cn] = told("h20", "2025-04-10");
    assert!(
        !us.contains("letter"),
        "the letter was not public on the 10th: {us}"
    );
    assert!(cn.contains("discouraged") && !cn.contains("barred"), "{cn}");
    let [us, _] = told("h200", "2026-11-20");
    in_order(
        &us,
        &["presumption of denial", "from 2026-01-15", "conditions are shown"],
    );
    for text in [told("h20", "2026-11-20"), told("rtx-4090d", "2026-11-20")].concat() {
        assert!(!text.contains("legal") && !text.contains("clear"), "{text}");
    }
}

#[test]
fn what_comes_next_is_dated() {
    let next = BOOK.upcoming("2026-10-01".parse().unwrap(), "2026-10-08".parse().unwrap());
    assert!(
        next.iter()
            .any(|u| u.instrument == "us-affiliates-stay-2025" && u.on == "2026-11-10"),
        "{next:?}"
    );
}

#[test]
fn h200_owes_the_duty_and_h20_the_share() {
    let h200 = check("h200", &ask("h200", "CN", "2026-02-01"));
    assert!(
        h200.us
            .levies
            .iter()
            .any(|l| l.id == "us-s232-2026" && l.applies == Ternary::Yes)
    );
    let nvl = check("nvidia-h200-nvl", &ask("nvidia-h200-nvl", "CN", "2026-02-01"));
    assert!(
        nvl.us.levies.is_empty(),
        "13,368 is outside the band: {:?}",
        nvl.us.levies
    );
    let h20 = check("h20", &ask("h20", "CN", "2026-11-20"));
    let ids: Vec<_> = h20.us.levies.iter().map(|l| l.id.as_str()).collect();
    assert_eq!(ids, ["us-revenue-share-2025-08"]);
    assert!(!h20.us.why.iter().any(|id| id == "us-h200-review-2026"));
    // US regulations were read through 2026-09-24, the China side and news through 2026-10-08.
    assert_eq!(h20.stale_days, 57);
    let days: Vec<_> = h20.stale.iter().map(|s| s.days).collect();
    assert_eq!(days, [57, 43, 43]);
}

#[test]
fn a_family_is_stale_from_the_day_after_it_was_read_through() {
    for (on, days) in [
        ("2026-09-24", &[][..]),
        ("2026-09-25", &[1]),
        ("2026-10-08", &[14]),
        ("2026-10-09", &[15, 1, 1]),
    ] {
        let found = check("h20", &ask("h20", "CN", on));
        let found: Vec<_> = found.stale.iter().map(|s| s.days).collect();
        assert_eq!(found, days, "{on}");
    }
}

#[test]
fn ascend_stays_in_its_own_market() {
    for (on, jurisdiction, prohibitions) in [
        ("2025-05-12", Jurisdiction::Unknown, 0),
        ("2025-05-13", Jurisdiction::Presumed, 1),
    ] {
        let found = check("910c", &ask("910c", "CN", on));
        assert_eq!(found.us.jurisdiction, jurisdiction);
        assert_eq!(found.us.prohibitions.len(), prohibitions);
        assert_eq!(
            (found.us.license, found.supply_effect),
            (License::Unknown, SupplyEffect::NotBound)
        );
        assert!(found.metrics.tpp.unwrap().by.unwrap().contains("maker's own sum"));
    }
}

#[test]
fn buyers_in_china_stand_differently() {
    let state = |segment, site, channel| {
        let mut tx = ask("h200", "CN", "2026-11-20");
        (tx.segment, tx.site, tx.channel) = (segment, site, channel);
        check("h200", &tx).cn
    };
    use Channel::{Direct, Grey};
    let platform = state(Segment::Platform, None, Direct);
    assert_eq!(
        (platform.state, platform.quota),
        (ChinaState::Quota, Some(10_000.0))
    );
    assert_eq!(
        state(Segment::StateFunded, None, Direct).state,
        ChinaState::Banned
    );
    assert_eq!(
        state(Segment::Platform, Some(Site::Offshore), Direct).state,
        ChinaState::None
    );
    let mut h100 = ask("h100", "CN", "2025-11-10");
    h100.channel = Grey;
    h100.segment = Segment::Enterprise;
    assert_eq!(check("h100", &h100).cn.state, ChinaState::Conditional);
}

#[test]
fn end_use_reaches_below_every_bound() {
    let mut tx = ask("l2", "CN", "2024-03-01");
    tx.supercomputer = Some(true);
    assert_eq!(check("l2", &tx).us.license, License::Required);
    let mut tx = ask("l2", "DE", "2024-03-01");
    tx.listed = Listed::Entity;
    let listed = check("l2", &tx).us;
    // Each entry of the Entity List states its own review policy.
    assert_eq!(
        (listed.license, listed.review),
        (License::Required, Some(Review::Unknown))
    );
}

#[test]
fn leaving_a_side_out_leaves_nothing_of_it() {
    let without = book(&Scenario::default().without_side(Side::Cn));
    let h20 = chip("h20");
    let found = without
        .check(h20, Some("US"), Some("TW"), &ask("h20", "CN", "2025-11-10"))
        .unwrap();
    assert_eq!(
        (found.cn.state, found.us.license),
        (ChinaState::None, License::Required)
    );
}

#[test]
fn a_deal_file_speaks_like_the_flags_and_names_its_line() {
    let mut tx = ask("h200", "CN", "2026-02-01");
    let text = "hq = \"CN\"\nowned-by-listed = 60.0\nlisted = \"entity-fn4\"\non = 2026-03-01\n";
    read_deal("deal.toml", text, &mut tx).unwrap();
    assert_eq!(
        (tx.listed, tx.owned_by_listed_percent),
        (Listed::EntityFn4, Some(60.0))
    );
    assert_eq!(tx.on.to_string(), "2026-03-01");
    let error = read_deal("deal.toml", "hq = \"CN\"\nowned-by-listed = 600.0\n", &mut tx).unwrap_err();
    assert_eq!(error.place.line, Some(2));
    assert!(
        read_deal("deal.toml", "end-usr = 1\n", &mut tx)
            .unwrap_err()
            .to_string()
            .contains("`end-usr`")
    );
}

#[test]
fn whatever_is_unknown_says_what_would_decide_it() {
    for chip in CATALOG.iter() {
        let tx = Transaction::new(
            chip.id.clone(),
            "CN",
            "2026-11-20".parse().unwrap(),
            "2026-11-20".parse().unwrap(),
        );
        let found = BOOK
            .check(chip, CATALOG.designer_country(chip), None, &tx)
            .unwrap();
        let open = found.us.license == License::Unknown || found.us.possible.len() > 1;
        assert!(
            !open || found.needs.iter().any(|n| !n.flips.is_empty()),
            "{}",
            chip.id
        );
    }
}

#[test]
fn a_foundry_carries_a_presumption_others_do_not() {
    // Note 1 to 3A090.a: a fab's non-planar logic die is presumed 3A090.a, for a designer not authorized.
    let mut tx = ask("kunlun2", "CN", "2025-06-01");
    tx.from = Some("TW".to_owned());
    let seller = check("kunlun2", &tx).us;
    tx.exporter = strait::rules::ExporterRole::Foundry;
    let found = check("kunlun2", &tx);
    assert_eq!(found.us.paragraph.as_deref(), Some("Note 1 to 3A090.a"));
    assert_ne!(seller.paragraph, found.us.paragraph);
    let asked = |n: &strait::figure::Need| n.fact.contains("30 billion transistors");
    assert!(found.needs.iter().any(asked), "{:?}", found.needs);
    tx.conditions.insert("below_transistor_count".to_owned(), true);
    assert_eq!(check("kunlun2", &tx).us.classification, seller.classification);
    // A designer headquartered in the US is authorized.
    let mut tx = ask("l2", "CN", "2025-06-01");
    tx.exporter = strait::rules::ExporterRole::Foundry;
    assert_eq!(check("l2", &tx).us.license, License::NoneFound);
}

#[test]
fn facts_of_jurisdiction_are_compared_and_not_overridden() {
    // 734.4(d): above 25 percent of US content by value a foreign-made item is subject; at 25 it is not.
    let mut tx = ask("br104", "CN", "2026-02-01");
    tx.direct_product = Some(false);
    tx.us_content_percent = Some(25.0);
    let below = check("br104", &tx).us;
    assert_eq!(
        (below.jurisdiction, below.license),
        (Jurisdiction::No, License::NotSubject)
    );
    tx.us_content_percent = Some(25.01);
    assert_eq!(check("br104", &tx).us.jurisdiction, Jurisdiction::Yes);
    // 734.3(a)(1): what leaves from the US is subject, whoever designed it.
    let mut tx = ask("br104", "CN", "2026-02-01");
    tx.from = Some("US".to_owned());
    assert_eq!(check("br104", &tx).us.jurisdiction, Jurisdiction::Yes);
}

#[test]
fn a_condition_nobody_asks_for_is_refused() {
    let mut tx = ask("4090", "CN", "2026-03-01");
    tx.conditions.insert("purchase_ordr".to_owned(), false);
    let chip = chip("4090");
    let error = BOOK.check(chip, Some("US"), None, &tx).unwrap_err().to_string();
    assert!(
        error.contains("`purchase_ordr`") && error.contains("`purchase_order`"),
        "{error}"
    );
}
