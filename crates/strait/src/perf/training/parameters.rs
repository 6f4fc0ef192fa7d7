//! `data/perf/training.toml`: the few physical parameters of a training step, each with its meaning.

use crate::data::{DataFile, Problem, Problems};
use crate::perf::kernels::values;
use crate::perf::models::Model;
use crate::perf::ops::{Parameters, parameters};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

parameters! {
    /// What a training step is made of beside the operators' own parameters.
    Fit {
        products: "1", "Speed of matrix products inside a step over that of the operator model, which times one product alone", 0.95 +- 0.1 in 0.5 to 1.2;
        heat: "1", "Power of a busy unit in a long run with real data over that in the short repeated calls the operator models rest on", 2.0 +- 0.2 in 1.0 to 3.0;
        backward: "1", "Time of fused attention's backward pass a FLOP, over that of its forward pass", 1.2 +- 0.2 in 0.8 to 3.0;
        flash2: "1", "Time of FlashAttention-2 over that of the best kernels at the rate of its instructions", 1.3 +- 0.3 in 0.9 to 3.0;
        passes: "1", "Passes over the activations of norms, activation functions and sums, over those of kernels that fuse neighbours", 1.3 +- 0.3 in 0.7 to 4.0;
        scale_out: "1", "Share of the network adapters' rate that collectives reach between nodes", 0.75 +- 0.2 in 0.2 to 1.0;
        overlap: "1", "Share of the arithmetic beside which gradients and weights travel", 0.9 +- 0.1 in 0.1 to 1.0;
        contention: "1", "Arithmetic lost while gradients and weights travel beside it, a share of that time", 0.3 +- 0.7 in 0.005 to 1.0;
        hidden: "1", "Share of tensor-parallel traffic that software made for it hides behind products", 0.6 +- 0.2 in 0.1 to 0.95;
        straggle: "1", "Time lost a doubling of the chips beyond one node", 0.005 +- 0.5 in 0.0005 to 0.03;
        imbalance: "1", "Tokens of the busiest rank of experts over the mean", 1.2 +- 0.2 in 1.0 to 2.0;
        optimiser: "1", "Share of memory bandwidth that the optimiser reaches", 0.7 +- 0.2 in 0.2 to 1.0;
        host: "s", "Time of a step in which chips wait for their hosts", 0.05 +- 0.7 in 0.001 to 0.5;
    }
}

/// The file's contents: parameters, and how far off they leave a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// Parameters.
    pub fit: Fit,
    /// Fully specified rows they were fitted to.
    pub rows: usize,
    /// Spread of the log error of a step whose plan is known, families left out in turn.
    pub spread: f64,
    /// Spread of the log error of a step of a dense model whose plan was searched, of rows that no fit saw.
    pub searched: f64,
    /// The same of mixtures of experts alone, whose recipes differ more.
    pub mixtures: f64,
    /// Families of chips whose kernels were among the measured operators.
    pub families: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[allow(dead_code)]
    source: String,
    #[allow(dead_code)]
    grade: String,
    rows: usize,
    spread: f64,
    searched: f64,
    mixtures: f64,
    families: Vec<String>,
    values: BTreeMap<String, f64>,
}

impl Fitted {
    /// Spread of the log error of a searched step, of a mixture of experts or a dense model.
    pub(crate) fn spread_of(&self, model: &Model) -> f64 {
        if model.experts.is_some() {
            self.mixtures
        } else {
            self.searched
        }
    }
}

/// Reads the file.
pub(crate) fn read(file: DataFile<'_>) -> Result<Fitted, Problems> {
    let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
    let mut problems = Problems::default();
    let values = values(
        Fit::LIST,
        &raw.values,
        ["", "a training step"],
        file.path,
        &mut problems,
    );
    for (name, value) in [
        ("spread", raw.spread),
        ("searched", raw.searched),
        ("mixtures", raw.mixtures),
    ] {
        if !(value > 0.0 && value < 3.0) {
            problems.push(Problem::in_file(file.path, format!("`{name}` is `{value}`")));
        }
    }
    problems.or(Fitted {
        fit: Fit::from_list(&values),
        rows: raw.rows,
        spread: raw.spread,
        searched: raw.searched,
        mixtures: raw.mixtures,
        families: raw.families,
    })
}

impl Fitted {
    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let families: Vec<String> = self.families.iter().map(|f| format!("\"{f}\"")).collect();
        let mut text = format!(
            "{HEAD}\nsource   = \"derived\"\ngrade    = \"derived\"\nrows     = {}   # fully specified rows fitted\n\
             spread   = {:.3}   # log error of a step whose plan is known, the chip's family left out of the fit\n\
             searched = {:.3}   # log error of a dense step whose plan was searched; no such row is fitted\n\
             mixtures = {:.3}   # the same of mixtures of experts alone\n\
             families = [{}]   # whose kernels were among the measured operators\n\n[values]\n",
            self.rows,
            self.spread,
            self.searched,
            self.mixtures,
            families.join(", ")
        );
        for (parameter, value) in Fit::LIST.iter().zip(self.fit.list()) {
            let _ = writeln!(
                text,
                "{:<10} = {:<8} # {}",
                parameter.name,
                format!("{value:.4}"),
                parameter.meaning
            );
        }
        text
    }
}

const HEAD: &str = "# Physical parameters of a training step, fitted by `strait calibrate training` to the fully specified rows of\n\
# validation/training.csv that are marked calibrate; do not edit. One set serves every chip.\n";
