//! `data/perf/serving.toml`: what was fitted to served runs, readable, each parameter with its meaning.

use super::{ServingFit, Software};
use crate::data::{DataFile, Problem, Problems};
use crate::perf::kernels::values;
use crate::perf::ops::Parameters;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    fit: RawFit,
    #[serde(default)]
    engine: Vec<RawEngine>,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFit {
    #[allow(dead_code)]
    source: String,
    #[allow(dead_code)]
    grade: String,
    data: String,
    chips: Vec<String>,
    between_ttft: f64,
    between_tpot: f64,
    within_ttft: f64,
    within_tpot: f64,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEngine {
    engine: String,
    rows: usize,
    values: BTreeMap<String, f64>,
}
impl ServingFit {
    /// Reads the file.
    ///
    /// # Errors
    /// What does not fit; a parameter that is missing, unknown or out of its range.
    pub fn read(file: DataFile<'_>) -> Result<Self, Problems> {
        let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let mut problems = Problems::default();
        let mut fit = Self {
            chips: raw.fit.chips,
            between: [raw.fit.between_ttft, raw.fit.between_tpot],
            within: [raw.fit.within_ttft, raw.fit.within_tpot],
            data: raw.fit.data,
            ..Self::default()
        };
        for e in raw.engine {
            let names = [&format!(" of {}", e.engine), "an engine"];
            let values = values(Software::LIST, &e.values, names, file.path, &mut problems);
            fit.engines.insert(e.engine.clone(), Software::from_list(&values));
            fit.rows.insert(e.engine, e.rows);
        }
        problems.or(fit)
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let chips: Vec<String> = self.chips.iter().map(|c| format!("\"{c}\"")).collect();
        let mut text = format!(
            "{HEAD}\n[fit]\nsource       = \"aiconfigurator-serving\"\ngrade        = \"derived\"\ndata         = \"{}\"   # hash of the measured folder\nchips        = [{}]\nbetween_ttft = {:.3}   # spread of a left-out chip's bias, log\nbetween_tpot = {:.3}\nwithin_ttft  = {:.3}   # 90 % of runs lie within this of their chip's bias, log\nwithin_tpot  = {:.3}\n",
            self.data,
            chips.join(", "),
            self.between[0],
            self.between[1],
            self.within[0],
            self.within[1],
        );
        for (engine, software) in &self.engines {
            let rows = self.rows.get(engine).copied().unwrap_or(0);
            let _ = write!(
                text,
                "\n[[engine]]\nengine = \"{engine}\"\nrows   = {rows}\n[engine.values]\n"
            );
            for (p, value) in Software::LIST.iter().zip(software.list()) {
                let unit = if p.unit == "1" {
                    String::new()
                } else {
                    format!(", {}", p.unit)
                };
                let value = format!("{value:?}");
                let _ = writeln!(text, "{:<9} = {value:<7} # {}{unit}", p.name, p.meaning);
            }
        }
        text
    }
}

const HEAD: &str = "\
# What engines add to their kernels, fitted to measured serving runs by `strait calibrate serving`; do not edit.
# One set serves an engine on every chip. An engine that was never measured takes the centres of the priors.
# The 90 % interval of a time is the root of (2.353 between)^2 + within^2, of its logarithm.
";
