//! Whether an item is subject, what is presumed of it, what raises a flag, and the China side.

use super::{ask, check, named};
use crate::made_up::{Made, deal};
use crate::shipped::BOOK;
use std::collections::BTreeSet;
use strait::catalog::Chip;
use strait::rules::{Jurisdiction, License, Segment, Site, Transaction, Use};

/// A letter under 744.23(b) settles that what it reaches is subject: by the family named, and by the bounds.
#[test]
fn a_letter_settles_jurisdiction_by_name_or_by_bounds() {
    let settled = |name: &str, on: &str| {
        let mut tx = ask(name, "CN", on);
        tx.from = Some("TW".to_owned());
        let us = check(name, &tx).us;
        (us.jurisdiction, us.basis.iter().any(|b| b.contains("744.23(b)")))
    };
    // A100 and H100 are named in 2022 without bounds; H20 in 2025 by name and bounds; H200 by bounds alone.
    assert_eq!(settled("a100", "2022-09-15"), (Jurisdiction::Yes, true));
    assert_eq!(settled("h20", "2025-04-20"), (Jurisdiction::Yes, true));
    assert_eq!(settled("h200", "2025-04-20"), (Jurisdiction::Yes, true));
    // Before the letter, and of another part below its bounds, nothing does.
    assert_eq!(settled("h20", "2025-04-08"), (Jurisdiction::Presumed, false));
    assert_eq!(settled("l2", "2025-04-20"), (Jurisdiction::Presumed, false));
}

#[test]
fn a_presumption_yields_to_both_facts_that_it_stands_in_for() {
    let answer = |product, content| {
        let mut tx = ask("910c", "CN", "2026-02-01");
        (tx.direct_product, tx.us_content_percent) = (product, content);
        check("910c", &tx).us.jurisdiction
    };
    assert_eq!(answer(None, None), Jurisdiction::Presumed);
    assert_eq!(answer(None, Some(0.0)), Jurisdiction::Presumed);
    assert_eq!(answer(Some(false), None), Jurisdiction::Presumed);
    assert_eq!(answer(Some(false), Some(0.0)), Jurisdiction::No);
    assert_eq!(answer(Some(false), Some(26.0)), Jurisdiction::Yes);
    assert_eq!(answer(Some(true), Some(0.0)), Jurisdiction::Yes);
}

/// General prohibition 10 presumes a violation by way of the direct-product rule; where that is denied, nothing does.
#[test]
fn no_violation_is_presumed_of_what_is_no_direct_product() {
    let license = |product| {
        let mut tx = ask("910c", "MY", "2026-02-01");
        tx.from = Some("US".to_owned());
        tx.direct_product = product;
        check("910c", &tx).us.license
    };
    assert_eq!(license(None), License::Unknown);
    assert_eq!(license(Some(false)), License::NoneFound);
}

#[test]
fn a_direct_product_is_assumed_only_where_that_settles_it() {
    let facts = |name: &str, product, content| {
        let mut tx = ask(name, "CN", "2026-02-01");
        tx.from = Some("TW".to_owned());
        (tx.direct_product, tx.us_content_percent) = (product, content);
        let found = check(name, &tx);
        let assumed = found.assumed.iter().any(|a| a.contains("direct product"));
        let asked = found
            .needs
            .iter()
            .any(|n| n.flag.as_deref() == Some("--direct-product"));
        (found.us.jurisdiction, assumed, asked)
    };
    // MI100 is 3A090.b, below the bounds of the letter: 734.9(h), its maker's US tools taken for granted.
    assert_eq!(facts("mi100", None, None), (Jurisdiction::Yes, true, false));
    assert_eq!(
        facts("mi100", Some(true), None),
        (Jurisdiction::Yes, false, false)
    );
    // De minimis needs no direct product.
    assert_eq!(facts("br104", None, Some(26.0)).0, Jurisdiction::Yes);
    assert!(!facts("br104", None, Some(26.0)).1);
    assert_eq!(facts("br104", None, None), (Jurisdiction::Presumed, false, true));
}

