//! `strait rules`: the instruments, what changed when for a chip, and what changed between two days.

mod diff;
mod list;
mod show;
mod timeline;
mod what_if;

use crate::args::{Global, ListArgs, RulesArgs, RulesCommand};
use crate::input::{Inputs, bundle, today};
use crate::text::Layout;
use crate::{Exit, output, text};
use miette::{Result, miette};
use serde_json::json;
use strait::catalog::Catalog;
use strait::data::nearest;
use strait::rules::LawBook;

pub(crate) fn run(args: &RulesArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let catalog = Catalog::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    let law = LawBook::load(&inputs.data, &inputs.scenario, &catalog.sources).map_err(bundle)?;
    let about = inputs.made();
    let mut exit = Exit::Answered;
    let (page, facts) = match &args.what {
        None => list::run(&law, &ListArgs::default()),
        Some(RulesCommand::List(args)) => {
            let day = |day: Option<_>| day.unwrap_or_else(today);
            inputs.check_days(day(args.on), day(args.known))?;
            list::run(&law, args)
        }
        Some(RulesCommand::Show { id }) => {
            let found = law.instrument(id).ok_or_else(|| unknown(&law, id))?;
            show::run(found, law.verified_through(), &catalog.sources)?
        }
        Some(RulesCommand::Timeline {
            chip,
            sentences,
            transaction,
        }) => timeline::run(&inputs, &catalog, &law, (chip, *sentences), transaction)?,
        Some(RulesCommand::Diff(args)) => {
            let (page, facts, bad) = match &args.against {
                Some(named) => what_if::run(&inputs, &catalog, &law, args, named)?,
                None => diff::run(&inputs, &catalog, &law, args)?,
            };
            if bad {
                exit = Exit::BadInput;
            }
            (page, facts)
        }
        Some(RulesCommand::Nearest(args)) => super::nearest::run(&inputs, &catalog, &law, args)?,
    };
    if global.json {
        output::print_json(&json!({ "strait": about, "rules": facts }))?;
    } else {
        output::print(&text::page(&page.under(&about), Layout::of_stdout(true)))?;
    }
    Ok(exit)
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
