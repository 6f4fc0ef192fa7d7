//! `strait rules timeline`.

use crate::args::TransactionArgs;
use crate::input::{Inputs, chip};
use crate::view::{Page, Section, Table};
use miette::Result;
use serde_json::{Value, json};
use strait::catalog::Catalog;
use strait::rules::{LawBook, Part};

/// Every day on which the verdict on a chip changed, and what is dated ahead.
pub(super) fn run(
    inputs: &Inputs,
    catalog: &Catalog,
    law: &LawBook,
    (name, in_sentences): (&str, bool),
    args: &TransactionArgs,
) -> Result<(Page, Value)> {
    let named = chip(catalog, name)?;
    let tx = inputs.transaction(
        args,
        &named.chip,
        catalog.designer_country(&named.chip),
        &law.places,
    )?;
    let part = Part {
        chip: &named.chip,
        designer: catalog.designer_country(&named.chip),
        foundry: catalog.foundry_country_of(&named.chip),
        transaction: tx.clone(),
    };
    let events = law.timeline(&part);
    let upcoming = law.upcoming(tx.on, tx.known);
    let mut table = Table::new("What changed when", &["day", "what", "by"]);
    for event in &events {
        for (n, change) in event.changes.iter().enumerate() {
            let day = if n == 0 {
                event.on.to_string()
            } else {
                String::new()
            };
            table.row([day, change.text.clone(), by(&change.instruments)]);
        }
    }
    let sentences = law.sentences(&part);
    let mut section = Section::default();
    let mut facts = json!({ "chip": named.chip.id, "to": tx.to, "timeline": events, "upcoming": upcoming });
    facts["sentences"] = json!(sentences);
    let ahead = facts["upcoming"]
        .as_array()
        .into_iter()
        .flatten()
        .map(one_line)
        .collect();
    if in_sentences {
        for sentence in sentences.into_iter().flatten() {
            section.text(sentence);
        }
    } else {
        section.table(table);
        section.items("What comes next:", ahead);
    }
    let page = Page {
        title: format!("{} to {}", named.chip.name, tx.to),
        subtitle: format!("as known on {}", tx.known),
        sections: vec![section],
    };
    Ok((page, facts))
}

/// The instruments behind a change; a dash where the day alone makes it.
pub(super) fn by(instruments: &[String]) -> String {
    match instruments {
        [] => "–".to_owned(),
        ids => ids.join(", "),
    }
}

fn one_line(row: &Value) -> String {
    let fields = row
        .as_object()
        .into_iter()
        .flat_map(|o| o.values())
        .filter_map(|v| v.as_str());
    fields.collect::<Vec<_>>().join(" · ")
}
