//! What is missing, how it is stated, and what each value would make of the answer: found by asking again, so that
//! whoever states the value gets what was said.

use crate::shipped::{BOOK, CATALOG};
use strait::figure::{NOTHING, Need};
use strait::rules::{
    AsOf, Findings, Item, Jurisdiction, License, Listed, Review, Transaction, Verdict, read_deal,
};

fn ask(name: &str, to: &str, on: &str) -> Transaction {
    let id = CATALOG.resolve(name).unwrap().chip.id.clone();
    Transaction::new(id, to, on.parse().unwrap(), "2026-10-01".parse().unwrap())
}

fn item(tx: &Transaction) -> Item<'static> {
    let chip = CATALOG.get(&tx.chip).unwrap();
    let foundry = chip.dies.iter().find_map(|d| CATALOG.foundry_country(d));
    Item::new(chip, CATALOG.designer_country(chip), foundry)
}

fn check(tx: &Transaction) -> Verdict {
    let day = BOOK.day(AsOf::of(tx)).unwrap();
    let item = item(tx);
    let mut found = Findings::default();
    day.decide(&item, tx, &mut found).unwrap();
    day.explain(&item, tx, &found)
}

fn words(tx: &Transaction) -> Vec<String> {
    let day = BOOK.day(AsOf::of(tx)).unwrap();
    let item = item(tx);
    let mut found = Findings::default();
    day.decide(&item, tx, &mut found).unwrap();
    let summary = day.summary(day.codified_text().as_ref(), &item, tx, &found);
    summary.needs.iter().map(|n| (*n).to_owned()).collect()
}

fn by_flag<'v>(verdict: &'v Verdict, flag: &str) -> Option<&'v Need> {
    verdict.needs.iter().find(|n| n.flag.as_deref() == Some(flag))
}

fn then<'n>(need: &'n Need, when: &str) -> &'n str {
    let flip = need.flips.iter().find(|f| f.when == when);
    &flip.unwrap_or_else(|| panic!("no `{when}` in {need:?}")).then
}

#[test]
fn headquarters_are_asked_for_where_they_would_turn_the_answer() {
    let mut tx = ask("h100", "SG", "2024-06-01");
    let open = check(&tx);
    let need = by_flag(&open, "--hq and --parent").expect("744.23(a)(3) follows the headquarters");
    assert!(
        need.flips[0].when.contains("CN") && need.flips[0].when.starts_with("in D:5 or MO"),
        "{need:?}"
    );
    assert!(need.flips[0].then.contains("license required"), "{need:?}");
    assert!(words(&tx).contains(&"hq".to_owned()));
    tx.headquarters = Some("CN".to_owned());
    let stated = check(&tx);
    assert_eq!(
        (stated.us.license, stated.us.review),
        (License::Required, Some(Review::PresumptionOfDenial))
    );
    tx.headquarters = Some("SG".to_owned());
    assert!(
        by_flag(&check(&tx), "--parent").is_some(),
        "a Chinese parent would turn it yet"
    );
    assert_eq!(words(&tx).iter().filter(|w| *w == "parent").count(), 1);
    tx.parent = Some("SG".to_owned());
    let settled = check(&tx);
    assert!(
        settled
            .needs
            .iter()
            .all(|n| n.flag.as_deref() != Some("--parent")),
        "{:?}",
        settled.needs
    );
    assert!(!words(&tx).iter().any(|w| w == "hq" || w == "parent"));
}

#[test]
fn headquarters_are_not_asked_for_where_they_change_nothing() {
    for (chip, to, on) in [
        ("h20", "CN", "2025-06-01"),
        ("h100", "CN", "2024-06-01"),
        ("l20", "SG", "2024-06-01"),
    ] {
        let tx = ask(chip, to, on);
        assert!(!words(&tx).iter().any(|w| w == "hq"), "{chip} to {to}");
        assert!(
            by_flag(&check(&tx), "--hq and --parent").is_none(),
            "{chip} to {to}"
        );
    }
}

#[test]
fn what_a_value_is_said_to_do_it_does() {
    let mut tx = ask("h100", "SG", "2024-06-01");
    let open = check(&tx);
    let listed = by_flag(&open, "--listed").expect("part 744");
    assert_eq!(then(listed, "none"), NOTHING);
    assert!(
        then(listed, "meu").contains("license required, review presumption_of_denial"),
        "{listed:?}"
    );
    tx.listed = Listed::Meu;
    let stated = check(&tx).us;
    assert_eq!(
        (stated.license, stated.review),
        (License::Required, Some(Review::PresumptionOfDenial))
    );

    let mut tx = ask("ascend-910c", "CN", "2025-06-01");
    tx.from = Some("CN".to_owned());
    let open = check(&tx);
    let product = by_flag(&open, "--direct-product").expect("734.9");
    assert!(then(product, "true").contains("license required"), "{product:?}");
    assert!(
        then(product, "false and no US content").contains("license not_subject"),
        "{product:?}"
    );
    (tx.direct_product, tx.us_content_percent) = (Some(false), Some(0.0));
    assert_eq!(check(&tx).us.jurisdiction, Jurisdiction::No);
    let content = by_flag(&open, "--us-content").expect("734.4");
    assert!(
        content.flips.iter().any(|f| f.when == "above 25 percent"),
        "{content:?}"
    );
}

