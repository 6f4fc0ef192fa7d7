//! `strait check`: what the law says of one transaction.

use crate::args::{CheckArgs, Global};
use crate::batch::{self, Answered, Baseline, Change};
use crate::input::{Inputs, bundle, chip, for_chip, today};
use crate::text::Layout;
use crate::view::{Block, Page, Section, arithmetic_blocks, explanation, summary, verdict_blocks, word};
use crate::{Exit, output, text};
use miette::{Result, miette};
use serde::Serialize;
use strait::brief::{Header, SEED};
use strait::catalog::{Catalog, Chip};
use strait::rules::{Arithmetic, AsOf, LawBook, State, Transaction, Verdict};

/// A family member whose verdict differs from that of the variant taken.
#[derive(Debug, Serialize)]
struct Sibling {
    chip: String,
    classification: String,
    license: String,
}

pub(crate) fn run(args: &CheckArgs, global: &Global) -> Result<Exit> {
    if let Some(path) = &args.batch.batch {
        return batch::run(path, args, global);
    }
    let inputs = Inputs::read(global)?;
    let day = args.transaction.on.unwrap_or_else(today);
    let catalog = Catalog::load(&inputs.data, &inputs.scenario.on(Some(day))).map_err(bundle)?;
    let law = LawBook::load(&inputs.data, &inputs.scenario, &catalog.sources).map_err(bundle)?;
    let read = |path| Baseline::read(path, &law);
    let baseline = args.fail_on_change.as_deref().map(read).transpose()?;
    let named = chip(&catalog, args.chip.as_deref().unwrap_or_default())?;
    let tx = inputs.transaction(
        &args.transaction,
        &named.chip,
        catalog.designer_country(&named.chip),
        &law.places,
    )?;
    let verdict = ask(&catalog, &law, &named.chip, &tx)?;
    let mut siblings = Vec::new();
    if named.by_family {
        for other in &named.siblings {
            let theirs = ask(&catalog, &law, other, &tx)?;
            if (theirs.us.classification, theirs.us.license)
                != (verdict.us.classification, verdict.us.license)
            {
                siblings.push(Sibling {
                    chip: other.id.to_string(),
                    classification: word(&theirs.us.classification),
                    license: word(&theirs.us.license),
                });
            }
        }
    }
    let arithmetic = args
        .explain
        .then(|| law.arithmetic(&named.chip, AsOf::of(&tx)))
        .transpose()
        .map_err(|e| miette!("{e}"))?;
    let nearest = law
        .nearest(&named.chip, AsOf::of(&tx))
        .map_err(|e| miette!("{e}"))?;
    let nearest = summary(&nearest);
    let header = Header {
        made: inputs.made(),
        on: tx.on,
        known: tx.known,
        seed: SEED,
    };
    if global.json {
        output::print_json(
            &Answer {
                strait: header,
                asked: named.asked,
                siblings,
                verdict: &verdict,
                law: &law,
                arithmetic,
            }
            .json()?,
        )?;
    } else {
        let page = page(
            &header,
            &named.asked,
            &siblings,
            &verdict,
            left_out(&law, AsOf::of(&tx)),
            nearest,
            arithmetic.as_ref(),
        );
        output::print(&text::page(&page, Layout::of_stdout(args.explain)))?;
    }
    let stale = args.strict && verdict.stale_days > 0;
    if let Some(mut baseline) = baseline {
        let changed = baseline.compare(Answered::verdict(&verdict));
        let changes: Vec<Change> = changed.into_iter().chain(baseline.gone()).collect();
        for change in &changes {
            output::remark(&change.line(""));
        }
        if !changes.is_empty() {
            return Ok(Exit::Differs);
        }
    }
    Ok(if stale { Exit::Stale } else { Exit::Answered })
}

