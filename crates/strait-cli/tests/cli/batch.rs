//! `strait check --batch`

mod files;
mod refusals;

use crate::{Said, strait_in};
use std::io::Write;
use std::process::{Command, Stdio};

const PARTS: &str = "id,chip,to,on,known\n\
                     a,h20,CN,2025-04-20,2026-10-01\n\
                     b,h20,CN,2025-04-08,2026-10-01\n\
                     c,ascend 910c,CN,2025-06-01,2026-10-01\n";

/// A scratch folder with one file.
fn folder(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    folder
}

fn rows(said: &Said) -> Vec<serde_json::Value> {
    let answer: serde_json::Value = serde_json::from_str(&said.out).expect("JSON on standard output");
    answer["rows"].as_array().expect("rows").clone()
}

/// Runs it with text on standard input.
fn piped(args: &[&str], text: &str) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_strait"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    Said {
        code: done.status.code().expect("an exit code"),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

#[test]
fn rows_come_back_in_order_as_csv() {
    let folder = folder("parts.csv", PARTS);
    let said = strait_in(folder.path(), &["check", "--batch", "parts.csv"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    insta::assert_snapshot!(said.out);
}

#[test]
fn every_answer_is_that_of_a_single_check() {
    let folder = folder("parts.csv", PARTS);
    let said = strait_in(
        folder.path(),
        &["check", "--batch", "parts.csv", "--format", "json"],
    );
    for (row, on) in rows(&said).iter().zip(["2025-04-20", "2025-04-08", "2025-06-01"]) {
        let chip = row["chip"].as_str().unwrap();
        let single = crate::json(&["check", chip, "--to", "CN", "--on", on, "--known", "2026-10-01"]);
        for field in [
            "chip",
            "to",
            "on",
            "known",
            "supply_effect",
            "stale_days",
            "hypothetical",
        ] {
            assert_eq!(row[field], single[field], "{field} of {chip}");
        }
        for field in [
            "classification",
            "paragraph",
            "jurisdiction",
            "license",
            "review",
            "codified_text",
        ] {
            assert_eq!(row[field], single["us"][field], "{field} of {chip}");
        }
        assert_eq!(row["cn_state"], single["cn"]["state"]);
        let needs = row["needs"].as_array().unwrap();
        assert_eq!(needs.is_empty(), single["needs"].as_array().unwrap().is_empty());
    }
}

#[test]
fn flags_hold_for_rows_that_do_not_say_otherwise() {
    let folder = folder("parts.csv", "chip,to,segment\nh20,,\nh20,SG,university\n,,\n");
    let said = strait_in(
        folder.path(),
        &[
            "check",
            "l20",
            "--to",
            "CN",
            "--on",
            "2025-04-20",
            "--known",
            "2026-10-01",
            "--batch",
            "parts.csv",
            "--json",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let found: Vec<(String, String)> = rows(&said)
        .iter()
        .map(|r| {
            (
                r["chip"].as_str().unwrap().to_owned(),
                r["to"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [
        ("nvidia-h20-96gb", "CN"),
        ("nvidia-h20-96gb", "SG"),
        ("nvidia-l20", "CN"),
    ];
    assert_eq!(found, expected.map(|(chip, to)| (chip.to_owned(), to.to_owned())));
}

#[test]
fn json_lines_and_standard_input() {
    let fixture = |name: &str| {
        let path = format!("{}/tests/fixtures/batch/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let said = piped(
        &[
            "check",
            "--batch",
            "-",
            "--batch-format",
            "jsonl",
            "--known",
            "2026-10-01",
            "--json",
        ],
        &fixture("rows.jsonl"),
    );
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let ids: Vec<serde_json::Value> = rows(&said).iter().map(|r| r["id"].clone()).collect();
    assert_eq!(ids, ["1".into(), serde_json::Value::Null, "é".into()]);
    let said = piped(
        &[
            "check",
            "--batch",
            "-",
            "--batch-format",
            "jsonl",
            "--known",
            "2026-10-01",
        ],
        &fixture("bad.jsonl"),
    );
    assert_eq!(said.code, 2);
    assert_eq!(said.out.lines().count(), 3, "a header and two rows: {}", said.out);
    assert!(
        said.err
            .contains("<stdin>:2: too: no column is called `too`; did you mean `to`?"),
        "{}",
        said.err
    );
    assert!(
        said.err
            .contains("<stdin>:7: quantity: `-3` is no number of items"),
        "{}",
        said.err
    );
}

#[test]
fn a_row_says_what_the_code_says_and_nobody_enforces() {
    let folder = folder(
        "parts.csv",
        "chip,to,on,known\nh100,JP,2026-08-01,2026-10-01\nh20,JP,2026-08-01,2026-10-01\n",
    );
    let asked = |format| {
        strait_in(
            folder.path(),
            &["check", "--batch", "parts.csv", "--all", "--format", format],
        )
    };
    let answers = rows(&asked("json"));
    let single = crate::json(&[
        "check",
        "h100",
        "--to",
        "JP",
        "--on",
        "2026-08-01",
        "--known",
        "2026-10-01",
    ]);
    let text = &answers[0]["codified_text"];
    assert_eq!(
        (text, &answers[0]["license"]),
        (&single["us"]["codified_text"], &"none_found".into())
    );
    assert_eq!(text["license"], "exception_available");
    assert!(answers[1]["codified_text"].is_null(), "{}", answers[1]);
    let csv = asked("csv").out;
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[1].contains("license exception_available"), "{}", lines[1]);
    assert!(lines[2].ends_with(",false,"), "{}", lines[2]);
    let sarif = asked("sarif").out;
    assert!(sarif.contains("The codified text, not enforced, would make it license exception available"));
}
