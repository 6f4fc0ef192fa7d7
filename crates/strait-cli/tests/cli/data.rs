//! `strait data check`

use crate::{json, strait_in};

#[test]
fn the_shipped_data_hold_together() {
    let v = json(&["data", "check"]);
    assert_eq!((&v["chips"], &v["memory_stacks"]), (&117.into(), &8.into()));
    assert!(
        v["instruments"].as_u64().unwrap() > 10 && v["sources"].as_u64().unwrap() > 50,
        "{v}"
    );
}

/// Runs `data check` with one file laid over the shipped ones.
fn with_file(path: &str, text: &str) -> crate::Said {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine").join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    strait_in(folder.path(), &["data", "check", "--data", "mine"])
}

fn shipped(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../data/{path}", env!("CARGO_MANIFEST_DIR")))
        .expect("a shipped file")
}

#[test]
fn an_overlay_is_checked_with_the_rest() {
    let h20 = "chips/nvidia/h20-96gb.toml";
    assert_eq!(with_file(h20, &shipped(h20)).code, 0);
    let text = shipped(h20);
    for (what, spoilt) in [
        ("unit", text.replace("unit = \"W\"", "unit = \"V\"")),
        ("no toml", text.replacen('=', "==", 1)),
        ("unknown field", format!("colour = \"green\"\n{text}")),
    ] {
        assert_ne!(spoilt, text, "{what}: nothing was spoilt");
        let said = with_file(h20, &spoilt);
        assert_eq!(said.code, 2, "{what}");
        assert!(said.err.contains("h20-96gb.toml:"), "{what}: {}", said.err);
    }
    assert_eq!(
        with_file("notes.txt", "x").code,
        2,
        "a folder without data is refused"
    );
}

#[test]
fn a_source_that_stands_twice_is_found() {
    let said = with_file(
        "sources/zz.toml",
        "[[source]]\nid = \"recalled\"\ntitle = \"x\"\ngrade = \"recalled\"\n",
    );
    assert_eq!(said.code, 2);
    assert!(said.err.contains("`recalled` stands twice"), "{}", said.err);
}

#[test]
fn figures_and_instruments_are_counted_by_grade() {
    let v = json(&["data", "check"]);
    let sum = |what: &str| -> u64 {
        let rows = v["grades"].as_array().unwrap();
        rows.iter().map(|row| row[what].as_u64().unwrap()).sum()
    };
    assert_eq!(sum("chip_figures"), v["figures"].as_u64().unwrap());
    assert_eq!(sum("instruments"), v["instruments"].as_u64().unwrap());
    assert!(
        sum("table_rows") > 300 && sum("parameters") > 30,
        "{}",
        v["grades"]
    );
}

#[test]
fn no_grade_is_raised_without_a_verified_entry() {
    let path = "rules/us/ac-ifr-2022.toml";
    let text = shipped(path);
    let (before, verified) = text.split_at(text.find("[[verified]]").expect("a verified entry"));
    let of = |text: &str, grade: &str| {
        let at = text.find("\ngrade = ").expect("a grade") + 1;
        let end = at + text[at..].find('\n').expect("a line");
        format!("{}grade = \"{grade}\"{}", &text[..at], &text[end..])
    };
    let official = of(before, "official");
    let said = with_file(path, &official);
    assert_eq!(said.code, 2);
    let flat = crate::flat(&said.err);
    assert!(
        flat.contains("`official` without a `[[verified]]` entry"),
        "{flat}"
    );
    // An entry of a lesser grade does not carry it either; one as good does.
    assert_eq!(
        with_file(path, &format!("{official}{}", of(verified, "analysis"))).code,
        2
    );
    let said = with_file(path, &format!("{official}{}", of(verified, "official")));
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn a_misnamed_overlay_file_is_refused_with_the_nearest_path() {
    let said = with_file("market/pirces.csv", &shipped("market/prices.csv"));
    assert_eq!(said.code, 2);
    let flat = crate::flat(&said.err);
    assert!(
        flat.contains("market/pirces.csv: no data file has this path"),
        "{flat}"
    );
    assert!(flat.contains("did you mean `market/prices.csv`"), "{flat}");
}

/// Files that `data check` does not read, and why.
const UNREAD: [(&str, &str); 4] = [
    (
        "market/posterior/draws.csv",
        "runs of the market refuse draws that do not belong to the data; a set with new priors is checked before it is fitted",
    ),
    (
        "market/posterior/summary.csv",
        "what a fit says of itself, which no command reads",
    ),
    (
        "validation/china_states.csv",
        "cases that the tests of the law read",
    ),
    ("validation/verdicts.csv", "cases that the tests of the law read"),
];

/// Folders whose files are all read by one reader: the first file stands for them.
const ALIKE: [&str; 7] = [
    "chips/",
    "rules/us/",
    "rules/cn/",
    "models/",
    "workloads/",
    "scenarios/",
    "sources/",
];

#[test]
fn no_file_is_passed_over() {
    let data = strait::data::DataSet::embedded();
    let mut seen = std::collections::BTreeSet::new();
    let mut tried = 0;
    let mut passed = Vec::new();
    for path in data.below("").map(|file| file.path) {
        let alike = ALIKE.iter().find(|folder| path.starts_with(**folder));
        // A fit of a day before stands in a folder of that day, its summary as unread as the newest one's.
        let unread = |(file, _): &(&str, &str)| {
            let summary = file.strip_suffix("summary.csv");
            *file == path || summary.is_some_and(|f| path.starts_with(f) && path.ends_with("/summary.csv"))
        };
        if alike.is_some_and(|folder| !seen.insert(*folder)) || UNREAD.iter().any(unread) {
            continue;
        }
        tried += 1;
        let said = with_file(path, "gar\"bage = = [\n\"\n");
        let name = path.rsplit('/').next().unwrap_or(path);
        if said.code != 2 || !crate::flat(&said.err).contains(name) {
            passed.push(format!("{path}: {} {}", said.code, said.err));
        }
    }
    assert!(tried > 40, "{tried} files");
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}
