//! Which paragraphs a verdict cites on which day, the branches it shows, and what it refuses; each case cites the
//! text it was derived from.

use std::sync::LazyLock;
use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, load_sources};
use strait::rules::{
    Check, Jurisdiction, LawBook, License, Review, RulesError, State, Step, SupplyEffect, Transaction,
    Verdict,
};
use strait::scenario::Scenario;

static BOOK: LazyLock<LawBook> = LazyLock::new(|| {
    let data = DataSet::embedded();
    LawBook::load(&data, &Scenario::default(), &load_sources(&data).unwrap()).unwrap()
});
static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap());

fn chip(name: &str) -> &'static Chip {
    CATALOG.resolve(name).unwrap().chip
}

fn ask(name: &str, to: &str, on: &str) -> Transaction {
    let day = on.parse().unwrap();
    Transaction::new(chip(name).id.clone(), to, day, day)
}

fn check(name: &str, tx: &Transaction) -> Result<Verdict, RulesError> {
    let chip = chip(name);
    let foundry = chip.dies.iter().find_map(|d| CATALOG.foundry_country(d));
    BOOK.check(chip, CATALOG.designer_country(chip), foundry, tx)
}

/// The paragraphs of one step's trace that cite an instrument.
fn cited(verdict: &Verdict, step: Step) -> Vec<&str> {
    let lines = verdict.trace.iter().filter(|line| line.step == step);
    lines.filter_map(|line| line.paragraph.as_deref()).collect()
}

/// Chip, destination, headquarters, day, step, paragraphs cited there.
type Case = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    Step,
    &'static [&'static str],
);

