//! Errors of computed serving times beside measured ones, by phase, chip, precision and engine.

use super::fit::{CHIP, fit};
use super::rows::unsteady;
use super::{Client, Inference, Memory, ServingFit, ServingRow, Setup, StepModel, Steps, Timed, Waits};
use crate::catalog::{Chip, ChipId};
use crate::figure::median;
use crate::perf::kernels::{bias, quantile, shrunk_between};
use crate::perf::ops::End;
use crate::perf::{Model, ModelId};
use serde::Serialize;
use std::collections::BTreeMap;

/// Why first tokens of disaggregated runs are not scored.
const APART: &str =
    "first tokens alone: prompts have replicas of their own, and how they queue before these is not said";

/// Why a series of runs is not scored.
const UNSTEADY: &str = "of a series whose time per token falls by more than a quarter where users grow: something that \
                        is not said changed from run to run";

/// Why a run is not scored twice.
const COPY: &str = "a run that is in the table already, both times the same to the last digit";

/// Error of one group of runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServingScore {
    /// `ttft` or `tpot`.
    pub phase: &'static str,
    /// Chip, or `all`.
    pub chip: String,
    /// Precision, or `all`.
    pub precision: String,
    /// Engine, or `all`.
    pub engine: String,
    /// `steady`, `queued` (more users than the cache holds, by our count, whatever was measured) or `apart` (prompts on replicas of their own).
    pub regime: &'static str,
    /// Runs are of real models alone.
    pub shapes: &'static str,
    /// Runs.
    pub n: usize,
    /// Mean absolute error over the measured time, percent.
    pub mape: f64,
    /// Median of the same, percent.
    pub medape: f64,
    /// Mean log of computed over measured: positive where computed too slow.
    pub bias: f64,
    /// Share of runs inside the 90 % interval.
    pub coverage90: f64,
}

/// One run beside what is computed for it.
#[derive(Debug, Clone, PartialEq)]
pub struct ServedRun {
    /// The run and its steps.
    pub timed: Timed,
    /// What is computed.
    pub seen: super::Seen,
    /// Half-widths of the intervals of both times.
    pub half: [f64; 2],
}

impl ServedRun {
    /// `steady`, `queued` or `apart`.
    #[must_use]
    pub fn regime(&self) -> &'static str {
        if self.timed.row.apart.is_some() {
            "apart"
        } else if self.timed.queued {
            "queued"
        } else {
            "steady"
        }
    }
}

