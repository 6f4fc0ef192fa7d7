//! `strait brief`

use crate::{refused, strait_in};
use std::path::Path;

const DAYS: [&str; 4] = ["--on", "2025-04-20", "--known", "2026-11-23"];
const H20: [&str; 4] = ["brief", "h20", "--to", "CN"];

fn page(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("brief-h20-CN-2025-04-20.html")).expect("the page")
}

#[test]
fn text_has_the_six_parts_in_order_and_the_page_the_same_title() {
    let folder = tempfile::tempdir().unwrap();
    let said = strait_in(folder.path(), &[&H20[..], &DAYS].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let parts = [
        "1. The answer",
        "2. The law",
        "3. What it does",
        "4. What it costs",
        "5. Who would buy",
        "6. Which figures are weak",
        "Sources",
    ];
    let places: Vec<usize> = parts
        .iter()
        .map(|p| said.out.find(p).unwrap_or_else(|| panic!("no part {p}")))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    let html = page(folder.path());
    for part in parts {
        assert!(html.contains(part), "no {part} in the page");
    }
}

#[test]
fn the_page_stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(strait_in(folder.path(), &[&H20[..], &DAYS].concat()).code, 0);
    let html = page(folder.path());
    assert!(html.len() < 1_000_000, "{} bytes", html.len());
    for outside in ["<script", "<link", "<img", "<iframe", "@import", "url(", " src="] {
        assert!(!html.contains(outside), "`{outside}` in the page");
    }
    // Addresses only where a reader follows them, and in the SVG's own name.
    for (at, _) in html.match_indices("http") {
        let before = &html[at.saturating_sub(60)..at];
        let as_link = before.ends_with("<a href=\"") || before.ends_with("rel=\"noreferrer\">");
        assert!(
            as_link || before.ends_with("xmlns=\""),
            "{}",
            &html[at.saturating_sub(60)..at + 60]
        );
    }
    let pictures: Vec<&str> = html
        .split("<figure>")
        .skip(1)
        .map(|f| f.split("</figure>").next().unwrap())
        .collect();
    assert!(pictures.len() >= 4, "{} pictures", pictures.len());
    for svg in pictures {
        let doc = roxmltree::Document::parse(svg).expect("well-formed SVG");
        let root = doc.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        assert!(
            root.children()
                .any(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "title")))
        );
    }
    for (at, _) in html.match_indices("href=\"#") {
        let id = html[at + 7..].split('"').next().unwrap();
        assert!(html.contains(&format!("id=\"{id}\"")), "no anchor {id}");
    }
}

#[test]
fn json_holds_the_same_facts_and_equal_questions_get_equal_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let args = [&H20[..], &DAYS, &["--json"]].concat();
    let first = strait_in(folder.path(), &args);
    let second = strait_in(folder.path(), &args);
    assert_eq!(first.out, second.out);
    let v: serde_json::Value = serde_json::from_str(&first.out).unwrap();
    for key in [
        "strait",
        "subject",
        "answer",
        "law",
        "peers",
        "performance",
        "cost",
        "market",
        "weak",
        "sources",
    ] {
        assert!(v.get(key).is_some(), "no key {key}");
    }
    assert_eq!(v["answer"]["sentences"].as_array().unwrap().len(), 2);
    assert_eq!(v["law"]["verdict"]["us"]["license"], "required");
    let html = page(folder.path());
    for sentence in v["answer"]["sentences"].as_array().unwrap() {
        let text = sentence
            .as_str()
            .unwrap()
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        assert!(html.contains(&text), "no `{text}` in the page");
    }
    // Five workloads, each chip with an interval round its value or with what is missing.
    let classes: std::collections::BTreeSet<&str> = v["performance"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["class"].as_str().unwrap())
        .collect();
    assert_eq!(classes.len(), 5, "{classes:?}");
    for row in v["performance"].as_array().unwrap() {
        for chip in row["chips"].as_array().unwrap() {
            if chip[1]["state"] == "known" {
                let rate = &chip[1]["result"]["rate"];
                let of = |key: &str| rate[key].as_f64().unwrap();
                assert!(of("low") < of("value") && of("value") < of("high"), "{rate}");
            } else {
                assert!(!chip[1]["result"].as_array().unwrap().is_empty(), "{chip}");
            }
        }
    }
}

#[test]
fn a_place_that_cannot_be_written_still_gets_the_brief() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let said = strait_in(
        folder.path(),
        &[&H20[..], &DAYS, &["--out", "file/page.html"]].concat(),
    );
    assert_eq!(said.code, 2);
    assert!(
        said.out.contains("6. Which figures are weak") && said.err.contains("file/page.html"),
        "{}",
        said.err
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "a partial file was left"
    );
}

#[test]
fn out_takes_a_file_or_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pages")).unwrap();
    let run = |out: &str| strait_in(folder.path(), &[&H20[..], &DAYS, &["--out", out]].concat()).code;
    assert_eq!((run("pages"), run("mine.html")), (0, 0));
    assert!(folder.path().join("pages/brief-h20-CN-2025-04-20.html").is_file());
    assert!(folder.path().join("mine.html").is_file());
}

#[test]
fn charts_stand_alone_with_their_numbers_and_the_line_to_cite() {
    let folder = tempfile::tempdir().unwrap();
    let said = strait_in(
        folder.path(),
        &[&H20[..], &DAYS, &["--charts", "new/charts"]].concat(),
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let read = |name: &str| {
        let file = format!("new/charts/brief-h20-CN-2025-04-20-{name}");
        std::fs::read_to_string(folder.path().join(&file)).unwrap_or_else(|e| panic!("{file}: {e}"))
    };
    for (name, head) in [
        ("law", "lane,from,to,state"),
        ("performance", "group,bar,value,low,high"),
        ("cost", "group,bar,value,low,high"),
        ("market", "group,bar,part,share"),
    ] {
        let (svg, csv) = (read(&format!("{name}.svg")), read(&format!("{name}.csv")));
        roxmltree::Document::parse(&svg).unwrap_or_else(|e| panic!("{name}: {e}"));
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[3], head);
        assert!(lines.len() > 5, "{csv}");
        for part in ["as known on 2026-11-23", "· data ", "CC BY 4.0"] {
            assert!(svg.contains(part) && csv.contains(part), "{name}: no {part}");
        }
    }
}

#[test]
fn named_rivals_are_compared_and_a_misspelt_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let said = strait_in(
        folder.path(),
        &[&H20[..], &DAYS, &["--vs", "h100,ascend-910b", "--json"]].concat(),
    );
    let v: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let roles: Vec<&str> = v["peers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["subject", "named", "named"]);
    refused(
        &["brief", "h20", "--to", "CN", "--vs", "h1000000"],
        &["no chip `h1000000`"],
    );
}