#[test]
fn the_requirement_cites_the_paragraph_of_its_vintage() {
    use Step::{Requirement, Review};
    // 744.23(a)(3)(i) binds outside D:1, D:4 and D:5 (save A:5 and A:6); 3A090.c got a letter of its own on 2024-12-02;
    // 90 FR 4544 left it .b alone and numbered 742.6(a)(6)(iii) anew.
    let cases: [Case; 22] = [
        (
            "h100",
            "CN",
            None,
            "2024-06-01",
            Requirement,
            &["742.6(a)(6)(iii)"],
        ),
        (
            "h100",
            "SG",
            Some("CN"),
            "2024-12-01",
            Requirement,
            &["744.23(a)(3)(i)"],
        ),
        (
            "h100",
            "SG",
            Some("CN"),
            "2024-12-02",
            Requirement,
            &["744.23(a)(3)(i)(A)"],
        ),
        (
            "a30",
            "SG",
            Some("CN"),
            "2025-01-12",
            Requirement,
            &["744.23(a)(3)(i)(A)"],
        ),
        (
            "a30",
            "SG",
            Some("CN"),
            "2025-01-13",
            Requirement,
            &["744.23(a)(3)(i)(A)"],
        ),
        (
            "h100",
            "SG",
            Some("CN"),
            "2025-01-13",
            Requirement,
            &["742.6(a)(6)(iii)(A) (headquarters limb)"],
        ),
        // A destination of 742.6 itself, whoever is headquartered where.
        (
            "h100",
            "VN",
            Some("CN"),
            "2024-06-01",
            Requirement,
            &["742.6(a)(6)(iii)"],
        ),
        (
            "h100",
            "VN",
            Some("CN"),
            "2025-06-01",
            Requirement,
            &["742.6(a)(6)(iii)(A)"],
        ),
        (
            "a30",
            "VN",
            Some("CN"),
            "2025-06-01",
            Requirement,
            &["742.6(a)(6)(iii)(B)"],
        ),
        // Israel is in D:4 and A:6: 744.23, not 742.6.
        (
            "h100",
            "IL",
            Some("CN"),
            "2024-06-01",
            Requirement,
            &["744.23(a)(3)(i)"],
        ),
        ("h100", "IL", None, "2024-06-01", Requirement, &[]),
        (
            "hbm3-gen2-24gb",
            "CN",
            None,
            "2025-02-01",
            Requirement,
            &["742.6(a)(6)(i)(B)"],
        ),
        (
            "hbm3-gen2-24gb",
            "SG",
            Some("CN"),
            "2025-02-01",
            Requirement,
            &["744.23(a)(3)(i)(B)"],
        ),
        ("hbm3-gen2-24gb", "SG", Some("CN"), "2024-12-30", Requirement, &[]),
        ("h100", "VN", None, "2024-06-01", Review, &["742.6(b)(10)(ii)"]),
        (
            "h100",
            "VN",
            None,
            "2024-12-15",
            Review,
            &["742.6(b)(10)(iii)(A)"],
        ),
        (
            "h100",
            "VN",
            None,
            "2026-03-01",
            Review,
            &["742.6(b)(10)(iii)(B)(1)"],
        ),
        ("a30", "VN", None, "2025-06-01", Review, &["742.6(b)(10)(iv)(A)"]),
        ("a30", "VN", None, "2026-08-01", Review, &["742.6(b)(1)(i)(B)"]),
        (
            "a30",
            "SG",
            Some("CN"),
            "2024-06-01",
            Review,
            &["744.23(d)(3)(i)"],
        ),
        ("h100", "RU", None, "2022-12-01", Requirement, &["746.8(a)(1)"]),
        ("h100", "KP", None, "2022-12-01", Requirement, &["746.4(a)"]),
    ];
    for (name, to, hq, on, step, paragraphs) in cases {
        let mut tx = ask(name, to, on);
        tx.headquarters = hq.map(str::to_owned);
        let verdict = check(name, &tx).unwrap();
        assert_eq!(
            cited(&verdict, step),
            paragraphs,
            "{name} to {to} ({hq:?}) on {on}"
        );
    }
}

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
fn conditions_that_are_all_shown_are_conditions_no_more() {
    // 742.6(b)(10)(iii)(A)(1) with supplement 2 to part 748 (dd).
    let mut tx = ask("h200", "CN", "2026-03-01");
    let open = check("h200", &tx).unwrap().us;
    assert_eq!(open.review, Some(Review::CaseByCaseIfConditions));
    for condition in &open.review_conditions {
        if let Some(id) = &condition.id {
            tx.conditions.insert(id.clone(), true);
        }
    }
    tx.china_to_us_tpp_percent = Some(50.0);
    tx.us_laboratory = Some(true);
    tx.remote_users = Some(Vec::new());
    (tx.supercomputer, tx.military, tx.listed) = (Some(false), Some(false), strait::rules::Listed::None);
    let shown = check("h200", &tx).unwrap().us;
    let all = shown.review_conditions.iter().all(|c| c.state == Check::Pass);
    assert!(all, "{:?}", shown.review_conditions);
    assert_eq!(shown.review, Some(Review::CaseByCase));
    tx.conditions.remove("kyc");
    assert_eq!(
        check("h200", &tx).unwrap().us.review,
        Some(Review::CaseByCaseIfConditions)
    );
    tx.conditions.insert("kyc".to_owned(), false);
    assert_eq!(
        check("h200", &tx).unwrap().us.review,
        Some(Review::PresumptionOfDenial)
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
fn artificial_intelligence_authorization_turns_on_both_headquarters() {
    // 740.27(a): located in, and neither headquartered nor with a parent headquartered outside, paragraph (a) of
    // supplement 5 to part 740.
    let offered = |hq: &str, parent: &str| {
        let mut tx = ask("h100", "DE", "2025-06-01");
        (tx.codified, tx.headquarters, tx.parent) = (true, Some(hq.to_owned()), Some(parent.to_owned()));
        let found = check("h100", &tx).unwrap().us.exceptions;
        found.iter().any(|e| e.id == "AIA")
    };
    assert!(offered("DE", "DE") && offered("DE", "US") && offered("JP", "GB"));
    for (hq, parent) in [
        ("CN", "CN"),
        ("DE", "CN"),
        ("AE", "AE"),
        ("DE", "IN"),
        ("PL", "DE"),
    ] {
        assert!(!offered(hq, parent), "{hq} {parent}");
    }
}

#[test]
fn a_notification_asks_for_clusters_since_january_2025() {
    // 740.8(c)(1) ended with (iii) in December 2024; (iv) to (vi) stand in the code of 2026-09-24.
    let asked = |on: &str| {
        let found = check("4090", &ask("4090", "CN", on)).unwrap().us;
        found.exceptions[0]
            .conditions
            .iter()
            .any(|c| c.id.as_deref() == Some("cluster"))
    };
    assert!(!asked("2025-01-12") && asked("2025-01-13"));
}

#[test]
fn a_host_without_a_z_paragraph_is_refused() {
    let mut tx = ask("h100", "CN", "2026-03-01");
    for (host, item) in [("5A992", "5A992.z.1"), ("4a003", "4A003.z.1.a, z.2.a")] {
        tx.host = Some(host.to_owned());
        assert_eq!(check("h100", &tx).unwrap().us.z_items, [item]);
    }
    // 88 FR 73458 had one paragraph an entry; 90 FR 4544 split it.
    (tx.on, tx.known) = ("2025-01-12".parse().unwrap(), "2025-01-12".parse().unwrap());
    tx.host = Some("5A992".to_owned());
    assert_eq!(check("h100", &tx).unwrap().us.z_items, ["5A992.z"]);
    tx.host = Some("9Z999".to_owned());
    let error = check("h100", &tx).unwrap_err().to_string();
    assert!(error.contains("`9Z999`") && error.contains("`5A992`"), "{error}");
}

#[test]
fn conditions_stated_together_may_not_contradict() {
    let mut tx = ask("h200", "CN", "2026-03-01");
    let error = tx
        .set(strait::rules::Fact::Conditions, "kyc=no, kyc=yes")
        .unwrap_err();
    assert!(error.to_string().contains("kyc"), "{error}");
    assert!(tx.conditions.is_empty());
    tx.set(strait::rules::Fact::Conditions, "kyc=no, kyc=no").unwrap();
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
fn part_744_counts_against_an_exception_only_where_it_reaches() {
    // 740.8(b): no export that is subject to a license requirement under part 744. 744.21 names China and not Vietnam;
    // 744.23(a)(1) reaches supercomputers in Macau and D:5.
    let offered = |to: &str, set: fn(&mut Transaction)| {
        let mut tx = ask("4090", to, "2025-06-01");
        set(&mut tx);
        !check("4090", &tx).unwrap().us.exceptions.is_empty()
    };
    let military: fn(&mut Transaction) = |tx| tx.military = Some(true);
    let supercomputer: fn(&mut Transaction) = |tx| tx.supercomputer = Some(true);
    let listed: fn(&mut Transaction) = |tx| tx.listed = strait::rules::Listed::Entity;
    assert!(offered("VN", military) && !offered("CN", military));
    assert!(offered("VN", supercomputer) && !offered("CN", supercomputer));
    assert!(!offered("VN", listed) && !offered("CN", listed));
    // What comes to the US is asked nothing of part 744.
    let mut tx = ask("h100", "US", "2026-11-20");
    (tx.from, tx.owned_by_listed_percent) = (Some("TW".to_owned()), Some(60.0));
    assert_eq!(check("h100", &tx).unwrap().us.license, License::NoneFound);
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