/// Times the steps of every run that can be computed; why the others cannot is counted.
pub fn time<'m>(
    rows: Vec<ServingRow>,
    inference: &Inference,
    clients: &BTreeMap<String, Client>,
    model: impl Fn(&ModelId) -> Option<&'m Model>,
    chip: impl Fn(&ChipId) -> Option<&'m Chip>,
    unpredicted: &mut BTreeMap<String, usize>,
) -> Vec<Timed> {
    let mut timed = Vec::with_capacity(rows.len());
    let unsteady = unsteady(&rows);
    let copy: Vec<bool> = (0..rows.len())
        .map(|i| rows[..i].iter().any(|before| rows[i].copies(before)))
        .collect();
    for ((row, unsteady), copy) in rows.into_iter().zip(unsteady).zip(copy) {
        let found = (|| {
            if unsteady {
                return Err(UNSTEADY.to_owned());
            }
            if copy {
                return Err(COPY.to_owned());
            }
            let model = model(&row.model).ok_or(format!("model `{}` is not shipped", row.model))?;
            let chip = chip(&row.chip).ok_or(format!("`{}` is no chip of the catalog", row.chip))?;
            let needs = |needs: Vec<crate::figure::Need>| {
                needs
                    .first()
                    .map_or_else(String::new, |n| format!("missing: {}", n.fact))
            };
            let system = inference.system(chip, End::Middle).map_err(needs)?;
            let setup = Setup {
                model,
                formats: row.formats,
                spread: row.spread,
                system,
                engine: Some(&row.engine),
            };
            let decodes = StepModel::new(&setup, &inference.kernels).map_err(needs)?;
            let client = clients.get(&row.client).copied().unwrap_or(Client::STEADY);
            let mut demand = super::Demand::new(row.input * client.lengths, row.output * client.lengths);
            demand.step_tokens = row.intake.tokens;
            let memory = Memory::of(model, &row.formats, &row.spread);
            let fits = memory.sequences(system.usable, row.input + row.output);
            let fits = fits * f64::from(row.spread.data) * f64::from(row.spread.pipeline);
            if fits < 1.0 {
                return Err("by our count not one sequence fits beside the weights".to_owned());
            }
            let users = row.users / row.workers;
            let queued = users > fits;
            let steps = match &row.apart {
                None => Steps::of(&decodes, &demand, users.min(fits)),
                Some(apart) => {
                    let setup = Setup {
                        spread: apart.spread,
                        ..setup
                    };
                    let prompts = StepModel::new(&setup, &inference.kernels).map_err(needs)?;
                    Steps::apart(&prompts, &decodes, &demand, users.min(fits))
                }
            };
            let waits = match &row.apart {
                None => Waits::of(&demand, steps.sequences, &client, &row.intake),
                Some(_) => Waits::default(),
            };
            Ok((steps, client, waits, queued))
        })();
        match found {
            Ok((steps, client, waits, queued)) => {
                if row.apart.is_some() {
                    *unpredicted.entry(APART.to_owned()).or_default() += 1;
                }
                timed.push(Timed {
                    row,
                    steps,
                    client,
                    waits,
                    queued,
                });
            }
            Err(why) => *unpredicted.entry(why).or_default() += 1,
        }
    }
    timed
}

/// Computes every run under a fit.
#[must_use]
pub fn runs(rows: &[Timed], fit: &ServingFit) -> Vec<ServedRun> {
    let half = [fit.half_width(true), fit.half_width(false)];
    rows.iter()
        .map(|t| ServedRun {
            timed: t.clone(),
            seen: fit.seen(t),
            half,
        })
        .collect()
}

/// The fit to all chips with its spreads; every run computed with its chip left out; and with a fit to its chip
/// alone.
///
/// `usual` is the between-chip spread of single operators, with which that of the few chips served on is pooled.
/// `unseen` holds, for a chip, every run timed by operators that were fitted without that chip too; a chip it
/// lacks is left out of what is fitted end to end alone.
#[must_use]
pub fn leave_one_out(
    rows: &[Timed],
    unseen: &BTreeMap<ChipId, Vec<Timed>>,
    usual: f64,
) -> (ServingFit, Vec<ServedRun>, Vec<ServedRun>) {
    let mut all = fit(rows, &|_| true);
    let mut chips: Vec<&ChipId> = rows.iter().map(|t| &t.row.chip).collect();
    chips.sort();
    chips.dedup();
    let mut out: Vec<(&ChipId, Vec<ServedRun>)> = Vec::new();
    let mut alone = Vec::new();
    for chip in &chips {
        let own = |rows: &[Timed]| -> Vec<Timed> {
            let own = rows.iter().filter(|t| t.row.chip == **chip);
            own.cloned().collect()
        };
        let others = unseen.get(*chip).map_or(rows, Vec::as_slice);
        out.push((chip, runs(&own(others), &fit(others, &|c| c != *chip))));
        alone.extend(runs(&own(rows), &fit(rows, &|c| c == *chip)));
    }
    let spreads = |without: Option<&ChipId>| {
        let errors = |first: bool| -> Vec<Vec<(f64, f64)>> {
            out.iter()
                .filter(|(chip, _)| Some(*chip) != without)
                .map(|(_, runs)| {
                    let steady = runs.iter().filter(|r| r.regime() == "steady");
                    steady.map(|r| log_error(r, first)).collect::<Vec<_>>()
                })
                .filter(|errors: &Vec<(f64, f64)>| !errors.is_empty())
                .collect()
        };
        let of = |first| {
            let errors = errors(first);
            // A chip of few runs weighs less, as it does in the fit.
            #[allow(clippy::cast_precision_loss)]
            let weight = |runs: usize| runs as f64 / (runs as f64 + CHIP);
            let biases: Vec<(f64, f64)> = errors.iter().map(|e| (bias(e), weight(e.len()))).collect();
            let mut off: Vec<f64> = errors
                .iter()
                .flat_map(|e| {
                    let bias = bias(e);
                    e.iter().map(move |x| (x.0 - bias).abs())
                })
                .collect();
            (shrunk_between(&biases, usual), quantile(&mut off, 0.9))
        };
        let (first, further) = (of(true), of(false));
        ([first.0, further.0], [first.1, further.1])
    };
    (all.between, all.within) = spreads(None);
    let mut left_out = Vec::new();
    for (chip, runs) in &out {
        // The interval for a chip rests on the errors of the others alone.
        let (between, within) = spreads(Some(chip));
        let narrow = ServingFit {
            between,
            within,
            ..ServingFit::default()
        };
        let half = [narrow.half_width(true), narrow.half_width(false)];
        left_out.extend(runs.iter().cloned().map(|r| ServedRun { half, ..r }));
    }
    (all, left_out, alone)
}

