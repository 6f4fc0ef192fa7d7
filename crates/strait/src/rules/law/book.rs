//! The law book: every instrument and place, read from data, checked, with a scenario applied.

use crate::data::{DataSet, Problem, Problems, nearest};
use crate::figure::{Grade, Place, Sources, When};
use crate::rules::law::changes;
use crate::rules::law::checks::{check, check_ids};
use crate::rules::law::scope;
use crate::rules::law::verified::VerifiedThrough;
use crate::rules::{Definition, Instrument, OutOfScope, Places, RulesError, Transaction};
use crate::scenario::{Scenario, Side};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Every instrument and place, ready to be asked.
#[derive(Debug, Clone)]
pub struct LawBook {
    pub(crate) instruments: Vec<Instrument>,
    pub(crate) definitions: Vec<Definition>,
    /// Countries and country groups.
    pub places: Places,
    pub(crate) verified_through: VerifiedThrough,
    pub(crate) first_instrument: Date,
    /// Ids under which a deal may state conditions.
    conditions: BTreeSet<String>,
    /// ECCNs under which a `.z` paragraph stands.
    hosts: BTreeSet<String>,
    scope: Vec<OutOfScope>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Meta {
    verified_through: VerifiedThrough,
    first_instrument: When,
    #[serde(rename = "note")]
    _note: Option<String>,
}

impl LawBook {
    /// Reads `rules/meta.toml`, `rules/us/`, `rules/cn/` and `places/`, and applies a scenario.
    ///
    /// # Errors
    /// Everything wrong with those files or with the ids the scenario names.
    pub fn load(data: &DataSet, scenario: &Scenario, sources: &Sources) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let places = Places::load(data, sources).unwrap_or_else(|found| {
            problems.0.extend(found.0);
            Places::default()
        });
        let meta = read_meta(data, &mut problems);
        let mut instruments: Vec<Instrument> = Vec::new();
        for (folder, side) in [("rules/us/", Side::Us), ("rules/cn/", Side::Cn)] {
            for file in data.below(folder) {
                match toml::from_str::<Instrument>(file.text) {
                    Ok(mut read) => {
                        read.side = side;
                        read.place = Place::whole(file.path);
                        check(&read, file, sources, &places, &mut problems);
                        instruments.push(read);
                    }
                    Err(error) => problems.push(Problem::from_toml(file.path, file.text, &error)),
                }
            }
        }
        check_ids(&instruments, &mut problems);
        let scope = scope::load(data, sources, &instruments, &mut problems);
        let definitions = crate::rules::law::definition::read(data, sources, &instruments, &mut problems);
        changes::apply(scenario, &mut instruments, &mut problems);
        let Some((verified_through, first_instrument)) = meta else {
            return Err(problems);
        };
        let conditions = condition_ids(&instruments);
        let z_items = instruments.iter().flat_map(|i| &i.z_item);
        let hosts = z_items.map(|row| row.host.clone()).collect();
        problems.or(Self {
            instruments,
            definitions,
            places,
            conditions,
            hosts,
            verified_through,
            first_instrument,
            scope,
        })
    }

    /// Whether every condition that a transaction states is one that some instrument asks for, and its host an
    /// entry with a `.z` paragraph.
    pub(crate) fn known_facts(&self, tx: &Transaction) -> Result<(), RulesError> {
        if let Some(typed) = tx.conditions.keys().find(|id| !self.conditions.contains(*id)) {
            return Err(RulesError::Condition {
                typed: typed.clone(),
                near: nearest(typed, self.conditions.iter().map(String::as_str))
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            });
        }
        match &tx.host {
            Some(typed) if !self.hosts.iter().any(|host| host.eq_ignore_ascii_case(typed)) => {
                Err(RulesError::Host {
                    typed: typed.clone(),
                    hosts: self.hosts.iter().cloned().collect(),
                })
            }
            _ => Ok(()),
        }
    }

    /// The code of a country as typed; nothing where there is none.
    pub(crate) fn code(&self, typed: &str) -> &str {
        self.places.find(typed).map_or("", |(code, _)| code)
    }

    /// Every instrument, US first, in order of file.
    pub fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    /// One instrument by id.
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.instruments.iter().find(|i| i.id == id)
    }

    /// Until when law and news have been read: the earliest day of the families that bind.
    pub fn verified_through(&self) -> Date {
        self.verified_through.earliest(true)
    }

    /// What no verdict evaluates, and the red flags it leaves.
    pub fn scope(&self) -> &[OutOfScope] {
        &self.scope
    }

    /// Number of instruments by grade, best grade first.
    pub fn by_grade(&self) -> BTreeMap<Grade, usize> {
        let mut count = BTreeMap::new();
        for instrument in &self.instruments {
            *count.entry(instrument.grade).or_insert(0) += 1;
        }
        count
    }
}

fn read_meta(data: &DataSet, problems: &mut Problems) -> Option<(VerifiedThrough, Date)> {
    let Some(file) = data.get("rules/meta.toml") else {
        problems.push(
            Problem::in_file("rules/meta.toml", "the file is missing")
                .help("it holds `verified_through` and `first_instrument`"),
        );
        return None;
    };
    match toml::from_str::<Meta>(file.text) {
        Ok(meta) => Some((meta.verified_through, meta.first_instrument.first())),
        Err(error) => {
            problems.push(Problem::from_toml(file.path, file.text, &error));
            None
        }
    }
}

/// Every id under which a condition may be stated.
fn condition_ids(instruments: &[Instrument]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for instrument in instruments {
        ids.extend(instrument.checklist().filter_map(|c| c.id.clone()));
        ids.extend(instrument.presume.iter().filter_map(|r| r.rebut_id.clone()));
        ids.extend(
            instrument
                .require
                .iter()
                .filter_map(|r| Some(r.except.as_ref()?.id.clone())),
        );
    }
    ids
}
