//! The nearest change of class of chips of the catalog, by hand.

use super::{change, load, made, named, near, public, rule, says};
use crate::shipped::CATALOG;
use strait::data::DataSet;
use strait::rules::{Lever, Reach, RuleKind};

#[test]
fn classes_of_the_table_of_2023_by_hand() {
    // Limbs of 3A090: a.1 4800; a.2 1600 and 5.92; b.1 2400 to 4800 and 1.6 to 5.92; b.2 1600 and 3.2 to 5.92.
    for (chip, to, lever, expected, limb) in [
        // H20, 2368 over 814 mm2: 2368 / 3.2 = 740, 2368 / 5.92 = 400.
        (
            "h20",
            "3A090.b",
            Lever::Tpp,
            "at_least 2400, below 4800 (32)",
            Some("3A090.b.1"),
        ),
        (
            "h20",
            "3A090.b",
            Lever::DieArea,
            "at_most 740, above 400 (-74)",
            Some("3A090.b.2"),
        ),
        (
            "h20",
            "3A090.a",
            Lever::Tpp,
            "at_least 4800 (2432)",
            Some("3A090.a.1"),
        ),
        (
            "h20",
            "3A090.a",
            Lever::DieArea,
            "at_most 400 (-414)",
            Some("3A090.a.2"),
        ),
        ("h20", "3A090.b", Lever::MemoryBandwidth, "not reachable", None),
        ("h20", "3A090.b", Lever::Io, "not reachable", None),
        ("h20", "3A090.b", Lever::Datacenter, "not reachable", None),
        // A10, 2000 over 628 mm2: 3.2 x 628 = 2009.6, 5.92 x 628 = 3717.76; 2000 / 5.92 has no end.
        (
            "a10",
            "3A090.b",
            Lever::Tpp,
            "at_least 2009.6, below 3717.76 (9.6)",
            Some("3A090.b.2"),
        ),
        (
            "a10",
            "3A090.b",
            Lever::DieArea,
            "at_most 625, above 337.837837838 (-3)",
            Some("3A090.b.2"),
        ),
        (
            "a10",
            "3A090.a",
            Lever::Tpp,
            "at_least 3717.76 (1717.76)",
            Some("3A090.a.2"),
        ),
        // A30, 2644 over 826 mm2: under 2400 neither limb of .b holds, since 3.2 x 826 = 2643.2.
        ("a30", "outside_3a090", Lever::Tpp, "below 2400 (-244)", None),
        (
            "a30",
            "outside_3a090",
            Lever::DieArea,
            "above 1652.5 (826.5)",
            None,
        ),
        // RTX 4090, 5284.8, not for data centers: Note 2 below 4800, nothing else.
        (
            "rtx-4090",
            "outside_3a090",
            Lever::Tpp,
            "below 4800 (-484.8)",
            Some("Note 2 to 3A090"),
        ),
        ("rtx-4090", "outside_3a090", Lever::DieArea, "not reachable", None),
        ("rtx-4090", "3A090.b", Lever::Tpp, "not reachable", None),
    ] {
        let all = named(chip, "2024-06-01");
        let found = change(rule(&all, RuleKind::Classification), to, lever);
        assert_eq!(says(found), expected, "{chip} to {to} by {lever:?}");
        assert_eq!(found.meets.as_deref(), limb, "{chip} to {to} by {lever:?}");
    }
    let all = named("a30", "2024-06-01");
    let table = rule(&all, RuleKind::Classification);
    assert_eq!(
        (table.now.as_slice(), table.meets.as_deref()),
        (&["3A090.b".to_owned()][..], Some("3A090.b.1"))
    );
    let fact = change(table, "outside_3a090", Lever::Datacenter);
    assert_eq!(
        (fact.fact, fact.meets.as_deref()),
        (Some(false), Some("Note 2 to 3A090"))
    );
}