/// Log of computed over measured, and the computed time.
fn log_error(run: &ServedRun, first: bool) -> (f64, f64) {
    let (computed, measured) = if first {
        (run.seen.ttft, run.timed.row.ttft)
    } else {
        (run.seen.tpot, run.timed.row.tpot)
    };
    ((computed / measured).ln(), computed)
}

/// Scores of runs: every chip, precision and engine apart, then each chip, each engine, and all together.
#[must_use]
pub fn scores(runs: &[ServedRun]) -> Vec<ServingScore> {
    type Key = (&'static str, &'static str, String, String, String);
    let mut groups: BTreeMap<Key, Vec<(f64, f64)>> = BTreeMap::new();
    for run in runs {
        for (at, first, phase) in [(0, true, "ttft"), (1, false, "tpot")] {
            if first && run.timed.row.apart.is_some() {
                continue;
            }
            let error = log_error(run, first).0;
            let row = &run.timed.row;
            let all = || "all".to_owned();
            let (chip, precision, engine) = (row.chip.0.clone(), row.precision.clone(), row.engine.clone());
            for (chip, precision, engine) in [
                (chip.clone(), precision, engine.clone()),
                (chip, all(), all()),
                (all(), all(), engine),
                (all(), all(), all()),
            ] {
                let key = (phase, run.regime(), chip, precision, engine);
                groups.entry(key).or_default().push((error, run.half[at]));
            }
        }
    }
    groups
        .into_iter()
        .map(|((phase, regime, chip, precision, engine), errors)| {
            summary([chip, precision, engine], phase, regime, &errors)
        })
        .collect()
}

/// Error of one group: log errors with the half-widths of their intervals.
pub(super) fn summary(
    [chip, precision, engine]: [String; 3],
    phase: &'static str,
    regime: &'static str,
    errors: &[(f64, f64)],
) -> ServingScore {
    #[allow(clippy::cast_precision_loss)]
    let n = errors.len() as f64;
    let mut off: Vec<f64> = errors
        .iter()
        .map(|(e, _)| (e.exp() - 1.0).abs() * 100.0)
        .collect();
    off.sort_by(f64::total_cmp);
    let inside = errors.iter().filter(|(e, half)| e.abs() <= *half).count();
    ServingScore {
        phase,
        chip,
        precision,
        engine,
        regime,
        shapes: "real",
        n: errors.len(),
        mape: off.iter().sum::<f64>() / n,
        medape: median(&off).unwrap_or(0.0),
        bias: errors.iter().map(|(e, _)| e).sum::<f64>() / n,
        #[allow(clippy::cast_precision_loss)]
        coverage90: inside as f64 / n,
    }
}
