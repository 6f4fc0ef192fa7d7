//! The nearest change under the text of 2022, bills, reviews, levies, letters and for memory stacks, by hand.

use super::{change, made, named, near, public, rule, says};
use crate::shipped::{BOOK, CATALOG};
use strait::rules::{Lever, Reach, RuleKind};

#[test]
fn the_text_of_2022_turns_on_interconnect() {
    // H800: 400 + 128 = 528 GB/s; 600 needs a link of 472. TPP is past 4800 already, so it does not help.
    let all = named("h800-sxm", "2023-06-01");
    let table = rule(&all, RuleKind::Classification);
    assert_eq!(table.instrument, "us-ac-ifr-2022");
    assert_eq!(says(change(table, "3A090.a", Lever::Io)), "at_least 472 (72)");
    assert_eq!(says(change(table, "3A090.a", Lever::Tpp)), "not reachable");
    // H100: 900 + 128; out below 472, or below a TPP of 4800.
    let all = named("h100-sxm", "2023-06-01");
    let table = rule(&all, RuleKind::Classification);
    assert_eq!(
        says(change(table, "outside_3a090", Lever::Io)),
        "below 472 (-428)"
    );
    assert!(says(change(table, "outside_3a090", Lever::Tpp)).starts_with("below 4800"));
}

#[test]
fn bounds_of_bills_reviews_levies_and_letters() {
    // H200 SXM: 1979 x 8 = 15832 (FP8) and 4800 GB/s lie inside the first band of the proclamation.
    let all = named("h200-sxm", "2026-02-01");
    let levy = rule(&all, RuleKind::Levy);
    assert_eq!(levy.now, ["met"]);
    assert_eq!(
        says(change(levy, "not_met", Lever::MemoryBandwidth)),
        "at_least 5000 (200)"
    );
    let review = rule(&all, RuleKind::Review);
    assert_eq!(review.now, ["met"]);
    assert_eq!(
        says(change(review, "not_met", Lever::MemoryBandwidth)),
        "at_least 6500 (1700)"
    );
    // S.3374 for H20: 4100 GB/s of DRAM; 5000 less 4000 of link.
    let all = named("h20", "2026-02-01");
    let bill = rule(&all, RuleKind::Bill);
    assert_eq!(
        says(change(bill, "met", Lever::MemoryBandwidth)),
        "at_least 4100 (100)"
    );
    assert_eq!(says(change(bill, "met", Lever::Io)), "at_least 1000 (100)");
    assert_eq!(says(change(bill, "met", Lever::Tpp)), "at_least 2400 (32)");
    // The letter to NVIDIA names H20; by its bounds alone both rates meet it, so no single one leads out.
    let letter = rule(&all, RuleKind::Letter);
    assert!(letter.named && letter.now == ["met"]);
    assert_eq!(
        says(change(letter, "not_met", Lever::MemoryBandwidth)),
        "not reachable"
    );
    // L20: 864 GB/s, no link, host 64: for certain at 4000 and 900, perhaps at 1400 or 1700 less 64.
    let all = named("l20", "2026-02-01");
    let letter = rule(&all, RuleKind::Letter);
    assert!(!letter.named && letter.now == ["not_met"]);
    assert_eq!(
        says(change(letter, "met", Lever::MemoryBandwidth)),
        "at_least 4000 (3136)"
    );
    assert_eq!(
        says(change(letter, "unknown", Lever::MemoryBandwidth)),
        "at_least 1400, below 4000 (536)"
    );
    // Before the bill was introduced nobody could ask for it.
    assert!(
        named("h20", "2025-06-01")
            .rules
            .iter()
            .all(|r| r.kind != RuleKind::Bill)
    );
}

#[test]
fn what_is_not_known_is_said() {
    // Trainium2's area is not known; TPP of 21344 is past 4800 whatever it is.
    let all = named("trainium2", "2026-02-01");
    let table = rule(&all, RuleKind::Classification);
    assert_eq!(
        change(table, "3A090.b", Lever::DieArea).reach,
        Reach::NotReachable
    );
    assert_eq!(
        says(change(table, "outside_3a090", Lever::Tpp)),
        "below 1600 (-19744)"
    );
    let tpp = all.levers.iter().find(|l| l.lever == Lever::Tpp).unwrap();
    assert!(tpp.disputed);
    // The same part with a TPP of 3000 and no area: what would do, without a change to measure.
    let mut chip = made(3000.0, 800.0, 100.0, 0.0, Some(true));
    chip.dies[0].area = None;
    let all = near(&chip, "2024-06-01");
    let found = change(rule(&all, RuleKind::Classification), "3A090.a", Lever::DieArea);
    assert_eq!((found.reach, found.change), (Reach::NotKnown, None));
    assert_eq!(says(found), "at_most 506.756756757 unmeasured");
    // A part of planar dies has no area to change.
    chip.dies[0].transistor = strait::catalog::Transistor::Planar;
    let all = near(&chip, "2024-06-01");
    let found = change(rule(&all, RuleKind::Classification), "3A090.a", Lever::DieArea);
    assert_eq!(says(found), "not reachable");
    assert!(near(&chip, "2022-02-01").rules.is_empty());
}

#[test]
fn a_memory_stack_moves_by_bandwidth_and_package() {
    // 3A090.c: greater than 2 GB/s a mm2. HBM2E of 460.8 GB/s on 110 mm2: 2 x 110 = 220, 460.8 / 2 = 230.4.
    let chip = CATALOG.resolve("SK hynix HBM2E").unwrap().chip.clone();
    let day = public("2025-03-01", "2025-03-01");
    let all = BOOK.nearest(&chip, day).unwrap();
    let table = rule(&all, RuleKind::Classification);
    assert_eq!(table.now, ["3A090.c"]);
    let by = |lever| says(change(table, "outside_3a090", lever));
    assert_eq!(by(Lever::MemoryBandwidth), "at_most 220 (-240.8)");
    assert_eq!(by(Lever::PackageArea), "at_least 230.4 (120.4)");
    // 109.475625 mm2 is also said: at 220 the density would then be above 2.
    assert_eq!(
        change(table, "outside_3a090", Lever::MemoryBandwidth).certain,
        Some(false)
    );
    // No accelerator is read under 3A090.c, however fast its memory.
    let all = named("h20", "2025-03-01");
    assert!(
        rule(&all, RuleKind::Classification)
            .targets
            .iter()
            .all(|t| t.to != "3A090.c")
    );
    // License exception HBM: below 3.3 GB/s a mm2, 3.3 x 110 = 363.
    let all = BOOK.nearest(&chip, day).unwrap();
    let exception = rule(&all, RuleKind::Exception);
    let found = change(exception, "met", Lever::MemoryBandwidth);
    assert_eq!(says(found), "below 363, above 220 (-97.8)");
}
