//! `strait rules diff`.

use super::timeline::by;
use crate::args::DiffArgs;
use crate::batch::{Asker, Chunk, Parts};
use crate::input::{Inputs, Stated, StatedIn, today};
use crate::output;
use crate::view::{Page, Section, Table, word};
use miette::{Result, miette};
use serde_json::{Value, json};
use strait::catalog::Catalog;
use strait::rules::{Fact, Knower, LawBook, LawDiff, Moment, Part, State, Transaction};

/// Rows of a parts file read together.
const CHUNK: usize = 1024;

/// What changed, and whether rows of a parts file were left out as bad.
pub(super) fn run(
    inputs: &Inputs,
    catalog: &Catalog,
    law: &LawBook,
    args: &DiffArgs,
) -> Result<(Page, Value, bool)> {
    let moment = |on| Moment {
        on,
        known: match (args.known, args.as_known) {
            (Some(known), _) => known,
            (None, true) => on,
            (None, false) => today(),
        },
        known_to: args.known_to.unwrap_or(Knower::Public),
    };
    let second = args.second.unwrap_or(args.first);
    if second < args.first {
        return Err(miette!(
            help = "give the earlier day first",
            "D1 `{}` lies after D2 `{second}`",
            args.first
        ));
    }
    let (from, to) = (moment(args.first), moment(second));
    let blank = inputs.blank(from.on, from.known)?;
    for (name, day) in [("D1", args.first), ("D2", second)] {
        if day < blank.begins {
            return Err(miette!(
                help = format!("give {} or later", blank.begins),
                "{name} `{day}` lies before the data begin ({})",
                blank.begins
            ));
        }
    }
    let (parts, names, bad) = parts(catalog, law, blank, args)?;
    let found = law.diff(from, to, &parts).map_err(|e| miette!("{e}"))?;
    Ok((page(&found, &names), facts(&found, &names)?, bad))
}

/// The parts to compare, their names in the file they come from, and whether rows of it were left out as bad.
pub(super) fn parts<'a>(
    catalog: &'a Catalog,
    law: &'a LawBook,
    blank: Stated,
    args: &DiffArgs,
) -> Result<(Vec<Part<'a>>, Vec<String>, bool)> {
    match &args.parts {
        Some(path) => rows(catalog, law, blank, &mut Parts::open(path, None)?),
        None => Ok((of_catalog(catalog, law, &blank, &args.to)?, Vec::new(), false)),
    }
}

/// Every chip that computes, to each destination.
fn of_catalog<'a>(
    catalog: &'a Catalog,
    law: &LawBook,
    blank: &Stated,
    to: &[String],
) -> Result<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    for typed in to {
        for chip in catalog.iter().filter(|chip| chip.is_accelerator()) {
            let mut stated = blank.clone();
            stated.tx.to.clone_from(typed);
            stated.tx.chip.clone_from(&chip.id);
            let designer = catalog.designer_country(chip);
            stated
                .settle(designer, &law.places, StatedIn::Flags)
                .map_err(|e| e.report())?;
            parts.push(Part {
                chip,
                designer,
                foundry: catalog.foundry_country_of(chip),
                transaction: stated.tx,
            });
        }
    }
    Ok(parts)
}

/// The rows of a parts file, each with its own name; days they state give way to those compared.
fn rows<'a>(
    catalog: &'a Catalog,
    law: &'a LawBook,
    blank: Stated,
    file: &mut Parts,
) -> Result<(Vec<Part<'a>>, Vec<String>, bool)> {
    let asker = Asker::new(catalog, law, blank, None);
    let (mut chunk, mut parts, mut names) = (Chunk::default(), Vec::new(), Vec::new());
    let (mut bad, mut dated) = (false, false);
    loop {
        file.fill(&mut chunk, CHUNK)?;
        if chunk.len() == 0 {
            break;
        }
        for at in 0..chunk.len() {
            let read = file.shape.cells(chunk.line(at)).and_then(|mut cells| {
                let before = cells.facts.len();
                cells
                    .facts
                    .retain(|(fact, _)| !matches!(fact, Fact::On | Fact::Known));
                dated |= cells.facts.len() < before;
                asker.row(&cells)
            });
            match read {
                Ok(row) => {
                    let chip = row.item.chip();
                    names.push(if row.id.is_empty() { row.asked } else { row.id });
                    parts.push(Part {
                        chip,
                        designer: catalog.designer_country(chip),
                        foundry: catalog.foundry_country_of(chip),
                        transaction: Transaction { ..row.stated.tx },
                    });
                }
                Err(wrong) => {
                    bad = true;
                    output::remark(&wrong.told(&file.name));
                }
            }
        }
    }
    if dated {
        output::remark("the days of the rows are not used: D1 and D2 are compared");
    }
    Ok((parts, names, bad))
}

/// As JSON, each part with its name in the file it comes from.
pub(super) fn facts(found: &impl serde::Serialize, names: &[String]) -> Result<Value> {
    let mut facts = serde_json::to_value(found).map_err(|e| miette!("{e}"))?;
    for part in facts["parts"].as_array_mut().into_iter().flatten() {
        let at = part["index"].as_u64().and_then(|at| usize::try_from(at).ok());
        if let Some(name) = at.and_then(|at| names.get(at)) {
            part["row"] = json!(name);
        }
    }
    Ok(facts)
}

fn page(found: &LawDiff, names: &[String]) -> Page {
    let mut section = Section::default();
    let mut instruments = Table::new(
        "Instruments",
        &["id", "what", "before", "after", "title", "citation"],
    );
    let state = |state: Option<State>| state.map_or("–", State::words).to_owned();
    for i in &found.instruments {
        instruments.row([
            i.id.clone(),
            word(&i.turned),
            state(i.before),
            state(i.after),
            i.title.clone(),
            i.cite.clone().unwrap_or_default(),
        ]);
    }
    if instruments.rows.is_empty() {
        section.text("No instrument changed its state.");
    }
    section.table(instruments);
    let mut parts = Table::new("Parts that come out otherwise", &["part", "to", "what", "by"]);
    for p in &found.parts {
        let row = names
            .get(p.index)
            .map_or_else(String::new, |name| format!("{name}: "));
        let hypothetical = if p.hypothetical {
            " (not announced by then)"
        } else {
            ""
        };
        for (n, change) in p.changes.iter().enumerate() {
            let [part, to] = match n {
                0 => [format!("{row}{}{hypothetical}", p.chip), p.to.clone()],
                _ => Default::default(),
            };
            parts.row([part, to, change.text.clone(), by(&change.instruments)]);
        }
    }
    let all = found.parts.len() + found.unchanged;
    let count = format!("{} of {all} parts come out otherwise.", found.parts.len());
    section.table(parts);
    section.text(count);
    let known = if found.from.known == found.to.known {
        format!("both as known on {}", found.to.known)
    } else {
        "each as known on that day".to_owned()
    };
    Page {
        title: format!("The law from {} to {}", found.from.on, found.to.on),
        subtitle: known,
        sections: vec![section],
    }
}
