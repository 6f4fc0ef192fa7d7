//! Reads a configuration file, ours or a Hugging Face one, and finds its family.

use super::Model;
use super::families::{Family, family_names, find, unread};
use super::fields::Fields;
use super::shape::architecture;
use crate::data::{DataFile, Problem, Problems, Reader, nearest};
use crate::figure::{Grade, Place, Sources};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Reads a Hugging Face `config.json` (or a TOML file with the same fields) of a supported family.
///
/// # Errors
/// What is missing or wrong, by line and field, with the nearest valid name.
pub fn read_config(path: &str, text: &str) -> Result<Model, Problems> {
    let toml = std::path::Path::new(path)
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    let value: Value = if toml {
        toml::from_str(text).map_err(|e| Problem::from_toml(path, text, &e))?
    } else {
        serde_json::from_str(&finite(text)).map_err(|e| {
            let place = Place::line(path, e.line().max(1));
            Problem::at(place, format!("not JSON: {e}"))
                .help("give the `config.json` of a Hugging Face model")
        })?
    };
    let Value::Object(outer) = &value else {
        return Err(Problem::in_file(path, "no JSON object")
            .help("give the `config.json` of a Hugging Face model")
            .into());
    };
    // Models that also see keep the language model's fields in `text_config`.
    let map = match outer.get("text_config") {
        Some(Value::Object(inner)) => inner,
        _ => outer,
    };
    let id = id_of(path);
    let fields = Fields::new(path, text, map);
    let family = match map.contains_key("model_type") {
        true => family_of(&fields, map)?,
        false => family_of(&fields, outer)?,
    };
    let model = architecture(&fields, family, id.clone(), id, None, Grade::Assumed);
    fields.problems.into_inner().or(model)
}

/// A file as Python writes it, with `null` for numbers that are not finite, which JSON has not: none of them tells a shape.
/// Lines stay where they are.
fn finite(text: &str) -> Cow<'_, str> {
    const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    if !WORDS[1..].iter().any(|word| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest, mut quoted) = (String::with_capacity(text.len()), text, false);
    while let Some(c) = rest.chars().next() {
        let word = WORDS.iter().find(|word| !quoted && rest.starts_with(**word));
        let (taken, written) = match (word, c) {
            (Some(word), _) => (word.len(), "null"),
            // What a backslash escapes does not end a text.
            (None, '\\') => {
                let escaped = rest[1..].chars().next().map_or(0, char::len_utf8);
                (1 + escaped, &rest[..1 + escaped])
            }
            (None, _) => {
                quoted ^= c == '"';
                (c.len_utf8(), &rest[..c.len_utf8()])
            }
        };
        out.push_str(written);
        rest = &rest[taken..];
    }
    Cow::Owned(out)
}

/// `config.json` is named by its folder, any other file by itself.
fn id_of(path: &str) -> String {
    let path = std::path::Path::new(path);
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or("model");
    let folder = path.parent().and_then(|p| p.file_name()).and_then(|s| s.to_str());
    match (stem, folder) {
        ("config", Some(folder)) => folder.to_owned(),
        _ => stem.to_owned(),
    }
}

fn family_of(f: &Fields<'_>, map: &Map<String, Value>) -> Result<&'static Family, Problems> {
    let _ = f.value(&["model_type"]);
    let names: Vec<&str> = family_names().collect();
    let Some(name) = map.get("model_type").and_then(Value::as_str) else {
        return Err(Problem::in_file(f.path, "`model_type` is missing")
            .help(format!("one of `{}`", names.join("`, `")))
            .into());
    };
    find(name).ok_or_else(|| {
        let near = nearest(name, names.iter().copied());
        let help = match near.first() {
            Some(near) => format!("did you mean `{near}`? supported: `{}`", names.join("`, `")),
            None => format!("supported: `{}`", names.join("`, `")),
        };
        let why = unread(name).unwrap_or("a family whose layers are not known");
        let text = format!("`model_type` is `{name}`: {why}");
        Problem::at(f.place("model_type"), text).help(help).into()
    })
}

/// Reads one file of `data/models/`.
pub(crate) fn read_model(file: DataFile<'_>, sources: &Sources) -> Result<Model, Problems> {
    let map: Map<String, Value> =
        toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let f = Fields::new(file.path, file.text, &map);
    let family = family_of(&f, &map)?;
    let id = file.path.trim_start_matches("models/").trim_end_matches(".toml");
    let text = |name: &'static str| {
        let value = f.value(&[name]).and_then(|(_, v)| v.as_str());
        value.map(str::to_owned).unwrap_or_else(|| {
            f.problem(name, format!("`{name}` is missing"), "a text");
            String::new()
        })
    };
    let (name, source, grade) = (text("name"), text("source"), text("grade"));
    let grade: Grade = serde_json::from_value(Value::String(grade)).unwrap_or_else(|e| {
        f.problem("grade", e.to_string(), "a grade of CONTRIBUTING.md");
        Grade::Assumed
    });
    let mut reader = Reader::new(file, sources, None);
    let at = file.text.find(source.as_str()).unwrap_or(0);
    let source = reader.source(&source, grade, at..at + source.len());
    let model = architecture(&f, family, id.to_owned(), name, Some(source), grade);
    f.refuse_unknown();
    let mut problems = f.problems.into_inner();
    problems.0.extend(reader.problems.0);
    problems.or(model)
}
