//! What stays open, what is shown beside it, and from which day a rule holds.

use super::{ask, check, cited};
use crate::shipped::{BOOK, CATALOG};
use strait::rules::{Jurisdiction, License, Review, State, Step, SupplyEffect, Verdict};

#[test]
fn part_746_leaves_no_exception_and_states_its_own_policy() {
    // 746.3(c), 746.7(c), 746.8(c)(2): NAC is none of the exceptions left; 742.6 would offer it to Venezuela.
    for (to, offered) in [
        ("RU", false),
        ("BY", false),
        ("IQ", false),
        ("KP", false),
        ("VE", true),
    ] {
        let found = check("4090", &ask("4090", to, "2024-06-01")).unwrap().us;
        assert_eq!(!found.exceptions.is_empty(), offered, "{to}");
        assert_eq!(found.review, Some(Review::PresumptionOfDenial), "{to}");
    }
    // 746.6: part of Ukraine only, which a country's code does not tell.
    let flags = check("l20", &ask("l20", "UA", "2024-06-01")).unwrap();
    assert_eq!(flags.us.license, License::NoneFound);
    assert!(flags.red_flags.iter().any(|flag| flag.paragraph == "746.6(a)"));
}

#[test]
fn a_letter_that_may_mean_the_chip_leaves_both_ways_in_sight() {
    // RTX 5090: 1792 GB/s, between the 1400 reported of the letters and the 4000 of H20; NAC class (740.8(a)).
    let found = check("5090", &ask("5090", "CN", "2026-02-01")).unwrap();
    let ways: Vec<_> = found
        .us
        .branches
        .iter()
        .map(|b| (b.if_.as_str(), b.license))
        .collect();
    let either = [
        ("it does", License::Required),
        ("it does not", License::ExceptionAvailable),
    ];
    assert_eq!(ways, either);
    assert_eq!(found.us.branches[0].why, "us-letter-2025-04-nvidia");
    assert_eq!(found.us.exceptions[0].id, "NAC");
    assert_eq!(found.supply_effect, SupplyEffect::Unknown);
    // RTX 5090D: outside 3A090 (Note 2), so nothing is left without the letter.
    let found = check("5090d", &ask("5090d", "CN", "2025-06-01")).unwrap().us;
    assert_eq!(found.branches[1].license, License::NoneFound);
    assert!(found.exceptions.is_empty());
    // A letter that names the chip leaves no branch.
    assert!(
        check("h20", &ask("h20", "CN", "2025-06-01"))
            .unwrap()
            .us
            .branches
            .is_empty()
    );
}

#[test]
fn what_is_presumed_made_in_violation_is_open_anywhere_until_facts_say_otherwise() {
    // Guidance of 2025-05-13 on 736.2(b)(10).
    for name in ["910c", "p800"] {
        for to in ["MY", "DE", "AE"] {
            let found = check(name, &ask(name, to, "2026-02-01")).unwrap();
            assert_eq!(found.us.license, License::Unknown, "{name} to {to}");
            assert_eq!(found.us.jurisdiction, Jurisdiction::Presumed);
        }
        let found = check(name, &ask(name, "MY", "2026-02-01")).unwrap();
        assert!(
            found
                .needs
                .iter()
                .any(|need| need.fact.contains("made in violation")),
            "{:?}",
            found.needs
        );
        assert!(cited(&found, Step::Prohibitions).contains(&"734.9(e), (h)"));
        let ways: Vec<_> = found.us.branches.iter().map(|b| b.license).collect();
        assert_eq!(ways, [License::Required, License::NoneFound]);
        // 734.9, 734.4: neither a direct product nor above de minimis, then not subject.
        let mut tx = ask(name, "MY", "2026-02-01");
        (tx.direct_product, tx.us_content_percent) = (Some(false), Some(10.0));
        assert_eq!(check(name, &tx).unwrap().us.license, License::NotSubject);
    }
    // The guidance speaks of circuits that meet 3A090: a chip certainly below it is not presumed anything.
    let below = CATALOG.iter().find(|c| {
        CATALOG.designer_country(c) == Some("CN")
            && check(&c.id.0, &ask(&c.id.0, "MY", "2026-02-01"))
                .unwrap()
                .us
                .paragraph
                .is_none()
            && check(&c.id.0, &ask(&c.id.0, "MY", "2026-02-01"))
                .unwrap()
                .us
                .possible
                .is_empty()
    });
    let below = below.expect("the catalog holds a Chinese chip below 3A090");
    let found = check(&below.id.0, &ask(&below.id.0, "MY", "2026-02-01"))
        .unwrap()
        .us;
    assert_eq!(
        (found.jurisdiction, found.license),
        (Jurisdiction::Unknown, License::NoneFound)
    );
}

