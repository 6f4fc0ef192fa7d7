//! `strait rules`: the instruments, and what changed when for a chip.

use crate::args::{Global, RulesArgs, RulesCommand, TransactionArgs};
use crate::input::{Inputs, bundle, chip};
use crate::text::Layout;
use crate::view::{Page, Section, Table, word};
use crate::{Exit, output, text};
use miette::{Result, miette};
use serde_json::json;
use strait::catalog::Catalog;
use strait::data::nearest;
use strait::figure::SourceId;
use strait::rules::{Instrument, LawBook};

pub(crate) fn run(args: &RulesArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let law = LawBook::load(&inputs.data, &inputs.scenario, &catalog.sources).map_err(bundle)?;
    let about = json!({ "version": env!("CARGO_PKG_VERSION"), "data": inputs.data.version() });
    let (page, facts) = match &args.what {
        None | Some(RulesCommand::List) => list(&law),
        Some(RulesCommand::Show { id }) => {
            let found = law.instrument(id).ok_or_else(|| unknown(&law, id))?;
            (
                show(found),
                json!({ "id": found.id, "title": found.title, "summary": found.summary,
                "source": found.source.get_ref(), "grade": found.grade, "place": found.place }),
            )
        }
        Some(RulesCommand::Timeline {
            chip: name,
            transaction,
        }) => timeline(&inputs, &catalog, &law, name, transaction)?,
        Some(RulesCommand::Nearest(args)) => super::nearest::run(&inputs, &catalog, &law, args)?,
    };
    if global.json {
        output::print_json(&json!({ "strait": about, "rules": facts }))?;
    } else {
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}

fn unknown(law: &LawBook, id: &str) -> miette::Report {
    let near = nearest(id, law.instruments().iter().map(|i| i.id.as_str()));
    let help = if near.is_empty() {
        "`strait rules` lists every id".to_owned()
    } else {
        format!("did you mean `{}`?", near.join("`, `"))
    };
    miette!(help = help, "no instrument `{id}`")
}

fn list(law: &LawBook) -> (Page, serde_json::Value) {
    let mut table = Table::new("Instruments", &["id", "form", "title", "grade", "written in"]);
    for i in law.instruments() {
        table.row([
            i.id.clone(),
            word(&i.form),
            i.title.clone(),
            i.grade.to_string(),
            i.place.to_string(),
        ]);
    }
    let facts = law
        .instruments()
        .iter()
        .map(|i| json!({ "id": i.id, "title": i.title, "grade": i.grade, "place": i.place }))
        .collect();
    let mut section = Section::default();
    let title = format!(
        "{} instruments, read through {}",
        table.rows.len(),
        law.verified_through()
    );
    section.table(table);
    (
        Page {
            title,
            sections: vec![section],
            ..Page::default()
        },
        facts,
    )
}

fn show(i: &Instrument) -> Page {
    let mut section = Section::default();
    section.text(i.summary.clone());
    let mut facts = Table::new("About it", &["", ""]);
    let cites = [
        &i.cite.fr,
        &i.cite.fr_doc,
        &i.cite.rin,
        &i.cite.cfr,
        &i.cite.other,
    ];
    let cites: Vec<&str> = cites.into_iter().flatten().map(String::as_str).collect();
    facts.row(["authority", i.authority.as_str()]);
    facts.row(["form", word(&i.form).as_str()]);
    facts.row(["binds", i.binds.as_str()]);
    facts.row(["cited as", cites.join(", ").as_str()]);
    if let Some(sure) = &i.confidence {
        facts.row(["confidence", word(sure).as_str()]);
    }
    facts.row(["grade", i.grade.to_string().as_str()]);
    facts.row(["written in", i.place.to_string().as_str()]);
    facts.sources.insert(SourceId(i.source.get_ref().clone()));
    section.table(facts);
    let mut status = Table::new(
        "Status over time",
        &["state", "from", "until", "public since", "remark"],
    );
    for row in i.status.iter().map(|row| row.get_ref()) {
        status.row([
            word(&row.state),
            row.from.to_string(),
            row.until.map_or_else(String::new, |d| d.to_string()),
            row.known_from.to_string(),
            row.note.clone().unwrap_or_default(),
        ]);
    }
    section.table(status);
    let readings = i
        .reading
        .iter()
        .map(|r| format!("{} Taken here: {} Otherwise: {}", r.question, r.ours, r.other));
    section.items("Where the text leaves a choice:", readings.collect());
    let checked = i
        .verified
        .iter()
        .map(|v| format!("{} against {} ({})", v.on, v.against, v.grade));
    section.items("Checked:", checked.collect());
    Page {
        title: i.title.clone(),
        subtitle: i.id.clone(),
        sections: vec![section],
    }
}

fn timeline(
    inputs: &Inputs,
    catalog: &Catalog,
    law: &LawBook,
    name: &str,
    args: &TransactionArgs,
) -> Result<(Page, serde_json::Value)> {
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
    let mut section = Section::default();
    section.table(table);
    let facts = json!({ "chip": named.chip.id, "to": tx.to, "timeline": events, "upcoming": upcoming });
    let ahead = facts["upcoming"]
        .as_array()
        .into_iter()
        .flatten()
        .map(one_line)
        .collect();
    section.items("What comes next:", ahead);
    let page = Page {
        title: format!("{} to {}", named.chip.name, tx.to),
        subtitle: format!("as known on {}", tx.known),
        sections: vec![section],
    };
    Ok((page, facts))
}

fn one_line(row: &serde_json::Value) -> String {
    let fields = row
        .as_object()
        .into_iter()
        .flat_map(|o| o.values())
        .filter_map(|v| v.as_str());
    fields.collect::<Vec<_>>().join(" · ")
}
