//! The law book: every instrument and place, read from data, checked, with a scenario applied.

use crate::data::{DataFile, DataSet, Problem, Problems, nearest};
use crate::figure::{Grade, Place, SourceId, Sources, When};
use crate::rules::law::changes;
use crate::rules::law::scope;
use crate::rules::law::verified::VerifiedThrough;
use crate::rules::{Definition, Instrument, OutOfScope, Places, Region, RulesError, StatusRow, Transaction};
use crate::scenario::{Scenario, Side};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

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
                        read.place = Place {
                            file: file.path.to_owned(),
                            line: 1,
                        };
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

fn check(read: &Instrument, file: DataFile<'_>, sources: &Sources, places: &Places, problems: &mut Problems) {
    let id = SourceId(read.source.get_ref().clone());
    let at = |range, message: String| Problem::spanned(file.path, file.text, range, message);
    match sources.get(&id) {
        None => {
            let near = nearest(&id.0, sources.0.keys().map(|k| k.0.as_str())).join("`, `");
            let help = if near.is_empty() {
                "add it to data/sources/rules.toml".to_owned()
            } else {
                format!("did you mean `{near}`? otherwise add it to data/sources/rules.toml")
            };
            problems.push(
                at(
                    read.source.span(),
                    format!("source `{id}` is not in the register"),
                )
                .help(help),
            );
        }
        Some(source) if read.grade < source.grade && !is_verified(read) => problems.push(
            at(
                read.source.span(),
                format!("grade `{}` is better than source `{id}` allows", read.grade),
            )
            .help(format!(
                "`{}` is the best grade it may have without a `[[verified]]` entry of grade `{}`",
                source.grade, read.grade
            )),
        ),
        Some(_) if read.grade == Grade::Official && !is_verified(read) => problems.push(
            at(
                read.source.span(),
                format!("instrument `{}` is `official` without a `[[verified]]` entry", read.id),
            )
            .help("say what it was compared with, on which day, and with which grade; or give it a lesser grade"),
        ),
        Some(_) => {}
    }
    for row in &read.practice {
        if let Some(source) = &row.source
            && sources.get(&SourceId(source.clone())).is_none()
        {
            problems.push(at(0..0, format!("source `{source}` is not in the register")));
        }
    }
    for row in &read.exception {
        if let Some(id) = &row.only_if_stated
            && !row.conditions.iter().any(|c| c.id.as_ref() == Some(id))
        {
            problems.push(
                at(
                    0..0,
                    format!(
                        "`only_if_stated` names `{id}`, no condition of exception `{}`",
                        row.id
                    ),
                )
                .help("give one of its conditions that `id`"),
            );
        }
    }
    if read.status.is_empty() && read.practice.is_empty() {
        problems.push(
            at(0..0, format!("instrument `{}` has no `[[status]]` row", read.id))
                .help("say at least when it became known and what it was then"),
        );
    }
    check_status(&read.status, file, problems);
    check_dates(read, file, problems);
    for region in regions(read) {
        for code in region.codes().into_iter().filter(|c| !places.has_country(c)) {
            problems.push(
                at(
                    0..0,
                    format!("country `{code}` of `{}` is unknown", region.as_str()),
                )
                .help("countries stand in places/countries.toml"),
            );
        }
        for group in region.groups().into_iter().filter(|g| !places.has_group(g)) {
            problems.push(
                at(
                    0..0,
                    format!("group `{group}` of `{}` is unknown", region.as_str()),
                )
                .help("groups stand in places/groups.toml"),
            );
        }
    }
}

/// Whether somebody compared it with a text as good as the grade it claims.
fn is_verified(read: &Instrument) -> bool {
    read.verified.iter().any(|v| v.grade <= read.grade)
}

