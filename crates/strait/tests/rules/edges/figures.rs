//! What is measured, and the class that it gives.

use super::{ask, check, named};
use crate::made_up::{Area, Made, deal, verdict};
use crate::shipped::BOOK;
use strait::catalog::{Chip, Form, Variant};
use strait::figure::{Estimate, Grade, Quantity};
use strait::rules::{Classification, ExporterRole, License, Review, Step, Transaction, Verdict};

/// Technical note 4 to 3A090: the area of logic dies made with non-planar transistors, memory left out.
#[test]
fn area_counts_non_planar_logic_alone() {
    let die = |logic, non_planar| Area {
        count: 1,
        logic,
        non_planar,
        mm2_e2: 40_000,
    };
    let paragraph = |dies: &[Area]| {
        let chip = Made {
            dies: dies.to_vec(),
            ..Made::simple(24_000_000, 100)
        }
        .chip();
        verdict(&BOOK, &chip, &deal(&chip, "CN", "2024-03-01"))
            .us
            .paragraph
    };
    // 2400 / 400 = 6 is at least 5.92; 2400 / 800 = 3 would be 3A090.b.1.
    let dense = Some("3A090.a.2".to_owned());
    assert_eq!(paragraph(&[die(true, true)]), dense);
    assert_eq!(paragraph(&[die(true, true), die(false, true)]), dense);
    assert_eq!(paragraph(&[die(true, true), die(true, false)]), dense);
    assert_eq!(
        paragraph(&[die(true, true), die(true, true)]),
        Some("3A090.b.1".to_owned())
    );
}

/// Note 1 to 3A090.a presumes of a foundry's logic dies made with non-planar transistors.
#[test]
fn no_presumption_rests_on_planar_logic_or_on_memory() {
    let class = |dies: &[(bool, bool)]| {
        let area = |(logic, non_planar)| Area {
            count: 1,
            logic,
            non_planar,
            mm2_e2: 40_000,
        };
        let dies = dies.iter().copied().map(area).collect();
        let chip = Made {
            dies,
            ..Made::simple(1_600_000, 100)
        }
        .chip();
        let mut tx = deal(&chip, "CN", "2025-06-01");
        (tx.from, tx.exporter) = (Some("TW".to_owned()), ExporterRole::Foundry);
        BOOK.check(&chip, Some("CN"), Some("TW"), &tx)
            .unwrap()
            .us
            .classification
    };
    let logic = |non_planar| (true, non_planar);
    assert_ne!(class(&[logic(true)]), Classification::Outside3A090);
    assert_eq!(class(&[logic(false)]), Classification::Outside3A090);
    assert_eq!(
        class(&[logic(false), (false, true)]),
        Classification::Outside3A090
    );
}

#[test]
fn a_variant_changes_the_die_that_it_names() {
    let die = |mm2_e2| Area {
        count: 1,
        logic: true,
        non_planar: true,
        mm2_e2,
    };
    let mut chip = Made {
        dies: vec![die(30_000), die(10_000)],
        ..Made::simple(24_000_000, 100)
    }
    .chip();
    chip.variants.push(Variant {
        name: "shrunk".to_owned(),
        why: "made up".to_owned(),
        values: vec![("die.1.area".to_owned(), 50.0)],
        source: named("h20").peaks[0].rate.source.clone(),
        grade: Grade::Analysis,
    });
    let area = verdict(&BOOK, &chip, &deal(&chip, "CN", "2024-03-01"))
        .metrics
        .applicable_die_area_mm2
        .unwrap();
    assert_eq!(
        (area.low.to_string(), area.high.to_string()),
        ("350".to_owned(), "400".to_owned())
    );
}

#[test]
fn a_variant_changes_the_row_that_it_names() {
    // Filed 206.992 x 16; the uncapped variant 344 x 16 = 688 x 8 = 5,504.
    let tpp = check("mi308x", &ask("mi308x", "CN", "2024-03-01"))
        .metrics
        .tpp
        .unwrap();
    assert_eq!(
        (tpp.low.to_string(), tpp.high.to_string()),
        ("3311.872".to_owned(), "5504".to_owned())
    );
    let sum = check("910c", &ask("910c", "CN", "2026-02-01"))
        .metrics
        .tpp
        .unwrap();
    assert!(
        sum.by.as_deref().unwrap().contains("matrix fp16 707.8"),
        "{sum:?}"
    );
}

