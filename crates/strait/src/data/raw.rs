//! A figure as a TOML file writes it, and the checks that turn it into a [`Figure`].
//!
//! ```toml
//! tdp = { value = 400, unit = "W", source = "tweaktown-95224", grade = "analysis" }
//! ```

use super::line_of;
use super::{DataFile, Problem, Problems, source_fault};
use crate::figure::{Alternative, AlternativeState, Figure, Grade, Place, Quantity, SourceId, Sources, When};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

/// A number in a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFigure {
    /// The number.
    pub value: Spanned<f64>,
    /// Its unit; `1` where absent.
    pub unit: Option<Spanned<String>>,
    /// Id in the register; the file's default where absent.
    pub source: Option<Spanned<String>>,
    /// Grade; the file's default where absent.
    pub grade: Option<Grade>,
    /// Its own date.
    pub date: Option<When>,
    /// Other values, in the same unit.
    #[serde(default)]
    pub alternatives: Vec<RawAlternative>,
}

/// Another value of the same figure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawAlternative {
    /// The number.
    pub value: f64,
    /// Its source.
    pub source: Spanned<String>,
    /// Its grade.
    pub grade: Grade,
    /// `live` where absent.
    #[serde(default)]
    pub state: RawState,
    /// Why rejected or superseded; required then.
    pub why: Option<String>,
}

/// State of an alternative as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum RawState {
    #[default]
    Live,
    Rejected,
    Superseded,
}

impl From<RawState> for AlternativeState {
    fn from(state: RawState) -> Self {
        match state {
            RawState::Live => Self::Live,
            RawState::Rejected => Self::Rejected,
            RawState::Superseded => Self::Superseded,
        }
    }
}

/// A fact that is no number, in a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFact<T> {
    /// What is said.
    pub value: Spanned<T>,
    /// Id in the register; the file's default where absent.
    pub source: Option<Spanned<String>>,
    /// Grade; the file's default where absent.
    pub grade: Option<Grade>,
}

/// Checks the raw figures of one file against the register and collects what is wrong.
#[derive(Debug)]
pub struct Reader<'a> {
    file: DataFile<'a>,
    sources: &'a Sources,
    default: Option<(SourceId, Grade)>,
    /// What to do about a source that nobody declares.
    pub missing_source: &'static str,
    /// What was found wrong so far.
    pub problems: Problems,
}

impl<'a> Reader<'a> {
    /// A reader for one file; `default` is the source of figures that name none.
    pub fn new(file: DataFile<'a>, sources: &'a Sources, default: Option<(SourceId, Grade)>) -> Self {
        Self {
            file,
            sources,
            default,
            missing_source: "add it to data/sources.toml",
            problems: Problems::default(),
        }
    }

    /// File and line of a byte range.
    pub fn place(&self, range: &Range<usize>) -> Place {
        Place::line(self.file.path, line_of(self.file.text, range.start))
    }

    /// Notes a problem at a byte range.
    pub fn problem(&mut self, range: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let mut problem = Problem::spanned(self.file.path, self.file.text, range, message);
        problem.help = help;
        self.problems.push(problem);
    }

    /// Checks that a source exists and that the grade is not better than the source allows.
    pub fn source(&mut self, id: &str, grade: Grade, range: Range<usize>) -> SourceId {
        let id = SourceId(id.to_owned());
        if let Some((message, help)) = source_fault(self.sources, &id, grade, self.missing_source) {
            self.problem(range, message, Some(help));
        }
        id
    }

    fn origin(
        &mut self,
        source: Option<&Spanned<String>>,
        grade: Option<Grade>,
        at: Range<usize>,
    ) -> (SourceId, Grade) {
        let default = self.default.clone();
        match (source, default) {
            (Some(source), default) => {
                let best = self
                    .sources
                    .get(&SourceId(source.get_ref().clone()))
                    .map(|s| s.grade);
                let grade = grade
                    .or(best)
                    .or(default.map(|(_, g)| g))
                    .unwrap_or(Grade::Recalled);
                (self.source(source.get_ref(), grade, source.span()), grade)
            }
            (None, Some((id, default_grade))) => (id, grade.unwrap_or(default_grade)),
            (None, None) => {
                self.problem(
                    at,
                    "a figure without a source",
                    Some("add `source = \"…\"` with an id of data/sources.toml, or `figures_from` for the file".into()),
                );
                (SourceId("missing".into()), Grade::Recalled)
            }
        }
    }

