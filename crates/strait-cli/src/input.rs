//! What the user gave: data folder, scenario, chips, the transaction; and today's date.

use crate::args::{Global, Route, TransactionArgs};
use jiff::civil::Date;
use miette::{Result, miette};
use std::path::{Path, PathBuf};
use strait::catalog::{Catalog, Chip, ChipId};
use strait::data::{DataSet, Problem, Problems, nearest};
use strait::rules::{AsOf, Knower, Places, Transaction, read_deal};
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

    /// First day strait has data for.
    fn begins(&self) -> Result<Date> {
        const FILE: &str = "about.toml";
        let missing = || Problem::in_file(FILE, "the file is missing");
        let file = self.data.get(FILE).ok_or_else(missing)?;
        let about: About = toml::from_str(file.text).map_err(|e| Problem::from_toml(FILE, file.text, &e))?;
        Ok(about.begins.first())
    }

    /// The transaction that the flags and the deal file state.
    pub(crate) fn transaction(
        &self,
        args: &TransactionArgs,
        chip: &Chip,
        designer_country: Option<&str>,
        places: &Places,
    ) -> Result<Transaction> {
        let today = today();
        let mut tx = Transaction::new(
            chip.id.clone(),
            "",
            args.on.unwrap_or(today),
            args.known.unwrap_or(today),
        );
        tx.from.clear();
        if let Some(path) = &args.deal {
            read_deal(&path.display().to_string(), &read(path)?, &mut tx)?;
        }
        set_flags(args, &mut tx);
        if tx.to.is_empty() {
            return Err(miette!(
                help = "name it with --to or in the deal file",
                "no destination given"
            ));
        }
        let place = |typed: &str| places.resolve(typed).map_err(|e| unknown_place(&e));
        tx.to = place(&tx.to)?;
        // A maker's chip does not leave the country where maker and buyer both are; any other comes from the US.
        let home = designer_country.filter(|home| *home == tx.to);
        tx.from = match tx.from.as_str() {
            "" => home.unwrap_or("US").to_owned(),
            given => place(given)?,
        };
        tx.headquarters = tx.headquarters.as_deref().map(place).transpose()?;
        tx.parent = tx.parent.as_deref().map(place).transpose()?;
        tx.remote_users = tx
            .remote_users
            .map(|users| users.iter().map(|u| place(u)).collect::<Result<_>>())
            .transpose()?;
        check_route(args.route, &tx)?;
        self.check_days(tx.on, tx.known)?;
        Ok(tx)
    }

    /// Refuses days before the data begin.
    pub(crate) fn check_days(&self, on: Date, known: Date) -> Result<()> {
        let begins = self.begins()?;
        for (flag, day) in [("--on", on), ("--known", known)] {
            if day < begins {
                return Err(miette!(
                    help = format!("give {flag} {begins} or later"),
                    "{flag} `{day}` lies before the data begin ({begins})"
                ));
            }
        }
        Ok(())
    }
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
    let is_path = Path::new(typed).extension().is_some_and(|e| e == "toml")
        || typed.contains(std::path::MAIN_SEPARATOR);
    if is_path {
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

fn unknown_place(error: &strait::rules::UnknownPlace) -> miette::Report {
    let own = "a country's English name or its two-letter code";
    let help = if error.near.is_empty() {
        own.to_owned()
    } else {
        format!("did you mean `{}`? {own}", error.near.join("`, `"))
    };
    miette!(help = help, "no country `{}` in the data", error.typed)
}

fn set_flags(args: &TransactionArgs, tx: &mut Transaction) {
    fn set<T: Clone>(field: &mut T, given: Option<&T>) {
        if let Some(given) = given {
            field.clone_from(given);
        }
    }
    fn set_some<T: Clone>(field: &mut Option<T>, given: Option<&T>) {
        if given.is_some() {
            *field = given.cloned();
        }
    }
    set(&mut tx.to, args.to.as_ref());
    set(&mut tx.on, args.on.as_ref());
    set(&mut tx.known, args.known.as_ref());
    set(&mut tx.from, args.from.as_ref());
    set(&mut tx.segment, args.segment.as_ref());
    set(&mut tx.channel, args.channel.as_ref());
    set(&mut tx.listed, args.listed.as_ref());
    set(&mut tx.exporter, args.exporter.as_ref());
    set_some(&mut tx.headquarters, args.hq.as_ref());
    set_some(&mut tx.parent, args.parent.as_ref());
    set_some(&mut tx.site, args.site.as_ref());
    set_some(&mut tx.owned_by_listed_percent, args.owned_by_listed.as_ref());
    set_some(&mut tx.use_, args.use_.as_ref());
    set_some(&mut tx.remote_users, args.remote_users.as_ref());
    set_some(&mut tx.supercomputer, args.supercomputer.as_ref());
    set_some(&mut tx.military, args.military.as_ref());
    set_some(&mut tx.quantity, args.quantity.as_ref());
    set_some(&mut tx.china_to_us_tpp_percent, args.china_to_us_tpp.as_ref());
    set_some(&mut tx.us_laboratory, args.us_laboratory.as_ref());
    tx.codified |= args.codified;
}

fn check_route(given: Option<Route>, tx: &Transaction) -> Result<()> {
    let derived = if tx.from == tx.to {
        Route::Transfer
    } else if tx.from == "US" {
        Route::Export
    } else {
        Route::Reexport
    };
    match given {
        Some(route) if route != derived => Err(miette!(
            help = "leave --route away, or correct --from and --to",
            "--route `{}` contradicts {} to {}: by the law's words that is `{}`",
            route.word(),
            tx.from,
            tx.to,
            derived.word()
        )),
        _ => Ok(()),
    }
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

fn scenario(data: &DataSet, named: &str) -> Result<Scenario> {
    let shipped = format!("scenarios/{named}.toml");
    if let Some(file) = data.get(&shipped) {
        return Ok(Scenario::read(file.path, file.text)?);
    }
    let path = Path::new(named);
    if path.extension().is_none() && !path.exists() {
        let names: Vec<&str> = data.below("scenarios/").filter_map(|f| stem(f.path)).collect();
        let near = nearest(named, names.iter().copied());
        let list = if near.is_empty() { names } else { near };
        return Err(miette!(
            help = format!("a path to a TOML file, or one of `{}`", list.join("`, `")),
            "no scenario `{named}`"
        ));
    }
    Ok(Scenario::read(named, &read(path)?)?)
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
        data = data.with(name, read(&file)?);
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

/// The foundry's country of a chip's first logic die, where known.
pub(crate) fn foundry_country<'a>(catalog: &'a Catalog, chip: &Chip) -> Option<&'a str> {
    chip.dies
        .iter()
        .find(|die| die.logic)
        .and_then(|die| catalog.foundry_country(die))
}

/// The same transaction for another chip.
pub(crate) fn for_chip(tx: &Transaction, id: &ChipId) -> Transaction {
    Transaction {
        chip: id.clone(),
        ..tx.clone()
    }
}
