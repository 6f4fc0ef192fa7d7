//! `strait rules diff DAY --against SCENARIO`.

use super::diff::{facts, parts};
use crate::args::DiffArgs;
use crate::input::{Inputs, bundle, scenario, today};
use crate::view::{Page, Section, Table};
use miette::{Result, miette};
use serde_json::{Value, json};
use strait::catalog::Catalog;
use strait::rules::{Knower, LawBook, Maker, Moment, Part, Turn, WhatIf, WhatIfPart};
use strait::scenario::Scenario;

/// What the scenario changes, and whether rows of a parts file were left out as bad.
pub(super) fn run(
    inputs: &Inputs,
    catalog: &Catalog,
    law: &LawBook,
    args: &DiffArgs,
    named: &str,
) -> Result<(Page, Value, bool)> {
    let at = Moment {
        on: args.first,
        known: args.known.unwrap_or_else(today),
        known_to: args.known_to.unwrap_or(Knower::Public),
    };
    inputs.check_days(at.on, at.known)?;
    let asked = scenario(&inputs.data, named)?;
    let other_catalog = Catalog::load(&inputs.data, &asked).map_err(bundle)?;
    let other_law = LawBook::load(&inputs.data, &asked, &other_catalog.sources).map_err(bundle)?;
    let (parts, names, bad) = parts(catalog, law, inputs.blank(at.on, at.known)?, args)?;
    let pairs: Vec<(Part<'_>, Part<'_>)> = parts
        .into_iter()
        .map(|part| {
            // A chip of the user's own file is in no catalog and stays as it is.
            let chip = other_catalog.get(&part.chip.id).unwrap_or(part.chip);
            let under = Part { chip, ..part.clone() };
            (part, under)
        })
        .collect();
    let found = law.what_if(&other_law, at, &pairs).map_err(|e| miette!("{e}"))?;
    let mut facts = facts(&found, &names)?;
    facts["scenario"] = json!({ "id": asked.id, "title": asked.title });
    let page = page(&found, &names, &asked, &inputs.scenario);
    Ok((page, facts, bad))
}

fn page(found: &WhatIf, names: &[String], asked: &Scenario, base: &Scenario) -> Page {
    let mut section = Section::default();
    section.text(sentence(found));
    section.table(whose(found));
    for turn in Turn::ALL {
        let mut table = Table::new(
            title(turn),
            &["part", "maker", "data center", "to", "what", "limb"],
        );
        for part in found.parts.iter().filter(|p| p.turn == turn) {
            let name = names
                .get(part.index)
                .map_or_else(String::new, |name| format!("{name}: "));
            table.row([
                format!("{name}{}{}", part.chip, remark(part)),
                part.maker.name().to_owned(),
                datacenter(part).to_owned(),
                part.to.clone(),
                part.text.clone(),
                part.paragraph.clone().unwrap_or_default(),
            ]);
        }
        section.table(table);
    }
    let than = if base.is_baseline() {
        "the law as it stands".to_owned()
    } else {
        format!("the law under {}", base.id)
    };
    Page {
        title: format!("{}: {}", asked.id, asked.title),
        subtitle: format!(
            "against {than}, on {}, as known on {}",
            found.at.on, found.at.known
        ),
        sections: vec![section],
    }
}

/// `12 of 113 parts come out otherwise: 3 caught (1 of them needed a license before as well), 9 unclear …`
fn sentence(found: &WhatIf) -> String {
    let all = found.parts.len() + found.unchanged;
    let of = |turn| found.parts.iter().filter(move |p| p.turn == turn);
    let counts: Vec<String> = Turn::ALL
        .into_iter()
        .filter(|turn| of(*turn).count() > 0)
        .map(|turn| {
            let here = format!("{} {}", of(turn).count(), turn.name());
            match turn {
                Turn::Caught => {
                    let had = of(turn).filter(|p| p.before.license.is_needed()).count();
                    format!("{here} ({had} of them needed a license before as well)")
                }
                Turn::Freed => {
                    let still = of(turn).filter(|p| p.after.license.is_needed()).count();
                    format!("{here} ({still} of them still need a license)")
                }
                Turn::Changed | Turn::Unclear => here,
            }
        })
        .collect();
    if counts.is_empty() {
        return format!("None of {all} parts comes out otherwise.");
    }
    let side = found.parts.iter().filter(|p| p.datacenter == Some(false)).count();
    format!(
        "{} of {all} parts come out otherwise: {}; {side} of them are not for data centers.",
        found.parts.len(),
        counts.join(", "),
    )
}

/// Whose the parts are: rows by maker, with those not for data centers apart.
fn whose(found: &WhatIf) -> Table {
    let mut table = Table::new(
        "Whose they are",
        &[
            "makers",
            "caught",
            "freed",
            "changed",
            "unclear",
            "not for data centers",
        ],
    );
    for maker in Maker::ALL {
        let mine: Vec<&WhatIfPart> = found.parts.iter().filter(|p| p.maker == maker).collect();
        if mine.is_empty() {
            continue;
        }
        let count = |turn| mine.iter().filter(|p| p.turn == turn).count().to_string();
        let side: Vec<&str> = mine
            .iter()
            .filter(|p| p.datacenter == Some(false))
            .map(|p| p.chip.as_str())
            .collect();
        let mut row = vec![maker.name().to_owned()];
        row.extend(Turn::ALL.map(count));
        row.push(if side.is_empty() {
            "–".to_owned()
        } else {
            side.join(", ")
        });
        table.row(row);
    }
    table.note = Some("allied: a country of group A:5 or A:6".to_owned());
    table
}

fn title(turn: Turn) -> &'static str {
    match turn {
        Turn::Caught => "Caught: classed where it was outside, or in need of a license where none was found",
        Turn::Freed => "Freed: outside where it was classed, or no license found where one was needed",
        Turn::Changed => "Changed: caught or free as before, on other terms",
        Turn::Unclear => "Unclear: unknown before or after",
    }
}

fn datacenter(part: &WhatIfPart) -> &'static str {
    match part.datacenter {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

fn remark(part: &WhatIfPart) -> &'static str {
    match (part.never_sold, part.hypothetical) {
        (true, _) => " (never sold)",
        (false, true) => " (not announced by then)",
        (false, false) => "",
    }
}
