//! `docs/questions.md`: users' questions with the commands that answer them and what these print, kept true.
//!
//! `STRAIT_UPDATE_DOCS=1 cargo test -p strait-cli --test cli questions` writes the page anew.

use crate::{json, strait_in};
use rayon::prelude::*;
use serde::Deserialize;
use std::fmt::Write;
use std::path::Path;

/// Rows of the list of question 12.
const ROWS: usize = 400;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    file: Vec<File>,
    question: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    n: u32,
    asks: String,
    reads: String,
    /// A part of another page of docs/ that answers it.
    page: Option<Part>,
    run: Vec<Run>,
}

/// The tables of a section of a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    file: String,
    section: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Run {
    args: String,
    /// Blocks shown, by how their first line begins or what it holds; the first block always.
    show: Vec<String>,
    /// First lines shown.
    head: Option<usize>,
    /// A file of the list, printed before the command.
    file: Option<String>,
    /// A file that the command writes, whose head is printed after it.
    after: Option<String>,
    /// The made list, whose head is printed before the command.
    generate: Option<String>,
    code: i32,
}

#[test]
fn the_page_shows_what_the_commands_print() {
    let list: Questions =
        toml::from_str(include_str!("questions/questions.toml")).expect("the list of questions");
    let folder = tempfile::tempdir().expect("a scratch folder");
    for file in &list.file {
        std::fs::write(folder.path().join(&file.name), file.text.trim_start()).expect("a file written");
    }
    std::fs::write(folder.path().join("skus.csv"), skus()).expect("a file written");
    // Questions do not build on one another, so that as many are asked at once as there are processors.
    let sections: Vec<String> = list
        .question
        .par_iter()
        .map(|question| section(question, &list, folder.path()))
        .collect();
    let page = format!("{HEAD}{}", sections.concat());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/questions.md");
    if std::env::var_os("STRAIT_UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).expect("the page written");
        return;
    }
    let stands = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = stands.lines().zip(page.lines()).position(|(a, b)| a != b);
    let at = differs.unwrap_or(stands.lines().count().min(page.lines().count()));
    assert!(
        stands == page,
        "docs/questions.md is not what the commands print, first at line {}:\n  it shows  {}\n  they say  {}\n\
         read the difference, and where it is right write the page anew:\n  \
         STRAIT_UPDATE_DOCS=1 cargo test -p strait-cli --test cli questions",
        at + 1,
        stands.lines().nth(at).unwrap_or("(nothing)"),
        page.lines().nth(at).unwrap_or("(nothing)"),
    );
}

const HEAD: &str = "# Questions and the commands that answer them

Written by a test (`crates/strait-cli/tests/cli/questions.rs`), which fails where a command prints something else. Days
asked and days of knowledge are fixed. Output is shown as printed, with two exceptions: lines left out are counted
(`… 12 lines`), and the hash of the data, which changes with every correction, is `…`. `strait` stands for
`cargo run --release --`. No legal advice.
";

/// A question, how to read its answer, and its commands one after another.
fn section(question: &Question, list: &Questions, folder: &Path) -> String {
    let mut page = format!(
        "\n## {}. {}\n\n{}\n",
        question.n,
        question.asks,
        wrapped(&question.reads)
    );
    if let Some(part) = &question.page {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../docs")
            .join(&part.file);
        let text = std::fs::read_to_string(path).expect("a page of docs/");
        let (_, from) = text
            .split_once(&format!("{}\n", part.section))
            .expect("the section");
        let until = from.split("\n## ").next().unwrap_or(from);
        writeln!(page, "\n{}", until.trim()).unwrap();
    }
    for run in &question.run {
        shown(&mut page, run, list, folder);
    }
    page
}

