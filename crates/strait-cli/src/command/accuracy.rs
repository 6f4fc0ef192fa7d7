//! `docs/accuracy.md`: a page of several parts, each written by the command that computes it.
//!
//! The operators' part stands first, unmarked; every other stands between two marks that bear its name. A
//! command replaces its own part and leaves the others.

use crate::output;
use miette::{Result, miette};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::Path;

/// Replaces the operators' part.
pub(crate) fn write_operators(path: &Path, text: &str) -> Result<()> {
    let (_, sections) = parts(&held(path)?);
    output::write_whole(path, &joined(text, &sections))
}

/// Replaces a named part.
pub(crate) fn write_section(path: &Path, name: &str, text: &str) -> Result<()> {
    let (first, mut sections) = parts(&held(path)?);
    sections.insert(name.to_owned(), text.trim().to_owned());
    output::write_whole(path, &joined(&first, &sections))
}

fn held(path: &Path) -> Result<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(miette!("`{}` cannot be read: {error}", path.display())),
    }
}

fn parts(text: &str) -> (String, BTreeMap<String, String>) {
    let (mut first, mut sections) = (String::new(), BTreeMap::new());
    let mut within: Option<(String, String)> = None;
    for line in text.lines() {
        let mark = |which: &str| {
            let name = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
            name.strip_prefix(which).map(str::to_owned)
        };
        if let Some(name) = mark("begin ") {
            within = Some((name, String::new()));
        } else if mark("end ").is_some() {
            if let Some((name, text)) = within.take() {
                sections.insert(name, text.trim().to_owned());
            }
        } else {
            let to = within.as_mut().map_or(&mut first, |(_, text)| text);
            to.push_str(line);
            to.push('\n');
        }
    }
    (first, sections)
}

fn joined(first: &str, sections: &BTreeMap<String, String>) -> String {
    let mut text = first.trim_end().to_owned();
    text.push('\n');
    for (name, section) in sections {
        let _ = write!(text, "\n<!-- begin {name} -->\n{section}\n<!-- end {name} -->\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_replaced_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.md");
        write_operators(&path, "# Page\n\nold\n").unwrap();
        write_section(&path, "vidur", "## V\n\none\n").unwrap();
        write_section(&path, "llmcompass", "## L\n").unwrap();
        write_section(&path, "vidur", "## V\n\ntwo\n").unwrap();
        write_operators(&path, "# Page\n\nnew\n").unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "# Page\n\nnew\n\n<!-- begin llmcompass -->\n## L\n<!-- end llmcompass -->\n\n<!-- begin vidur -->\n\
             ## V\n\ntwo\n<!-- end vidur -->\n"
        );
    }
}
