//! `strait check … --fail-on-change`

use crate::{flat, strait_in};
use std::path::Path;

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// Keeps the answer to a parts file as `base.json`.
fn keep(folder: &Path, parts: &str, known: &str) {
    write(folder, "parts.csv", parts);
    let said = strait_in(
        folder,
        &[
            "check",
            "--batch",
            "parts.csv",
            "--known",
            known,
            "--format",
            "json",
            "--out",
            "base.json",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
}

fn compare(folder: &Path, known: &str) -> crate::Said {
    strait_in(
        folder,
        &[
            "check",
            "--batch",
            "parts.csv",
            "--known",
            known,
            "--fail-on-change",
            "base.json",
            "--format",
            "json",
        ],
    )
}

#[test]
fn what_was_learned_since_is_told_with_its_instrument() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    keep(
        folder,
        "id,chip,to,on\nx,h20,CN,2025-04-10\ny,h100,CN,2025-04-10\n",
        "2025-04-10",
    );
    let same = compare(folder, "2025-04-10");
    assert_eq!((same.code, same.err.as_str()), (0, ""));
    let later = compare(folder, "2025-04-20");
    assert_eq!(later.code, 1);
    let first = later.err.lines().next().unwrap();
    assert!(
        first.starts_with("parts.csv:2: x: license none_found → required")
            && first.contains("by us-letter-2025-04-nvidia"),
        "{}",
        later.err
    );
    assert!(
        later.err.contains("1 row not as in the baseline"),
        "{}",
        later.err
    );
    let answer: serde_json::Value = serde_json::from_str(&later.out).unwrap();
    assert_eq!(answer["changes"].as_array().unwrap().len(), 1);
    assert_eq!(answer["changes"][0]["instruments"][0], "us-letter-2025-04-nvidia");
}

#[test]
fn rows_without_an_id_are_known_by_what_they_state_wherever_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    keep(
        folder,
        "chip,to,on\nh20,CN,2025-04-10\nl20,SG,2025-04-10\nl20,SG,2025-04-10\n",
        "2025-04-20",
    );
    write(
        folder,
        "parts.csv",
        "to,on,chip\nSG,2025-04-10,l20\nCN,2025-04-10,h20\nSG,2025-04-10,l20\n",
    );
    let same = compare(folder, "2025-04-20");
    assert_eq!((same.code, same.err.as_str()), (0, ""));
    write(
        folder,
        "parts.csv",
        "to,on,chip\nSG,2025-04-10,l20\nVN,2025-04-10,h20\n",
    );
    let other = compare(folder, "2025-04-20");
    assert_eq!(other.code, 1);
    for line in [
        "parts.csv:3: chip=h20;to=VN;on=2025-04-10: new, not in the baseline",
        "chip=h20;to=CN;on=2025-04-10: gone, only in the baseline",
        "chip=l20;to=SG;on=2025-04-10: gone, only in the baseline",
    ] {
        assert!(other.err.contains(line), "no `{line}` in {}", other.err);
    }
}

#[test]
fn a_bad_row_is_bad_input_and_not_gone() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    keep(
        folder,
        "id,chip,to,on\nx,h20,CN,2025-04-10\ny,h100,CN,2025-04-10\n",
        "2025-04-20",
    );
    write(
        folder,
        "parts.csv",
        "id,chip,to,on\nx,h20x,CN,2025-04-10\ny,h100,CN,2025-04-10\n",
    );
    let said = compare(folder, "2025-04-20");
    assert_eq!(said.code, 2);
    assert!(!said.err.contains("gone"), "{}", said.err);
}

#[test]
fn a_single_check_is_compared_with_a_single_check() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let ask = |known: &str, more: &[&str]| {
        let args = [
            "check",
            "h20",
            "--to",
            "CN",
            "--on",
            "2025-04-10",
            "--known",
            known,
        ];
        strait_in(folder, &[&args[..], more].concat())
    };
    write(folder, "base.json", &ask("2025-04-10", &["--json"]).out);
    assert_eq!(ask("2025-04-10", &["--fail-on-change", "base.json"]).code, 0);
    let said = ask("2025-04-20", &["--fail-on-change", "base.json"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("license none_found → required"), "{}", said.err);
    write(folder, "parts.csv", "chip,to,on\nh20,CN,2025-04-10\n");
    assert_eq!(compare(folder, "2025-04-10").code, 0);
    assert_eq!(compare(folder, "2025-04-20").code, 1);
}