fn check_status(rows: &[Spanned<StatusRow>], file: DataFile<'_>, problems: &mut Problems) {
    for (n, row) in rows.iter().enumerate() {
        let this = row.get_ref();
        if this.until.is_some_and(|until| until.last() <= this.from.first()) {
            problems.push(Problem::spanned(
                file.path,
                file.text,
                row.span(),
                format!(
                    "status ends `{}` before it begins `{}`",
                    this.until.map(|u| u.to_string()).unwrap_or_default(),
                    this.from
                ),
            ));
        }
        for other in rows[..n].iter().map(Spanned::get_ref) {
            let apart = |a: &StatusRow, b: &StatusRow| a.until.is_some_and(|u| u.first() <= b.from.first());
            if this.known_from == other.known_from && !apart(this, other) && !apart(other, this) {
                problems.push(
                    Problem::spanned(
                        file.path,
                        file.text,
                        row.span(),
                        format!(
                            "two status rows hold on the same days for the same knowledge: `{}` from {} and from {}",
                            this.known_from, other.from, this.from
                        ),
                    )
                    .help("end the first with `until`, or give the second the day it became known"),
                );
            }
        }
    }
}

fn check_dates(read: &Instrument, file: DataFile<'_>, problems: &mut Problems) {
    let dates = &read.dates;
    let ordered = [
        (
            "known_to_addressee",
            dates.known_to_addressee,
            "known_from",
            dates.known_from,
        ),
        ("effective", dates.effective, "compliance", dates.compliance),
        ("effective", dates.effective, "ends", dates.ends),
        ("known_from", dates.known_from, "published", dates.published),
    ];
    for (first_name, first, second_name, second) in ordered {
        if let (Some(first), Some(second)) = (first, second)
            && second.last() < first.first()
        {
            problems.push(Problem::in_file(
                file.path,
                format!("`{second_name}` ({second}) lies before `{first_name}` ({first})"),
            ));
        }
    }
}

fn regions(read: &Instrument) -> Vec<&Region> {
    let pairs = read
        .require
        .iter()
        .flat_map(|r| [[&r.where_, &r.who], [&r.within, &r.who]])
        .chain(
            read.review
                .iter()
                .flat_map(|r| [[&r.where_, &r.who], [&r.within, &r.who]]),
        )
        .chain(read.exception.iter().map(|r| [&r.where_, &r.who]))
        .chain(
            read.product
                .iter()
                .flat_map(|r| [[&r.where_, &r.who], [&r.where_maybe, &r.who]]),
        )
        .chain(read.end_use.iter().map(|r| [&r.where_, &r.where_]))
        .chain(read.levy.iter().map(|r| [&r.where_, &r.where_]))
        .chain(
            read.jurisdiction
                .iter()
                .flat_map(|r| [[&r.where_, &r.who], [&r.designers, &r.who]]),
        )
        .chain(
            read.red_flag
                .iter()
                .flat_map(|r| [[&r.where_, &r.who], [&r.remote_users, &r.who]]),
        );
    pairs.flatten().flatten().collect()
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

fn check_ids(instruments: &[Instrument], problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for instrument in instruments {
        if !seen.insert(instrument.id.as_str()) {
            problems.push(Problem::at(
                instrument.place.clone(),
                format!("instrument `{}` stands twice", instrument.id),
            ));
        }
    }
    for instrument in instruments {
        let named = instrument.replaces.iter().map(|r| &r.id);
        let named = named.chain(&instrument.over).chain(&instrument.stays);
        for id in named.filter(|id| !seen.contains(id.as_str())) {
            problems.push(Problem::at(
                instrument.place.clone(),
                format!("instrument `{id}` named by `{}` does not exist", instrument.id),
            ));
        }
    }
    for (n, one) in instruments.iter().enumerate() {
        for other in &instruments[..n] {
            if one.over.contains(&other.id) && other.over.contains(&one.id) {
                problems.push(
                    Problem::at(
                        one.place.clone(),
                        format!("`{}` and `{}` each prevail over the other", one.id, other.id),
                    )
                    .help("`over` says which of two speaks where both do: keep it in one file"),
                );
            }
        }
    }
}
