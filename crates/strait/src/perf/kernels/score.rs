//! Errors of predicted times, by operator, chip, precision, engine, regime and kind of shape.

use super::calibrate::has_best;
use super::leave_out::IntervalScore;
use super::spread::SHORT;
use super::{Groups, Kernels, Key, Sample};
use crate::catalog::ChipId;
use crate::figure::{Quantity, Seconds, median};
use crate::perf::measured::RealShapes;
use crate::perf::ops::collective::Collective;
use crate::perf::ops::custom_all_reduce::CustomAllReduce;
use crate::perf::ops::{Call, Device, Operator};
use serde::Serialize;
use std::collections::BTreeMap;

/// Error of one group of rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Operator.
    pub operator: String,
    /// Chip.
    pub chip: ChipId,
    /// Precision.
    pub precision: String,
    /// Engine, or `best`.
    pub engine: String,
    /// `all`, `under_20us`, `over_20us`, and an operator's own.
    pub regime: String,
    /// `grid` for every shape, `real` for those of shipped models.
    pub shapes: &'static str,
    /// Rows.
    pub n: usize,
    /// Mean absolute error over the measured time, percent.
    pub mape: f64,
    /// Median of the same, percent.
    pub medape: f64,
    /// Mean log of predicted over measured: positive where predicted too slow.
    pub bias: f64,
    /// Share of rows inside the 90 % interval.
    pub coverage90: f64,
}

/// One measured call beside what is computed for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredCall {
    /// The call.
    pub call: Call,
    /// `under_20us` or `over_20us`.
    pub regime: &'static str,
    /// `real` where a shipped model makes the call, else `grid`.
    pub shapes: &'static str,
    /// Measured.
    pub measured: Seconds,
    /// Computed.
    pub computed: Seconds,
    /// Half-width of the 90 % interval of the logarithm.
    pub half: f64,
}

/// Calls of one operator, chip, precision and engine.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredCalls {
    /// Operator.
    pub operator: Operator,
    /// Chip.
    pub chip: ChipId,
    /// Precision.
    pub precision: String,
    /// Engine, or `best`.
    pub engine: String,
    /// Each once.
    pub calls: Vec<ScoredCall>,
}

/// Everything scored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluation {
    /// Scores, in order.
    pub scores: Vec<Score>,
    /// The same form fitted on the chip itself, beside `scores` of a left-out evaluation.
    pub floors: Vec<Score>,
    /// Every call, in the order of operators, precisions and chips.
    pub calls: Vec<ScoredCalls>,
    /// Intervals by chip, of a left-out evaluation.
    pub intervals: Vec<IntervalScore>,
    /// Rows that a family cannot time.
    pub unpredicted: BTreeMap<String, usize>,
}

/// Scores fitted kernels on every group.
#[must_use]
pub fn evaluate(groups: &Groups, kernels: &Kernels, real: &RealShapes) -> Evaluation {
    let mut found = Evaluation::default();
    for key in groups.by_key.keys() {
        for chip in groups.by_key[key].keys() {
            let half = |seconds| kernels.half_width(key.0, &key.1, seconds);
            found.add(score(groups, key, chip, kernels, real, &half));
        }
    }
    found
}

/// Regimes a call belongs to.
fn regimes(row: &Sample, device: &Device) -> Vec<&'static str> {
    let mut found = vec![
        "all",
        if row.seconds < SHORT {
            "under_20us"
        } else {
            "over_20us"
        },
    ];
    match &row.call {
        Call::AttentionDecode(c) => {
            let share = c.kv() / device.cache;
            found.push(if share > 2.0 {
                "kv_over_2x_cache"
            } else if share > 0.25 {
                "kv_near_cache"
            } else {
                "kv_in_cache"
            });
        }
        Call::Collective(Collective { bytes, .. }) | Call::CustomAllReduce(CustomAllReduce { bytes, .. }) => {
            found.push(if *bytes > 1_048_576.0 {
                "over_1mib"
            } else {
                "up_to_1mib"
            })
        }
        _ => {}
    }
    found
}

