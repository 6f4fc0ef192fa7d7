//! The rows of an instrument in words, a line each, with the conditions that a row asks for below it.
//!
//! Rows are read back from the instrument's own serialisation rather than field by field, so that a new shape
//! of rule cannot be left out here.

use super::words::{Said, say};
use crate::view::Block;
use serde_json::{Map, Value};

/// The rows of one kind under their heading.
pub(super) fn blocks(kind: &str, rows: &[Value]) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Text(format!("{}:", title(kind)))];
    let mut items = Vec::new();
    for row in rows.iter().filter_map(Value::as_object) {
        items.push(line(row));
        items.extend(conditions(row));
    }
    blocks.push(Block::Items(items));
    blocks
}

fn title(kind: &str) -> String {
    match kind {
        "classify" => "What it classifies; the first that holds wins",
        "require" => "Where it requires a license",
        "review" => "How applications are reviewed; the first that holds wins",
        "exception" => "License exceptions",
        "product" => "Products for which it requires a license",
        "end_use" => "End uses and end users for which it requires a license",
        "levy" => "Levies",
        "prohibition" => "Prohibitions",
        "jurisdiction" => "What it makes subject to the EAR",
        "presume" => "Presumptions",
        "china" => "State on the China side",
        "practice" => "What happened",
        "z_item" => "Items that hold such a chip",
        "red_flag" => "Red flags",
        "subsidy" => "Subsidies",
        other => return other.replace('_', " "),
    }
    .to_owned()
}

/// `742.6(a)(6)(iii): 3A090.a, 3A090.b; to D:1 or D:4`.
fn line(row: &Map<String, Value>) -> String {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let head = match (text("paragraph"), text("id"), text("when")) {
        (Some(paragraph), Some(id), _) => format!("{id}, {paragraph}: "),
        (Some(one), None, _) | (None, Some(one), _) | (None, None, Some(one)) => format!("{one}: "),
        (None, None, None) => String::new(),
    };
    format!("{head}{}", sentence(row))
}

/// Every field of a row that says something, those that say what it does before those that say where.
pub(super) fn sentence(row: &Map<String, Value>) -> String {
    let mut parts: Vec<Said> = row.iter().filter_map(|(key, value)| say(key, value)).collect();
    parts.sort_by_key(|part| part.rank);
    let texts: Vec<String> = parts.into_iter().map(|part| part.text).collect();
    // Either the place or the party is enough.
    texts
        .join("; ")
        .replace("; to parties headquartered", ", or to parties headquartered")
}

/// The conditions that a row asks for, each with how it is stated.
fn conditions(row: &Map<String, Value>) -> Vec<String> {
    let rows = row.get("conditions").and_then(Value::as_array);
    let objects = rows.into_iter().flatten().filter_map(Value::as_object);
    objects
        .map(|condition| {
            let text = |key: &str| condition.get(key).and_then(Value::as_str);
            let stated = match (text("field"), text("id")) {
                (Some(field), _) => format!("stated by {}", flag(field)),
                (None, Some(id)) => format!("stated by --condition {id}=yes"),
                (None, None) => "for the exporter to show".to_owned(),
            };
            format!(
                "condition, {}: {} ({stated})",
                text("paragraph").unwrap_or("–"),
                text("what").unwrap_or_default()
            )
        })
        .collect()
}

/// The flags that state a fact, by its word in the file.
fn flag(field: &str) -> String {
    match field {
        "china_to_us_tpp_percent" => "--china-to-us-tpp".to_owned(),
        "headquarters" => "--hq and --parent".to_owned(),
        "no_part_744" => "--listed, --military and --supercomputer".to_owned(),
        other => format!("--{}", other.replace('_', "-")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_sentences() {
        let row = serde_json::json!({
            "paragraph": "3A090.b.1", "result": "3A090.b", "from": null, "classes": [],
            "when": [{ "metric": "tpp", "fact": null, "ge": "2400", "lt": "4800" }, { "fact": "datacenter", "is": false }],
            "any": [[{ "metric": "tpp", "gt": "1" }], [{ "metric": "scale_up", "le": "900" }]], "codified": true,
            "new_shape": 7,
        });
        assert_eq!(
            line(row.as_object().unwrap()),
            "3A090.b.1: 3A090.b; where TPP is at least 2400 and below 4800 and it is not for data centers; \
             any chip whose TPP is above 1 or whose scale-up link is at most 900 GB/s; codified; new shape 7"
        );
    }

    #[test]
    fn a_condition_tells_how_it_is_stated() {
        let row = serde_json::json!({ "review": "case_by_case", "conditions": [
            { "id": "kyc", "paragraph": "(v)", "what": "procedures described" },
            { "paragraph": "(iii)", "what": "at most half", "field": "china_to_us_tpp_percent" },
        ]});
        assert_eq!(
            conditions(row.as_object().unwrap()),
            [
                "condition, (v): procedures described (stated by --condition kyc=yes)",
                "condition, (iii): at most half (stated by --china-to-us-tpp)"
            ]
        );
    }
}