#[test]
fn every_condition_names_the_flag_that_states_it() {
    let tx = ask("h200", "CN", "2026-08-01");
    let open = check(&tx);
    assert!(open.us.review_conditions.len() >= 10);
    for condition in &open.us.review_conditions {
        let flag = condition.flag.as_deref().expect(&condition.what);
        assert!(flag.starts_with("--"), "{flag}");
        let need = open
            .needs
            .iter()
            .find(|n| n.fact == condition.what)
            .expect(&condition.what);
        assert_eq!(need.flag, condition.flag);
        assert!(!need.flips.is_empty(), "{need:?}");
    }
    let supply = by_flag(&open, "--condition us_supply=yes").expect("(dd)(1)(ii)");
    assert_eq!(then(supply, "not met"), "review presumption_of_denial");
}

#[test]
fn nobody_using_it_from_afar_can_be_stated() {
    let mut tx = ask("h200", "CN", "2026-08-01");
    read_deal("deal.toml", "remote-users = [\"none\"]\n", &mut tx).unwrap();
    assert_eq!(tx.remote_users, Some(Vec::new()));
    let verdict = check(&tx);
    let mut users = verdict
        .us
        .review_conditions
        .iter()
        .filter(|c| c.flag.as_deref() == Some("--remote-users"));
    assert!(users.all(|c| c.state == strait::rules::Check::Pass));
    assert!(by_flag(&verdict, "--remote-users").is_none());
}

/// The framework of January 2025 stands in the code and nobody enforces it.
#[test]
fn what_stands_in_the_code_alone_is_said_beside() {
    let mut tx = ask("h100", "IN", "2025-06-01");
    let enforced = check(&tx).us;
    let text = enforced
        .codified_text
        .expect("the worldwide requirement is codified");
    tx.codified = true;
    let codified = check(&tx).us;
    assert_eq!(
        (text.license, text.review, text.why),
        (codified.license, codified.review, codified.why)
    );
    assert_ne!(enforced.license, text.license);
    assert!(codified.codified_text.is_none(), "asked for already");
    let before = check(&ask("h100", "IN", "2024-06-01")).us;
    assert!(before.codified_text.is_none(), "nothing of the kind stood then");
}

#[test]
fn margins_show_both_ends_of_an_interval() {
    let disputed = check(&ask("ascend-910c", "CN", "2025-06-01")).us.margins;
    let tpp = disputed.iter().find(|m| m.bound == "3A090.a.1 tpp").unwrap();
    assert_eq!(
        (tpp.low.as_deref(), tpp.high.as_deref()),
        (Some("12032"), Some("12800"))
    );
    assert_eq!(tpp.slack_ends, Some(["-8000".to_owned(), "-7232".to_owned()]));
    let exact = check(&ask("h20", "CN", "2025-06-01")).us.margins;
    assert!(exact.iter().all(|m| m.low.is_none() && m.slack_ends.is_none()));
}

/// Supplement 8 to part 740: approved entities of the UAE need no license under 742.6(a)(6)(iii)(A) and (B).
#[test]
fn an_excepted_party_can_be_stated_and_frees_only_its_own_paragraph() {
    let mut tx = ask("h100", "AE", "2026-08-01");
    let open = check(&tx);
    assert_eq!(open.us.license, License::Required);
    let need = by_flag(&open, "--condition uae_approved=yes").expect("who is approved is asked for");
    assert_eq!(then(need, "yes"), "license none_found, review none");
    assert_eq!(then(need, "no"), NOTHING);
    tx.conditions.insert("uae_approved".to_owned(), true);
    let freed = check(&tx);
    assert_eq!((freed.us.license, freed.us.review), (License::NoneFound, None));
    assert!(by_flag(&freed, "--condition uae_approved=yes").is_none());
    let told = freed.trace.iter().any(|line| {
        line.paragraph.as_deref() == Some("742.6(a)(6)(iii)(A)")
            && line.found.starts_with("not required: stated")
    });
    assert!(told, "{:?}", freed.trace);
    // The party's headquarters are a paragraph of their own.
    tx.headquarters = Some("CN".to_owned());
    assert_eq!(check(&tx).us.license, License::Required);
    tx.headquarters = None;
    tx.conditions.insert("uae_approved".to_owned(), false);
    let bound = check(&tx);
    assert_eq!(bound.us.license, License::Required);
    assert!(by_flag(&bound, "--condition uae_approved=yes").is_none());
}

/// 740.8: what an exception asks for is missing as long as nobody states it.
#[test]
fn conditions_of_an_exception_offered_are_needs() {
    let mut tx = ask("4090", "CN", "2024-06-01");
    let open = check(&tx);
    assert_eq!(open.us.license, License::ExceptionAvailable);
    let notified = by_flag(&open, "--notified-days-before").expect("740.8(a)(2): 25 days before");
    assert_eq!(then(notified, "not met"), "license required, no exception");
    assert_eq!(then(notified, "met"), NOTHING);
    assert!(words(&tx).contains(&"conditions".to_owned()));
    tx.notified_days_before = Some(25);
    assert!(by_flag(&check(&tx), "--notified-days-before").is_none());
}
