//! `strait rules show`: everything an instrument's file says, its rows in words.

mod rows;
mod words;

use crate::view::{Page, Section, Table, word};
use jiff::civil::Date;
use miette::{IntoDiagnostic, Result};
use serde_json::Value;
use strait::figure::{SourceId, Sources, When};
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

pub(super) fn run(i: &Instrument, read_through: Date, sources: &Sources) -> Result<(Page, Value)> {
    let facts = serde_json::to_value(i).into_diagnostic()?;
    let mut section = Section::default();
    section.text(i.summary.clone());
    section.table(about(i, read_through, sources));
    section.table(dates(&i.dates));
    section.table(status(i));
    for (kind, rows) in facts.as_object().into_iter().flatten() {
        if let (false, Some(rows)) = (SHOWN.contains(&kind.as_str()), rows.as_array()) {
            section.blocks.extend(rows::blocks(kind, rows));
        }
    }
    let quotes = i.quote.iter().map(|q| format!("{}: “{}”", q.paragraph, q.text));
    section.items("In its own words:", quotes.collect());
    section.items("Where the text leaves a choice:", readings(i));
    let checked = i
        .verified
        .iter()
        .map(|v| format!("{}, {}: {}", v.on, v.grade, v.against));
    section.items("Checked against other texts:", checked.collect());
    let page = Page {
        title: i.title.clone(),
        subtitle: i.id.clone(),
        sections: vec![section],
    };
    Ok((page, facts))
}

fn readings(i: &Instrument) -> Vec<String> {
    let line = |r: &strait::rules::Reading| {
        let flips = match r.flips.as_slice() {
            [] => String::new(),
            chips => format!(" The other reading turns {}.", chips.join(", ")),
        };
        format!(
            "{}: {} Taken here ({}): {}. The other reading: {}.{flips}",
            r.id, r.question, r.grade, r.ours, r.other
        )
    };
    i.reading.iter().map(line).collect()
}

fn about(i: &Instrument, read_through: Date, sources: &Sources) -> Table {
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
    let state = i.state_at(read_through, read_through);
    put("authority", i.authority.clone());
    put("form", word(&i.form));
    let state = state.map(|s| format!("{} on {read_through}, to which the law has been read", s.words()));
    put("state", state.unwrap_or_default());
    put("binds", i.binds.clone());
    put("cited as", cites.join(", "));
    put("replaces", replaces.join("; "));
    put("prevails over", i.over.join(", "));
    put("grade", i.grade.to_string());
    put("confidence", i.confidence.map_or_else(String::new, |c| word(&c)));
    let source = sources.get(&SourceId(i.source.get_ref().clone()));
    if let Some(source) = source {
        let told = [
            Some(source.title.clone()),
            source.publisher.clone(),
            source.date.map(|d| d.to_string()),
        ];
        put(
            "read in",
            told.into_iter().flatten().collect::<Vec<_>>().join(", "),
        );
        put("address", source.url.clone().unwrap_or_default());
    }
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
