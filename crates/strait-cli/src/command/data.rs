//! `strait data check`: verifies every file strait knows from.

use crate::args::{DataArgs, DataCommand, Global};
use crate::input::{Inputs, bundle};
use crate::view::count;
use crate::{Exit, output};
use miette::Result;
use serde_json::json;
use strait::brief::Library;
use strait::data::orphan_sources;
use strait::scenario::Scenario;

pub(crate) fn run(args: &DataArgs, global: &Global) -> Result<Exit> {
    let DataCommand::Check = args.what;
    let inputs = Inputs::read(global)?;
    let library = Library::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    // What only the whole can tell: names across files, and sources nothing rests on.
    let accelerators = || library.catalog.iter().filter(|chip| chip.is_accelerator());
    // A memory stack is no good of the market.
    let ids = accelerators().map(|chip| chip.id.0.as_str()).collect();
    library.market.check_chips(&ids).or(()).map_err(bundle)?;
    orphan_sources(&inputs.data, &library.catalog.sources)
        .or(())
        .map_err(bundle)?;
    // Shipped scenarios must apply, too: a renamed rule or chip would silently leave one empty.
    let mut scenarios = 0;
    for file in inputs.data.below("scenarios/") {
        let scenario = Scenario::read(file.path, file.text)?;
        Library::load(&inputs.data, &scenario).map_err(bundle)?;
        scenarios += 1;
    }
    let chips = accelerators().count();
    let stacks = library.catalog.iter().count() - chips;
    let figures: usize = library.catalog.iter().map(|chip| chip.figures().len()).sum();
    let instruments = library.law.instruments().len();
    let sources = library.catalog.sources.0.len();
    if global.json {
        output::print_json(&json!({
            "strait": { "version": env!("CARGO_PKG_VERSION"), "data": library.version },
            "chips": chips, "memory_stacks": stacks, "figures": figures, "instruments": instruments,
            "sources": sources, "scenarios": scenarios,
        }))?;
    } else {
        output::print(&format!(
            "data {}: {} chips and {} memory stacks with {} figures, {} instruments, {} sources, {} scenarios: no problem found\n",
            library.version,
            count(chips),
            count(stacks),
            count(figures),
            count(instruments),
            count(sources),
            count(scenarios)
        ))?;
    }
    Ok(Exit::Answered)
}
