//! Fails on an import against the flow (see the diagram in `src/lib.rs`).
//!
//! Every `crate::module` path in the library's sources counts, wherever it stands: a `use`, a nested
//! `use crate::{…}`, a call. Comments and strings do not.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module and the modules it may import besides itself.
const FLOW: [(&str, &[&str]); 9] = [
    ("figure", &[]),
    ("data", &["figure"]),
    ("scenario", &["figure", "data"]),
    ("catalog", &["figure", "data", "scenario"]),
    ("rules", &["figure", "data", "scenario", "catalog"]),
    ("perf", &["figure", "data", "scenario", "catalog"]),
    ("cost", &["figure", "data", "scenario", "catalog", "perf"]),
    (
        "market",
        &["figure", "data", "scenario", "catalog", "rules", "perf", "cost"],
    ),
    (
        "brief",
        &[
            "figure", "data", "scenario", "catalog", "rules", "perf", "cost", "market",
        ],
    ),
];

/// The text without comments, strings and character literals' content.
fn code_only(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest) {
            let open = 2 + hashes;
            let close = format!("\"{}", "#".repeat(hashes));
            rest[open..]
                .find(&close)
                .map_or(rest.len(), |end| open + end + close.len())
        } else if c == '"' {
            string_length(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        out.push(' ');
        rest = &rest[skip..];
    }
    out
}