/// The guidance of May 2025 made the presumption; that the letter to NVIDIA came meanwhile is no part of it.
#[test]
fn each_field_is_put_down_to_what_turned_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let parts = |day: &str| format!("id,chip,to,on\nx,ascend-910c,CN,{day}\ny,h20,CN,{day}\n");
    keep(folder, &parts("2025-04-01"), "2026-10-01");
    write(folder, "parts.csv", &parts("2025-09-01"));
    let said = compare(folder, "2026-10-01");
    assert_eq!(said.code, 1, "{}", said.err);
    let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let field = |row: &str, field: &str| {
        let rows = answer["changes"].as_array().unwrap();
        let row = rows.iter().find(|c| c["row"] == row).expect(row);
        let fields = row["fields"].as_array().unwrap();
        fields
            .iter()
            .find(|f| f["field"] == field)
            .unwrap_or_else(|| panic!("{field} of {row}"))["instruments"]
            .clone()
    };
    let only = |id: &str| serde_json::json!([id]);
    assert_eq!(field("x", "jurisdiction"), only("us-gp10-ascend-2025-05"));
    assert_eq!(field("x", "prohibitions"), only("us-gp10-ascend-2025-05"));
    assert_eq!(field("y", "license"), only("us-letter-2025-04-nvidia"));
    assert_eq!(field("y", "levies"), only("us-revenue-share-2025-08"));
    let china = field("y", "cn_state");
    assert!(
        china
            .as_array()
            .unwrap()
            .iter()
            .all(|id| id.as_str().unwrap().starts_with("cn-")),
        "{china}"
    );
}

/// A file of the law that was corrected since is a cause even where no day turned.
#[test]
fn a_corrected_file_is_the_cause_where_the_days_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    keep(folder, "id,chip,to,on\nx,h20,CN,2025-06-01\n", "2026-10-01");
    let own = folder.join("own/rules/us");
    std::fs::create_dir_all(&own).unwrap();
    let text = include_str!("../../../../data/rules/us/letter-2025-04-nvidia.toml");
    let changed = text.replacen(
        "\nwhere = \"D:5 or MO\"",
        "\nreview = \"case_by_case\"\nwhere = \"D:5 or MO\"",
        1,
    );
    assert_ne!(changed, text, "the letter's file has changed its shape");
    std::fs::write(own.join("letter-2025-04-nvidia.toml"), changed).unwrap();
    let args = [
        "check",
        "--batch",
        "parts.csv",
        "--known",
        "2026-10-01",
        "--fail-on-change",
        "base.json",
        "--data",
        "own",
    ];
    let said = strait_in(folder, &args);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(
        said.err
            .contains("review not_stated → case_by_case (by us-letter-2025-04-nvidia)"),
        "{}",
        said.err
    );
}

/// Baselines written before a field was watched are compared by the fields they have.
#[test]
fn an_older_baseline_is_compared_by_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    keep(
        folder,
        "id,chip,to,on\nx,ascend-910c,CN,2025-09-01\n",
        "2026-10-01",
    );
    let text = std::fs::read_to_string(folder.join("base.json")).unwrap();
    let mut base: serde_json::Value = serde_json::from_str(&text).unwrap();
    base.as_object_mut().unwrap().remove("instruments");
    let row = base["rows"][0].as_object_mut().unwrap();
    for newer in [
        "conditions",
        "prohibitions",
        "red_flags",
        "subsidies",
        "cn_quota",
        "rests_on",
        "codified",
        "known_to",
    ] {
        assert!(row.remove(newer).is_some(), "no `{newer}`");
    }
    write(folder, "base.json", &base.to_string());
    let said = compare(folder, "2026-10-01");
    assert_eq!((said.code, said.err.as_str()), (0, ""));
}

#[test]
fn what_is_no_baseline_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "parts.csv", "chip,to,on\nh20,CN,2025-04-10\n");
    for (text, word) in [
        ("not json", "base.json:1"),
        ("{\"rows\": 7}", "no baseline"),
        ("{}", "neither rows nor one verdict"),
    ] {
        write(folder, "base.json", text);
        let said = compare(folder, "2025-04-20");
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{text}");
        assert!(flat(&said.err).contains(word), "no `{word}` in {}", said.err);
    }
    std::fs::remove_file(folder.join("base.json")).unwrap();
    assert_eq!(compare(folder, "2025-04-20").code, 2);
}
