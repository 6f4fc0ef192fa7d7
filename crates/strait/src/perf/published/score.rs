//! Errors by publisher, chip and operator, beside a roofline of three constants.

use super::{PublishedRow, Publisher, Work, cause};
use crate::catalog::ChipId;
use crate::perf::kernels::Kernels;
use crate::perf::ops::{Call, Device, Engine, Family, Operator, point_to_point, pointwise};
use serde::Serialize;
use std::collections::BTreeMap;

/// Error of one operator on one chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedScore {
    /// Publisher.
    pub publisher: Publisher,
    /// Chip.
    pub chip: ChipId,
    /// Operator, by the publisher's name.
    pub operator: &'static str,
    /// Rows.
    pub n: usize,
    /// Mean absolute error over the measured time, percent.
    pub mape: f64,
    /// Median of the same.
    pub medape: f64,
    /// Mean log of computed over measured.
    pub bias: f64,
    /// Mean absolute error of a roofline of three constants: 5 us, 0.75 of the peak, 0.80 of the bandwidth.
    pub constants: Option<f64>,
    /// Rows more than twice off.
    pub far: usize,
    /// Seconds of the host added to every row: what the smallest call took beyond ours (that row is not scored).
    pub host: Option<f64>,
}

/// Rows more than twice off that have one cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FarOff {
    /// Publisher.
    pub publisher: Publisher,
    /// Chip.
    pub chip: ChipId,
    /// Operator.
    pub operator: &'static str,
    /// Cause.
    pub cause: &'static str,
    /// Rows.
    pub n: usize,
    /// Measured over computed of the row furthest off.
    pub worst: f64,
    /// That row.
    pub example: String,
}

/// Everything scored.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PublishedScores {
    /// By publisher, chip and operator.
    pub scores: Vec<PublishedScore>,
    /// Rows more than twice off, by cause.
    pub far: Vec<FarOff>,
    /// Rows without an answer, by reason.
    pub unpredicted: BTreeMap<String, usize>,
}

/// Seconds by our models; `best` engine.
fn seconds(kernels: &Kernels, work: &Work, d: &Device) -> Option<f64> {
    let time = match work {
        Work::Call(call) => {
            let precision = if matches!(call, Call::Collective(_)) {
                "any"
            } else {
                "bf16"
            };
            kernels.seconds(call, precision, None, d)?
        }
        Work::Pointwise(x) => pointwise::seconds(x, d),
        Work::Send(c) => {
            let set = kernels.set(&(Operator::Collective, "any".to_owned()))?;
            let Family::Collective(p) = set.family() else {
                return None;
            };
            point_to_point::seconds(c, d, p, &Engine::BEST)
        }
    };
    time.is_finite().then_some(time)
}

/// The same by three constants, for products and operators that move bytes.
fn by_constants(work: &Work, d: &Device) -> Option<f64> {
    let (flop, bytes) = match work {
        Work::Call(Call::Gemm(c)) => (2.0 * c.m * c.n * c.k, 2.0 * (c.m * c.k + c.k * c.n + c.m * c.n)),
        Work::Pointwise(x) => (0.0, x.warm + x.cold),
        _ => return None,
    };
    Some(5e-6 + (flop / (0.75 * d.peak16)).max(bytes / (0.80 * d.memory)))
}

/// Scores published rows; `device` gives a chip's rates, or nothing where it lacks a figure.
pub fn score(
    rows: &[PublishedRow],
    kernels: &Kernels,
    device: impl Fn(&ChipId) -> Option<Device>,
) -> PublishedScores {
    let mut groups: BTreeMap<(Publisher, &ChipId, &'static str), Vec<&PublishedRow>> = BTreeMap::new();
    for row in rows {
        groups
            .entry((row.publisher, &row.chip, row.operator))
            .or_default()
            .push(row);
    }
    let mut found = PublishedScores::default();
    for ((publisher, chip, operator), rows) in groups {
        let Some(d) = device(chip) else {
            *found
                .unpredicted
                .entry(format!("`{chip}` lacks a figure its kernels need"))
                .or_default() += rows.len();
            continue;
        };
        let timed: Vec<(&PublishedRow, f64)> = rows
            .iter()
            .filter_map(|row| Some((*row, seconds(kernels, &row.work, &d)?)))
            .collect();
        if timed.len() < rows.len() {
            let why = format!("`{operator}` on `{chip}` has no model or no link");
            *found.unpredicted.entry(why).or_default() += rows.len() - timed.len();
        }
        // A host's clock counts the host in: what the smallest call takes beyond ours is the host's part.
        let smallest = timed
            .iter()
            .filter(|(row, _)| row.by_host)
            .min_by(|a, b| a.0.seconds.total_cmp(&b.0.seconds))
            .map(|(row, ours)| (*row, (row.seconds - ours).max(0.0)));
        let host = smallest.map(|s| s.1);
        let (mut errors, mut bias, mut constants) = (Vec::new(), 0.0, Vec::new());
        let mut far: BTreeMap<&'static str, FarOff> = BTreeMap::new();
        for (row, ours) in &timed {
            if smallest.is_some_and(|s| std::ptr::eq(s.0, *row)) {
                continue;
            }
            let computed = ours + host.unwrap_or(0.0);
            errors.push((computed / row.seconds - 1.0).abs() * 100.0);
            bias += (computed / row.seconds).ln();
            if let Some(t) = by_constants(&row.work, &d) {
                constants.push(((t + host.unwrap_or(0.0)) / row.seconds - 1.0).abs() * 100.0);
            }
            let ratio = row.seconds / computed;
            if !(0.5..=2.0).contains(&ratio) {
                let why = cause::of(row, computed);
                let of = far.entry(why).or_insert_with(|| FarOff {
                    publisher,
                    chip: chip.clone(),
                    operator,
                    cause: why,
                    n: 0,
                    worst: 1.0,
                    example: String::new(),
                });
                of.n += 1;
                if ratio.ln().abs() > of.worst.ln().abs() {
                    of.worst = ratio;
                    of.example.clone_from(&row.shape);
                }
            }
        }
        if errors.is_empty() {
            continue;
        }
        let n = errors.len();
        let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
        let mape = mean(&errors);
        errors.sort_by(f64::total_cmp);
        found.scores.push(PublishedScore {
            publisher,
            chip: chip.clone(),
            operator,
            n,
            mape,
            medape: errors[n / 2],
            bias: bias / n as f64,
            constants: (!constants.is_empty()).then(|| mean(&constants)),
            far: far.values().map(|f| f.n).sum(),
            host,
        });
        found.far.extend(far.into_values());
    }
    found
}
