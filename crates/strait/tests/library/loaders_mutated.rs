//! Files a hand has spoiled: whatever is done to a shipped file, the loaders answer with problems or with data a
//! verdict can be made of, and never panic. `PROPTEST_CASES` sets how long to try; what was found once is kept in
//! `fixtures/spoiled/` and tried every time.

use proptest::prelude::*;
use std::sync::LazyLock;
use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources};
use strait::figure::Sources;
use strait::rules::{LawBook, Transaction, read_deal};
use strait::scenario::Scenario;

static DATA: LazyLock<DataSet> = LazyLock::new(DataSet::embedded);
static SOURCES: LazyLock<Sources> = LazyLock::new(|| load_sources(&DATA).unwrap());
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(&DATA, &Scenario::default()).unwrap());
static BOOK: LazyLock<LawBook> =
    LazyLock::new(|| LawBook::load(&DATA, &Scenario::default(), &SOURCES).unwrap());

const DEAL: &str = "to = \"CN\"\non = 2026-02-01\nhq = \"CN\"\nlisted = \"entity-fn4\"\nowned-by-listed = 50.0\nquantity = 8\n\
                    remote-users = [\"CN\", \"MY\"]\nchina-to-us-tpp = 49.5\n[conditions]\nus_supply = true\n";

/// Shipped files by folder, and a deal.
fn originals() -> Vec<(String, String)> {
    let folders = ["rules/", "places/", "chips/", "scenarios/"];
    let mut files: Vec<(String, String)> = folders
        .iter()
        .flat_map(|folder| DATA.below(folder).map(|f| (f.path.to_owned(), f.text.to_owned())))
        .collect();
    files.push(("deal.toml".to_owned(), DEAL.to_owned()));
    files
}

static ORIGINALS: LazyLock<Vec<(String, String)>> = LazyLock::new(originals);

/// Values that numbers, dates, words and tables are confused with.
const STRANGE: [&str; 22] = [
    "-1",
    "0",
    "1e308",
    "1e-320",
    "nan",
    "inf",
    "79228162514264337593543950335",
    "\"1e400\"",
    "\"\"",
    "\"CN\"",
    "\"D:9\"",
    "\"any and\"",
    "\"((\"",
    "2025-02-30",
    "9999-12-31",
    "\"circa 0001-01-01\"",
    "[]",
    "{}",
    "true",
    "[[1]]",
    "\"\\u0000\"",
    "\"99999999999999999999999999999\"",
];

/// One edit: which line, what is done, and with what.
type Edit = (usize, u8, usize);

/// The text with every edit made.
fn spoil(text: &str, edits: &[Edit]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (at, what, with) in edits {
        if lines.is_empty() {
            break;
        }
        let at = at % lines.len();
        match what % 7 {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 | 3 => {
                let key = lines[at].split('=').next().unwrap_or_default().to_owned();
                lines[at] = format!("{key}= {}", STRANGE[with % STRANGE.len()]);
            }
            4 => {
                let digit = |c: char| if c.is_ascii_digit() { '9' } else { c };
                lines[at] = lines[at].chars().map(digit).collect();
            }
            5 => {
                let cut = lines[at]
                    .char_indices()
                    .map(|(n, _)| n)
                    .nth(with % (lines[at].chars().count() + 1));
                lines[at].truncate(cut.unwrap_or(0));
            }
            _ => {
                let other = with % lines.len();
                lines.swap(at, other);
            }
        }
    }
    lines.join("\n")
}

/// Reads a spoiled file as the program would; where it is accepted, a verdict is made of it.
fn read(path: &str, text: &str) {
    let day = jiff::civil::date(2026, 2, 1);
    if path == "deal.toml" {
        let mut tx = Transaction::new(CATALOG.resolve("h20").unwrap().chip.id.clone(), "CN", day, day);
        if read_deal(path, text, &mut tx).is_ok() {
            let chip = CATALOG.resolve("h20").unwrap().chip;
            let _ = BOOK.check(chip, Some("US"), Some("TW"), &tx);
        }
    } else if path.starts_with("chips/") {
        if let Ok(chip) = CATALOG.read_chip(path, text) {
            let tx = Transaction::new(chip.id.clone(), "CN", day, day);
            let _ = BOOK.check(&chip, Some("US"), None, &tx);
        }
    } else if path.starts_with("scenarios/") {
        if let Ok(scenario) = Scenario::read(path, text) {
            let _ = LawBook::load(&DATA, &scenario, &SOURCES);
        }
    } else {
        let around = ["rules/meta.toml", "places/countries.toml", "places/groups.toml"];
        let small = around.iter().fold(DataSet::empty(), |set, file| {
            set.with(*file, DATA.get(file).unwrap().text)
        });
        if let Ok(book) = LawBook::load(&small.with(path, text), &Scenario::default(), &SOURCES) {
            let chip = CATALOG.resolve("h20").unwrap().chip;
            let tx = Transaction::new(chip.id.clone(), "CN", day, day);
            let _ = book.check(chip, Some("US"), Some("TW"), &tx);
        }
    }
}

proptest! {
    #[test]
    fn a_spoiled_file_never_panics(
        file in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<usize>(), any::<u8>(), any::<usize>()), 1..5),
    ) {
        let (path, text) = &ORIGINALS[file.index(ORIGINALS.len())];
        read(path, &spoil(text, &edits));
    }

    #[test]
    fn bytes_that_are_no_toml_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), which in 0..4_usize) {
        let path = ["deal.toml", "chips/x/y.toml", "rules/us/x.toml", "scenarios/x.toml"][which];
        read(path, &String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn what_was_found_once_stays_mended() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/spoiled");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // `chips--vendor--x.toml` was `chips/vendor/x.toml`.
        read(&name.replace("--", "/"), &std::fs::read_to_string(&path).unwrap());
        seen += 1;
    }
    assert!(seen > 0, "the corpus is empty");
}