/// Number of hashes where a raw string begins.
fn raw_string(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let hashes = after.bytes().take_while(|b| *b == b'#').count();
    (after.as_bytes().get(hashes) == Some(&b'"')).then_some(hashes)
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The folders of `rules`: each may import those before it.
const RULES: [&str; 7] = ["words", "chip", "deal", "law", "steps", "answer", "survey"];

/// Top-level modules of the crate that the text names, by `crate::x` or inside `crate::{…}`.
fn imports(text: &str) -> Vec<String> {
    named_after("crate::", text)
}

/// First segments of every path that begins with `prefix`.
fn named_after(prefix: &str, text: &str) -> Vec<String> {
    let code: String = code_only(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let code = code.replace(":: ", "::").replace(" ::", "::");
    let mut found = Vec::new();
    let mut rest = code.as_str();
    while let Some(at) = rest.find(prefix) {
        let whole = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        rest = &rest[at + prefix.len()..];
        if !whole {
            continue;
        }
        if let Some(group) = rest.strip_prefix('{') {
            found.extend(first_segments(group));
        } else {
            found.push(word(rest));
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn word(text: &str) -> String {
    text.trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// The first segment of every path directly inside a brace group.
fn first_segments(group: &str) -> Vec<String> {
    let mut found = vec![word(group)];
    let mut depth = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(word(&group[at + 1..])),
            _ => {}
        }
    }
    found
}

/// Imports of `module` that go against the flow.
fn against(module: &str, text: &str) -> Vec<String> {
    let Some((_, allowed)) = FLOW.iter().find(|(name, _)| *name == module) else {
        return vec![format!(
            "module `{module}` has no place in the flow: add it to FLOW"
        )];
    };
    let modules = |name: &String| FLOW.iter().any(|(known, _)| known == name);
    imports(text)
        .into_iter()
        .filter(|name| modules(name) && name != module && !allowed.contains(&name.as_str()))
        .map(|name| format!("`{module}` imports `{name}`"))
        .collect()
}

/// Which folder of `rules` gives each name that `rules.rs` passes on.
fn passed_on(root: &str) -> Vec<(String, String)> {
    let code = code_only(root);
    let mut found = Vec::new();
    for line in code.split(';') {
        let Some((_, path)) = line.split_once("pub use ") else {
            continue;
        };
        let folder = word(path);
        match path.split_once('{') {
            Some((_, names)) => {
                found.extend(
                    first_segments(names)
                        .into_iter()
                        .map(|name| (name, folder.clone())),
                );
            }
            None => found.push((word(path.rsplit("::").next().unwrap_or(path)), folder)),
        }
    }
    found
}

/// Imports inside `rules` that go against the order of its folders.
fn against_in_rules(folder: &str, text: &str, passed: &[(String, String)]) -> Vec<String> {
    let place = |name: &str| RULES.iter().position(|known| *known == name);
    let Some(own) = place(folder) else {
        return vec![format!("folder `{folder}` has no place in RULES")];
    };
    let text = text.split("#[cfg(test)]").next().unwrap_or(text);
    named_after("crate::rules::", text)
        .into_iter()
        .filter_map(|name| {
            let from = passed
                .iter()
                .find(|(known, _)| *known == name)
                .map_or(name.clone(), |(_, folder)| folder.clone());
            place(&from)
                .is_some_and(|at| at > own)
                .then(|| format!("`{folder}` imports `{name}` of `{from}`"))
        })
        .collect()
}

#[test]
fn folders_of_rules_follow_their_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let passed = passed_on(&fs::read_to_string(root.join("rules.rs")).expect("rules.rs"));
    assert!(
        passed.contains(&("Trigger".to_owned(), "law".to_owned())),
        "{passed:?}"
    );
    assert!(
        passed.contains(&("LawBook".to_owned(), "law".to_owned())),
        "{passed:?}"
    );
    let mut files = Vec::new();
    sources(&root.join("rules"), &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let inside = file.strip_prefix(root.join("rules")).expect("below rules");
        let first = inside
            .components()
            .next()
            .expect("a name")
            .as_os_str()
            .to_string_lossy();
        let text = fs::read_to_string(&file).expect("readable source");
        wrong.extend(
            against_in_rules(first.trim_end_matches(".rs"), &text, &passed)
                .into_iter()
                .map(|w| format!("src/rules/{}: {w}", inside.display())),
        );
    }
    assert!(
        wrong.is_empty(),
        "imports against the order:\n{}",
        wrong.join("\n")
    );
    assert_eq!(
        against_in_rules("words", "use crate::rules::{Ternary, Trigger};", &passed),
        ["`words` imports `Trigger` of `law`"]
    );
    assert_eq!(
        against_in_rules("law", "use crate::rules::steps::findings::Open;", &passed),
        ["`law` imports `steps` of `steps`"]
    );
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("readable sources") {
        let path = entry.expect("readable entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn imports_follow_the_flow() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort();
    assert!(
        files.len() > FLOW.len(),
        "sources not found below {}",
        root.display()
    );
    let mut wrong = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&root).expect("below src");
        let first = inside
            .components()
            .next()
            .expect("a name")
            .as_os_str()
            .to_string_lossy();
        let module = first.trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let text = fs::read_to_string(&file).expect("readable source");
        wrong.extend(
            against(module, &text)
                .into_iter()
                .map(|w| format!("src/{}: {w}", inside.display())),
        );
    }
    assert!(
        wrong.is_empty(),
        "imports against the flow:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_violation_is_caught_however_it_is_written() {
    for text in [
        "use crate::perf::Performance;",
        "use crate::{figure::{Estimate, When}, perf};",
        "use crate::{\n    perf::{Limit, Scale},\n};",
        "fn f() -> crate :: perf::Limit { todo() }",
        "const A: char = '\"'; use crate::perf::Limit; const B: char = '\"';",
    ] {
        assert_eq!(against("rules", text), ["`rules` imports `perf`"], "{text}");
    }
    assert_eq!(
        against("perf", "use crate::cost::Price;"),
        ["`perf` imports `cost`"]
    );
    assert_eq!(against("unheard_of", "").len(), 1);
}

#[test]
fn what_is_no_import_is_let_be() {
    let text = r##"
        //! See [`crate::perf`].
        /* crate::perf */
        use crate::figure::{perf as _, When};
        const A: &str = "use crate::perf; \" crate::perf";
        const B: &str = r#"crate::perf " crate::perf"#;
        use other_crate::perf;
    "##;
    assert!(against("rules", text).is_empty(), "{:?}", against("rules", text));
}
