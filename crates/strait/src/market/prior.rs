//! Priors of parameters as the data files write them: a shape, its two numbers, where it is cut, source and grade.

use super::draws::{normal_probability, normal_quantile};
use crate::data::{DataFile, Problem, Problems, Reader, nearest};
use crate::figure::{FigureRef, Grade, Sources};
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    parameter: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    prior: Shape,
    a: f64,
    b: f64,
    /// Values below this are set to it.
    floor: Option<f64>,
    /// Values above this are set to it.
    ceiling: Option<f64>,
    /// Whether the data are meant to say something of it.
    #[serde(default)]
    fitted: bool,
    /// From when the prior could have been written, and its numbers before.
    known_from: Option<Date>,
    before: Option<[f64; 2]>,
    source: Spanned<String>,
    grade: Grade,
    /// What it means and why this prior.
    why: String,
}

/// Kind of prior.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    /// Mean `a`, standard deviation `b`.
    Normal,
    /// Median `a`, standard deviation `b` of the logarithm.
    Lognormal,
    /// Beta(`a`, `b`).
    Beta,
}

/// A parameter's prior.
#[derive(Debug, Clone)]
pub struct Prior {
    /// Name.
    pub id: &'static str,
    shape: Shape,
    a: f64,
    b: f64,
    floor: f64,
    ceiling: f64,
    /// Cumulative distribution on a grid, for Beta.
    table: Vec<(f64, f64)>,
    before: Option<(Date, [f64; 2])>,
    /// Whether the data are meant to say something of it.
    pub fitted: bool,
    /// What it stands for.
    pub why: String,
    /// Source, grade, place.
    pub reference: FigureRef,
}

impl Prior {
    /// The value below which it lies with a probability.
    pub fn quantile(&self, p: f64) -> f64 {
        match self.shape {
            Shape::Beta => beta_quantile(&self.table, p).clamp(self.floor, self.ceiling),
            Shape::Normal | Shape::Lognormal => self.at(normal_quantile(p)),
        }
    }

    /// The value at a standard score: the quantile at the normal probability of `z`, so that priors of every shape are
    /// standard normal in `z`.
    pub fn at(&self, z: f64) -> f64 {
        let value = match self.shape {
            Shape::Normal => self.a + self.b * z,
            Shape::Lognormal => self.a * (self.b * z).exp(),
            Shape::Beta => beta_quantile(&self.table, normal_probability(z)),
        };
        value.clamp(self.floor, self.ceiling)
    }

    /// In words (`Beta(2, 8)`).
    pub fn words(&self) -> String {
        let name = match self.shape {
            Shape::Normal => "normal",
            Shape::Lognormal => "lognormal",
            Shape::Beta => "Beta",
        };
        format!("{name}({}, {})", self.a, self.b)
    }

    /// As it could have been written on a day: one of a later source takes its wider form.
    #[must_use]
    pub fn known(&self, day: Date) -> Self {
        match self.before {
            Some((from, shape)) if day < from => self.clone().shaped(shape),
            _ => self.clone(),
        }
    }

    /// What makes it what it is, in one line.
    pub(crate) fn line(&self) -> String {
        format!("{}|{}|{}|{}", self.id, self.words(), self.floor, self.ceiling)
    }

    fn shaped(mut self, [a, b]: [f64; 2]) -> Self {
        (self.a, self.b) = (a, b);
        if self.shape == Shape::Beta {
            self.table = beta_table(a, b);
        }
        self
    }
}

