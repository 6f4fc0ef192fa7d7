//! What a change is put down to: the instruments that the part of the answer rests on and that turned, no other.

use crate::shipped::{BOOK, CATALOG};
use strait::rules::{Aspect, AspectChange, Knower, LawDiff, Moment, Part, Transaction};
use strait::scenario::Side;

fn part(name: &str, to: &str) -> Part<'static> {
    let chip = CATALOG.resolve(name).unwrap().chip;
    let day = "2026-10-01".parse().unwrap();
    let designer = CATALOG.designer_country(chip);
    let mut transaction = Transaction::new(chip.id.clone(), to, day, day);
    if designer == Some(to) {
        transaction.from = Some(to.to_owned());
    }
    Part {
        chip,
        designer,
        foundry: chip.dies.iter().find_map(|d| CATALOG.foundry_country(d)),
        transaction,
    }
}

fn at(on: &str) -> Moment {
    Moment {
        on: on.parse().unwrap(),
        known: "2026-10-01".parse().unwrap(),
        known_to: Knower::Public,
    }
}

fn diff(from: &str, to: &str, parts: &[Part<'_>]) -> LawDiff {
    BOOK.diff(at(from), at(to), parts).unwrap()
}

fn change(found: &LawDiff, aspect: Aspect) -> &AspectChange {
    let all = found.parts.iter().flat_map(|p| &p.changes);
    all.clone()
        .find(|c| c.aspect == aspect)
        .unwrap_or_else(|| panic!("no {aspect:?} among {:?}", all.collect::<Vec<_>>()))
}

#[test]
fn the_guidance_on_ascend_turns_jurisdiction_and_prohibitions() {
    let found = diff("2025-05-12", "2025-05-13", &[part("ascend-910c", "CN")]);
    let subject = change(&found, Aspect::Jurisdiction);
    assert_eq!(
        (subject.before.as_str(), subject.after.as_str()),
        ("unknown", "presumed")
    );
    assert_eq!(subject.instruments, ["us-gp10-ascend-2025-05"]);
    let notice = change(&found, Aspect::Prohibitions);
    assert_eq!(
        (notice.before.as_str(), notice.after.as_str()),
        ("none", "us-gp10-ascend-2025-05")
    );
    let days: Vec<String> = BOOK
        .timeline(&part("ascend-910c", "CN"))
        .iter()
        .filter(|e| e.instruments == ["us-gp10-ascend-2025-05"])
        .map(|e| e.on.to_string())
        .collect();
    assert_eq!(days, ["2025-05-13"]);
}

#[test]
fn the_share_of_revenue_is_a_change_of_its_own() {
    let found = diff("2025-08-10", "2025-08-11", &[part("h20", "CN")]);
    let levy = change(&found, Aspect::Levies);
    assert_eq!(levy.instruments, ["us-revenue-share-2025-08"]);
    assert!(
        levy.text.contains("none -> us-revenue-share-2025-08 (0.15"),
        "{}",
        levy.text
    );
    assert_eq!(found.parts[0].changes.len(), 1, "{:?}", found.parts[0].changes);
}

#[test]
fn a_table_that_begins_after_its_notice_is_the_cause_of_the_class() {
    // 87 FR 62186 was in force from 2022-10-07; ECCN 3A090 from 2022-10-21.
    let found = diff("2022-10-20", "2022-10-21", &[part("h100", "CN")]);
    let class = change(&found, Aspect::Classification);
    assert_eq!(class.instruments, ["us-ac-ifr-2022"]);
}

#[test]
fn a_stay_is_the_cause_of_what_it_frees() {
    // 90 FR 50857 stays the ownership rule from 2025-11-10.
    let mut owned = part("l2", "DE");
    owned.transaction.owned_by_listed_percent = Some(60.0);
    let found = diff("2025-11-09", "2025-11-10", std::slice::from_ref(&owned));
    let license = change(&found, Aspect::License);
    assert_eq!(
        (license.before.as_str(), license.after.as_str()),
        ("required", "none found")
    );
    assert!(
        license.instruments.iter().any(|id| id == "us-affiliates-2025"),
        "{license:?}"
    );
    // A year later the stay runs out by its own terms: whether the rule binds again nobody has said.
    let found = diff("2026-11-09", "2026-11-10", &[owned]);
    let license = change(&found, Aspect::License);
    assert_eq!(
        (license.before.as_str(), license.after.as_str()),
        ("none found", "unknown")
    );
    assert!(
        license.instruments.iter().any(|id| id == "us-affiliates-2025"),
        "{license:?}"
    );
}

#[test]
fn red_flags_and_subsidies_are_watched() {
    let found = diff("2025-09-28", "2025-09-29", &[part("h20", "CN")]);
    assert_eq!(
        change(&found, Aspect::RedFlags).instruments,
        ["us-affiliates-2025"]
    );
    let found = diff("2025-10-05", "2025-12-01", &[part("ascend-910c", "CN")]);
    assert_eq!(
        change(&found, Aspect::Subsidies).instruments,
        ["cn-power-subsidy-2025-11"]
    );
}

#[test]
fn a_letter_of_one_side_is_not_blamed_on_what_turned_beside_it() {
    // Between these days the framework of January 2025 came, was never enforced, and the letter came.
    let found = diff("2024-12-01", "2025-06-01", &[part("h20", "CN")]);
    assert_eq!(
        change(&found, Aspect::License).instruments,
        ["us-letter-2025-04-nvidia"]
    );
    assert_eq!(
        change(&found, Aspect::Review).instruments,
        ["us-letter-2025-04-nvidia"]
    );
}

#[test]
fn conditions_of_a_policy_are_watched() {
    let found = diff("2026-01-14", "2026-01-15", &[part("h200", "CN")]);
    let conditions = change(&found, Aspect::Conditions);
    assert!(
        conditions.after.contains("review us_supply: needs"),
        "{}",
        conditions.after
    );
    // The rule of January 2025 that it replaced ended that day.
    assert_eq!(
        conditions.instruments,
        ["us-h200-review-2026", "us-ai-diffusion-d5-2025"]
    );
}

#[test]
fn a_country_that_joins_a_group_names_the_rules_of_that_group() {
    // Cambodia went into D:5 in 2026.
    let joins = BOOK
        .instrument("us-cambodia-d5-2026")
        .unwrap()
        .dates
        .effective
        .unwrap();
    let before = joins.first().yesterday().unwrap().to_string();
    let found = diff(&before, &joins.first().to_string(), &[part("h20", "KH")]);
    let license = change(&found, Aspect::License);
    assert_eq!(license.instruments, ["us-letter-2025-04-nvidia"], "{found:?}");
}

/// Every accelerator over the whole history: a cause stands on the side of what it changes, turned, and where
/// nothing is named nothing could be, before the first instrument.
#[test]
fn causes_stand_on_their_own_side() {
    let days = [
        "2022-08-01",
        "2022-11-01",
        "2023-12-01",
        "2024-06-01",
        "2025-02-01",
        "2025-06-01",
        "2026-02-01",
        "2026-08-01",
    ];
    let parts: Vec<Part<'_>> = CATALOG
        .iter()
        .filter(|c| c.is_accelerator())
        .flat_map(|c| ["CN", "SG", "AE"].map(|to| part(&c.id.0, to)))
        .collect();
    let mut seen = 0;
    for pair in days.windows(2) {
        for changed in diff(pair[0], pair[1], &parts).parts {
            for c in &changed.changes {
                let side = match c.aspect {
                    Aspect::CnState | Aspect::Subsidies => Side::Cn,
                    _ => Side::Us,
                };
                for id in &c.instruments {
                    assert_eq!(BOOK.instrument(id).unwrap().side, side, "{} {c:?}", changed.chip);
                    seen += 1;
                }
                assert!(
                    !c.instruments.is_empty() || pair[0] == "2022-08-01",
                    "{} to {}: {c:?} by nothing",
                    changed.chip,
                    changed.to
                );
            }
        }
    }
    assert!(seen > 500, "{seen} causes are too few to mean something");
}