/// The command, the files it reads, and what it printed.
fn shown(page: &mut String, run: &Run, list: &Questions, folder: &Path) {
    if let Some(name) = &run.file {
        let file = list
            .file
            .iter()
            .find(|f| f.name == *name)
            .expect("a file of the list");
        let kind = name.rsplit('.').next().unwrap_or_default();
        write!(page, "\n`{name}`:\n\n```{kind}\n{}```\n", file.text.trim_start()).unwrap();
    }
    if let Some(name) = &run.generate {
        let text = std::fs::read_to_string(folder.join(name)).expect("the made list");
        write!(page, "\n`{name}`:\n\n```csv\n{}```\n", head(&text, 4)).unwrap();
    }
    let args: Vec<&str> = run.args.split(' ').collect();
    let said = strait_in(folder, &args);
    assert_eq!(said.code, run.code, "strait {}: {}", run.args, said.err);
    let out = hash_hidden(&said.out);
    let out = match run.head {
        Some(lines) => head(&out, lines),
        None => blocks(&out, run),
    };
    write!(page, "\n```console\n$ strait {}\n{out}", run.args).unwrap();
    if !said.err.is_empty() {
        write!(
            page,
            "# on standard error\n{}",
            head(&said.err, run.head.unwrap_or(12))
        )
        .unwrap();
    }
    if run.code != 0 || run.args.contains("--fail-on-change") {
        writeln!(page, "# exit code {}", said.code).unwrap();
    }
    page.push_str("```\n");
    if let Some(name) = &run.after {
        let text = std::fs::read_to_string(folder.join(name)).expect("the command writes it");
        let kind = name.rsplit('.').next().unwrap_or_default();
        let text = head(&hash_hidden(&text), 12);
        write!(page, "\n`{name}`:\n\n```{kind}\n{text}```\n").unwrap();
    }
}

/// The first lines, and how many more there are.
fn head(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    let mut kept: String = all.iter().take(lines).map(|l| format!("{}\n", cut(l))).collect();
    if all.len() > lines {
        writeln!(kept, "… {} lines", all.len() - lines).unwrap();
    }
    kept
}

/// A line of a CSV cell or a file without breaks, cut to what a page can hold.
fn cut(line: &str) -> String {
    const WIDE: usize = 200;
    let wide = line.chars().count();
    if wide <= WIDE {
        return line.trim_end().to_owned();
    }
    let kept: String = line.chars().take(WIDE).collect();
    format!("{kept} … {} characters", wide - WIDE)
}

/// A paragraph in lines of a page's width.
fn wrapped(text: &str) -> String {
    const WIDE: usize = 118;
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("a line");
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= WIDE {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}

/// The blocks asked for, set apart by the number of lines between them.
fn blocks(text: &str, run: &Run) -> String {
    let all: Vec<&str> = text.trim_end().split("\n\n").collect();
    let mut wanted = vec![0];
    for start in &run.show {
        let first = |block: &&str| {
            block
                .trim_start_matches('\n')
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let begins = all
            .iter()
            .position(|block| first(block).starts_with(start.as_str()));
        let found = begins.or_else(|| all.iter().position(|block| first(block).contains(start.as_str())));
        wanted.push(found.unwrap_or_else(|| panic!("`strait {}` prints no block named `{start}`", run.args)));
    }
    let mut kept = String::new();
    let mut skipped = 0;
    for (at, block) in all.iter().enumerate() {
        if run.show.is_empty() || wanted.contains(&at) {
            gap(&mut kept, &mut skipped);
            for line in block.lines() {
                writeln!(kept, "{}", line.trim_end()).unwrap();
            }
            kept.push('\n');
        } else {
            skipped += block.lines().count() + 1;
        }
    }
    gap(&mut kept, &mut skipped);
    kept.truncate(kept.trim_end().len());
    kept.push('\n');
    kept
}

fn gap(kept: &mut String, skipped: &mut usize) {
    if *skipped > 0 {
        write!(kept, "… {skipped} lines\n\n").unwrap();
        *skipped = 0;
    }
}

/// Text with `…` for the hash of the data.
fn hash_hidden(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        match line.split_once(" · data ") {
            Some((before, rest)) => {
                let after = rest.find(' ').map_or("", |at| &rest[at..]);
                writeln!(out, "{before} · data …{after}").unwrap();
            }
            None => writeln!(out, "{line}").unwrap(),
        }
    }
    out
}

/// Accelerators of the catalog for several destinations.
fn skus() -> String {
    let all = json(&["chips"]);
    let chips = all["chips"].as_array().expect("the catalog");
    let ids: Vec<&str> = chips
        .iter()
        .map(|c| &c["chip"])
        .filter(|c| c["form"] != "memory_stack")
        .map(|c| c["id"].as_str().expect("an id"))
        .collect();
    let mut text = String::from("id,chip,to\n");
    let pairs = ["CN", "AE", "MY", "IN"]
        .into_iter()
        .flat_map(|to| ids.iter().map(move |id| (id, to)));
    for (n, (id, to)) in pairs.take(ROWS).enumerate() {
        writeln!(text, "sku-{:03},{id},{to}", n + 1).unwrap();
    }
    assert_eq!(text.lines().count(), ROWS + 1, "the catalog is large enough");
    text
}
