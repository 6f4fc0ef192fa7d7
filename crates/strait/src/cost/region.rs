//! Where chips run: a country, or a region of one where tariffs differ (`CN-GS`, ISO 3166-2).

use crate::data::{DataSet, Problem, Problems, nearest};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

const FILE: &str = "places/regions.toml";

/// The country of a place: `CN` of `CN-GS`.
pub fn country_of(place: &str) -> &str {
    place.split_once('-').map_or(place, |(country, _)| country)
}

/// Whether a code has the form of a country's.
pub(crate) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether a code has the form of a region's.
pub(crate) fn is_region(code: &str) -> bool {
    code.split_once('-').is_some_and(|(country, rest)| {
        is_country(country)
            && (1..=3).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

/// Regions by the names people type: `data/places/regions.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regions(BTreeMap<String, Vec<String>>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    regions: BTreeMap<Spanned<String>, Vec<String>>,
}

impl Regions {
    /// Reads the file; a set without it knows no region.
    ///
    /// # Errors
    /// A file that cannot be read, or a code that is no region.
    pub fn load(data: &DataSet) -> Result<Self, Problems> {
        let Some(file) = data.get(FILE) else {
            return Ok(Self(BTreeMap::new()));
        };
        let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(FILE, file.text, &e))?;
        let mut problems = Problems::default();
        for code in raw.regions.keys().filter(|code| !is_region(code.get_ref())) {
            let message = format!("`{}` is no region", code.get_ref());
            let problem = Problem::spanned(FILE, file.text, code.span(), message);
            problems.push(problem.help("a code such as `CN-GS` (ISO 3166-2)"));
        }
        let regions = raw.regions.into_iter();
        problems.or(Self(
            regions.map(|(code, names)| (code.into_inner(), names)).collect(),
        ))
    }

    /// The code of a region by its code or one of its names, in any case.
    pub fn resolve(&self, typed: &str) -> Option<&str> {
        let same = |name: &str| name.eq_ignore_ascii_case(typed.trim());
        let found = self
            .0
            .iter()
            .find(|(code, names)| same(code) || names.iter().any(|n| same(n)));
        found.map(|(code, _)| code.as_str())
    }

    /// The first name of a region.
    pub fn name(&self, code: &str) -> Option<&str> {
        self.0.get(code)?.first().map(String::as_str)
    }

    /// Names and codes near to what was typed.
    pub fn near(&self, typed: &str) -> Vec<&str> {
        let names = self
            .0
            .iter()
            .flat_map(|(code, names)| std::iter::once(code.as_str()).chain(names.iter().map(String::as_str)));
        nearest(typed, names)
    }
}
