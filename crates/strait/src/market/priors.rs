//! Uncertain parameters of the market: `data/market/parameters.toml`.

use super::draws::{DRAWS, normal_quantile, probability, strata};
use crate::data::{DataFile, Problem, Problems, Reader, nearest};
use crate::figure::{FigureRef, Grade, Sources};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The parameters the model reads; the file must hold each once.
pub(crate) const IDS: [&str; 14] = [
    "price_exponent",
    "nest_correlation",
    "switching_cost",
    "outside_utility",
    "chip_share_of_cost",
    "guidance_discouraged",
    "guidance_conditional",
    "guidance_banned",
    "guidance_unknown",
    "license_execution",
    "quota_execution",
    "cut_off_risk",
    "consumer_card",
    "grey_channel",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    parameter: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    prior: Prior,
    a: f64,
    b: f64,
    /// Draws below this are set to it.
    floor: Option<f64>,
    /// Draws above this are set to it.
    ceiling: Option<f64>,
    source: Spanned<String>,
    grade: Grade,
    /// What it means and why this prior.
    why: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Prior {
    /// Mean `a`, standard deviation `b`.
    Normal,
    /// Beta(`a`, `b`).
    Beta,
}

/// One parameter: its median, and its quantiles at the strata of the draws.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) median: f64,
    pub(crate) quantiles: Vec<f64>,
    /// Stratum taken in each draw.
    pub(crate) strata: Vec<usize>,
    /// The prior in words (`Beta(2, 8)`) and what it stands for.
    pub(crate) prior: String,
    pub(crate) why: String,
    pub(crate) reference: FigureRef,
}

/// All parameters by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(pub(crate) BTreeMap<&'static str, Parameter>);

impl Parameters {
    /// The parameter of a name in [`IDS`].
    pub(crate) fn get(&self, id: &str) -> &Parameter {
        &self.0[id]
    }
}

pub(crate) fn load(file: DataFile<'_>, sources: &Sources, problems: &mut Problems) -> Parameters {
    let raw: File = match toml::from_str(file.text) {
        Ok(raw) => raw,
        Err(error) => {
            problems.push(Problem::from_toml(file.path, file.text, &error));
            return Parameters::default();
        }
    };
    let mut reader = Reader::new(file, sources, None);
    let mut found = BTreeMap::new();
    for raw in raw.parameter {
        let name = raw.id.get_ref();
        let Some(id) = IDS.into_iter().find(|id| id == name) else {
            let near = nearest(name, IDS.into_iter()).join("`, `");
            reader.problem(
                raw.id.span(),
                format!("`{name}` is no parameter of the market"),
                (!near.is_empty()).then(|| format!("did you mean `{near}`?")),
            );
            continue;
        };
        let source = reader.source(raw.source.get_ref(), raw.grade, raw.source.span());
        let valid = match raw.prior {
            Prior::Normal => raw.a.is_finite() && raw.b.is_finite() && raw.b > 0.0,
            Prior::Beta => raw.a.is_finite() && raw.b.is_finite() && raw.a > 0.0 && raw.b > 0.0,
        };
        if !valid {
            reader.problem(
                raw.id.span(),
                format!("`a = {}`, `b = {}` is no prior of this kind", raw.a, raw.b),
                Some("normal: mean and a standard deviation above zero; beta: two numbers above zero".into()),
            );
            continue;
        }
        let clamp = |x: f64| {
            x.max(raw.floor.unwrap_or(f64::MIN))
                .min(raw.ceiling.unwrap_or(f64::MAX))
        };
        let quantile = quantile_function(raw.prior, raw.a, raw.b);
        let kind = match raw.prior {
            Prior::Normal => "normal",
            Prior::Beta => "Beta",
        };
        let parameter = Parameter {
            median: clamp(quantile(0.5)),
            quantiles: (0..DRAWS).map(|s| clamp(quantile(probability(s)))).collect(),
            strata: strata(id),
            prior: format!("{kind}({}, {})", raw.a, raw.b),
            why: raw.why,
            reference: FigureRef {
                of: "market".into(),
                path: format!("parameters.{id}"),
                source,
                grade: raw.grade,
                place: reader.place(&raw.id.span()),
            },
        };
        if found.insert(id, parameter).is_some() {
            reader.problem(
                raw.id.span(),
                format!("parameter `{id}` stands twice"),
                Some("delete one".into()),
            );
        }
    }
    problems.0.append(&mut reader.problems.0);
    for id in IDS.into_iter().filter(|id| !found.contains_key(id)) {
        problems.push(
            Problem::in_file(file.path, format!("parameter `{id}` is missing"))
                .help("add a `[[parameter]]` with its prior and source"),
        );
    }
    Parameters(found)
}

fn quantile_function(prior: Prior, a: f64, b: f64) -> Box<dyn Fn(f64) -> f64> {
    match prior {
        Prior::Normal => Box::new(move |p| a + b * normal_quantile(p)),
        Prior::Beta => {
            let table = beta_table(a, b);
            Box::new(move |p| beta_quantile(&table, p))
        }
    }
}

/// Quantile of a Beta from its [`beta_table`], by linear interpolation.
pub(crate) fn beta_quantile(table: &[(f64, f64)], p: f64) -> f64 {
    let at = table.partition_point(|(_, c)| *c < p).clamp(1, table.len() - 1);
    let ((x0, c0), (x1, c1)) = (table[at - 1], table[at]);
    if c1 > c0 {
        x0 + (x1 - x0) * (p - c0) / (c1 - c0)
    } else {
        x1
    }
}

/// Cumulative Beta(a, b) on a grid, by the midpoint rule: good to 1e-4 for the shapes used here.
pub(crate) fn beta_table(a: f64, b: f64) -> Vec<(f64, f64)> {
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
        let q = quantile_function(Prior::Beta, 1.0, 9.0);
        assert!((q(0.5) - (1.0 - 0.5_f64.powf(1.0 / 9.0))).abs() < 1e-4);
        let x = quantile_function(Prior::Beta, 2.0, 8.0)(0.5);
        let below = 1.0 - (1.0 - x).powi(9) - 9.0 * x * (1.0 - x).powi(8);
        assert!((below - 0.5).abs() < 1e-3, "{x}");
    }
}
