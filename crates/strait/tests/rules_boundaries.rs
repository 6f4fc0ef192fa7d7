//! Bounds below, at and above; order and determination; what the loader refuses.

use proptest::prelude::*;
use std::sync::LazyLock;
use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, load_sources};
use strait::figure::{Alternative, AlternativeState, Grade, Quantity, SourceId};
use strait::rules::{Classification, LawBook, License, Review, SupplyEffect, Ternary, Transaction, Verdict};
use strait::scenario::Scenario;

static BOOK: LazyLock<LawBook> = LazyLock::new(|| load(DataSet::embedded(), &Scenario::default()).unwrap());
static H20: LazyLock<Chip> = LazyLock::new(|| {
    let catalog = Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap();
    catalog.resolve("h20").unwrap().chip.clone()
});

fn load(data: DataSet, scenario: &Scenario) -> Result<LawBook, String> {
    let sources = load_sources(&data).unwrap();
    LawBook::load(&data, scenario, &sources).map_err(|p| p.to_string())
}

/// A made-up chip of one format and one die; no letter names it unless the vendor says so.
fn chip(vendor: &str, tpp: f64, area: f64, datacenter: Option<bool>, bandwidth: f64, link: f64) -> Chip {
    let mut chip = H20.clone();
    chip.vendor = vendor.to_owned();
    chip.family = "made-up".to_owned();
    chip.variants.clear();
    chip.peaks.truncate(1);
    chip.peaks[0].input_bits = strait::figure::Estimate::exact(Quantity::of(16.0));
    set(&mut chip.peaks[0].rate, tpp / 16.0);
    chip.dies.truncate(1);
    set(chip.dies[0].area.as_mut().unwrap(), area);
    set(chip.memory.bandwidth.as_mut().unwrap(), bandwidth);
    set(chip.io.scale_up_bidirectional.as_mut().unwrap(), link);
    set(chip.io.host_bidirectional.as_mut().unwrap(), 0.0);
    match datacenter {
        Some(value) => chip.market.datacenter.as_mut().unwrap().value = value,
        None => chip.market.datacenter = None,
    }
    chip
}

fn set<Q: Quantity>(figure: &mut strait::figure::Figure<Q>, value: f64) {
    figure.value = Q::of(value);
    figure.alternatives.clear();
}

fn verdict(chip: &Chip, to: &str, on: &str) -> Verdict {
    let day = on.parse().unwrap();
    let tx = Transaction::new(chip.id.clone(), to, day, day);
    BOOK.check(chip, Some("US"), Some("TW"), &tx).unwrap()
}

fn class(chip: &Chip, on: &str) -> Classification {
    verdict(chip, "CN", on).us.classification
}

/// The table of 88 FR 73458 typed a second time, as decisions rather than rows.
fn by_text(tpp: f64, density: f64, datacenter: bool) -> Classification {
    if tpp >= 4800.0 {
        Classification::A
    } else if !datacenter || tpp < 1600.0 {
        Classification::Outside3A090
    } else if density >= 5.92 {
        Classification::A
    } else if density >= 3.2 || (tpp >= 2400.0 && density >= 1.6) {
        Classification::B
    } else {
        Classification::Outside3A090
    }
}

