//! `strait data check`: verifies every file strait knows from.

use crate::args::{DataArgs, DataCommand, Global};
use crate::input::{Inputs, bundle};
use crate::view::count;
use crate::{Exit, output};
use miette::Result as Answer;
use serde_json::json;
use strait::brief::Library;
use strait::catalog::Catalog;
use strait::data::{DataFile, Problem, Problems, orphan_sources};
use strait::perf::kernels;
use strait::perf::measured::Harness;
use strait::scenario::Scenario;

type Check = fn(DataFile<'_>, &Catalog) -> Result<(), Problems>;
const OPERATOR_FILES: [(&str, Check); 2] = [
    ("perf/operators.toml", |file, _| kernels::read(file).map(|_| ())),
    ("perf/systems.toml", systems),
];

/// Reads the meanings of measured tables; every chip they name must be in the catalog.
fn systems(file: DataFile<'_>, catalog: &Catalog) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for (system, chip) in Harness::read(file, &catalog.sources)?.systems {
        if catalog.get(&chip).is_none() {
            let text = format!("system `{system}` is `{chip}`, which is no chip of the catalog");
            problems.push(Problem::in_file(file.path, text));
        }
    }
    problems.or(())
}

pub(crate) fn run(args: &DataArgs, global: &Global) -> Answer<Exit> {
    let DataCommand::Check = args.what;
    let inputs = Inputs::read(global)?;
    let library = Library::load(&inputs.data, &inputs.scenario).map_err(bundle)?;
    // What only the whole can tell: names across files, and sources nothing rests on.
    let ids = library.catalog.iter().map(|chip| chip.id.0.as_str()).collect();
    library.market.check_chips(&ids).or(()).map_err(bundle)?;
    orphan_sources(&inputs.data, &library.catalog.sources)
        .or(())
        .map_err(bundle)?;
    // The operator fit and the meanings of measured tables are read by their own commands alone.
    for (path, check) in OPERATOR_FILES {
        if let Some(file) = inputs.data.get(path) {
            check(file, &library.catalog).map_err(bundle)?;
        }
    }
    // Shipped scenarios must apply, too: a renamed rule or chip would silently leave one empty.
    let mut scenarios = 0;
    for file in inputs.data.below("scenarios/") {
        let scenario = Scenario::read(file.path, file.text)?;
        Library::load(&inputs.data, &scenario).map_err(bundle)?;
        scenarios += 1;
    }
    let chips = library.catalog.iter().count();
    let figures: usize = library.catalog.iter().map(|chip| chip.figures().len()).sum();
    let instruments = library.law.instruments().len();
    let sources = library.catalog.sources.0.len();
    if global.json {
        output::print_json(&json!({
            "strait": { "version": env!("CARGO_PKG_VERSION"), "data": library.version },
            "chips": chips, "figures": figures, "instruments": instruments,
            "sources": sources, "scenarios": scenarios,
        }))?;
    } else {
        output::print(&format!(
            "data {}: {} chips with {} figures, {} instruments, {} sources, {} scenarios: no problem found\n",
            library.version,
            count(chips),
            count(figures),
            count(instruments),
            count(sources),
            count(scenarios)
        ))?;
    }
    Ok(Exit::Answered)
}
