//! `strait rules timeline`.

use crate::args::TransactionArgs;
use crate::input::{Inputs, chip};
use crate::view::{Page, Section, Table};
use miette::Result;
use serde_json::{Value, json};
use strait::catalog::Catalog;
use strait::rules::LawBook;

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
    let events = law.timeline(&named.chip, catalog.designer_country(&named.chip), &tx);
    let upcoming = law.upcoming(tx.on, tx.known);
    let mut table = Table::new("What changed when", &["day", "instruments", "what"]);
    for event in &events {
        table.row([
            event.on.to_string(),
            event.instruments.join(", "),
            event.text.clone(),
        ]);
    }
    let sentences = law.sentences(&named.chip, catalog.designer_country(&named.chip), &tx);
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

fn one_line(row: &Value) -> String {
    let fields = row
        .as_object()
        .into_iter()
        .flat_map(|o| o.values())
        .filter_map(|v| v.as_str());
    fields.collect::<Vec<_>>().join(" · ")
}
