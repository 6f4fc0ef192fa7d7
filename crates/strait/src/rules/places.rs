//! Countries, the names people type, and dated country groups.

use crate::data::{DataSet, Problem, Problems, nearest};
use crate::figure::When;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Countries by ISO code, and who belonged to which group when.
#[derive(Debug, Clone, Default)]
pub struct Places {
    names: BTreeMap<String, Vec<String>>,
    groups: BTreeMap<String, Vec<Membership>>,
    lookup: BTreeMap<String, String>,
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
        let country = for_us(country);
        self.groups.get(group).is_some_and(|rows| {
            rows.iter().any(|row| {
                row.countries.iter().any(|c| c == country)
                    && row.from.is_none_or(|from| from.last() <= on)
                    && row.until.is_none_or(|until| on < until.last())
            })
        })
    }

    /// The groups a country belongs to on a day.
    pub(crate) fn groups_of(&self, country: &str, on: Date) -> Vec<&str> {
        let ids = self.groups.keys().map(String::as_str);
        ids.filter(|group| self.in_group(country, group, on)).collect()
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

/// The country as US rules see it: Hong Kong is China.
pub(crate) fn for_us(country: &str) -> &str {
    if country == "HK" { "CN" } else { country }
}
