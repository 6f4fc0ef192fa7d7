//! Rows and files of a batch that cannot be answered, and what they are told.

use super::{PARTS, folder, rows};
use crate::{flat, strait_in};
use std::path::Path;

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

/// A row is told the column it lacks, not the flag of a single check.
#[test]
fn a_row_is_told_of_columns() {
    let asked = |text: &str, args: &[&str], expected: &str| {
        let folder = folder("p.csv", text);
        let on = [
            "check",
            "--batch",
            "p.csv",
            "--on",
            "2025-06-01",
            "--known",
            "2026-10-01",
        ];
        let said = strait_in(folder.path(), &[&on[..], args].concat());
        assert_eq!(said.code, 2, "{}", said.err);
        let first = said.err.lines().next().unwrap();
        assert_eq!(first, format!("p.csv:{expected}"));
    };
    asked(
        "chip,to\nh20,\nh20,CN\n",
        &[],
        "2: to: no destination given; fill the column `to`",
    );
    asked(
        "chip,to,site\nh20,CN,mainland\nh20,HK,mainland\n",
        &[],
        "3: site: `mainland` contradicts `to` HK, which is offshore, as the China side sees it; leave `site` \
         empty, or say in `to` where the chip is put",
    );
    asked(
        "chip,to,from,route\nh20,CN,,reexport\n",
        &[],
        "2: route: `reexport` contradicts US to CN: by the law's words that is `export`; leave `route` empty, \
         or correct `from` and `to`",
    );
}