/// Systems that hold a circuit are items of the .z paragraphs, each under its own host's entry.
#[test]
fn a_system_is_an_item_of_its_host_and_asks_for_it() {
    let items = |form, tpp: i64, host: Option<&str>| {
        let mut chip = Made::simple(tpp * 10_000, 3_000_000).chip();
        chip.form = form;
        let mut tx = deal(&chip, "CN", "2024-03-01");
        tx.host = host.map(str::to_owned);
        let found = verdict(&BOOK, &chip, &tx);
        let asked = found.needs.iter().any(|n| n.flag.as_deref() == Some("--host"));
        (found.us.z_items, asked)
    };
    let all = [
        "3A001.z", "4A003.z", "4A004.z", "4A005.z", "5A002.z", "5A004.z", "5A992.z",
    ]
    .map(str::to_owned);
    assert_eq!(items(Form::Module, 4800, None), (vec![], false));
    assert_eq!(items(Form::Server, 4800, None), (all.to_vec(), true));
    assert_eq!(
        items(Form::Server, 4800, Some("5a992")),
        (vec!["5A992.z".to_owned()], false)
    );
    assert_eq!(
        items(Form::Module, 4800, Some("5A992")),
        (vec!["5A992.z".to_owned()], false)
    );
    assert_eq!(items(Form::Rack, 1600, None), (vec![], false));
}

/// A part whose TPP lies somewhere from `low` to `high`: the width of its inputs is open.
fn between(low: i64, high: i64) -> Chip {
    let mut chip = Made::simple(16 * 10_000, 3_000_000).chip();
    let bits = |tpp: i64| Quantity::of(tpp as f64);
    chip.peaks[0].input_bits = Estimate::new(bits(low), bits(low), bits(high));
    chip
}

fn facts(chip: &Chip, tx: &Transaction) -> (Verdict, String) {
    let found = verdict(&BOOK, chip, tx);
    let all: Vec<String> = found.needs.iter().map(|n| n.fact.clone()).collect();
    (found, all.join("; "))
}

/// 742.6(b)(10)(iii)(A)(1): below 21,000 TPP and 6,500 GB/s.
#[test]
fn a_figure_across_a_limit_of_the_review_policy_is_asked_for_where_the_policy_turns_on_it() {
    let chip = between(20_000, 22_000);
    let (found, needs) = facts(&chip, &deal(&chip, "CN", "2026-02-01"));
    assert_eq!(
        (found.us.license, found.us.review),
        (License::Required, Some(Review::Unknown))
    );
    assert!(needs.contains("on which side of 21000 it lies"), "{needs}");
    assert!(!needs.contains("6500"), "{needs}");
    // Where it is open besides whether the part is for data centers, each line still stands, and once.
    let mut either = chip.clone();
    either.market.datacenter = None;
    let (found, _) = facts(&either, &deal(&chip, "CN", "2026-02-01"));
    let lines = found.trace.iter().filter(|line| line.step == Step::Review);
    let lines: Vec<&str> = lines.map(|line| line.found.as_str()).collect();
    let both = [
        "review: case_by_case_if_conditions",
        "review: presumption_of_denial",
    ];
    assert_eq!(lines, both);
    // Denial is presumed for a Chinese parent's subsidiary elsewhere, whatever the figure.
    let mut tx = deal(&chip, "TW", "2026-02-01");
    tx.parent = Some("CN".to_owned());
    let (found, needs) = facts(&chip, &tx);
    assert_eq!(
        (found.us.license, found.us.review),
        (License::Required, Some(Review::PresumptionOfDenial))
    );
    assert!(!needs.contains("on which side"), "{needs}");
}

/// What is asked for where a class is open: the figures that its table reads and that are not certain, no other.
#[test]
fn an_open_class_asks_for_the_figures_that_its_table_reads() {
    let mut chip = between(4700, 4900);
    chip.dies.clear();
    chip.io.scale_up_bidirectional.as_mut().unwrap().value = Quantity::of(700.0);
    // In 2022 the table read TPP and input-output; area was no matter, and 700 GB/s is certain.
    let (found, needs) = facts(&chip, &deal(&chip, "CN", "2022-12-01"));
    assert_eq!(found.us.classification, Classification::Unknown);
    assert!(needs.contains("dense peak of"), "{needs}");
    for other in ["area of", "link and host", "variant", "data centers"] {
        assert!(!needs.contains(other), "{other}: {needs}");
    }
    // Since 2023 it reads the area.
    let (_, needs) = facts(&chip, &deal(&chip, "CN", "2024-03-01"));
    assert!(
        needs.contains("dense peak of") && needs.contains("area of the non-planar"),
        "{needs}"
    );
    chip.market.datacenter = None;
    let (_, needs) = facts(&chip, &deal(&chip, "CN", "2024-03-01"));
    assert!(needs.contains("designed or marketed for data centers"), "{needs}");
    let tx = ask("mi308x", "CN", "2022-12-01");
    let variant = check("mi308x", &tx)
        .needs
        .iter()
        .any(|n| n.fact.starts_with("which variant"));
    assert!(variant, "capped or not");
}