/// Reads the parameters of a file in the order of their names, each of which must stand once. `of` is what they are
/// parameters of, `path` what their figures are called after.
pub(crate) fn load(
    file: DataFile<'_>,
    names: &[&'static str],
    (of, path): (&str, &str),
    sources: &Sources,
    problems: &mut Problems,
) -> Vec<Prior> {
    let raw: File = match toml::from_str(file.text) {
        Ok(raw) => raw,
        Err(error) => {
            problems.push(Problem::from_toml(file.path, file.text, &error));
            return Vec::new();
        }
    };
    let mut reader = Reader::new(file, sources, None);
    let mut found: Vec<Option<Prior>> = vec![None; names.len()];
    for raw in raw.parameter {
        let name = raw.id.get_ref();
        let Some(at) = names.iter().position(|id| id == name) else {
            let near = nearest(name, names.iter().copied()).join("`, `");
            reader.problem(
                raw.id.span(),
                format!("`{name}` is no parameter of {of}"),
                (!near.is_empty()).then(|| format!("did you mean `{near}`?")),
            );
            continue;
        };
        let span = raw.id.span();
        let Some(prior) = one(raw, names[at], path, &mut reader) else {
            continue;
        };
        if found[at].is_some() {
            reader.problem(
                span,
                format!("parameter `{}` stands twice", names[at]),
                Some("delete one".into()),
            );
        }
        found[at] = Some(prior);
    }
    problems.0.append(&mut reader.problems.0);
    for (id, _) in names.iter().zip(&found).filter(|(_, f)| f.is_none()) {
        problems.push(
            Problem::in_file(file.path, format!("parameter `{id}` is missing"))
                .help("add a `[[parameter]]` with its prior and source"),
        );
    }
    found.into_iter().flatten().collect()
}

fn one(raw: Raw, id: &'static str, path: &str, reader: &mut Reader<'_>) -> Option<Prior> {
    let source = reader.source(raw.source.get_ref(), raw.grade, raw.source.span());
    let valid = |[a, b]: [f64; 2]| {
        a.is_finite() && b.is_finite() && b > 0.0 && (raw.prior == Shape::Normal || a > 0.0)
    };
    if !valid([raw.a, raw.b]) || raw.before.is_some_and(|ab| !valid(ab)) {
        reader.problem(
            raw.id.span(),
            format!("`a = {}`, `b = {}` is no prior of this kind", raw.a, raw.b),
            Some("normal: a mean and a spread above zero; lognormal and beta: two numbers above zero".into()),
        );
        return None;
    }
    let before = match (raw.known_from, raw.before) {
        (Some(day), Some(shape)) => Some((day, shape)),
        (None, None) => None,
        _ => {
            reader.problem(
                raw.id.span(),
                "`known_from` and `before` stand together or not at all",
                None,
            );
            None
        }
    };
    let prior = Prior {
        id,
        shape: raw.prior,
        a: raw.a,
        b: raw.b,
        floor: raw.floor.unwrap_or(f64::MIN),
        ceiling: raw.ceiling.unwrap_or(f64::MAX),
        table: Vec::new(),
        before,
        fitted: raw.fitted,
        why: raw.why,
        reference: FigureRef {
            of: "market".into(),
            path: format!("{path}.{id}"),
            source,
            grade: raw.grade,
            place: reader.place(&raw.id.span()),
        },
    };
    Some(prior.shaped([raw.a, raw.b]))
}

/// Quantile of a Beta from its [`beta_table`], by linear interpolation.
fn beta_quantile(table: &[(f64, f64)], p: f64) -> f64 {
    let at = table.partition_point(|(_, c)| *c < p).clamp(1, table.len() - 1);
    let ((x0, c0), (x1, c1)) = (table[at - 1], table[at]);
    if c1 > c0 {
        x0 + (x1 - x0) * (p - c0) / (c1 - c0)
    } else {
        x1
    }
}

/// Cumulative Beta(a, b) on a grid, by the midpoint rule: good to 1e-4 for the shapes used here.
fn beta_table(a: f64, b: f64) -> Vec<(f64, f64)> {
    const CELLS: usize = 1024;
    let mut sum = 0.0;
    let mut table = vec![(0.0, 0.0)];
    for cell in 0..CELLS {
        let x = (cell as f64 + 0.5) / CELLS as f64;
        sum += ((a - 1.0) * x.ln() + (b - 1.0) * (1.0 - x).ln()).exp();
        table.push(((cell + 1) as f64 / CELLS as f64, sum));
    }
    for (_, c) in &mut table {
        *c /= sum;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beta_quantiles() {
        // Closed form for Beta(1, n): 1 - (1-p)^(1/n); Beta(2, 8): median 0.17962 (root of 1-(1-x)^9-9x(1-x)^8-1/2).
        let table = beta_table(1.0, 9.0);
        assert!((beta_quantile(&table, 0.5) - (1.0 - 0.5_f64.powf(1.0 / 9.0))).abs() < 1e-4);
        let x = beta_quantile(&beta_table(2.0, 8.0), 0.5);
        let below = 1.0 - (1.0 - x).powi(9) - 9.0 * x * (1.0 - x).powi(8);
        assert!((below - 0.5).abs() < 1e-3, "{x}");
    }
}