#[test]
fn the_stay_of_the_affiliates_rule_leaves_a_line() {
    let mut tx = ask("l20", "CN", "2026-11-15");
    tx.owned_by_listed_percent = Some(60.0);
    let lines = |verdict: &Verdict| -> Vec<String> {
        let steps = verdict.trace.iter().filter(|l| l.step == Step::EndUse);
        steps.filter_map(|l| l.instrument.clone()).collect()
    };
    let unresolved = check("l20", &tx).unwrap();
    assert_eq!(unresolved.us.why, ["us-affiliates-2025"]);
    assert_eq!(
        lines(&unresolved),
        ["us-affiliates-2025", "us-affiliates-stay-2025"]
    );
    tx.on = "2026-11-09".parse().unwrap();
    let stayed = check("l20", &tx).unwrap();
    assert_eq!(stayed.us.license, License::NoneFound);
    assert_eq!(lines(&stayed), ["us-affiliates-2025", "us-affiliates-stay-2025"]);
    // Whom it never bound it does not free.
    tx.owned_by_listed_percent = Some(49.9);
    assert!(lines(&check("l20", &tx).unwrap()).is_empty());
}

#[test]
fn instruments_are_in_force_from_their_first_phase() {
    // 87 FR 62186, DATES: 7, 12 and 21 October 2022; 89 FR 96790: effective 2024-12-02.
    let state = |id: &str, on: &str| {
        let day = on.parse().unwrap();
        BOOK.instrument(id).unwrap().state_at(day, day)
    };
    for (id, before, first) in [
        ("us-ac-ifr-2022", "2022-10-06", "2022-10-07"),
        ("us-hbm-2024", "2024-12-01", "2024-12-02"),
    ] {
        assert_eq!(state(id, before), None);
        assert_eq!(state(id, first), Some(State::InForce));
    }
    // What the phases of 21 October and 31 December hold waits for them.
    let license = |name: &str, on: &str| check(name, &ask(name, "CN", on)).unwrap().us.license;
    assert_eq!(license("mi250", "2022-10-20"), License::Required, "letter");
    assert_eq!(
        check("h100", &ask("h100", "CN", "2022-10-20"))
            .unwrap()
            .us
            .paragraph,
        None
    );
    assert_eq!(
        check("h100", &ask("h100", "CN", "2022-10-21"))
            .unwrap()
            .us
            .paragraph
            .as_deref(),
        Some("3A090.a")
    );
    assert_eq!(license("hbm3-gen2-24gb", "2024-12-30"), License::NoneFound);
    assert_eq!(license("hbm3-gen2-24gb", "2024-12-31"), License::Required);
}

#[test]
fn a_day_known_only_roughly_is_asked_for() {
    // Guidance dated only to the year 2024, and a letter dated only to July 2023.
    let asked = |name: &str, to: &str, on: &str| {
        let mut tx = ask(name, to, on);
        tx.known = "2026-11-20".parse().unwrap();
        let needs = check(name, &tx).unwrap().needs;
        let days = needs
            .into_iter()
            .filter(|need| need.fact.starts_with("the day on which"));
        days.map(|need| format!("{}: {}", need.fact, need.why))
            .collect::<Vec<_>>()
    };
    let guidance = asked("h20", "CN", "2024-06-01");
    assert_eq!(guidance.len(), 1, "{guidance:?}");
    assert!(guidance[0].contains("cn-energy-guidance-2024") && guidance[0].ends_with("only as 2024"));
    let letter = asked("h100", "SA", "2023-07-15");
    assert!(letter[0].contains("us-letter-2023-07-nvidia-middle-east") && letter[0].ends_with("2023-07"));
    assert!(asked("h20", "CN", "2025-06-01").is_empty());
}

#[test]
fn a_chinese_chip_whose_class_is_open_stays_open_abroad() {
    // 128 x 16 = 2048 with an unknown area: 3A090 or not, and so presumed made in violation or not.
    let found = check("kunlun2", &ask("kunlun2", "MY", "2026-02-01")).unwrap();
    assert_eq!(found.us.license, License::Unknown);
    let facts: Vec<_> = found.needs.iter().map(|n| n.fact.as_str()).collect();
    assert!(
        facts
            .iter()
            .any(|f| f.starts_with("area of the non-planar logic dies")),
        "{facts:?}"
    );
    assert!(facts.iter().any(|f| f.contains("made in violation")), "{facts:?}");
}

#[test]
fn from_the_mainland_to_hong_kong_is_a_transfer_within_china() {
    // 740.8(a): ACA covers transfers within Macau and D:5, NAC exports and reexports. Hong Kong is China for the EAR,
    // Macau a destination of its own.
    for (from, to, exception) in [
        ("CN", "HK", "ACA"),
        ("HK", "CN", "ACA"),
        ("CN", "MO", "NAC"),
        ("US", "HK", "NAC"),
    ] {
        let mut tx = ask("4090", to, "2024-06-01");
        tx.from = Some(from.to_owned());
        let found = check("4090", &tx).unwrap().us;
        let ids: Vec<_> = found.exceptions.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids, [exception], "{from} to {to}");
    }
}
