//! The nearest change of class: by hand for chips of the catalog, and as properties over random chips.

use proptest::prelude::*;
use std::sync::LazyLock;
use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, load_sources};
use strait::figure::{Estimate, Figure, Quantity};
use strait::rules::{
    AsOf, Change, Classification, Knower, LawBook, Lever, NearestChanges, NearestRule, Reach, Relation,
    RuleKind, Transaction,
};
use strait::scenario::Scenario;

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap());
fn public(on: &str, known: &str) -> AsOf {
    AsOf {
        on: on.parse().unwrap(),
        known: known.parse().unwrap(),
        known_to: Knower::Public,
        codified: false,
    }
}

static BOOK: LazyLock<LawBook> = LazyLock::new(|| load(DataSet::embedded()));

fn load(data: DataSet) -> LawBook {
    let sources = load_sources(&data).unwrap();
    LawBook::load(&data, &Scenario::default(), &sources).unwrap()
}

fn near(chip: &Chip, day: &str) -> NearestChanges {
    BOOK.nearest(chip, public(day, "2026-11-23")).unwrap()
}

fn named(name: &str, day: &str) -> NearestChanges {
    near(&CATALOG.resolve(name).unwrap().chip.clone(), day)
}

fn rule(all: &NearestChanges, kind: RuleKind) -> &NearestRule {
    all.rules.iter().find(|r| r.kind == kind).expect("the rule")
}

fn change<'a>(rule: &'a NearestRule, to: &str, lever: Lever) -> &'a Change {
    let target = rule.targets.iter().find(|t| t.to == to).expect("the target");
    target
        .changes
        .iter()
        .find(|c| c.lever == lever)
        .expect("the lever")
}

/// `at_least 2400, below 4800 (32)`.
fn says(change: &Change) -> String {
    let edge = |e: &strait::rules::Edge| {
        let relation = serde_json::to_value(e.relation).unwrap();
        format!("{} {}", relation.as_str().unwrap(), e.limit)
    };
    match (change.reach, &change.needed, &change.up_to, &change.change) {
        (Reach::NotReachable, ..) => "not reachable".to_owned(),
        (_, Some(near), Some(far), Some(by)) => format!("{}, {} ({by})", edge(near), edge(far)),
        (_, Some(near), None, Some(by)) => format!("{} ({by})", edge(near)),
        (_, near, ..) => format!("{} unmeasured", near.as_ref().map(edge).unwrap_or_default()),
    }
}

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
    let text = include_str!("../../../data/rules/us/acs-ifr-2023.toml");
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

/// A made-up chip of one format and one die.
fn made(tpp: f64, area: f64, bandwidth: f64, link: f64, datacenter: Option<bool>) -> Chip {
    let mut chip = CATALOG.resolve("h20").unwrap().chip.clone();
    chip.vendor = "made-up".to_owned();
    chip.family = "made-up".to_owned();
    chip.variants.clear();
    chip.peaks.truncate(1);
    chip.peaks[0].input_bits = Estimate::exact(Quantity::of(16.0));
    set(&mut chip.peaks[0].rate, tpp / 16.0);
    chip.dies.truncate(1);
    set(chip.dies[0].area.as_mut().unwrap(), area);
    set(chip.memory.bandwidth.as_mut().unwrap(), bandwidth);
    set(chip.io.scale_up_bidirectional.as_mut().unwrap(), link);
    set(chip.io.host_bidirectional.as_mut().unwrap(), 128.0);
    match datacenter {
        Some(value) => chip.market.datacenter.as_mut().unwrap().value = value,
        None => chip.market.datacenter = None,
    }
    chip
}

fn set<Q: Quantity>(figure: &mut Figure<Q>, value: f64) {
    figure.value = Q::of(value);
    figure.alternatives.clear();
}

/// The chip with one lever at a value.
fn with(chip: &Chip, lever: Lever, value: f64) -> Chip {
    let mut chip = chip.clone();
    match lever {
        Lever::Tpp => set(&mut chip.peaks[0].rate, value / 16.0),
        Lever::DieArea => set(chip.dies[0].area.as_mut().unwrap(), value),
        Lever::MemoryBandwidth => set(chip.memory.bandwidth.as_mut().unwrap(), value),
        Lever::Io => set(chip.io.scale_up_bidirectional.as_mut().unwrap(), value),
        Lever::PackageArea | Lever::Datacenter => unreachable!("no figure of a made-up chip"),
    }
    chip
}

/// Class by the engine's own verdict, and the state of every bound by a fresh evaluation.
fn stands(chip: &Chip, day: &str, kind: RuleKind, instrument: &str) -> Vec<String> {
    if kind == RuleKind::Classification {
        let on = day.parse().unwrap();
        let tx = Transaction::new(chip.id.clone(), "CN", on, "2026-11-23".parse().unwrap());
        let us = BOOK.check(chip, Some("US"), Some("TW"), &tx).unwrap().us;
        let classes = match us.classification {
            Classification::Unknown => us.possible,
            one => vec![one],
        };
        let words = classes.iter().map(|c| serde_json::to_value(c).unwrap());
        return words.map(|w| w.as_str().unwrap().to_owned()).collect();
    }
    let all = near(chip, day);
    let same = |r: &&NearestRule| r.kind == kind && r.instrument == instrument;
    all.rules.iter().find(same).expect("the rule").now.clone()
}