/// Supplement 3 to part 732 and the guidances of 2025-05-13, each condition on either side.
#[test]
fn red_flags_need_every_condition_of_theirs() {
    let flags = |to: &str, on: &str, set: &dyn Fn(&mut Transaction)| {
        let mut tx = ask("h100", to, on);
        tx.owned_by_listed_percent = Some(0.0);
        set(&mut tx);
        let found = check("h100", &tx).red_flags;
        let all: BTreeSet<String> = found.into_iter().map(|f| f.instrument).collect();
        all.into_iter().collect::<Vec<_>>().join(" ")
    };
    let (diversion, training) = ("us-diversion-guidance-2025-05", "us-training-statement-2025-05");
    let used = |use_| move |tx: &mut Transaction| tx.use_ = Some(use_);
    assert_eq!(flags("MY", "2025-06-01", &used(Use::Resale)), diversion);
    assert_eq!(flags("MY", "2025-06-01", &used(Use::Own)), "");
    assert_eq!(flags("MY", "2025-05-12", &used(Use::Resale)), "");
    assert_eq!(flags("DE", "2025-06-01", &used(Use::Resale)), "");
    let rented = |users: &'static [&str], hq: Option<&'static str>| {
        move |tx: &mut Transaction| {
            tx.use_ = Some(Use::Cloud);
            tx.remote_users = Some(users.iter().map(|u| (*u).to_owned()).collect());
            tx.headquarters = hq.map(str::to_owned);
        }
    };
    assert_eq!(flags("DE", "2025-06-01", &rented(&["JP", "CN"], None)), training);
    assert_eq!(flags("DE", "2025-06-01", &rented(&["JP"], None)), "");
    assert_eq!(flags("DE", "2025-06-01", &rented(&[], Some("CN"))), training);
    assert_eq!(flags("DE", "2025-06-01", &rented(&[], Some("JP"))), "");
    let owned = |percent| move |tx: &mut Transaction| tx.owned_by_listed_percent = percent;
    for (percent, raised) in [
        (None, true),
        (Some(0.0), false),
        (Some(0.01), true),
        (Some(20.0), true),
    ] {
        let found = flags("DE", "2025-10-15", &owned(percent));
        assert_eq!(found == "us-affiliates-2025", raised, "{percent:?}: {found}");
    }
    assert_eq!(flags("UA", "2025-06-01", &|_| {}), "us-embargoes");
}

#[test]
fn a_notice_under_general_prohibition_10_names_families_of_one_vendor() {
    let named = |name: &str| check(name, &ask(name, "CN", "2026-04-01")).us.prohibitions.len();
    assert_eq!((named("910c"), named("ascend 950pr"), named("br104")), (1, 0, 0));
}

/// The China side binds foreign makers' chips: who the maker is is asked for where nobody knows, and only there.
#[test]
fn the_designer_is_asked_for_where_it_is_not_known() {
    let asked = |designer| {
        let chip = named("h200");
        let found = BOOK
            .check(chip, designer, Some("TW"), &ask("h200", "CN", "2026-02-01"))
            .unwrap();
        found
            .needs
            .iter()
            .any(|n| n.fact == "the country of the chip's designer")
    };
    // Rows on H200 name its maker; that on state-funded data centers of 2025 speaks of all foreign chips.
    assert!(!asked(Some("US")) && !asked(None));
    let funded = |designer| {
        let chip = named("mi325x");
        let mut tx = ask("mi325x", "CN", "2026-02-01");
        tx.segment = Segment::StateFunded;
        let found = BOOK.check(chip, designer, Some("TW"), &tx).unwrap();
        found
            .needs
            .iter()
            .any(|n| n.fact == "the country of the chip's designer")
    };
    assert!(!funded(Some("US")) && funded(None));
}

/// Reports of late 2025: power of large data centers on the mainland that run on domestic chips.
#[test]
fn a_power_subsidy_is_for_domestic_chips_in_mainland_data_centers() {
    let part = |datacenter| {
        Made {
            datacenter,
            ..Made::simple(16_000_000, 3_000_000)
        }
        .chip()
    };
    let subsidies = |chip: &Chip, designer: &str, to: &str, set: &dyn Fn(&mut Transaction)| {
        let mut tx = deal(chip, to, "2026-02-01");
        tx.from = Some("CN".to_owned());
        set(&mut tx);
        let found = BOOK.check(chip, Some(designer), Some("CN"), &tx).unwrap();
        found.cn.subsidies.len()
    };
    let plain = |_: &mut Transaction| {};
    assert_eq!(subsidies(&part(Some(true)), "CN", "CN", &plain), 1);
    assert_eq!(subsidies(&part(None), "CN", "CN", &plain), 1);
    assert_eq!(subsidies(&part(Some(false)), "CN", "CN", &plain), 0);
    assert_eq!(subsidies(&part(Some(true)), "US", "CN", &plain), 0);
    let workstation = |tx: &mut Transaction| tx.segment = Segment::Consumer;
    assert_eq!(subsidies(&part(Some(true)), "CN", "CN", &workstation), 0);
    let site = |site| move |tx: &mut Transaction| tx.site = Some(site);
    assert_eq!(subsidies(&part(Some(true)), "CN", "CN", &site(Site::Offshore)), 0);
    assert_eq!(subsidies(&part(Some(true)), "CN", "HK", &site(Site::Mainland)), 0);
    let stack = Made::simple(16_000_000, 3_000_000).stack(10_000);
    assert_eq!(subsidies(&stack, "CN", "CN", &plain), 0);
}
