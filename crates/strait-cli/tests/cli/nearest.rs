//! `strait rules nearest`

use crate::{json, refused, strait};

const H20: [&str; 7] = [
    "rules",
    "nearest",
    "h20",
    "--on",
    "2026-02-01",
    "--known",
    "2026-11-23",
];

#[test]
fn h20_in_full() {
    let said = strait(&H20);
    assert_eq!(said.code, 0, "{}", said.err);
    insta::assert_snapshot!(said.out);
}

#[test]
fn the_json_gives_limits_with_their_strictness() {
    let v = json(&H20);
    let rules = v["rules"]["rules"].as_array().unwrap();
    let table = &rules[0];
    assert_eq!(
        (table["kind"].as_str(), table["instrument"].as_str()),
        (Some("classification"), Some("us-acs-ifr-2023"))
    );
    let target = table["targets"].as_array().unwrap();
    let b = target.iter().find(|t| t["to"] == "3A090.b").unwrap();
    let tpp = &b["changes"][0];
    assert_eq!(tpp["needed"]["relation"], "at_least");
    assert_eq!(tpp["needed"]["limit"], "2400");
    assert_eq!(tpp["up_to"]["relation"], "below");
    assert_eq!((&tpp["change"], &tpp["smallest"]), (&"32".into(), &true.into()));
    let kinds: Vec<&str> = rules.iter().map(|r| r["kind"].as_str().unwrap()).collect();
    for kind in ["classification", "letter", "bill", "review", "levy"] {
        assert!(kinds.contains(&kind), "no {kind} in {kinds:?}");
    }
}

#[test]
fn a_day_without_bounds_and_a_day_before_the_data() {
    let said = strait(&[
        "rules",
        "nearest",
        "h20",
        "--on",
        "2022-02-01",
        "--known",
        "2026-11-23",
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("no rule with bounds is in force that day"),
        "{}",
        said.out
    );
    refused(
        &["rules", "nearest", "h20", "--on", "2021-02-01"],
        &["2021-02-01", "2022-01-01"],
    );
    refused(&["rules", "nearest", "hh20"], &["no chip `hh20`"]);
}

#[test]
fn check_names_the_nearest_change_in_a_line() {
    let said = strait(&[
        "check",
        "h20",
        "--to",
        "CN",
        "--on",
        "2026-02-01",
        "--known",
        "2026-11-23",
    ]);
    let flat = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = "Nearest change: 3A090.b by TPP at least 2400 (+32, 1.35 %), 3A090.b.1;";
    assert!(flat.contains(line), "{}", said.out);
}
