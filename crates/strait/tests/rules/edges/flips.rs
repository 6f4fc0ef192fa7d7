//! What each value of a missing fact would make of the answer, by hand; each case cites the text it was derived from.

use super::{ask, check};
use crate::made_up::{Made, deal, set, verdict};
use crate::shipped::BOOK;
use strait::catalog::Chip;
use strait::figure::NOTHING;
use strait::rules::{Transaction, Verdict};

/// What the answer says each value of a fact would make of it; the fact by its first words.
fn flips(verdict: &Verdict, fact: &str) -> Vec<(String, String)> {
    let need = verdict.needs.iter().find(|n| n.fact.starts_with(fact));
    let need = need.unwrap_or_else(|| panic!("no `{fact}` in {:?}", verdict.needs));
    let flips = need.flips.iter().map(|f| (f.when.clone(), f.then.clone()));
    flips.collect()
}

fn told(name: &str, tx: &Transaction, fact: &str, expected: &[(&str, &str)]) {
    let found = flips(&check(name, tx), fact);
    let found: Vec<(&str, &str)> = found.iter().map(|(w, t)| (w.as_str(), t.as_str())).collect();
    assert_eq!(found, expected, "{name} to {} on {}: {fact}", tx.to, tx.on);
}

const DENIED_A: &str = "3A090.a, license required, review presumption_of_denial";
const OUTSIDE: &str = "outside_3a090, license none_found, review none";

/// 3A090.a.1: 5504 is 4800 or more; 3312 over 2400 mm² is 1.38, below the 1.6 of .b.1.
#[test]
fn each_variant_by_its_own_figures() {
    let tx = ask("mi308x", "CN", "2025-04-08");
    let variants = [
        ("as filed", DENIED_A),
        ("uncapped", DENIED_A),
        ("capped", OUTSIDE),
    ];
    told("mi308x", &tx, "which variant of amd-mi308x", &variants);
}

/// 3A090 as the peak may be: below 2400, from there to 4800 as .b (742.6(b)(10)), and .a.1.
#[test]
fn a_figure_between_the_bounds_that_lie_inside_it() {
    let tx = ask("rtx pro 6000d", "CN", "2025-03-01");
    let b = "3A090.b, license exception_available, review presumption_of_denial, exception NAC";
    let classes = [
        ("tpp below 2400", OUTSIDE),
        ("tpp from 2400 to 4800", b),
        ("tpp of 4800 or more", DENIED_A),
    ];
    told(
        "rtx pro 6000d",
        &tx,
        "dense peak of nvidia-rtx-pro-6000d",
        &classes,
    );
}

/// 91 FR 1684: below 21,000; TF32 of 32 bits makes 21,344 of Trainium2.
#[test]
fn both_sides_of_the_limit_of_a_review_policy() {
    let tx = ask("trainium2", "CN", "2026-02-01");
    let sides = [
        ("tpp below 21000", "review case_by_case_if_conditions"),
        ("tpp of 21000 or more", "review presumption_of_denial"),
    ];
    told("trainium2", &tx, "dense peak of aws-trainium2", &sides);
}

/// 734.9(h), 734.4 and 736.2(b)(10) on a Chinese chip abroad.
#[test]
fn what_makes_a_foreign_chip_subject() {
    let tx = ask("ascend 910c", "MY", "2025-06-01");
    let product = [
        ("true", NOTHING),
        ("false", "license none_found, review none"),
        (
            "false and no US content",
            "subject to the EAR no, license not_subject, review none",
        ),
    ];
    told("ascend 910c", &tx, "the fab and its tools' origin", &product);
    let content = [
        ("25 percent or less", NOTHING),
        ("above 25 percent", "subject to the EAR yes"),
    ];
    told("ascend 910c", &tx, "the share of US-controlled content", &content);
    let violation = [("it was", "required"), ("it was not", "none_found")];
    told(
        "ascend 910c",
        &tx,
        "whether huawei-ascend-910c was made",
        &violation,
    );
}

/// 744.23(a)(1), 744.21 and 744.11 on a chip that no entry lists.
#[test]
fn end_uses_and_end_users_of_a_chip_outside() {
    let tx = ask("h20", "CN", "2025-04-08");
    let denied = "license required, review presumption_of_denial";
    let yes_no = [("true", denied), ("false", NOTHING)];
    told("h20", &tx, "whether the end use is a supercomputer", &yes_no);
    told("h20", &tx, "whether the end use or user is military", &yes_no);
    let entity = "license required, review unknown";
    let listed = [
        ("none", NOTHING),
        ("entity", entity),
        ("entity-fn4", entity),
        ("meu", denied),
    ];
    told("h20", &tx, "whether the end user is on a list", &listed);
}

/// 3A090.a.2, .b.2 and .b.1 of 2000: 2000 / 5.92 = 337.8 mm², 2000 / 3.2 = 625 mm²; below 2400 nothing turns on 1.6.
#[test]
fn an_area_nobody_published_by_the_densities_of_the_table() {
    let mut chip = Made::simple(20_000_000, 10_000).chip();
    chip.dies[0].area = None;
    let areas = [
        ("area below 337.8 mm2", DENIED_A),
        (
            "area from 337.8 to 625 mm2",
            "3A090.b, license exception_available, review presumption_of_denial, exception NAC",
        ),
        ("area of 625 mm2 or more", OUTSIDE),
    ];
    of_made(&chip, "2025-02-01", "area of the non-planar logic dies", &areas);
}

/// 3A090.c: more than 2 GB/s to the mm², so 1000 GB/s in less than 500 mm².
#[test]
fn a_package_nobody_published_by_the_density_of_memory() {
    let mut chip = Made::simple(0, 10_000).stack(10_000);
    set(chip.memory.bandwidth.as_mut().unwrap(), 1000.0);
    chip.package_area = None;
    let areas = [
        (
            "area below 500 mm2",
            "3A090.c, license required, review presumption_of_denial",
        ),
        ("area of 500 mm2 or more", OUTSIDE),
    ];
    of_made(&chip, "2025-02-01", "", &areas);
}

/// 87 FR 62186: 600 GB/s or more, both ways.
#[test]
fn a_link_nobody_published_by_the_text_of_2022() {
    let mut chip = Made::simple(80_000_000, 80_000).chip();
    chip.io.scale_up_bidirectional = None;
    let rates = [
        ("rate below 600 GB/s", OUTSIDE),
        ("rate of 600 GB/s or more", DENIED_A),
    ];
    of_made(&chip, "2023-01-15", "", &rates);
}

fn of_made(chip: &Chip, on: &str, fact: &str, expected: &[(&str, &str)]) {
    let found = flips(&verdict(&BOOK, chip, &deal(chip, "CN", on)), fact);
    let found: Vec<(&str, &str)> = found.iter().map(|(w, t)| (w.as_str(), t.as_str())).collect();
    assert_eq!(found, expected);
}