/// What is not evaluated, the red flags it leaves, and the bills that would change that, as they stood.
fn left_out(law: &LawBook, as_of: AsOf) -> Vec<String> {
    let bill = |id: &String| {
        let bill = law.instrument(id)?;
        let state = bill.state_as_of(as_of)?;
        let what = if matches!(state, State::Proposed | State::Announced) {
            "a bill, not law"
        } else {
            "a bill"
        };
        Some(format!("; {what}: {} ({id}, {})", bill.title, state.words()))
    };
    law.scope()
        .iter()
        .map(|s| {
            let bills: String = s.bills.iter().filter_map(bill).collect();
            format!("{} ({}); red flags: {}{bills}", s.what, s.cite, s.red_flags)
        })
        .collect()
}

/// The verdict with the countries that the register of makers gives.
fn ask(catalog: &Catalog, law: &LawBook, chip: &Chip, tx: &Transaction) -> Result<Verdict> {
    let designer = catalog.designer_country(chip);
    let foundry = catalog.foundry_country_of(chip);
    law.check(chip, designer, foundry, &for_chip(tx, &chip.id))
        .map_err(|e| miette!("{e}"))
}

/// What `--json` prints: the verdict's own fields beside the inputs and versions.
struct Answer<'a> {
    strait: Header,
    asked: String,
    siblings: Vec<Sibling>,
    verdict: &'a Verdict,
    law: &'a LawBook,
    arithmetic: Option<Arithmetic>,
}

impl Answer<'_> {
    fn json(&self) -> Result<serde_json::Value> {
        let value = |v: serde_json::Result<serde_json::Value>| v.map_err(|e| miette!("{e}"));
        let mut all = serde_json::Map::new();
        all.insert("strait".into(), value(serde_json::to_value(&self.strait))?);
        all.insert("asked".into(), self.asked.clone().into());
        if let serde_json::Value::Object(fields) = value(serde_json::to_value(self.verdict))? {
            all.extend(fields);
        }
        all.insert("scope".into(), value(serde_json::to_value(self.law.scope()))?);
        all.insert("siblings".into(), value(serde_json::to_value(&self.siblings))?);
        let revisions = serde_json::to_value(crate::revision::of(self.law));
        all.insert("instruments".into(), value(revisions)?);
        if let Some(arithmetic) = &self.arithmetic {
            all.insert("arithmetic".into(), value(serde_json::to_value(arithmetic))?);
        }
        Ok(all.into())
    }
}

fn page(
    header: &Header,
    asked: &str,
    siblings: &[Sibling],
    verdict: &Verdict,
    left_out: Vec<String>,
    nearest: Option<String>,
    arithmetic: Option<&Arithmetic>,
) -> Page {
    let mut section = Section::default();
    let differing = siblings
        .iter()
        .map(|s| format!("{}: {}, license {}", s.chip, s.classification, s.license))
        .collect();
    section.items("Siblings that come out differently:", differing);
    section.blocks.extend(verdict_blocks(verdict));
    if let Some(line) = nearest {
        section.text(format!("{line}; `strait rules nearest` lists every one."));
    }
    let practice = verdict
        .practice
        .iter()
        .map(|p| format!("{}: {} ({}, {})", p.when, p.what, p.source, p.grade))
        .collect();
    section.items("What happened beside the law:", practice);
    if let Some(arithmetic) = arithmetic {
        section.blocks.push(Block::Folded(
            "How the metrics were worked out".into(),
            arithmetic_blocks(arithmetic),
        ));
        section.blocks.push(Block::Folded(
            "How the verdict was reached".into(),
            explanation(verdict),
        ));
    }
    section.items("Not evaluated here:", left_out);
    section.text("strait gives no legal advice; it tells what it finds among the instruments it models.");
    let scenario = header
        .made
        .scenario
        .as_ref()
        .map_or_else(String::new, |s| format!(" · scenario {s}"));
    Page {
        title: format!("{} to {}", verdict.chip, verdict.to),
        subtitle: format!(
            "asked `{asked}` · on {} · as known on {}{scenario} · strait {} · data {}",
            header.on, header.known, header.made.version, header.made.data
        ),
        sections: vec![section],
    }
}
