//! Conditions of review policies and exceptions, and what is refused.

use super::{ask, check};
use strait::rules::{Check, License, Review, Transaction};

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
