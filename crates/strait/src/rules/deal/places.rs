//! Countries, the names people type, and dated country groups.

use crate::data::{DataSet, Problem, Problems, nearest};
use crate::figure::When;
use crate::rules::words::countries::{Countries, CountryId};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Countries by ISO code, and who belonged to which group when.
#[derive(Debug, Clone, Default)]
pub struct Places {
    names: BTreeMap<String, Vec<String>>,
    groups: BTreeMap<String, Vec<Membership>>,
    lookup: BTreeMap<String, String>,
    /// Codes in order; a country's number is its place here.
    codes: Vec<String>,
    /// By the two letters of a code: its place in `codes`, and its number as US rules see it.
    slots: Vec<Option<(u8, CountryId)>>,
}

#[derive(Debug, Clone)]
struct Membership {
    countries: Vec<String>,
    from: Option<When>,
    until: Option<When>,
}

/// A place nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{typed}` is no country{}", hint(.near))]
pub struct UnknownPlace {
    /// What was typed.
    pub typed: String,
    /// Nearest names.
    pub near: Vec<String>,
}

fn hint(near: &[String]) -> String {
    if near.is_empty() {
        "; use a two-letter ISO code such as `CN`".to_owned()
    } else {
        format!("; did you mean `{}`?", near.join("`, `"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryFile {
    countries: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    membership: Vec<RawMembership>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMembership {
    group: String,
    countries: Vec<String>,
    from: Option<When>,
    until: Option<When>,
    source: toml::Spanned<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

impl Places {
    /// Reads `places/countries.toml` and `places/groups.toml`.
    ///
    /// # Errors
    /// With the place of everything malformed: an unknown code, source, or unordered dates.
    pub(crate) fn load(data: &DataSet, sources: &crate::figure::Sources) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut places = Self::default();
        if let Some(file) = data.get("places/countries.toml") {
            match toml::from_str::<CountryFile>(file.text) {
                Ok(read) => places.names = read.countries,
                Err(error) => problems.push(Problem::from_toml(file.path, file.text, &error)),
            }
        }
        places.codes = places.names.keys().take(256).cloned().collect();
        if places.names.len() > places.codes.len() {
            problems.push(Problem::in_file(
                "places/countries.toml",
                "more than 256 countries where at most 256 were expected",
            ));
        }
        places.slots = vec![None; 26 * 26];
        for (at, code) in (0..=u8::MAX).zip(&places.codes) {
            let seen = places.codes.iter().position(|c| c == for_us(code));
            let number = seen.and_then(|n| u8::try_from(n).ok()).unwrap_or(at);
            match slot(code) {
                Some(slot) => places.slots[slot] = Some((at, CountryId(number))),
                None => problems.push(Problem::in_file(
                    "places/countries.toml",
                    format!("`{code}` where a code of two capital letters was expected"),
                )),
            }
        }
        for (code, names) in &places.names {
            places.lookup.insert(code.to_lowercase(), code.clone());
            for name in names {
                places.lookup.insert(name.to_lowercase(), code.clone());
            }
        }
        if let Some(file) = data.get("places/groups.toml") {
            match toml::from_str::<GroupFile>(file.text) {
                Ok(read) => {
                    for row in read.membership {
                        places.add(row, file, sources, &mut problems);
                    }
                }
                Err(error) => problems.push(Problem::from_toml(file.path, file.text, &error)),
            }
        }
        problems.or(places)
    }

    fn add(
        &mut self,
        row: RawMembership,
        file: crate::data::DataFile<'_>,
        sources: &crate::figure::Sources,
        problems: &mut Problems,
    ) {
        let span = row.source.span();
        let mut note = |message: String| {
            problems.push(Problem::spanned(file.path, file.text, span.clone(), message));
        };
        for code in row.countries.iter().filter(|c| !self.names.contains_key(*c)) {
            note(format!(
                "`{code}` in group `{}` is not in places/countries.toml",
                row.group
            ));
        }
        if sources
            .get(&crate::figure::SourceId(row.source.get_ref().clone()))
            .is_none()
        {
            note(format!(
                "source `{}` is not in the register",
                row.source.get_ref()
            ));
        }
        if let (Some(from), Some(until)) = (row.from, row.until)
            && until.last() <= from.first()
        {
            note(format!(
                "group `{}` has a membership that ends before it begins",
                row.group
            ));
        }
        self.groups.entry(row.group).or_default().push(Membership {
            countries: row.countries,
            from: row.from,
            until: row.until,
        });
    }

    /// The ISO code of a country given by code or name.
    ///
    /// # Errors
    /// With the nearest names.
    pub fn resolve(&self, typed: &str) -> Result<String, UnknownPlace> {
        let key = typed.trim().to_lowercase();
        self.lookup.get(&key).cloned().ok_or_else(|| UnknownPlace {
            typed: typed.to_owned(),
            near: nearest(&key, self.lookup.keys().map(String::as_str))
                .into_iter()
                .map(|name| {
                    self.name(&self.lookup[name])
                        .map_or_else(|| name.to_owned(), str::to_owned)
                })
                .collect(),
        })
    }

    /// The usual English name of a code.
    pub fn name(&self, code: &str) -> Option<&str> {
        self.names
            .get(code)
            .and_then(|names| names.first())
            .map(String::as_str)
    }

    /// Whether a country belongs to a group on a day. Hong Kong is China here. A membership whose change
    /// is dated only to a month counts from the month's last day.
    pub fn in_group(&self, country: &str, group: &str, on: Date) -> bool {
        self.id(country)
            .is_some_and(|country| self.members(group, on).contains(country))
    }

    /// Whether a code is a country's.
    pub(crate) fn has_country(&self, code: &str) -> bool {
        self.names.contains_key(code)
    }

    /// The number of a country as US rules see it; `None` for a code nobody knows.
    pub(crate) fn id(&self, code: &str) -> Option<CountryId> {
        let (_, number) = (*self.slots.get(slot(code)?)?)?;
        Some(number)
    }

    /// The members of a group on a day.
    pub(crate) fn members(&self, group: &str, on: Date) -> Countries {
        let mut set = Countries::default();
        for row in self.groups.get(group).into_iter().flatten() {
            if row.from.is_none_or(|from| from.last() <= on)
                && row.until.is_none_or(|until| on < until.last())
            {
                row.countries
                    .iter()
                    .filter_map(|c| self.id(c))
                    .for_each(|c| set.insert(c));
            }
        }
        set
    }

    /// Every group.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }

    /// The code and number of a country given by code or name.
    pub(crate) fn find(&self, typed: &str) -> Result<(&str, CountryId), UnknownPlace> {
        let known = |code: &str| {
            let (at, number) = (*self.slots.get(slot(code)?)?)?;
            Some((self.codes[usize::from(at)].as_str(), number))
        };
        if let Some(found) = known(typed) {
            return Ok(found);
        }
        let code = self.resolve(typed)?;
        known(&code).ok_or_else(|| UnknownPlace {
            typed: typed.to_owned(),
            near: Vec::new(),
        })
    }

    /// Whether a group is known.
    pub(crate) fn has_group(&self, group: &str) -> bool {
        self.groups.contains_key(group)
    }

    /// Days on which a membership changes.
    pub(crate) fn boundaries(&self) -> impl Iterator<Item = Date> {
        self.groups
            .values()
            .flatten()
            .flat_map(|row| [row.from, row.until])
            .flatten()
            .map(When::last)
    }
}

/// The place of a code of two capital letters in a table of all such codes.
fn slot(code: &str) -> Option<usize> {
    let &[a @ b'A'..=b'Z', b @ b'A'..=b'Z'] = code.as_bytes() else {
        return None;
    };
    Some(usize::from(a - b'A') * 26 + usize::from(b - b'A'))
}

/// The country as US rules see it: Hong Kong is China.
pub(crate) fn for_us(country: &str) -> &str {
    if country == "HK" { "CN" } else { country }
}