    /// Turns a raw figure into a typed one; notes a problem and returns `None` where the unit or value is wrong.
    pub fn figure<Q: Quantity>(&mut self, raw: &RawFigure) -> Option<Figure<Q>> {
        let (source, grade) = self.origin(raw.source.as_ref(), raw.grade, raw.value.span());
        let unit = raw.unit.as_ref().map_or("1", |u| u.get_ref().as_str());
        let value = match Q::read(*raw.value.get_ref(), unit) {
            Ok(value) => value,
            Err(error) => {
                let at = raw.unit.as_ref().map_or_else(|| raw.value.span(), Spanned::span);
                self.problem(at, error.to_string(), None);
                return None;
            }
        };
        let mut alternatives = Vec::new();
        for other in &raw.alternatives {
            let id = self.source(other.source.get_ref(), other.grade, other.source.span());
            let state = AlternativeState::from(other.state);
            if state != AlternativeState::Live && other.why.is_none() {
                self.problem(
                    other.source.span(),
                    "an alternative set aside without a reason",
                    Some("add `why = \"…\"`".into()),
                );
            }
            match Q::read(other.value, unit) {
                Ok(value) => {
                    alternatives.push(Alternative {
                        value,
                        source: id,
                        grade: other.grade,
                        state,
                        why: other.why.clone(),
                    });
                }
                Err(error) => self.problem(other.source.span(), error.to_string(), None),
            }
        }
        Some(Figure {
            value,
            source,
            grade,
            date: raw.date,
            alternatives,
            place: self.place(&raw.value.span()),
        })
    }

    /// Source, grade and place of a raw fact.
    pub fn fact<T>(&mut self, raw: &RawFact<T>) -> (SourceId, Grade, Place) {
        let (source, grade) = self.origin(raw.source.as_ref(), raw.grade, raw.value.span());
        (source, grade, self.place(&raw.value.span()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataSet, load_sources};
    use crate::figure::Watts;

    #[derive(Deserialize)]
    struct OneFigure {
        tdp: RawFigure,
    }

    fn read(line: &str) -> (Option<Figure<Watts>>, Problems) {
        let data = DataSet::empty()
            .with(
                "sources.toml",
                "[[source]]\nid = \"a\"\ntitle = \"A\"\ngrade = \"analysis\"\n",
            )
            .with("x.toml", line);
        let sources = load_sources(&data).unwrap();
        let file = data.get("x.toml").unwrap();
        let raw: OneFigure = toml::from_str(file.text).unwrap();
        let mut reader = Reader::new(file, &sources, None);
        (reader.figure(&raw.tdp), reader.problems)
    }

    #[test]
    fn a_disputed_figure_is_the_hull_of_what_stands() {
        let (figure, problems) = read(
            "tdp = { value = 400, unit = \"W\", source = \"a\", alternatives = [\
             { value = 550, source = \"a\", grade = \"analysis\" },\
             { value = 900, source = \"a\", grade = \"rumour\", state = \"rejected\", why = \"a typo\" }] }",
        );
        assert!(problems.0.is_empty(), "{problems}");
        let estimate = figure.unwrap().estimate();
        assert_eq!(
            (estimate.low, estimate.high),
            (Watts::of(400.0), Watts::of(550.0))
        );
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (line, expected) in [
            (
                "tdp = { value = 400, unit = \"W\" }",
                "x.toml:1: a figure without a source",
            ),
            (
                "tdp = { value = 400, unit = \"mm2\", source = \"a\" }",
                "x.toml:1: unit `mm2` where `W`, `kW` was expected",
            ),
            (
                "\ntdp = { value = -4, unit = \"W\", source = \"a\" }",
                "x.toml:2: `-4` where a finite number",
            ),
            (
                "tdp = { value = 4, unit = \"W\", source = \"b\" }",
                "x.toml:1: source `b` is not in the register",
            ),
            (
                "tdp = { value = 4, unit = \"W\", source = \"a\", grade = \"official\" }",
                "x.toml:1: grade `official` is better than source `a` allows",
            ),
        ] {
            let (_, problems) = read(line);
            assert!(problems.to_string().starts_with(expected), "{problems}");
        }
    }
}
