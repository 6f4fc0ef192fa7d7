//! `strait data check`: verifies every file strait knows from.

use crate::args::{DataArgs, DataCommand, Global};
use crate::input::{self, Inputs, bundle};
use crate::view::count;
use crate::{Exit, output};
use miette::Result as Answer;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use strait::brief::Library;
use strait::catalog::Catalog;
use strait::cost::Regions;
use strait::data::{DataFile, Problem, Problems};
use strait::data::{DataSet, FigureGrades, figure_grades, orphan_sources};
use strait::figure::Grade;
use strait::perf::PerfModel;
use strait::perf::crossovers::Crossovers;
use strait::perf::energy::EnergyModel;
use strait::perf::inference::{ServingNames, check_rates};
use strait::perf::kernels;
use strait::perf::measured::Harness;
use strait::perf::training::TrainingNames;
use strait::scenario::Scenario;

type Check = fn(DataFile<'_>, &Catalog, &PerfModel) -> Result<(), Problems>;
/// Files that single commands read.
const OTHER_FILES: [(&str, Check); 6] = [
    ("perf/operators.toml", |file, _, _| {
        kernels::read(file).map(|_| ())
    }),
    ("perf/systems.toml", systems),
    ("validation/crossovers.toml", crossovers),
    ("validation/chip_rates.csv", |file, catalog, _| {
        check_rates(file, catalog)
    }),
    ("perf/serving_rows.toml", |file, catalog, _| {
        ServingNames::read(file, &catalog.sources).map(|_| ())
    }),
    ("perf/training_rows.toml", |file, catalog, _| {
        TrainingNames::read(file, &catalog.sources).map(|_| ())
    }),
];

/// Reads which chips are set beside which.
fn crossovers(file: DataFile<'_>, catalog: &Catalog, perf: &PerfModel) -> Result<(), Problems> {
    Crossovers::read(file, catalog, perf).map(|_| ())
}

/// Reads the published figures that costs stand beside: no chip is looked up, so that none is computed.
fn published(inputs: &Inputs, library: &Library) -> Result<(), Problems> {
    let (data, sources) = (&inputs.data, &library.catalog.sources);
    library.cost.validate(data, sources, |_, _| None)?;
    let checks = library
        .cost
        .validate_published(data, sources, &library.perf, |_, _| None);
    checks.map(|_| ())
}

/// Reads the meanings of measured tables; every chip they name must be in the catalog.
fn systems(file: DataFile<'_>, catalog: &Catalog, _: &PerfModel) -> Result<(), Problems> {
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
    let library = input::library(&inputs.data, &inputs.scenario)?;
    // What only the whole can tell: names across files, and sources nothing rests on.
    let accelerators = || library.catalog.iter().filter(|chip| chip.is_accelerator());
    // A memory stack is no good of the market.
    let ids = accelerators().map(|chip| chip.id.0.as_str()).collect();
    library.market.check_chips(&ids).or(()).map_err(bundle)?;
    orphan_sources(&inputs.data, &library.catalog.sources)
        .or(())
        .map_err(bundle)?;
    inputs.begins()?;
    Regions::load(&inputs.data).map_err(bundle)?;
    published(&inputs, &library).map_err(bundle)?;
    library.check_backtest(&inputs.data).map_err(bundle)?;
    for (path, check) in OTHER_FILES {
        if let Some(file) = inputs.data.get(path) {
            check(file, &library.catalog, &library.perf).map_err(bundle)?;
        }
    }
    EnergyModel::load(&inputs.data, &library.catalog.sources).map_err(bundle)?;
    // Shipped scenarios must apply, too: a renamed rule or chip would silently leave one empty.
    let mut scenarios = 0;
    for file in inputs.data.below("scenarios/") {
        let scenario = Scenario::read(file.path, file.text)?;
        input::library(&inputs.data, &scenario)?;
        scenarios += 1;
    }
    let chips = accelerators().count();
    let stacks = library.catalog.iter().count() - chips;
    let grades = Grades::count(&inputs.data, &library);
    let figures: usize = grades.chips.values().sum();
    let instruments = library.law.instruments().len();
    let sources = library.catalog.sources.0.len();
    if global.json {
        output::print_json(&json!({
            "strait": inputs.made(),
            "chips": chips, "memory_stacks": stacks, "figures": figures, "instruments": instruments,
            "sources": sources, "scenarios": scenarios,
            "grades": grades.rows().map(|(grade, [chips, rows, parameters, instruments])| json!({
                "grade": grade, "chip_figures": chips, "table_rows": rows, "parameters": parameters,
                "instruments": instruments,
            })).collect::<Vec<_>>(),
        }))?;
    } else {
        output::print(&format!(
            "data {}: {} chips and {} memory stacks with {} figures, {} instruments, {} sources, {} scenarios: no problem found\n\n{}",
            library.version,
            count(chips),
            count(stacks),
            count(figures),
            count(instruments),
            count(sources),
            count(scenarios),
            grades.text()
        ))?;
    }
    Ok(Exit::Answered)
}

/// Figures and instruments by grade.
struct Grades {
    chips: BTreeMap<Grade, usize>,
    others: FigureGrades,
    instruments: BTreeMap<Grade, usize>,
}

impl Grades {
    fn count(data: &DataSet, library: &Library) -> Self {
        let mut chips = BTreeMap::new();
        for figure in library.catalog.iter().flat_map(|chip| chip.figures()) {
            *chips.entry(figure.grade).or_insert(0) += 1;
        }
        Self {
            chips,
            others: figure_grades(data),
            instruments: library.law.by_grade(),
        }
    }

    /// Best grade first: figures of chips, rows of tables, parameters, instruments.
    fn rows(&self) -> impl Iterator<Item = (Grade, [usize; 4])> {
        let all = [
            &self.chips,
            &self.others.rows,
            &self.others.parameters,
            &self.instruments,
        ];
        let grades: BTreeSet<Grade> = all.iter().flat_map(|count| count.keys().copied()).collect();
        grades
            .into_iter()
            .map(move |grade| (grade, all.map(|count| count.get(&grade).copied().unwrap_or(0))))
    }

    fn text(&self) -> String {
        let mut text = format!(
            "{:<10}{:>14}{:>14}{:>14}{:>14}\n",
            "grade", "chip figures", "table rows", "parameters", "instruments"
        );
        for (grade, numbers) in self.rows() {
            write!(text, "{:<10}", grade.to_string()).expect("to a string");
            for number in numbers {
                write!(text, "{:>14}", count(number)).expect("to a string");
            }
            text.push('\n');
        }
        text
    }
}
