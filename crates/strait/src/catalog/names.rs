//! What people type and which chip they mean.

use super::makers::Maker;
use super::{Chip, ChipId};
use crate::data::{Problem, Problems, nearest};
use miette::Diagnostic;
use std::collections::BTreeMap;
use std::fmt;

/// The chip a name means.
#[derive(Debug, Clone)]
pub struct Resolved<'a> {
    /// The chip taken.
    pub chip: &'a Chip,
    /// True where the name is that of a family of several, whose default member was taken.
    pub by_family: bool,
    /// The other members of its family.
    pub siblings: Vec<&'a Chip>,
}

/// A name that means no chip.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no chip `{typed}` in the catalog")]
pub struct UnknownChip {
    /// What was typed.
    pub typed: String,
    /// Nearest names, best first.
    pub near: Vec<String>,
}

impl Diagnostic for UnknownChip {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let own = "`strait chips` lists every name; your own chip is a TOML file, given by its path";
        Some(Box::new(if self.near.is_empty() {
            own.to_owned()
        } else {
            format!("did you mean `{}`? {own}", self.near.join("`, `"))
        }))
    }
}

/// The letters and digits of a name, in lower case: `RTX 4090 D` and `rtx-4090d` are one name.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Every name of every chip.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    chips: BTreeMap<String, ChipId>,
    families: BTreeMap<String, (String, ChipId)>,
    /// As people would write them, for suggestions.
    spoken: Vec<String>,
}

impl Names {
    /// Indexes the catalog; every name means one chip, every family has one default.
    pub(crate) fn new<'a>(chips: impl Iterator<Item = &'a Chip> + Clone) -> Result<Self, Problems> {
        let mut names = Self::default();
        let mut problems = Problems::default();
        let mut families: BTreeMap<&str, Vec<&Chip>> = BTreeMap::new();
        for chip in chips.clone() {
            families.entry(&chip.family).or_default().push(chip);
            for name in own_names(chip) {
                if let Some(other) = names.chips.insert(plain(name), chip.id.clone())
                    && other != chip.id
                {
                    problems.push(taken(chip, name, &other.0));
                }
            }
            names.spoken.push(slug(chip).to_owned());
            names.spoken.extend(chip.aliases.iter().cloned());
        }
        for (family, members) in families {
            let defaults: Vec<&Chip> = members.iter().copied().filter(|c| c.default).collect();
            let [default] = defaults[..] else {
                let place = defaults.get(1).or(members.first()).map(|c| c.place.clone());
                let ids = members
                    .iter()
                    .map(|c| c.id.0.as_str())
                    .collect::<Vec<_>>()
                    .join("`, `");
                let message = format!("family `{family}` has {} default members", defaults.len());
                let help =
                    format!("exactly one of `{ids}` takes `default = true`, the others `default = false`");
                problems
                    .push(Problem::at(place.unwrap_or_else(|| members[0].place.clone()), message).help(help));
                continue;
            };
            let aliases = members.iter().flat_map(|c| c.family_aliases.iter());
            for name in std::iter::once(family).chain(aliases.map(String::as_str)) {
                let key = plain(name);
                if let Some(other) = names.chips.get(&key).filter(|id| **id != default.id) {
                    problems.push(taken(default, name, &other.0));
                }
                let value = (family.to_owned(), default.id.clone());
                if let Some((other, _)) = names.families.insert(key, value).filter(|(f, _)| f != family) {
                    problems.push(taken(default, name, &other));
                }
                names.spoken.push(name.to_owned());
            }
        }
        names.spoken.sort();
        names.spoken.dedup();
        problems.or(names)
    }

    /// The chip id a name means, and whether it is a family's name.
    pub(crate) fn find(&self, typed: &str, makers: &BTreeMap<String, Maker>) -> Option<(&ChipId, bool)> {
        let key = plain(typed);
        if let Some(found) = self.find_plain(&key) {
            return Some(found);
        }
        // `huawei 910c`, `Baidu P800`: a maker's name before any name of one of its chips.
        makers.values().find_map(|maker| {
            [plain(&maker.id), plain(&maker.name)].iter().find_map(|prefix| {
                let rest = key.strip_prefix(prefix.as_str())?;
                let own = format!("{}-", maker.id);
                self.find_plain(rest).filter(|(id, _)| id.0.starts_with(&own))
            })
        })
    }

    fn find_plain(&self, key: &str) -> Option<(&ChipId, bool)> {
        let family = self.families.get(key).map(|(_, id)| (id, true));
        family.or_else(|| self.chips.get(key).map(|id| (id, false)))
    }

    /// What an unknown name may have meant.
    pub(crate) fn unknown(&self, typed: &str) -> UnknownChip {
        UnknownChip {
            typed: typed.to_owned(),
            near: nearest(typed, self.spoken.iter().map(String::as_str))
                .into_iter()
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// Every name of a chip, without those of its family.
fn own_names(chip: &Chip) -> impl Iterator<Item = &str> {
    [chip.id.0.as_str(), slug(chip), chip.name.as_str()]
        .into_iter()
        .chain(chip.aliases.iter().map(String::as_str))
        .chain(chip.former_ids.iter().map(|id| id.0.as_str()))
}

impl Chip {
    /// Whether a name as typed is this chip's own, however it is written; a family's name is the catalog's to resolve.
    pub fn is_called(&self, typed: &str) -> bool {
        let typed = plain(typed);
        own_names(self).any(|name| plain(name) == typed)
    }
}

fn slug(chip: &Chip) -> &str {
    chip.id
        .0
        .strip_prefix(chip.vendor.as_str())
        .map_or(chip.id.0.as_str(), |rest| rest.trim_start_matches('-'))
}

fn taken(chip: &Chip, name: &str, other: &str) -> Problem {
    Problem::at(
        chip.place.clone(),
        format!("name `{name}` of `{}` already means `{other}`", chip.id),
    )
    .help("take it from one of the two: a name means one chip")
}
