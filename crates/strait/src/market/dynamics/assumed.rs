//! Figures the model rests on beside its parameters, fitted to nothing: `errors.toml`, and how such files are read.

use super::capacity_facts::CapacityRows;
use super::policy_facts::PolicyFacts;
use crate::data::{DataFile, Problem, Problems, RawFigure, Reader};
use crate::figure::{Count, Grade, Quantity, Ratio, Sources};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Every such figure.
#[derive(Debug, Clone, Default)]
pub(crate) struct Assumed {
    pub(crate) capacity: CapacityRows,
    pub(crate) policy: PolicyFacts,
    pub(crate) errors: Errors,
}

/// Errors of published values, standard deviations of logarithms.
#[derive(Debug, Clone, Default)]
pub(crate) struct Errors {
    official: f64,
    dataset: f64,
    analysis: f64,
    derived: f64,
    rumour: f64,
    recalled: f64,
    assumed: f64,
    /// Of a value to come of something of which none was published.
    pub(crate) first: f64,
}

impl Errors {
    /// Of a source of that grade.
    pub(crate) fn of(&self, grade: Grade) -> f64 {
        match grade {
            Grade::Official => self.official,
            Grade::Dataset => self.dataset,
            Grade::Analysis => self.analysis,
            Grade::Derived => self.derived,
            Grade::Rumour => self.rumour,
            Grade::Recalled => self.recalled,
            Grade::Assumed => self.assumed,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawErrors {
    by_grade: RawByGrade,
    first: RawFirst,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawByGrade {
    official: RawFigure,
    dataset: RawFigure,
    analysis: RawFigure,
    derived: RawFigure,
    rumour: RawFigure,
    recalled: RawFigure,
    assumed: RawFigure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFirst {
    error: RawFigure,
}

/// One file's figures, read with its problems.
pub(super) struct Read<'a>(pub(super) Reader<'a>);

impl<'a> Read<'a> {
    pub(super) fn open<T: DeserializeOwned>(
        file: DataFile<'a>,
        sources: &'a Sources,
        problems: &mut Problems,
    ) -> Option<(Self, T)> {
        match toml::from_str(file.text) {
            Ok(raw) => Some((Self(Reader::new(file, sources, None)), raw)),
            Err(error) => {
                problems.push(Problem::from_toml(file.path, file.text, &error));
                None
            }
        }
    }

    /// A number above zero: none of these files has use for another.
    pub(super) fn positive<Q: Quantity>(&mut self, raw: &RawFigure) -> f64 {
        let value = self.0.figure::<Q>(raw).map_or(f64::NAN, |f| f.value.get());
        if value == 0.0 {
            self.0.problem(
                raw.value.span(),
                "`0` where a number above zero was expected",
                None,
            );
        }
        value
    }

    pub(super) fn count(&mut self, raw: &RawFigure) -> f64 {
        self.positive::<Count>(raw)
    }

    /// A share, above nothing and at most all.
    pub(super) fn share(&mut self, raw: &RawFigure) -> f64 {
        let value = self.positive::<Ratio>(raw);
        if value > 1.0 {
            self.0.problem(
                raw.value.span(),
                format!("`{value}` where at most 1 was expected"),
                None,
            );
        }
        value
    }

    pub(super) fn close(mut self, problems: &mut Problems) {
        problems.0.append(&mut self.0.problems.0);
    }
}

/// Reads `errors.toml`.
pub(crate) fn errors(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Errors {
    let Some((mut read, raw)) = Read::open::<RawErrors>(file, sources, problems) else {
        return Errors::default();
    };
    let mut error = |raw: &RawFigure| read.positive::<Ratio>(raw);
    let out = Errors {
        official: error(&raw.by_grade.official),
        dataset: error(&raw.by_grade.dataset),
        analysis: error(&raw.by_grade.analysis),
        derived: error(&raw.by_grade.derived),
        rumour: error(&raw.by_grade.rumour),
        recalled: error(&raw.by_grade.recalled),
        assumed: error(&raw.by_grade.assumed),
        first: error(&raw.first.error),
    };
    read.close(problems);
    out
}
