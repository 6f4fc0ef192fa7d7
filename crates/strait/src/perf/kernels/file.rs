//! `data/perf/operators.toml`: what was fitted, readable, each parameter with its meaning.

use super::{EngineFit, Kernels, Set, Spread};
use crate::data::{DataFile, DataSet, Problem, Problems};
use crate::perf::ops::{Engine, Family, Operator, Parameter};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

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
    #[allow(dead_code)]
    source: String,
    #[allow(dead_code)]
    grade: String,
    data: String,
    seed: u64,
    sample: usize,
    between: f64,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSet {
    operator: Operator,
    precision: String,
    rows: usize,
    chips: Vec<String>,
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
    launch: f64,
    compute: f64,
    memory: f64,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpread {
    operator: Operator,
    precision: String,
    between: f64,
    short: f64,
    long: f64,
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
/// A file that is missing, and what does not fit in it.
pub fn load(data: &DataSet) -> Result<Kernels, Problems> {
    read(data.require("perf/operators.toml")?)
}

/// Reads the file.
///
/// # Errors
/// What does not fit; a parameter that is missing, unknown or out of its range.
pub fn read(file: DataFile<'_>) -> Result<Kernels, Problems> {
    let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut problems = Problems::default();
    let mut kernels = Kernels {
        between: raw.fit.between,
        seed: raw.fit.seed,
        sample: raw.fit.sample,
        data: raw.fit.data,
        ..Kernels::default()
    };
    for set in raw.set {
        let list = Family::list(set.operator);
        let whose = format!(" of {} in {}", set.operator, set.precision);
        let kind = set.operator.to_string();
        let values = values(list, &set.values, [&whose, &kind], file.path, &mut problems);
        let key = (set.operator, set.precision);
        kernels
            .sets
            .insert(key, Set::new(set.operator, values, set.rows, set.chips));
    }
    for e in raw.engine {
        let fit = EngineFit {
            factors: Engine {
                launch: e.launch,
                compute: e.compute,
                memory: e.memory,
            },
            versions: e.versions,
            rows: e.rows,
        };
        kernels.engines.insert((e.operator, e.precision, e.engine), fit);
    }
    for s in raw.spread {
        let spread = Spread {
            between: s.between,
            short: s.short,
            long: s.long,
        };
        kernels.spreads.insert((s.operator, s.precision), spread);
    }
    problems.or(kernels)
}

impl Kernels {
    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::from(HEAD);
        let _ = write!(
            text,
            "\n[fit]\nsource  = \"aiconfigurator-ops\"\ngrade   = \"derived\"\ndata    = \"{}\"   # hash of the measured folder\nseed    = {}\nsample  = {}   # rows drawn a chip, operator and precision\nbetween = {}   # spread of a left-out chip's bias, log, pooled over operators\n",
            self.data,
            self.seed,
            self.sample,
            three(self.between)
        );
        for ((operator, precision), set) in &self.sets {
            let chips: Vec<String> = set.chips.iter().map(|c| format!("\"{c}\"")).collect();
            let _ = write!(
                text,
                "\n[[set]]\noperator  = \"{operator}\"\nprecision = \"{precision}\"\nrows      = {}\nchips     = [{}]\n[set.values]\n",
                set.rows,
                chips.join(", ")
            );
            for (parameter, value) in Family::list(*operator).iter().zip(&set.values) {
                let _ = writeln!(
                    text,
                    "{:<10} = {:<10} # {}{}{}",
                    parameter.name,
                    number(*value),
                    parameter.meaning,
                    if parameter.unit == "1" {
                        String::new()
                    } else {
                        format!(", {}", parameter.unit)
                    },
                    if parameter.sigma > 0.0 {
                        ""
                    } else {
                        " (not fitted)"
                    }
                );
            }
        }
        text.push_str(ENGINES);
        for ((operator, precision, engine), fit) in &self.engines {
            let f = fit.factors;
            let _ = write!(
                text,
                "[[engine]]\noperator  = \"{operator}\"\nprecision = \"{precision}\"\nengine    = \"{engine}\"\nversions  = \"{}\"\nrows      = {}\nlaunch    = {}\ncompute   = {}\nmemory    = {}\n",
                fit.versions,
                fit.rows,
                three(f.launch),
                three(f.compute),
                three(f.memory)
            );
        }
        text.push_str(SPREADS);
        for ((operator, precision), s) in &self.spreads {
            let _ = write!(
                text,
                "[[spread]]\noperator  = \"{operator}\"\nprecision = \"{precision}\"\nbetween   = {}\nshort     = {}\nlong      = {}\n",
                three(s.between),
                three(s.short),
                three(s.long)
            );
        }
        text
    }
}

const HEAD: &str = "\
# Physical parameters of operator families, fitted to measured calls by `strait calibrate`; do not edit.
# One set serves every chip: what differs between chips stands in their files. A precision that was never
# measured takes the set of the next wider one.
";
const ENGINES: &str = "
# How an engine's kernels stand to the set above: factors on launch cost, arithmetic and memory time.
";
const SPREADS: &str = "
# Spread of the logarithm of a time: between chips that were left out of the fit (shrunk to the pooled
# one), and what holds 90 % of the calls of one chip about its bias, under and over 20 us. The 90 %
# interval is the root of (2.353 between)^2 + within^2, 2.353 being Student's t of three degrees of freedom.
";

fn number(x: f64) -> String {
    let text = format!("{x}");
    if text.contains('.') {
        text
    } else {
        format!("{text}.0")
    }
}

fn three(x: f64) -> String {
    format!("{x:.3}")
}
