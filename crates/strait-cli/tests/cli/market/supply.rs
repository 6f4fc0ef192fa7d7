//! `strait market supply`

use crate::{json, refused, strait};

#[test]
fn rival_statements_of_supply_stand_side_by_side() {
    let at = |known: &str| json(&["market", "supply", "huawei-910", "--known", known])["supply"].clone();
    let of_2025 = |said: &serde_json::Value| -> Vec<(f64, String)> {
        let rows = said.as_array().unwrap().iter();
        rows.filter(|s| s["from"] == "2025-01-01" && s["to"] == "2025-12-31")
            .map(|s| {
                (
                    s["units"]["value"].as_f64().unwrap(),
                    s["reference"]["source"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    };
    let late = of_2025(&at("2026-11-23"));
    let units: Vec<f64> = late.iter().map(|(units, _)| *units).collect();
    assert!(
        units.contains(&200_000.0) && units.contains(&800_000.0),
        "{late:?}"
    );
    // Before the Commerce Department spoke in June 2025 nobody had said 200,000.
    assert!(
        of_2025(&at("2025-05-31"))
            .iter()
            .all(|(units, _)| *units > 200_000.0)
    );
    let said = strait(&["market", "supply", "huawei", "--known", "2026-11-23"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for part in [
        "huawei-950pr",
        "2025: from 200,000 (",
        "4.1 times as many",
        "Sources",
    ] {
        assert!(said.out.contains(part), "no {part} in {}", said.out);
    }
    refused(
        &["market", "supply", "huawie-910", "--known", "2026-11-23"],
        &["no pool `huawie-910`", "did you mean `huawei-910"],
    );
    refused(
        &["market", "supply", "--known", "2020-01-01"],
        &["--known `2020-01-01` lies before the data begin"],
    );
}
