//! `strait rules`

use crate::{json, refused, strait};

#[test]
fn the_letter_changes_h20_on_its_day() {
    let v = json(&[
        "rules",
        "timeline",
        "h20",
        "--to",
        "CN",
        "--on",
        "2026-11-20",
        "--known",
        "2026-11-20",
    ]);
    let rows = v["rules"]["timeline"].as_array().expect("a timeline");
    let day = rows
        .iter()
        .find(|r| r["on"] == "2025-04-09")
        .expect("the day of the letter");
    assert!(
        day["instruments"]
            .as_array()
            .unwrap()
            .contains(&"us-letter-2025-04-nvidia".into()),
        "{day}"
    );
}

#[test]
fn what_was_not_public_yet_does_not_count() {
    let args = [
        "rules",
        "timeline",
        "h20",
        "--to",
        "CN",
        "--on",
        "2025-04-01",
        "--known",
        "2025-04-01",
    ];
    let v = json(&args);
    let rows = v["rules"]["timeline"].as_array().unwrap();
    assert!(
        rows.iter().all(|r| r["on"].as_str().unwrap() <= "2025-04-01"),
        "{rows:?}"
    );
}

#[test]
fn an_instrument_is_shown_with_its_status_and_a_misspelt_one_suggested() {
    let said = strait(&["rules", "show", "us-letter-2025-04-nvidia"]);
    assert_eq!(said.code, 0);
    assert!(
        said.out.contains("Status over time") && said.out.contains("2025-04-09"),
        "{}",
        said.out
    );
    refused(
        &["rules", "show", "us-letter-2025-04-nvidai"],
        &["did you mean `us-letter-2025-04-nvidia`"],
    );
}

#[test]
fn the_list_names_both_sides() {
    let v = json(&["rules"]);
    let ids: Vec<&str> = v["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["id"].as_str().unwrap())
        .collect();
    assert!(
        ids.contains(&"us-acs-ifr-2023") && ids.iter().any(|id| id.starts_with("cn-")),
        "{ids:?}"
    );
}
