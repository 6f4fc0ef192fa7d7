//! `strait rules show`: everything an instrument's file says, its rows in words.
//!
//! Rows are read back from the instrument's own serialisation rather than field by field, so that a new
//! shape of rule cannot be left out here.

use crate::view::{Page, Section, Table, word};
use miette::{IntoDiagnostic, Result};
use serde_json::{Map, Value};
use strait::figure::{SourceId, When};
use strait::rules::{Dates, Instrument, State};

/// Fields that are shown by hand; every other list holds rows.
const SHOWN: [&str; 18] = [
    "id",
    "title",
    "authority",
    "form",
    "binds",
    "summary",
    "cite",
    "source",
    "grade",
    "confidence",
    "replaces",
    "over",
    "dates",
    "status",
    "quote",
    "reading",
    "verified",
    "side",
];

pub(super) fn run(i: &Instrument) -> Result<(Page, Value)> {
    let facts = serde_json::to_value(i).into_diagnostic()?;
    let mut section = Section::default();
    section.text(i.summary.clone());
    section.table(about(i));
    section.table(dates(&i.dates));
    section.table(status(i));
    for (kind, rows) in facts.as_object().into_iter().flatten() {
        if let (false, Some(rows)) = (SHOWN.contains(&kind.as_str()), rows.as_array()) {
            section.table(table(kind, rows));
        }
    }
    let quotes = i.quote.iter().map(|q| format!("{}: “{}”", q.paragraph, q.text));
    section.items("In its own words:", quotes.collect());
    let readings = i.reading.iter().map(|r| {
        let flips = match r.flips.as_slice() {
            [] => String::new(),
            chips => format!(" Turns: {}.", chips.join(", ")),
        };
        format!(
            "{} ({}) {} Taken here: {}. Otherwise: {}.{flips}",
            r.id, r.grade, r.question, r.ours, r.other
        )
    });
    section.items("Where the text leaves a choice:", readings.collect());
    let checked = i
        .verified
        .iter()
        .map(|v| format!("{} against {} ({})", v.on, v.against, v.grade));
    section.items("Checked:", checked.collect());
    let page = Page {
        title: i.title.clone(),
        subtitle: i.id.clone(),
        sections: vec![section],
    };
    Ok((page, facts))
}

fn about(i: &Instrument) -> Table {
    let mut table = Table::new("About it", &["", ""]);
    let cites = [
        &i.cite.fr,
        &i.cite.fr_doc,
        &i.cite.rin,
        &i.cite.cfr,
        &i.cite.other,
    ];
    let cites: Vec<&str> = cites.into_iter().flatten().map(String::as_str).collect();
    let replaces: Vec<String> = i
        .replaces
        .iter()
        .map(|r| format!("{} ({})", r.id, r.what))
        .collect();
    let mut put = |what: &str, says: String| {
        if !says.is_empty() {
            table.row([what.to_owned(), says]);
        }
    };
    put("authority", i.authority.clone());
    put("form", word(&i.form));
    put("binds", i.binds.clone());
    put("cited as", cites.join(", "));
    put("replaces", replaces.join("; "));
    put("prevails over", i.over.join(", "));
    put("grade", i.grade.to_string());
    put("confidence", i.confidence.map_or_else(String::new, |c| word(&c)));
    put("written in", i.place.to_string());
    table.sources.insert(SourceId(i.source.get_ref().clone()));
    table
}

fn dates(dates: &Dates) -> Table {
    let mut table = Table::new("Dates", &["day", "what"]);
    let rows: [(Option<When>, &str); 6] = [
        (dates.known_to_addressee, "known to its addressee"),
        (dates.known_from, "known to the public"),
        (dates.published, "published"),
        (dates.effective, "effective"),
        (dates.compliance, "must be complied with"),
        (dates.ends, "ends"),
    ];
    for (day, what) in rows {
        if let Some(day) = day {
            table.row([day.to_string(), what.to_owned()]);
        }
    }
    for phase in &dates.phases {
        table.row([phase.on.to_string(), phase.what.clone()]);
    }
    table
}

