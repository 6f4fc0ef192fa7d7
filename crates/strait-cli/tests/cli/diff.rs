//! `strait rules diff`

use crate::{flat, json, refused, strait_in};
use serde_json::Value;

fn part<'a>(v: &'a Value, chip: &str) -> Option<&'a Value> {
    let parts = v["rules"]["parts"].as_array().unwrap();
    parts.iter().find(|p| p["chip"] == chip)
}

#[test]
fn the_letter_of_april_2025_turns_h20_and_says_so() {
    let v = json(&[
        "rules",
        "diff",
        "2025-04-08",
        "2025-04-20",
        "--known",
        "2026-10-01",
    ]);
    let instruments = v["rules"]["instruments"].as_array().unwrap();
    let letter = instruments
        .iter()
        .find(|i| i["id"] == "us-letter-2025-04-nvidia")
        .expect("the letter");
    assert_eq!(
        (&letter["turned"], &letter["after"]),
        (&"began".into(), &"in_force".into())
    );
    let h20 = part(&v, "nvidia-h20-96gb").expect("H20");
    let licenses = (&h20["before"]["license"], &h20["after"]["license"]);
    assert_eq!(licenses, (&"none_found".into(), &"required".into()));
    assert_eq!(h20["instruments"][0], "us-letter-2025-04-nvidia");
    assert!(
        part(&v, "nvidia-h100-sxm").is_none(),
        "H100 needed a license before and after"
    );
    let changed = v["rules"]["parts"].as_array().unwrap().len() as u64;
    let unchanged = v["rules"]["unchanged"].as_u64().unwrap();
    assert_eq!(changed + unchanged, 117, "every accelerator of the catalog");
}

#[test]
fn each_day_as_it_was_known_is_another_question() {
    let days = ["rules", "diff", "2025-04-08", "2025-04-10"];
    let now = json(&[&days[..], &["--known", "2026-10-01"]].concat());
    assert!(
        part(&now, "nvidia-h20-96gb").is_some(),
        "the letter of the 9th bound on the 10th"
    );
    let then = json(&[&days[..], &["--as-known"]].concat());
    assert!(
        part(&then, "nvidia-h20-96gb").is_none(),
        "nobody but NVIDIA knew on the 10th"
    );
    let told = json(&[&days[..], &["--as-known", "--known-to", "addressee"]].concat());
    assert!(
        part(&told, "nvidia-h20-96gb").is_some(),
        "NVIDIA had been told on the 9th"
    );
}

#[test]
fn parts_of_a_file_are_named_as_the_file_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let text = "id,chip,to,on,hq\nx,h20,CN,2024-01-01,\ny,h20,SG,,\nz,h20x,CN,,\nw,h20,SG,,CN\n";
    std::fs::write(folder.path().join("parts.csv"), text).unwrap();
    let args = [
        "rules",
        "diff",
        "2025-04-08",
        "2025-04-20",
        "--known",
        "2026-10-01",
    ];
    let said = strait_in(
        folder.path(),
        &[&args[..], &["--parts", "parts.csv", "--json"]].concat(),
    );
    assert_eq!(said.code, 2, "one row is bad, the rest is done");
    assert!(
        said.err.contains("parts.csv:4: chip: no chip `h20x`"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("the days of the rows are not used"),
        "{}",
        said.err
    );
    let v: Value = serde_json::from_str(&said.out).unwrap();
    let parts = v["rules"]["parts"].as_array().unwrap();
    let rows: Vec<&str> = parts.iter().map(|p| p["row"].as_str().unwrap()).collect();
    assert_eq!(
        rows,
        ["x", "w"],
        "Singapore alone is not touched; a Chinese headquarters is"
    );
}

#[test]
fn text_tells_the_same_and_equal_days_tell_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let args = [
        "rules",
        "diff",
        "2025-04-08",
        "2025-04-20",
        "--known",
        "2026-10-01",
    ];
    let said = strait_in(folder.path(), &args);
    assert_eq!(said.code, 0);
    let text = flat(&said.out);
    for part in [
        "us-letter-2025-04-nvidia",
        "began",
        "nvidia-h20-96gb",
        "license none found -> required",
        "of 117 parts",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    let v = json(&["rules", "diff", "2025-04-20", "2025-04-20", "--to", "CN,HK"]);
    assert!(v["rules"]["instruments"].as_array().unwrap().is_empty());
    assert!(v["rules"]["parts"].as_array().unwrap().is_empty());
    assert_eq!(v["rules"]["unchanged"], 234);
    refused(&["rules", "diff", "2025-04-20", "soon"], &["`soon` is no day"]);
    refused(
        &["rules", "diff", "2025-04-20", "2025-04-21", "--to", "Chian"],
        &["did you mean `China`"],
    );
    refused(
        &["rules", "diff", "2025-04-21", "2025-04-20"],
        &["D1 `2025-04-21` lies after D2 `2025-04-20`"],
    );
    refused(
        &["rules", "diff", "2020-04-20", "2025-04-21"],
        &["before the data begin"],
    );
}

#[test]
fn a_what_if_on_one_day_tells_whom_it_catches() {
    let args = [
        "rules",
        "diff",
        "2026-11-20",
        "--known",
        "2026-11-23",
        "--against",
    ];
    let v = json(&[&args[..], &["tpp-1600"]].concat());
    assert_eq!(v["rules"]["scenario"]["id"], "tpp-1600");
    let d = part(&v, "nvidia-rtx-4090d").expect("RTX 4090D");
    assert_eq!(
        (&d["turn"], &d["maker"], &d["datacenter"]),
        (&"caught".into(), &"us".into(), &false.into())
    );
    let folder = tempfile::tempdir().unwrap();
    let said = strait_in(folder.path(), &[&args[..], &["tpp-1600"]].concat());
    let text = flat(&said.out);
    for words in [
        "9 caught (2 of them needed a license before as well)",
        "nvidia-rtx-4090d, nvidia-rtx-5090d, nvidia-rtx-5090d-v2",
        "Caught:",
    ] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
    // From one what-if to another: what the limb caught is freed again.
    let v = json(
        &[
            &["--scenario", "bandwidth-threshold"],
            &args[..],
            &["no-april-2025-letter"],
        ]
        .concat(),
    );
    assert_eq!(part(&v, "nvidia-h20-96gb").expect("H20")["turn"], "freed");
    refused(&[&args[..], &["tpp-160"]].concat(), &["tpp-1600"]);
    refused(
        &[&args[..], &["tpp-1600", "--as-known"]].concat(),
        &["--as-known"],
    );
    let text = "[[rules.bound]]\ninstrument = \"us-acs-ifr-2023\"\nparagraph = \"3A090.a.3\"\nmetric = \"tpp\"\ncomparator = \"ge\"\nto = \"1\"\n";
    std::fs::write(folder.path().join("wrong.toml"), text).unwrap();
    let said = strait_in(folder.path(), &[&args[..], &["wrong.toml"]].concat());
    assert_eq!(said.code, 2);
    assert!(
        flat(&said.err).contains("did you mean `3A090.a.1`"),
        "{}",
        said.err
    );
}