/// Scores of one operator and precision on one chip, its calls, and rows that no parameters are there for.
pub(super) type Scored = (Vec<Score>, Vec<ScoredCalls>, BTreeMap<String, usize>);

impl Evaluation {
    pub(super) fn add(&mut self, (scores, calls, unpredicted): Scored) {
        self.scores.extend(scores);
        self.calls.extend(calls);
        for (why, n) in unpredicted {
            *self.unpredicted.entry(why).or_default() += n;
        }
    }
}

pub(super) fn score(
    groups: &Groups,
    key: &Key,
    chip: &ChipId,
    kernels: &Kernels,
    real: &RealShapes,
    half: &dyn Fn(f64) -> f64,
) -> Scored {
    let (mut scores, mut scored, mut unpredicted) = Scored::default();
    let group = &groups.by_key[key][chip];
    let device = &groups.devices[chip];
    let mut sides: Vec<(&str, Option<&str>, &[Sample])> = Vec::new();
    if has_best(key) && !group.best.is_empty() {
        sides.push(("best", None, &group.best));
    }
    for (engine, rows) in &group.engines {
        sides.push((engine, Some(engine), rows));
    }
    for (name, engine, rows) in sides {
        let mut parts: BTreeMap<(&'static str, &'static str), Vec<(f64, f64)>> = BTreeMap::new();
        let mut calls = Vec::new();
        for row in rows {
            let Some(t) = kernels.seconds(&row.call, &key.1, engine, device) else {
                *unpredicted
                    .entry(format!("no parameters for {} in {}", key.0, key.1))
                    .or_default() += 1;
                continue;
            };
            let is_real = real.has(&row.call);
            let regimes = regimes(row, device);
            calls.push(ScoredCall {
                call: row.call,
                regime: regimes[1],
                shapes: if is_real { "real" } else { "grid" },
                measured: Seconds::of(row.seconds),
                computed: Seconds::of(t),
                half: half(t),
            });
            for regime in regimes {
                parts.entry(("grid", regime)).or_default().push((t, row.seconds));
                if is_real {
                    parts.entry(("real", regime)).or_default().push((t, row.seconds));
                }
            }
        }
        for ((shapes, regime), pairs) in parts {
            scores.push(summary(key, chip, name, (shapes, regime), &pairs, half));
        }
        scored.push(ScoredCalls {
            operator: key.0,
            chip: chip.clone(),
            precision: key.1.clone(),
            engine: name.to_owned(),
            calls,
        });
    }
    (scores, scored, unpredicted)
}

fn summary(
    key: &Key,
    chip: &ChipId,
    engine: &str,
    (shapes, regime): (&'static str, &'static str),
    pairs: &[(f64, f64)],
    half: &dyn Fn(f64) -> f64,
) -> Score {
    #[allow(clippy::cast_precision_loss)]
    let n = pairs.len() as f64;
    let mut off: Vec<f64> = pairs.iter().map(|(t, m)| (t / m - 1.0).abs() * 100.0).collect();
    let inside = pairs
        .iter()
        .filter(|(t, m)| (t / m).ln().abs() <= half(*t))
        .count();
    #[allow(clippy::cast_precision_loss)]
    let coverage90 = inside as f64 / n;
    off.sort_by(f64::total_cmp);
    Score {
        operator: key.0.name().to_owned(),
        chip: chip.clone(),
        precision: key.1.clone(),
        engine: engine.to_owned(),
        regime: regime.to_owned(),
        shapes,
        n: pairs.len(),
        mape: off.iter().sum::<f64>() / n,
        medape: median(&off).unwrap_or(0.0),
        bias: pairs.iter().map(|(t, m)| (t / m).ln()).sum::<f64>() / n,
        coverage90,
    }
}
