//! What the user gave: data folder, scenario, chips, the transaction; and today's date.

mod transaction;

pub(crate) use transaction::{Stated, StatedIn};

use crate::args::Global;
use jiff::civil::Date;
use miette::{Result, miette};
use std::path::{Path, PathBuf};
use strait::brief::{Library, Made};
use strait::catalog::{Catalog, Chip, ChipId};
use strait::data::{DataSet, Problem, Problems, nearest};
use strait::perf::{Model, ModelId, PerfModel};
use strait::rules::{AsOf, Knower, Transaction};
use strait::scenario::Scenario;

/// Data and scenario of a command.
#[derive(Debug)]
pub(crate) struct Inputs {
    /// Embedded data with the user's folder over it.
    pub(crate) data: DataSet,
    /// Scenario; empty where none was given.
    pub(crate) scenario: Scenario,
}

/// A chip as it was named.
#[derive(Debug)]
pub(crate) struct Named {
    /// As typed.
    pub(crate) asked: String,
    /// The chip taken.
    pub(crate) chip: Chip,
    /// Whether a family's name was typed.
    pub(crate) by_family: bool,
    /// The other members.
    pub(crate) siblings: Vec<Chip>,
}

/// First day strait has data for; kept in `about.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    begins: strait::figure::When,
}

impl Inputs {
    /// Reads what the global options name.
    pub(crate) fn read(global: &Global) -> Result<Self> {
        let mut data = DataSet::embedded();
        if let Some(folder) = &global.data {
            data = overlay(data, folder)?;
        }
        let scenario = match &global.scenario {
            Some(named) => scenario(&data, named)?,
            None => Scenario::default(),
        };
        Ok(Self { data, scenario })
    }

    /// What an answer from these is made from.
    pub(crate) fn made(&self) -> Made {
        Made::of(&self.data, &self.scenario)
    }

    /// First day strait has data for.
    pub(crate) fn begins(&self) -> Result<Date> {
        const FILE: &str = "about.toml";
        let missing = || Problem::in_file(FILE, "the file is missing");
        let file = self.data.get(FILE).ok_or_else(missing)?;
        let about: About = toml::from_str(file.text).map_err(|e| Problem::from_toml(FILE, file.text, &e))?;
        Ok(about.begins.first())
    }

    /// Refuses days before the data begin.
    pub(crate) fn check_days(&self, on: Date, known: Date) -> Result<()> {
        self.check_day("--on", on)?;
        self.check_day("--known", known)
    }

    /// Refuses a day before the data begin.
    pub(crate) fn check_day(&self, flag: &str, day: Date) -> Result<()> {
        let begins = self.begins()?;
        if day < begins {
            return Err(miette!(
                help = format!("give {flag} {begins} or later"),
                "{flag} `{day}` lies before the data begin ({begins})"
            ));
        }
        Ok(())
    }
}

/// Everything loaded, for a question that no chip of the user's own is asked about.
pub(crate) fn library(data: &DataSet, scenario: &Scenario) -> Result<Library> {
    let library = Library::load(data, scenario).map_err(bundle)?;
    library
        .cost
        .check_prices(&library.catalog, std::iter::empty())
        .map_err(bundle)?;
    Ok(library)
}

/// Today by the system's clock and time zone.
pub(crate) fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}

/// The law in force on a day, as the public knew it on a day.
pub(crate) fn public(on: Date, known: Date) -> AsOf {
    AsOf {
        on,
        known,
        known_to: Knower::Public,
        codified: false,
    }
}

/// The chip a name or a path means.
pub(crate) fn chip(catalog: &Catalog, typed: &str) -> Result<Named> {
    let asked = typed.to_owned();
    if is_path(typed) {
        let chip = catalog
            .read_chip(typed, &read(Path::new(typed))?)
            .map_err(bundle)?;
        return Ok(Named {
            asked,
            chip,
            by_family: false,
            siblings: Vec::new(),
        });
    }
    let found = catalog.resolve(typed)?;
    Ok(Named {
        asked,
        chip: found.chip.clone(),
        by_family: found.by_family,
        siblings: found.siblings.into_iter().cloned().collect(),
    })
}

/// The model a name means.
pub(crate) fn model<'m>(perf: &'m PerfModel, name: &str) -> Result<&'m Model> {
    let id = ModelId(name.to_lowercase());
    perf.model(&id).ok_or_else(|| {
        let near = nearest(name, perf.models().map(|m| m.id.0.as_str()));
        let help = match near.first() {
            Some(near) => format!("is `{near}` meant? Models stand in data/models/"),
            None => "models stand in data/models/; --data DIR adds your own".to_owned(),
        };
        miette!(help = help, "no model is called `{name}`")
    })
}

/// Whether a chip is named by the path of its file.
pub(crate) fn is_path(typed: &str) -> bool {
    Path::new(typed).extension().is_some_and(|e| e == "toml") || typed.contains(std::path::MAIN_SEPARATOR)
}

/// A single problem speaks for itself; several come under a heading.
pub(crate) fn bundle(problems: Problems) -> miette::Report {
    let mut problems = problems.0;
    if problems.len() == 1 {
        return problems.remove(0).into();
    }
    Many {
        count: problems.len(),
        problems,
    }
    .into()
}

#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{count} problems in the data")]
struct Many {
    count: usize,
    #[related]
    problems: Vec<Problem>,
}

/// Reads a user's text file.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| {
        miette!(
            help = "the file must exist, be readable and be UTF-8 text",
            "`{}` cannot be read: {error}",
            path.display()
        )
    })
}

/// A scenario by its path or its name in data/scenarios.
pub(crate) fn scenario(data: &DataSet, named: &str) -> Result<Scenario> {
    let shipped = format!("scenarios/{named}.toml");
    if let Some(file) = data.get(&shipped) {
        return Ok(Scenario::read(file.path, file.text)?);
    }
    let path = Path::new(named);
    if path.extension().is_none() && !path.exists() {
        let names: Vec<&str> = shipped_scenarios(data).collect();
        let near = nearest(named, names.iter().copied());
        let list = if near.is_empty() { names } else { near };
        return Err(miette!(
            help = format!("a path to a TOML file, or one of `{}`", list.join("`, `")),
            "no scenario `{named}`"
        ));
    }
    Ok(Scenario::read(named, &read(path)?)?)
}

/// Names of the scenarios in the data.
pub(crate) fn shipped_scenarios(data: &DataSet) -> impl Iterator<Item = &str> {
    data.below("scenarios/").filter_map(|f| stem(f.path))
}

fn stem(path: &str) -> Option<&str> {
    path.strip_prefix("scenarios/")?.strip_suffix(".toml")
}

fn overlay(mut data: DataSet, folder: &Path) -> Result<DataSet> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    if files.is_empty() {
        return Err(miette!(
            help = "a folder laid out like data/, with files such as chips/nvidia/h20.toml",
            "`{}` holds no TOML or CSV file",
            folder.display()
        ));
    }
    files.sort();
    for file in files {
        let name = file
            .strip_prefix(folder)
            .unwrap_or(&file)
            .to_string_lossy()
            .replace('\\', "/");
        data = data.overlaid(&name, read(&file)?)?;
    }
    Ok(data)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |error: std::io::Error| {
        miette!(
            help = "--data takes a folder that can be read",
            "`{}` cannot be read: {error}",
            folder.display()
        )
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            files.push(path);
        }
    }
    Ok(())
}

/// The same transaction for another chip.
pub(crate) fn for_chip(tx: &Transaction, id: &ChipId) -> Transaction {
    Transaction {
        chip: id.clone(),
        ..tx.clone()
    }
}