fn status(i: &Instrument) -> Table {
    let mut table = Table::new(
        "Status over time",
        &["state", "from", "until", "public since", "remark"],
    );
    for row in i.status.iter().map(|row| row.get_ref()) {
        let known = match row.known_to_addressee {
            Some(day) => format!("{} (addressee {day})", row.known_from),
            None => row.known_from.to_string(),
        };
        table.row([
            State::words(row.state).to_owned(),
            row.from.to_string(),
            row.until.map_or_else(String::new, |d| d.to_string()),
            known,
            row.note.clone().unwrap_or_default(),
        ]);
    }
    table
}

fn table(kind: &str, rows: &[Value]) -> Table {
    let title = match kind {
        "classify" => "What it classifies, first match first",
        "require" => "Where it requires a license",
        "review" => "How applications are reviewed",
        "exception" => "License exceptions",
        "product" => "Requirements by product",
        "end_use" => "End use and end user",
        "levy" => "Levies",
        "prohibition" => "Prohibitions",
        "jurisdiction" => "What is subject to the EAR",
        "presume" => "Presumptions",
        "china" => "State on the China side",
        "practice" => "What happened",
        "z_item" => "Items that hold such a chip (.z)",
        "red_flag" => "Red flags",
        "subsidy" => "Subsidies",
        other => other,
    };
    let mut table = Table::new(title.replace('_', " "), &["paragraph", "says"]);
    for row in rows.iter().filter_map(Value::as_object) {
        let paragraph = row.get("paragraph").or(row.get("id")).and_then(Value::as_str);
        table.row([paragraph.unwrap_or("–").to_owned(), sentence(row)]);
    }
    table
}

/// Every field of a row that says something: `for 3A090.a; where D:5 or MO`.
fn sentence(row: &Map<String, Value>) -> String {
    let parts: Vec<String> = row
        .iter()
        .filter(|(key, _)| *key != "paragraph")
        .filter_map(|(key, value)| Some(format!("{} {}", key.replace('_', " "), says(value)?)))
        .collect();
    parts.join("; ")
}

/// A value in words; nothing where it is absent or empty.
fn says(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Object(row) => condition(row).or_else(|| Some(format!("({})", sentence(row)))),
        Value::Array(items) => {
            let groups = items.iter().any(Value::is_array);
            let conditions = items.iter().any(|i| i.as_object().and_then(condition).is_some());
            let joint = match (groups, conditions) {
                (true, _) => " or ",
                (_, true) => " and ",
                _ => ", ",
            };
            let said: Vec<String> = items.iter().filter_map(says).collect();
            (!said.is_empty()).then(|| said.join(joint))
        }
    }
}

/// `tpp at least 2400 and below 4800`, for a condition on a metric or a fact.
fn condition(row: &Map<String, Value>) -> Option<String> {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let fact = text("fact").map(|fact| {
        let is = row.get("is").and_then(Value::as_bool).unwrap_or(true);
        format!("{}{}", if is { "" } else { "not " }, fact.replace('_', " "))
    });
    let metric = text("metric").map(|metric| {
        let bounds: Vec<String> = [
            ("ge", "at least"),
            ("gt", "above"),
            ("lt", "below"),
            ("le", "at most"),
        ]
        .into_iter()
        .filter_map(|(key, words)| Some(format!("{words} {}", text(key)?)))
        .collect();
        format!("{} {}", metric.replace('_', " "), bounds.join(" and "))
    });
    match (fact, metric) {
        (Some(fact), Some(metric)) => Some(format!("{fact} and {metric}")),
        (one, other) => one.or(other),
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
        });
        assert_eq!(
            sentence(row.as_object().unwrap()),
            "result 3A090.b; when tpp at least 2400 and below 4800 and not datacenter; \
             any tpp above 1 or scale up at most 900; codified yes"
        );
    }
}
