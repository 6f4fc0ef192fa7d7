//! The catalog: what each chip is, every figure with its source. Physics and marketing facts only;
//! law, prices and stock are computed or dated elsewhere.

mod chip;
mod dispute;
mod figures;
mod makers;
mod micro;
mod names;
mod raw_chip;
mod read;
mod sparse;

pub use chip::{
    Chip, ChipId, Die, DieRole, Engine, Fact, FactDispute, Form, Format, IoRates, Market, Memory, Mesh,
    Origin, Peak, Software, Topology, Torus, Transistor, Variant,
};
pub use figures::{FigureView, NoValue};
pub use makers::{Maker, MakerKind};
pub use micro::{Billions, FlopPerClock, Megahertz, Micro};
pub use names::{Resolved, UnknownChip};

use crate::data::{DataFile, DataSet, Problem, Problems, load_sources, nearest};
use crate::figure::{Grade, Source, SourceId, Sources};
use crate::scenario::Scenario;
use names::Names;
use rayon::prelude::*;
use read::{ReadChip, read_chip};
use std::collections::BTreeMap;

/// Every chip, with the sources and makers they refer to.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// The register of sources.
    pub sources: Sources,
    /// Designers and foundries by id.
    pub makers: BTreeMap<String, Maker>,
    chips: BTreeMap<ChipId, Chip>,
    names: Names,
}

impl Catalog {
    /// Reads every file of `data/chips/`, checks them against each other and applies the scenario's figures.
    ///
    /// # Errors
    /// Everything wrong with any of the files, each with its file and line.
    pub fn load(data: &DataSet, scenario: &Scenario) -> Result<Self, Problems> {
        let mut sources = load_sources(data)?;
        let user = SourceId("user".into());
        sources.0.entry(user.clone()).or_insert_with(|| user_source(user));
        let makers = makers::load_makers(data, &sources)?;
        let files: Vec<DataFile<'_>> = data.below("chips/").collect();
        let read: Vec<Result<ReadChip, Problems>> = files
            .par_iter()
            .map(|file| read_chip(*file, &sources, false))
            .collect();
        let mut problems = Problems::default();
        let mut chips = Vec::new();
        for (file, result) in files.iter().zip(read) {
            match result {
                Ok(read) => chips.push((*file, read)),
                Err(found) => problems.0.extend(found.0),
            }
        }
        let ids: Vec<ChipId> = chips.iter().map(|(_, read)| read.chip.id.clone()).collect();
        for (file, read) in &chips {
            check_references(*file, read, &ids, &makers, &mut problems);
        }
        let mut by_id = BTreeMap::new();
        for (file, ReadChip { chip, spans }) in chips {
            let id = chip.id.clone();
            if let Some(first) = by_id.insert(id.clone(), chip) {
                let message = format!("chip `{id}` stands twice, first in {}", first.place);
                problems.push(Problem::spanned(file.path, file.text, spans.id, message));
            }
        }
        let mut catalog = Self {
            names: match Names::new(by_id.values()) {
                Ok(names) => names,
                Err(found) => {
                    problems.0.extend(found.0);
                    Names::default()
                }
            },
            sources,
            makers,
            chips: by_id,
        };
        if problems.0.is_empty() {
            catalog.apply(scenario, &mut problems);
        }
        problems.or(catalog)
    }

    /// The chip with an id.
    pub fn get(&self, id: &ChipId) -> Option<&Chip> {
        self.chips.get(id)
    }

    /// Adds a chip, one read by [`Catalog::read_chip`]; it takes the place of one with its id, and goes by its id alone.
    pub fn insert(&mut self, chip: Chip) {
        self.chips.insert(chip.id.clone(), chip);
    }

