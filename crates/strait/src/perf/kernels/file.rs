//! `data/perf/operators.toml`: what was fitted, readable, each parameter with its meaning.

use super::{EngineFit, Kernels, Origin, Set, Spread};
use crate::data::{DataFile, DataSet, Problem, Problems};
use crate::perf::ops::{Engine, Family, Operator, Parameter};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    fit: RawFit,
    #[serde(default)]
    set: Vec<RawSet>,
    #[serde(default)]
    engine: Vec<RawEngine>,
    #[serde(default)]
    spread: Vec<RawSpread>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFit {
    source: String,
    #[allow(dead_code)]
    grade: String,
    data: String,
    seed: u64,
    sample: usize,
    between: Spanned<f64>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSet {
    operator: Operator,
    precision: String,
    rows: usize,
    chips: Vec<String>,
    source: Option<String>,
    data: Option<String>,
    values: BTreeMap<String, f64>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEngine {
    operator: Operator,
    precision: String,
    engine: String,
    versions: String,
    rows: usize,
    source: Option<String>,
    data: Option<String>,
    launch: Spanned<f64>,
    compute: Spanned<f64>,
    memory: Spanned<f64>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpread {
    operator: Operator,
    precision: String,
    between: Spanned<f64>,
    short: Spanned<f64>,
    long: Spanned<f64>,
}

/// Values of declared parameters in their order; notes one that is missing, out of its range or not declared.
/// `whose` follows a parameter's name in a message (` of gemm in bf16`), `kind` says what has the parameters.
pub(crate) fn values(
    list: &[Parameter],
    given: &BTreeMap<String, f64>,
    [whose, kind]: [&str; 2],
    path: &str,
    problems: &mut Problems,
) -> Vec<f64> {
    let read = |p: &Parameter| {
        let value = given.get(p.name).copied().unwrap_or(f64::NAN);
        if !(value >= p.low * 0.999 && value <= p.high * 1.001) {
            let help = format!("a number from {} to {}", p.low, p.high);
            problems.push(Problem::in_file(path, format!("`{}`{whose} is `{value}`", p.name)).help(help));
        }
        value
    };
    let values = list.iter().map(read).collect();
    for name in given
        .keys()
        .filter(|n| !list.iter().any(|p| p.name == n.as_str()))
    {
        problems.push(Problem::in_file(
            path,
            format!("`{name}` is no parameter of {kind}"),
        ));
    }
    values
}

/// Reads `perf/operators.toml` of a data set.
///
/// # Errors
/// A file that is missing, what does not fit in it, and an operator without parameters.
pub fn load(data: &DataSet) -> Result<Kernels, Problems> {
    let file = data.require("perf/operators.toml")?;
    let kernels = read(file)?;
    let mut problems = Problems::default();
    for operator in Operator::ALL {
        // The precision that all others of the operator take where they were never measured.
        let widest = match operator {
            Operator::Collective | Operator::CustomAllReduce => "any",
            _ => "bf16",
        };
        if kernels.set(&(operator, widest.to_owned())).is_none() {
            let text = format!("no `[[set]]` of operator `{operator}` in precision `{widest}`");
            let help =
                "`strait calibrate --measured DIR` keeps the sets before of what a folder does not measure";
            problems.push(Problem::in_file(file.path, text).help(help));
        }
    }
    problems.or(kernels)
}

/// Notes numbers of a file that no fit can have.
struct Checked<'f> {
    file: DataFile<'f>,
    problems: Problems,
}

impl Checked<'_> {
    /// A finite number, zero or more.
    fn spread(&mut self, name: &str, given: &Spanned<f64>) -> f64 {
        self.number(
            name,
            given,
            *given.get_ref() >= 0.0,
            "a finite number, zero or more",
        )
    }

    /// A finite number above zero.
    fn factor(&mut self, name: &str, given: &Spanned<f64>) -> f64 {
        self.number(name, given, *given.get_ref() > 0.0, "a finite number above zero")
    }

    fn number(&mut self, name: &str, given: &Spanned<f64>, fits: bool, expected: &str) -> f64 {
        let value = *given.get_ref();
        if !(fits && value.is_finite()) {
            let text = format!("`{name}` is `{value}`");
            let problem = Problem::spanned(self.file.path, self.file.text, given.span(), text);
            self.problems.push(problem.help(expected));
        }
        value
    }
}

/// Where a set or an engine's factors were kept from.
fn kept(source: Option<String>, data: Option<String>) -> Option<Origin> {
    let source = source?;
    let data = data.unwrap_or_default();
    Some(Origin { source, data })
}

/// Reads the file.
///
/// # Errors
/// What does not fit; a number that is not finite; a parameter that is missing, unknown or out of its range.
pub fn read(file: DataFile<'_>) -> Result<Kernels, Problems> {
    let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let problems = Problems::default();
    let mut checked = Checked { file, problems };
    let mut kernels = Kernels {
        between: checked.spread("between", &raw.fit.between),
        seed: raw.fit.seed,
        sample: raw.fit.sample,
        origin: Origin {
            source: raw.fit.source,
            data: raw.fit.data,
        },
        ..Kernels::default()
    };
    for set in raw.set {
        let list = Family::list(set.operator);
        let whose = format!(" of {} in {}", set.operator, set.precision);
        let kind = set.operator.to_string();
        let values = values(
            list,
            &set.values,
            [&whose, &kind],
            file.path,
            &mut checked.problems,
        );
        let key = (set.operator, set.precision);
        let kept = kept(set.source, set.data);
        let set = Set::new(set.operator, values, set.rows, set.chips);
        kernels.sets.insert(key, Set { kept, ..set });
    }
    for e in raw.engine {
        let fit = EngineFit {
            factors: Engine {
                launch: checked.factor("launch", &e.launch),
                compute: checked.factor("compute", &e.compute),
                memory: checked.factor("memory", &e.memory),
            },
            versions: e.versions,
            rows: e.rows,
            kept: kept(e.source, e.data),
        };
        kernels.engines.insert((e.operator, e.precision, e.engine), fit);
    }
    for s in raw.spread {
        let spread = Spread {
            between: checked.spread("between", &s.between),
            short: checked.spread("short", &s.short),
            long: checked.spread("long", &s.long),
        };
        kernels.spreads.insert((s.operator, s.precision), spread);
    }
    checked.problems.or(kernels)
}
