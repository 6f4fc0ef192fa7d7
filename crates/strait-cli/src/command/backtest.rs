//! `strait validate market`: forecasts of the market tried on the past.

use crate::args::{Global, ValidateArgs};
use crate::input::{Inputs, bundle, library, today};
use crate::text::Layout;
use crate::view::{Page, Section, Table};
use crate::{Exit, output, text};
use miette::Result;
use serde_json::json;
use strait::brief::{Backtest, Effort};
use strait::market::backtest::{lost_to, page, tally_heads, tally_row, trial_heads, trial_rows};

/// Draws a density.
const DRAWS: usize = 600;

pub(crate) fn run(args: &ValidateArgs, global: &Global) -> Result<Exit> {
    let inputs = Inputs::read(global)?;
    let library = library(&inputs.data, &inputs.scenario)?;
    let effort = Effort {
        steps: args.steps,
        draws: DRAWS,
        seed: args.seed,
    };
    let (found, notes) = library
        .backtest(&inputs.data, today(), effort, &mut |step| output::remark(step))
        .map_err(bundle)?;
    if let Some(path) = &args.page {
        let about = format!(
            "Observations `{}`; {} steps a chain in four chains, {DRAWS} draws, seed {}.\n\n{}",
            library.dynamics.observed.hash(),
            effort.steps,
            effort.seed,
            notes.iter().map(|n| format!("- {n}\n")).collect::<String>()
        );
        output::write_whole(path, &page(&found, about.trim_end()))?;
    }
    if global.json {
        let about = output::About::new(inputs.made(), json!({ "effort": effort }));
        output::print_json(&json!({ "strait": about, "backtest": found, "fits": notes }))?;
    } else {
        output::print(&text::page(&view(&found, notes), Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}

fn view(found: &Backtest, notes: Vec<String>) -> Page {
    let mut tallies = Table::new("By forecaster", &tally_heads());
    for t in &found.tallies {
        tallies.row(tally_row(t));
    }
    let mut section = Section::new("Backtest");
    section.table(tallies);
    for (title, trials, ahead) in [
        ("By target", &found.trials, true),
        ("Published forecasts", &found.published, false),
    ] {
        let mut table = Table::new(title, &trial_heads(ahead));
        for row in trials.iter().flat_map(|t| trial_rows(t, ahead)) {
            table.row(row);
        }
        section.table(table);
    }
    let counts = found
        .targets
        .iter()
        .map(|(day, n)| format!("{day}: n = {n}"))
        .collect();
    section.items("Targets of this market by origin:", counts);
    section.items("Where the naive ones win:", lost_to(found));
    section.items("Fits of the model:", notes);
    section.text("Targets overlap and surprises were few: nothing here is significant, and none is claimed.");
    Page {
        title: "Forecasts of the market tried on the past".into(),
        sections: vec![section],
        ..Page::default()
    }
}