#[test]
fn the_smallest_by_fraction_is_marked_once_a_target() {
    // H20 to .b: 32 / 2368 = 1.35 % of TPP against 74 / 814 = 9.09 % of area.
    let all = named("h20", "2024-06-01");
    let (target, change) = all.smallest().unwrap();
    assert_eq!((target.to.as_str(), change.lever), ("3A090.b", Lever::Tpp));
    assert_eq!(change.relative.unwrap().to_string(), "0.013514");
    for chip in CATALOG.iter() {
        for day in ["2022-09-01", "2023-06-01", "2024-06-01", "2026-02-01"] {
            for target in near(chip, day).rules.iter().flat_map(|r| &r.targets) {
                let reachable = target.changes.iter().any(|c| c.reach == Reach::Reachable);
                let marked = target.changes.iter().filter(|c| c.smallest).count();
                assert_eq!(marked, usize::from(reachable), "{} {day} {}", chip.id, target.to);
            }
        }
    }
}

#[test]
fn quotients_without_end_say_so() {
    let all = named("a10", "2024-06-01");
    let found = change(rule(&all, RuleKind::Classification), "3A090.b", Lever::DieArea);
    let far = found.up_to.as_ref().unwrap();
    assert!(found.needed.as_ref().unwrap().exact && !far.exact);
    assert_eq!(far.by, "performance_density 5.92: tpp / 5.92");
}

#[test]
fn a_part_at_a_bound_needs_any_change_at_all() {
    // The bands of the proclamation are strict: at 14000 the part is outside, above it inside.
    let all = near(&made(14000.0, 800.0, 4600.0, 0.0, Some(true)), "2026-02-01");
    let levy = rule(&all, RuleKind::Levy);
    assert_eq!(levy.now, ["not_met"]);
    assert_eq!(
        says(change(levy, "met", Lever::Tpp)),
        "above 14000, below 17500 (0)"
    );
    // 3A090.a.1 is inclusive: at 4800 the part is inside.
    let all = near(&made(4800.0, 4000.0, 100.0, 0.0, Some(true)), "2024-06-01");
    let table = rule(&all, RuleKind::Classification);
    assert_eq!(table.now, ["3A090.a"]);
    assert_eq!(says(change(table, "outside_3a090", Lever::Tpp)), "below 4800 (0)");
}

#[test]
fn each_comparator_keeps_its_strictness() {
    // A made-up table in place of the real one, with one comparator a time; TPP 1000 over 100 mm2, and
    // 1000 / 3 has no end. Of a density a smaller area is more: `>` 3 is below 333.33 mm2, `>=` 3 at most.
    let text = include_str!("../../../../../data/rules/us/acs-ifr-2023.toml");
    let head = &text[..text.find("[[classify]]").unwrap()];
    let chip = made(1000.0, 100.0, 100.0, 0.0, Some(true));
    let day = public("2024-06-01", "2024-06-01");
    for (comparator, to, tpp, area) in [
        ("gt", "outside_3a090", "at_most 300", "at_least 333.333333333"),
        ("ge", "outside_3a090", "below 300", "above 333.333333333"),
        ("lt", "3A090.a", "below 300", "above 333.333333333"),
        ("le", "3A090.a", "at_most 300", "at_least 333.333333333"),
    ] {
        let row = format!(
            "[[classify]]\nparagraph = \"made up\"\nresult = \"3A090.a\"\n\
             when = [{{ metric = \"performance_density\", {comparator} = \"3\" }}]\n"
        );
        let book = load(DataSet::embedded().with("rules/us/acs-ifr-2023.toml", format!("{head}{row}")));
        let all = book.nearest(&chip, day).unwrap();
        let table = rule(&all, RuleKind::Classification);
        let by = |lever| says(change(table, to, lever));
        assert_eq!(by(Lever::Tpp), format!("{tpp} (-700)"), "{comparator}");
        assert_eq!(
            by(Lever::DieArea),
            format!("{area} (233.333333333)"),
            "{comparator}"
        );
    }
}