#[test]
fn the_table_of_2023_agrees_with_a_second_encoding_beside_every_bound() {
    for bound in [1600.0, 2400.0, 4800.0] {
        for step in [-0.01, 0.0, 0.01] {
            for density in [1.6, 3.2, 5.92] {
                for off in [-1e-6, 1e-6] {
                    for datacenter in [true, false] {
                        let tpp: f64 = bound + step;
                        let at = density * (1.0 + off);
                        let made = chip("made-up", tpp, tpp / at, Some(datacenter), 100.0, 0.0);
                        let found = class(&made, "2024-06-01");
                        assert_eq!(
                            found,
                            by_text(tpp, at, datacenter),
                            "tpp {tpp} density {at} {datacenter}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn density_is_compared_exactly_at_its_bounds() {
    // tpp = bound x area without rounding; one part in 400,000 less falls below.
    for (tpp, area, at, below) in [
        (2960.0, 500.0, Classification::A, Classification::B),
        (1920.0, 600.0, Classification::B, Classification::Outside3A090),
        (3200.0, 2000.0, Classification::B, Classification::Outside3A090),
    ] {
        assert_eq!(
            class(&chip("made-up", tpp, area, Some(true), 100.0, 0.0), "2024-06-01"),
            at
        );
        let less = chip("made-up", tpp - 0.008, area, Some(true), 100.0, 0.0);
        assert_eq!(class(&less, "2024-06-01"), below);
    }
}

#[test]
fn the_test_of_2022_needs_both_peak_and_interconnect() {
    for (tpp, link, expected) in [
        (4800.0, 600.0, Classification::A),
        (4799.99, 600.0, Classification::Outside3A090),
        (4800.0, 599.99, Classification::Outside3A090),
        (4800.01, 600.01, Classification::A),
    ] {
        assert_eq!(
            class(
                &chip("made-up", tpp, 800.0, Some(true), 100.0, link),
                "2023-06-01"
            ),
            expected
        );
    }
}

#[test]
fn the_review_policy_of_2026_has_strict_limits_and_helps_only_exports_from_the_us() {
    for (tpp, bandwidth, expected) in [
        (20999.99, 6499.99, Review::CaseByCaseIfConditions),
        (21000.0, 6499.99, Review::PresumptionOfDenial),
        (20999.99, 6500.0, Review::PresumptionOfDenial),
    ] {
        let made = chip("made-up", tpp, 800.0, Some(true), bandwidth, 0.0);
        assert_eq!(
            verdict(&made, "CN", "2026-02-01").us.review,
            Some(expected),
            "{tpp} {bandwidth}"
        );
        assert_eq!(
            verdict(&made, "CN", "2026-01-14").us.review,
            Some(Review::PresumptionOfDenial)
        );
    }
    let made = chip("made-up", 15000.0, 800.0, Some(true), 4800.0, 0.0);
    let day = "2026-02-01".parse().unwrap();
    let mut tx = Transaction::new(made.id.clone(), "CN", day, day);
    tx.from = "TW".to_owned();
    let abroad = BOOK.check(&made, Some("US"), Some("TW"), &tx).unwrap();
    assert_eq!(abroad.us.review, Some(Review::PresumptionOfDenial));
    assert!(
        abroad.us.levies.iter().all(|l| l.applies == Ternary::No),
        "no entry, no duty"
    );
    tx.from = "US".to_owned();
    tx.china_to_us_tpp_percent = Some(50.01);
    let ledger = BOOK.check(&made, Some("US"), Some("TW"), &tx).unwrap();
    assert_eq!(
        ledger.us.review,
        Some(Review::PresumptionOfDenial),
        "the ledger fails"
    );
}

#[test]
fn the_duty_has_strict_bands() {
    for (tpp, bandwidth, applies) in [
        (14000.0, 4800.0, false),
        (14000.01, 4800.0, true),
        (17499.99, 4800.0, true),
        (17500.0, 4800.0, false),
        (15000.0, 4500.0, false),
        (15000.0, 4500.01, true),
        (15000.0, 5000.0, false),
        (20800.0, 6000.0, false),
        (20800.01, 6000.0, true),
        (21099.99, 6000.0, true),
        (21100.0, 6000.0, false),
        (21000.0, 5800.0, false),
        (21000.0, 6199.99, true),
        (21000.0, 6200.0, false),
    ] {
        let made = chip("made-up", tpp, 800.0, Some(true), bandwidth, 0.0);
        let levies = verdict(&made, "CN", "2026-02-01").us.levies;
        let found = levies
            .iter()
            .any(|l| l.id == "us-s232-2026" && l.applies == Ternary::Yes);
        assert_eq!(found, applies, "{tpp} {bandwidth}");
    }
}

#[test]
fn a_letter_reaches_by_its_bounds_and_is_unknown_between_reported_and_certain_ones() {
    for (bandwidth, link, expected) in [
        (4000.0, 0.0, License::Required),
        (3999.99, 0.0, License::Unknown),
        (1400.0, 0.0, License::Unknown),
        (1399.99, 0.0, License::NoneFound),
        (100.0, 900.0, License::Required),
        (100.0, 899.99, License::NoneFound),
        (900.0, 800.0, License::Unknown),
        (899.99, 800.0, License::NoneFound),
    ] {
        let made = chip("nvidia", 1000.0, 800.0, Some(true), bandwidth, link);
        let found = verdict(&made, "CN", "2025-06-01").us.license;
        assert_eq!(found, expected, "{bandwidth} {link}");
    }
}

#[test]
fn headquarters_in_china_reach_abroad() {
    let made = chip("made-up", 15000.0, 800.0, Some(true), 3000.0, 0.0);
    let day = "2025-11-10".parse().unwrap();
    let mut tx = Transaction::new(made.id.clone(), "SG", day, day);
    let local = BOOK.check(&made, Some("US"), None, &tx).unwrap();
    assert_eq!(local.us.license, License::NoneFound);
    tx.parent = Some("China".to_owned());
    let parent = BOOK.check(&made, Some("US"), None, &tx).unwrap();
    assert_eq!(
        (parent.us.license, parent.us.review),
        (License::Required, Some(Review::PresumptionOfDenial))
    );
    assert_eq!(parent.supply_effect, SupplyEffect::Blocked);
}

#[test]
fn codified_asks_the_text_that_nobody_enforces() {
    let made = chip("made-up", 15000.0, 800.0, Some(true), 3000.0, 0.0);
    let day = "2026-02-01".parse().unwrap();
    let mut tx = Transaction::new(made.id.clone(), "IN", day, day);
    assert_eq!(
        BOOK.check(&made, Some("US"), None, &tx).unwrap().us.license,
        License::NoneFound
    );
    tx.codified = true;
    let found = BOOK.check(&made, Some("US"), None, &tx).unwrap().us;
    // A license is required worldwide (742.6(a)(6)(iii)(A)); low volumes may go under LPP (740.29) instead.
    assert_eq!(found.license, License::ExceptionAvailable);
    let ids: Vec<_> = found.exceptions.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["LPP"]);
}

#[test]
fn an_unresolved_return_shows_both_branches() {
    let made = chip("made-up", 1000.0, 800.0, Some(true), 100.0, 0.0);
    let day = "2026-11-20".parse().unwrap();
    let mut tx = Transaction::new(made.id.clone(), "CN", day, day);
    tx.owned_by_listed_percent = Some(50.0);
    let owned = BOOK.check(&made, Some("US"), None, &tx).unwrap().us;
    assert_eq!((owned.license, owned.branches.len()), (License::Unknown, 2));
    tx.owned_by_listed_percent = Some(49.99);
    let less = BOOK.check(&made, Some("US"), None, &tx).unwrap().us;
    assert_eq!((less.license, less.branches.len()), (License::NoneFound, 0));
}

#[test]
fn a_scenario_switches_bills_on_and_sides_off() {
    let made = chip("made-up", 1000.0, 800.0, Some(true), 4100.0, 0.0);
    let day = "2026-02-01".parse().unwrap();
    let tx = Transaction::new(made.id.clone(), "CN", day, day);
    let with = Scenario::read("s.toml", "[rules]\nwith = [\"us-bill-safe-chips\"]\n").unwrap();
    let book = load(DataSet::embedded(), &with).unwrap();
    assert_eq!(
        book.check(&made, Some("US"), None, &tx).unwrap().us.license,
        License::Required
    );
    assert_eq!(
        BOOK.check(&made, Some("US"), None, &tx).unwrap().us.license,
        License::NoneFound
    );
    let wrong = Scenario::read("s.toml", "[rules]\nwithout = [\"us-acs-ifr-2032\"]\n").unwrap();
    assert!(
        load(DataSet::embedded(), &wrong)
            .unwrap_err()
            .contains("`us-acs-ifr-2032`")
    );
}

fn rank(verdict: &Verdict) -> (u8, u8) {
    let license = match verdict.us.license {
        License::NotInForce | License::NotSubject | License::NoneFound => 0,
        License::ExceptionAvailable => 1,
        License::Unknown => 2,
        License::Required => 3,
    };
    let review = match verdict.us.review {
        None | Some(Review::NotStated) => 0,
        Some(Review::PresumptionOfApproval) => 1,
        Some(Review::CaseByCase) => 2,
        Some(Review::CaseByCaseIfConditions) => 3,
        Some(Review::Unknown) => 4,
        Some(Review::PresumptionOfDenial) => 5,
    };
    (license, review)
}

proptest! {
    #[test]
    fn more_tpp_never_loosens_an_export_to_china(
        tpp in 100.0..30000.0f64, more in 1.0..3.0f64, area in 50.0..2500.0f64, dc: bool,
        bandwidth in 100.0..8000.0f64, day in prop::sample::select(vec!["2022-12-01", "2024-03-01", "2025-06-01", "2026-02-01"]),
    ) {
        let round = |v: f64| (v * 100.0).round() / 100.0;
        let low = verdict(&chip("made-up", round(tpp), round(area), Some(dc), bandwidth, 700.0), "CN", day);
        let high = verdict(&chip("made-up", round(tpp * more), round(area), Some(dc), bandwidth, 700.0), "CN", day);
        prop_assert!(rank(&low) <= rank(&high), "{:?} then {:?}", rank(&low), rank(&high));
    }

    #[test]
    fn a_point_inside_an_interval_never_changes_what_was_determined(
        tpp in 500.0..25000.0f64, spread in 1.0..2.0f64, inside in 0.0..1.0f64, area in 100.0..2000.0f64,
        known: bool, dc: bool, day in prop::sample::select(vec!["2024-03-01", "2025-06-01", "2026-02-01"]),
    ) {
        let round = |v: f64| (v * 10.0).round() / 10.0;
        let (low, high) = (round(tpp), round(tpp * spread));
        let mut open = chip("nvidia", low, round(area), known.then_some(dc), 1000.0, 0.0);
        open.peaks[0].rate.alternatives.push(Alternative {
            value: Quantity::of(high / 16.0),
            source: SourceId("recalled".into()),
            grade: Grade::Recalled,
            state: AlternativeState::Live,
            why: None,
        });
        let point = chip("nvidia", round(low + (high - low) * inside), round(area), Some(dc), 1000.0, 0.0);
        let (open, point) = (verdict(&open, "CN", day).us, verdict(&point, "CN", day).us);
        if open.classification != Classification::Unknown {
            prop_assert_eq!(open.classification, point.classification);
        }
        if open.license != License::Unknown {
            prop_assert_eq!(open.license, point.license);
        }
        if open.review != Some(Review::Unknown) {
            prop_assert_eq!(open.review, point.review);
        }
    }
}

const HEAD: &str = "id = \"us-x\"\ntitle = \"X\"\nauthority = \"BIS\"\nform = \"letter\"\nbinds = \"X\"\nsummary = \"x\"\nsource = \"fr-2023-23055\"\ngrade = \"analysis\"\n[dates]\nknown_from = 2024-01-01\n";

fn refused(body: &str) -> String {
    load(
        DataSet::embedded().with("rules/us/x.toml", format!("{HEAD}{body}")),
        &Scenario::default(),
    )
    .unwrap_err()
}

#[test]
fn the_loader_refuses_with_file_and_line() {
    let row = |from: &str, known: &str| {
        format!("[[status]]\nstate = \"in_force\"\nfrom = {from}\nknown_from = {known}\n")
    };
    let overlap = refused(&format!(
        "{}{}",
        row("2024-01-01", "2024-01-01"),
        row("2024-06-01", "2024-01-01")
    ));
    assert!(
        overlap.contains("rules/us/x.toml:15") && overlap.contains("same days"),
        "{overlap}"
    );
    let later = format!(
        "{HEAD}{}{}",
        row("2024-01-01", "2024-01-01"),
        row("2024-06-01", "2024-02-01")
    );
    assert!(
        load(
            DataSet::embedded().with("rules/us/x.toml", later),
            &Scenario::default()
        )
        .is_ok()
    );
    let bad = "[[classify]]\nparagraph = \"p\"\nresult = \"3A090.a\"\nwhen = [{ metric = \"tpp\", ge = \"48oo\" }]\n";
    let bound = refused(&format!("{}{bad}", row("2024-01-01", "2024-01-01")));
    assert!(
        bound.contains("rules/us/x.toml:18") && bound.contains("`48oo`"),
        "{bound}"
    );
    let backwards = refused(
        "[[status]]\nstate = \"in_force\"\nfrom = 2024-02-01\nuntil = 2024-01-01\nknown_from = 2024-01-01\n",
    );
    assert!(backwards.contains("before it begins"), "{backwards}");
    let data = DataSet::embedded().with(
        "rules/us/x.toml",
        format!(
            "{}{}",
            HEAD.replace("fr-2023-23055", "fr-2023-23056"),
            row("2024-01-01", "2024-01-01")
        ),
    );
    let source = load(data, &Scenario::default()).unwrap_err();
    assert!(
        source.contains("rules/us/x.toml:7") && source.contains("`fr-2023-23056`"),
        "{source}"
    );
}

#[test]
fn places_suggest_what_was_meant() {
    assert_eq!(BOOK.places.resolve("china").unwrap(), "CN");
    assert_eq!(BOOK.places.resolve("uae").unwrap(), "AE");
    let error = BOOK.places.resolve("Singapur").unwrap_err().to_string();
    assert!(error.contains("did you mean `Singapore`"), "{error}");
}
