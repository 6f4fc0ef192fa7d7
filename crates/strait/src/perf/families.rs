//! The spread of a family's own bias where its operators were never measured.

use super::PerfFamilyId;
use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{FigureRef, Quantity, Ratio, Sources};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    prior: RawFamily,
    #[serde(default)]
    family: Vec<RawNamed>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFamily {
    sigma: RawFigure,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNamed {
    id: Spanned<String>,
    sigma: RawFigure,
}

/// One family.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    /// Spread of the family's own bias, logarithmic.
    pub(crate) sigma: f64,
    /// Figures it rests on.
    pub(crate) refs: Vec<FigureRef>,
}

/// All families.
#[derive(Debug, Clone)]
pub(crate) struct Families {
    prior: Family,
    by_id: BTreeMap<PerfFamilyId, Family>,
}

impl Families {
    /// The family, and whether it is the prior, as nobody published a measurement of it.
    pub(crate) fn get(&self, id: &str) -> (&Family, bool) {
        match self.by_id.get(&PerfFamilyId(id.to_owned())) {
            Some(family) => (family, false),
            None => (&self.prior, true),
        }
    }
}

struct Collect<'r, 'a> {
    reader: &'r mut Reader<'a>,
    of: String,
    refs: Vec<FigureRef>,
}

impl Collect<'_, '_> {
    /// A share above zero and at most one, or a number above zero.
    fn read(&mut self, path: &str, raw: &RawFigure, most: f64) -> f64 {
        let Some(figure) = self.reader.figure::<Ratio>(raw) else {
            return 1.0;
        };
        let value = figure.value.get();
        self.refs.push(FigureRef {
            of: self.of.clone(),
            path: path.to_owned(),
            source: figure.source,
            grade: figure.grade,
            place: figure.place,
        });
        if value <= 0.0 || value > most {
            self.reader.problem(
                raw.value.span(),
                format!("`{path}` is `{value}`"),
                Some(format!("a number above 0 and at most {most}")),
            );
            return 1.0;
        }
        value
    }
}

/// Reads `data/perf/families.toml`.
pub(crate) fn read(file: DataFile<'_>, sources: &Sources) -> Result<Families, Problems> {
    let raw: RawFile = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut reader = Reader::new(file, sources, None);
    let mut family = |of: &str, sigma: &RawFigure| {
        let mut collect = Collect {
            reader: &mut reader,
            of: of.to_owned(),
            refs: Vec::new(),
        };
        let sigma = collect.read("sigma", sigma, 3.0);
        Family {
            sigma,
            refs: collect.refs,
        }
    };
    let prior = family("prior", &raw.prior.sigma);
    let mut by_id = BTreeMap::new();
    let mut twice = Vec::new();
    for f in &raw.family {
        let id = f.id.get_ref();
        let read = family(id, &f.sigma);
        if by_id.insert(PerfFamilyId(id.clone()), read).is_some() {
            twice.push(f);
        }
    }
    for f in twice {
        reader.problem(
            f.id.span(),
            format!("family `{}` stands twice", f.id.get_ref()),
            None,
        );
    }
    reader.problems.or(Families { prior, by_id })
}
