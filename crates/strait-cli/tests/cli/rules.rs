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

fn list(args: &[&str]) -> Vec<serde_json::Value> {
    let v = json(&[&["rules", "list"], args].concat());
    v["rules"].as_array().unwrap().clone()
}

fn has(list: &[serde_json::Value], id: &str) -> bool {
    list.iter().any(|i| i["id"] == id)
}

#[test]
fn the_list_takes_state_side_and_form() {
    let days = ["--on", "2026-06-01", "--known", "2026-10-01"];
    let all = list(&days);
    let proposed = list(&[&days[..], &["--status", "proposed"]].concat());
    assert!(!proposed.is_empty() && proposed.len() < all.len());
    assert!(proposed.iter().all(|i| i["state"] == "proposed"), "{proposed:?}");
    let letters = list(
        &[
            &days[..],
            &["--side", "us", "--form", "letter", "--status", "in-force"],
        ]
        .concat(),
    );
    assert!(has(&letters, "us-letter-2025-04-nvidia"), "{letters:?}");
    assert!(letters.iter().all(|i| i["form"] == "letter" && i["side"] == "us"));
    refused(
        &["rules", "list", "--status", "in_forse"],
        &["did you mean `in_force`?"],
    );
}

#[test]
fn the_list_knows_what_the_public_and_what_the_addressee_knew() {
    let days = [
        "--on",
        "2025-04-10",
        "--known",
        "2025-04-10",
        "--status",
        "in_force",
    ];
    assert!(!has(&list(&days), "us-letter-2025-04-nvidia"), "not public yet");
    let told = list(&[&days[..], &["--known-to", "addressee"]].concat());
    assert!(
        has(&told, "us-letter-2025-04-nvidia"),
        "NVIDIA had been told: {told:?}"
    );
}

#[test]
fn an_instrument_is_shown_with_everything_its_file_says() {
    let said = strait(&["rules", "show", "us-ac-ifr-2022"]);
    assert_eq!(said.code, 0);
    let flat = crate::flat(&said.out);
    for part in [
        "87 FR 62186",
        "published",
        "What it classifies",
        "where TPP is at least 4800",
        "sum of inputs and outputs is at least 600 GB/s",
        "742.6(a)(6)",
        "presumption of denial",
        "Taken here",
        "Checked against",
    ] {
        assert!(flat.contains(part), "no `{part}` in {flat}");
    }
    let v = json(&["rules", "show", "us-ac-ifr-2022"]);
    assert_eq!(v["rules"]["classify"][0]["when"][0]["ge"], "4800");
    assert!(v["rules"]["verified"].is_array() && v["rules"]["status"].is_array());
}

/// Every list of rows an instrument may hold is shown, whatever it is called.
#[test]
fn no_instrument_is_shown_without_its_rows() {
    for id in [
        "us-acs-ifr-2023",
        "us-letter-2025-04-nvidia",
        "us-s232-2026",
        "us-foundry-dd-2025",
        "us-gp10-ascend-2025-05",
        "us-bill-safe-chips",
    ] {
        let facts = json(&["rules", "show", id])["rules"].clone();
        let shown = crate::flat(&strait(&["rules", "show", id]).out);
        let lists = facts.as_object().unwrap().values().filter_map(|v| v.as_array());
        let mut rows = 0;
        for paragraph in lists.flatten().filter_map(|row| row["paragraph"].as_str()) {
            let first = paragraph.split_whitespace().next().unwrap_or_default();
            assert!(shown.contains(first), "{id}: no `{first}` in {shown}");
            rows += 1;
        }
        assert!(rows > 0 || id == "us-s232-2026", "{id} holds no row");
    }
}

#[test]
fn a_list_of_a_day_before_the_data_is_refused() {
    crate::refused(
        &["rules", "list", "--on", "2019-01-01"],
        &["--on `2019-01-01` lies before the data begin"],
    );
}