    /// Every chip, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Chip> + Clone {
        self.chips.values()
    }

    /// The chip that a name as typed means: an id, alias or former id means one variant, a family's
    /// name its default member. Case, spaces and dashes do not matter.
    ///
    /// # Errors
    /// When no chip is called so; with the nearest names.
    pub fn resolve(&self, typed: &str) -> Result<Resolved<'_>, UnknownChip> {
        let found = self.names.find(typed, &self.makers);
        let Some((chip, family)) = found.and_then(|(id, family)| Some((self.chips.get(id)?, family))) else {
            return Err(self.names.unknown(typed));
        };
        let siblings: Vec<&Chip> = self
            .chips
            .values()
            .filter(|c| c.family == chip.family && c.id != chip.id)
            .collect();
        Ok(Resolved {
            chip,
            by_family: family && !siblings.is_empty(),
            siblings,
        })
    }

    /// Two-letter country of the chip's designer; unknown for a user's chip that does not say.
    pub fn designer_country<'a>(&'a self, chip: &'a Chip) -> Option<&'a str> {
        let own = chip.designer_country.as_deref();
        own.or_else(|| self.makers.get(&chip.vendor).map(|m| m.country.as_str()))
    }

    /// Two-letter country of the foundry's headquarters; unknown where the foundry is.
    pub fn foundry_country(&self, die: &Die) -> Option<&str> {
        let foundry = die.foundry.as_ref()?;
        self.makers.get(&foundry.value).map(|m| m.country.as_str())
    }

    /// The same of a chip, by its first logic die.
    pub fn foundry_country_of(&self, chip: &Chip) -> Option<&str> {
        let logic = chip.dies.iter().find(|die| die.logic)?;
        self.foundry_country(logic)
    }

    /// Reads a user's own chip file. The register has a source `user` for figures of the user's own;
    /// the chip need not be known to the catalog, nor its vendor.
    ///
    /// # Errors
    /// Everything wrong with the file.
    pub fn read_chip(&self, path: &str, text: &str) -> Result<Chip, Problems> {
        read_chip(DataFile { path, text }, &self.sources, true).map(|read| read.chip)
    }

    fn apply(&mut self, scenario: &Scenario, problems: &mut Problems) {
        for change in &scenario.figures {
            let wrong = |message: String| Problem::at(change.written.clone(), message);
            if let Some(from) = change.from {
                let message = format!(
                    "`{}` of `{}` changes from {from}, and no day is asked for",
                    change.figure, change.chip
                );
                problems.push(wrong(message).help(
                    "`market run` takes it, and of one day `brief`, `check` and `cost`; leave `from` out for the others",
                ));
                continue;
            }
            let id = match self.resolve(&change.chip) {
                Ok(found) => found.chip.id.clone(),
                Err(unknown) => {
                    let near = unknown.near.join("`, `");
                    let problem = wrong(unknown.to_string());
                    problems.push(if near.is_empty() {
                        problem
                    } else {
                        problem.help(format!("did you mean `{near}`?"))
                    });
                    continue;
                }
            };
            match self.chips[&id].with_value(&change.figure, change.value, &change.written) {
                Ok(chip) => {
                    self.chips.insert(id, chip);
                }
                Err(no) => problems.push(wrong(no.to_string())),
            }
        }
    }
}

fn user_source(id: SourceId) -> Source {
    Source {
        id,
        title: "Given by the user".into(),
        publisher: None,
        date: None,
        url: None,
        licence: None,
        grade: Grade::Official,
    }
}

/// Checks what one file says of others: its own path, makers, the chips it was cut from.
fn check_references(
    file: DataFile<'_>,
    read: &ReadChip,
    ids: &[ChipId],
    makers: &BTreeMap<String, Maker>,
    problems: &mut Problems,
) {
    let (chip, spans) = (&read.chip, &read.spans);
    let expected = chip
        .id
        .0
        .strip_prefix(&format!("{}-", chip.vendor))
        .unwrap_or(&chip.id.0);
    let path = format!("chips/{}/{expected}.toml", chip.vendor);
    if file.path != path {
        let message = format!("chip `{}` does not stand in its own file", chip.id);
        let problem = Problem::spanned(file.path, file.text, spans.id.clone(), message);
        problems.push(problem.help(format!("a chip's file is named after its id: `{path}`")));
    }
    if !makers.contains_key(&chip.vendor) {
        let message = format!("vendor `{}` is not in makers.toml", chip.vendor);
        let problem = Problem::spanned(file.path, file.text, spans.vendor.clone(), message);
        problems.push(problem.help(suggest(&chip.vendor, makers.keys().map(String::as_str))));
    }
    for foundry in chip.dies.iter().filter_map(|d| d.foundry.as_ref()) {
        if !makers.contains_key(&foundry.value) {
            let message = format!("foundry `{}` is not in makers.toml", foundry.value);
            let problem = Problem::at(foundry.place.clone(), message);
            problems.push(problem.help(suggest(&foundry.value, makers.keys().map(String::as_str))));
        }
    }
    let others = [
        (&chip.former_flagship, &spans.flagship),
        (&chip.predecessor, &spans.predecessor),
    ];
    for (other, span) in others {
        if let (Some(other), Some(span)) = (other, span)
            && !ids.contains(other)
        {
            let message = format!("no chip `{other}` in the catalog");
            let problem = Problem::spanned(file.path, file.text, span.clone(), message);
            problems.push(problem.help(suggest(&other.0, ids.iter().map(|id| id.0.as_str()))));
        }
    }
    for variant in &chip.variants {
        for (figure, value) in &variant.values {
            if !value.is_finite() || *value < 0.0 {
                let message = format!("variant `{}` sets `{figure}` to `{value}`", variant.name);
                problems.push(Problem::at(chip.place.clone(), message));
            }
        }
    }
}

fn suggest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> String {
    let near = nearest(typed, names).join("`, `");
    if near.is_empty() {
        "add it there first".to_owned()
    } else {
        format!("did you mean `{near}`? otherwise add it there first")
    }
}