/// At the limit and past it the chip is there; a millionth short of it it is not.
fn verify(chip: &Chip, day: &str) -> Result<usize, TestCaseError> {
    let mut verified = 0;
    for rule in &near(chip, day).rules {
        for target in &rule.targets {
            for change in target.changes.iter().filter(|c| c.reach == Reach::Reachable) {
                let is = |chip: &Chip| stands(chip, day, rule.kind, &rule.instrument) == [target.to.clone()];
                if let Some(fact) = change.fact {
                    let mut other = chip.clone();
                    match &mut other.market.datacenter {
                        Some(known) => known.value = fact,
                        none => *none = made(1.0, 1.0, 1.0, 1.0, Some(fact)).market.datacenter,
                    }
                    prop_assert!(is(&other), "{change:?}");
                    verified += 1;
                    continue;
                }
                let needed = change.needed.as_ref().unwrap();
                let limit: f64 = needed.limit.to_string().parse().unwrap();
                let at = with(chip, change.lever, limit);
                let step = limit.max(1.0) * 1e-6;
                let up = matches!(needed.relation, Relation::AtLeast | Relation::Above);
                let (past, short) = if up {
                    (limit + step, limit - step)
                } else {
                    (limit - step, limit + step)
                };
                let closed = matches!(needed.relation, Relation::AtLeast | Relation::AtMost);
                if needed.exact {
                    prop_assert_eq!(is(&at), closed, "at {:?}", change);
                }
                let room = change
                    .up_to
                    .as_ref()
                    .is_none_or(|far| (far.limit.to_string().parse::<f64>().unwrap() - limit).abs() > step);
                if room && past >= 0.0 {
                    prop_assert!(is(&with(chip, change.lever, past)), "past {change:?}");
                }
                // Short of the limit it has not got there: nothing smaller than the change does.
                let by: f64 = change.change.as_ref().unwrap().to_string().parse().unwrap();
                if by.abs() > step && short >= 0.0 {
                    prop_assert!(!is(&with(chip, change.lever, short)), "short {change:?}");
                }
                verified += 1;
            }
        }
    }
    Ok(verified)
}

/// Numbers as datasheets give them, half of them beside a bound.
fn figure(bounds: &'static [f64], high: u32) -> impl Strategy<Value = f64> {
    let beside = (0..bounds.len(), -200i32..=200)
        .prop_map(|(n, off)| ((bounds[n] * 8.0).round() + f64::from(off)).max(8.0) / 8.0);
    let any = (8..high * 8).prop_map(|eighths| f64::from(eighths) / 8.0);
    prop_oneof![beside, any]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_change_moves_the_chip_and_nothing_less_does(
        tpp in figure(&[1600.0, 2400.0, 4800.0, 21000.0], 25_000),
        area in figure(&[400.0, 740.0, 814.0], 2_500),
        bandwidth in figure(&[1400.0, 4000.0, 4100.0, 5000.0, 6500.0], 9_000),
        link in figure(&[472.0, 600.0, 900.0, 1100.0], 2_000),
        datacenter in prop_oneof![Just(None), Just(Some(true)), Just(Some(false))],
        day in prop_oneof![Just("2023-06-01"), Just("2024-06-01"), Just("2026-02-01")],
    ) {
        verify(&made(tpp, area, bandwidth, link, datacenter), day)?;
    }

    #[test]
    fn what_is_not_reachable_is_reached_by_no_value(
        tpp in figure(&[1600.0, 2400.0, 4800.0], 8_000),
        area in figure(&[400.0, 740.0, 814.0], 2_500),
        other in figure(&[1600.0, 2400.0, 4800.0, 400.0, 740.0], 8_000),
        datacenter in prop_oneof![Just(Some(true)), Just(Some(false))],
    ) {
        let chip = made(tpp, area, 1000.0, 400.0, datacenter);
        let day = "2024-06-01";
        let all = near(&chip, day);
        for target in &rule(&all, RuleKind::Classification).targets {
            for change in &target.changes {
                let figure = !matches!(change.lever, Lever::Datacenter | Lever::PackageArea);
                if figure && change.reach == Reach::NotReachable {
                    let moved = with(&chip, change.lever, other);
                    let class = stands(&moved, day, RuleKind::Classification, "");
                    prop_assert_ne!(class, [target.to.clone()], "{:?} at {}", change, other);
                }
            }
        }
    }
}

#[test]
fn the_properties_are_not_empty() {
    let found = verify(&made(2368.0, 814.0, 4000.0, 900.0, Some(true)), "2026-02-01").unwrap();
    assert!(found >= 10, "only {found} changes verified");
}
