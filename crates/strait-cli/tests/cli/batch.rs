//! `strait check --batch`

use crate::{Said, flat, strait_in};
use std::io::Write;
use std::path::Path;
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
fn bad_rows_are_told_by_line_and_the_rest_is_done() {
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/batch/bad.csv");
    let folder = folder("bad.csv", &std::fs::read_to_string(fixture).unwrap());
    let said = strait_in(
        folder.path(),
        &["check", "--batch", "bad.csv", "--known", "2026-10-01", "--json"],
    );
    assert_eq!(said.code, 2);
    let ids: Vec<String> = rows(&said)
        .iter()
        .map(|r| r["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["1", "9"]);
    let lines: Vec<&str> = said.err.lines().collect();
    let expected = [
        "bad.csv:3: chip: no chip `h20x` in the catalog; did you mean `h20`",
        "bad.csv:4: to: no country `Chian` in the data; did you mean `China`",
        "bad.csv:5: on: `2025-02-30` is no day; expected year, month and day as in 2025-04-09",
        "bad.csv:6: owned-by-listed: `150` is no share; expected a percentage from 0 to 100",
        "bad.csv:7: row: a quote is not closed on its line",
        "bad.csv:8: row: 3 cells where the header has 5",
        "bad.csv:9: on: `2020-01-01` lies before the data begin",
        "7 of 9 rows could not be answered; the others are done",
    ];
    assert_eq!(lines.len(), expected.len(), "{}", said.err);
    for (line, expected) in lines.iter().zip(expected) {
        assert!(
            line.starts_with(expected),
            "`{line}` does not begin with `{expected}`"
        );
    }
    let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(answer["errors"].as_array().unwrap().len(), 7);
    assert_eq!(answer["errors"][0]["line"], 3);
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
fn files_that_cannot_be_are_refused_whole() {
    let refused = |name: &str, text: &str, args: &[&str], words: &[&str]| {
        let folder = folder(name, text);
        let said = strait_in(folder.path(), &[&["check", "--batch", name], args].concat());
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{name}: {}", said.err);
        for word in words {
            assert!(
                flat(&said.err).contains(word),
                "no `{word}` in {}",
                flat(&said.err)
            );
        }
    };
    refused(
        "p.csv",
        "chip,too\nh20,CN\n",
        &[],
        &["p.csv:1: no column is called `too`; did you mean `to`?"],
    );
    refused("p.csv", "chip,to,to\nh20,CN,CN\n", &[], &["`to` stands twice"]);
    refused("p.csv", "", &[], &["`p.csv` is empty"]);
    refused("p.csv", "to\nCN\n", &[], &["names no chips"]);
    refused("p.csv", "chip\nh20\n", &[], &["names no destinations"]);
    refused("p.txt", "chip,to\nh20,CN\n", &[], &["--batch-format"]);
    refused("p.csv", PARTS, &["--json", "--format", "csv"], &["contradicts"]);
    refused(
        "p.csv",
        PARTS,
        &["--out", "nowhere/answer.csv"],
        &["nowhere/answer.csv"],
    );
    refused("p.csv", PARTS, &["--explain"], &["--batch"]);
    refused(
        "p.csv",
        PARTS,
        &["--out", "./p.csv"],
        &["is the file that --batch reads"],
    );
    let said = strait_in(Path::new("."), &["check", "--batch", "absent.csv"]);
    assert!(
        said.code == 2 && said.err.contains("`absent.csv` cannot be read"),
        "{}",
        said.err
    );
}

#[test]
fn many_rows_give_the_same_bytes_on_any_number_of_threads() {
    let mut text = String::from("id,chip,to,on,known\n");
    let chips = ["h20", "h100", "ascend 910c", "l20", "mi300x", "no such chip"];
    for n in 0..6000 {
        let (chip, to) = (chips[n % chips.len()], ["CN", "SG", "AE", "VN"][n % 4]);
        text.push_str(&format!(
            "{n},{chip},{to},2025-{:02}-{:02},2026-10-01\n",
            1 + n % 12,
            1 + n % 28
        ));
    }
    let folder = folder("parts.csv", &text);
    for format in ["csv", "json", "sarif"] {
        let run = |threads: &str| {
            let done = Command::new(env!("CARGO_BIN_EXE_strait"))
                .args(["check", "--batch", "parts.csv", "--format", format])
                .current_dir(folder.path())
                .env("RAYON_NUM_THREADS", threads)
                .output()
                .unwrap();
            assert_eq!(done.status.code(), Some(2));
            (done.stdout, done.stderr)
        };
        let (one, two) = (run("1"), run("2"));
        assert!(one.0.len() > 100_000, "{format}");
        assert!(one == two, "{format} depends on the threads");
    }
}

#[test]
fn a_file_is_written_whole_and_a_failed_run_leaves_none() {
    let folder = folder("parts.csv", PARTS);
    let out = folder.path().join("answer.csv");
    let said = strait_in(
        folder.path(),
        &["check", "--batch", "parts.csv", "--out", "answer.csv"],
    );
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
    let written = std::fs::read_to_string(&out).unwrap();
    assert_eq!(
        written,
        strait_in(folder.path(), &["check", "--batch", "parts.csv"]).out
    );
    std::fs::remove_file(&out).unwrap();
    let said = strait_in(
        folder.path(),
        &["check", "--batch", "absent.csv", "--out", "answer.csv"],
    );
    assert_eq!(said.code, 2);
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "only the parts file is left"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_the_former_answer_and_no_other_file() {
    let folder = folder("answer.csv", "the former answer");
    let mut child = Command::new(env!("CARGO_BIN_EXE_strait"))
        .args([
            "check",
            "--batch",
            "-",
            "--batch-format",
            "csv",
            "--out",
            "answer.csv",
        ])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // Input stays open: the run waits for more. Its temporary file tells that it has begun.
    let mut input = child.stdin.take().unwrap();
    input.write_all(PARTS.as_bytes()).unwrap();
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    for _ in 0..600 {
        if files() == 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(files(), 2, "a temporary file beside the answer");
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(files(), 1);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("answer.csv")).unwrap(),
        "the former answer"
    );
}

#[test]
fn strict_ends_with_four_where_the_law_has_not_been_read_so_far() {
    let folder = folder("parts.csv", "chip,to,on\nh20,CN,2030-01-01\nh20,CN,2025-01-01\n");
    let said = strait_in(folder.path(), &["check", "--batch", "parts.csv", "--strict"]);
    assert_eq!(said.code, 4);
    assert!(said.err.contains("1 row asked of later days"), "{}", said.err);
    assert_eq!(
        strait_in(folder.path(), &["check", "--batch", "parts.csv"]).code,
        0
    );
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let mut text = String::from("chip,to,on\n");
    for _ in 0..20_000 {
        text.push_str("h20,CN,2025-04-20\n");
    }
    let folder = folder("parts.csv", &text);
    let mut child = Command::new(env!("CARGO_BIN_EXE_strait"))
        .args(["check", "--batch", "parts.csv"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), done.stderr.as_slice()), (Some(0), &b""[..]));
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
