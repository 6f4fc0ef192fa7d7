//! Sobol' indices by Jansen's estimators.

use super::SensitivityError;
use super::points::{MAX_DIMENSIONS, SobolPoints};
use rayon::prelude::*;
use serde::Serialize;

/// One index with the standard error between scramblings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Index {
    /// Mean over scramblings.
    pub value: f64,
    /// Standard error of that mean.
    pub error: f64,
}

/// Indices of one function.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Indices {
    /// Part of the variance an input explains alone.
    pub first: Vec<Index>,
    /// Part in which an input has any hand.
    pub total: Vec<Index>,
    /// Variance of the answer.
    pub variance: f64,
    /// Runs of the function.
    pub runs: usize,
}

/// First, total, variance of one scrambling.
type Found = (Vec<f64>, Vec<f64>, f64);

/// Scramblings the errors come from.
const REPLICATES: usize = 8;

/// First and total indices of `f` over the unit cube; callers map a coordinate to an input by its quantile function.
/// `points` a scrambling, best a power of two; (inputs + 2)·points·8 runs.
///
/// With A and B two halves of one point and Aᵢ the first with input i of the second (Saltelli et al. 2010, table 2):
/// first = 1 − Σ(f(B) − f(Aᵢ))²/2NV, total = Σ(f(A) − f(Aᵢ))²/2NV (Jansen 1999).
///
/// # Errors
/// More inputs than half of [`MAX_DIMENSIONS`], or fewer than two points.
pub fn sobol_indices(
    seed: u64,
    inputs: usize,
    points: u32,
    f: &(dyn Fn(&[f64]) -> f64 + Sync),
) -> Result<Indices, SensitivityError> {
    if inputs > MAX_DIMENSIONS / 2 {
        return Err(SensitivityError::TooMany {
            what: "inputs",
            found: inputs,
            most: MAX_DIMENSIONS / 2,
        });
    }
    if points < 2 {
        return Err(SensitivityError::Length(
            "Sobol' indices need at least two points".to_owned(),
        ));
    }
    let mut found: Vec<Found> = Vec::with_capacity(REPLICATES);
    for replicate in 0..REPLICATES {
        let sequence = SobolPoints::new(
            seed.wrapping_mul(REPLICATES as u64 + 1) + replicate as u64,
            2 * inputs,
        )?;
        let rows: Vec<Vec<f64>> = (0..points)
            .into_par_iter()
            .map(|n| {
                let point = sequence.point(n);
                let (a, b) = point.split_at(inputs);
                let mut row = vec![f(a), f(b)];
                let mut mixed = a.to_vec();
                for i in 0..inputs {
                    mixed[i] = b[i];
                    row.push(f(&mixed));
                    mixed[i] = a[i];
                }
                row
            })
            .collect();
        found.push(one(&rows, inputs));
    }
    let index = |pick: &dyn Fn(&Found) -> f64| {
        let values: Vec<f64> = found.iter().map(pick).collect();
        let n = values.len() as f64;
        let value = values.iter().sum::<f64>() / n;
        let square = values.iter().map(|x| (x - value).powi(2)).sum::<f64>() / (n - 1.0);
        Index {
            value,
            error: (square / n).sqrt(),
        }
    };
    Ok(Indices {
        first: (0..inputs).map(|i| index(&|r| r.0[i])).collect(),
        total: (0..inputs).map(|i| index(&|r| r.1[i])).collect(),
        variance: index(&|r| r.2).value,
        runs: REPLICATES * points as usize * (inputs + 2),
    })
}

fn one(rows: &[Vec<f64>], inputs: usize) -> Found {
    let n = rows.len() as f64;
    let mean = rows.iter().map(|r| r[0] + r[1]).sum::<f64>() / (2.0 * n);
    let variance = rows
        .iter()
        .map(|r| (r[0] - mean).powi(2) + (r[1] - mean).powi(2))
        .sum::<f64>()
        / (2.0 * n - 1.0);
    let part = |from: usize, i: usize| {
        let square = rows.iter().map(|r| (r[from] - r[2 + i]).powi(2)).sum::<f64>() / (2.0 * n);
        if variance > 0.0 { square / variance } else { 0.0 }
    };
    let first = |i| if variance > 0.0 { 1.0 - part(1, i) } else { 0.0 };
    (
        (0..inputs).map(first).collect(),
        (0..inputs).map(|i| part(0, i)).collect(),
        variance,
    )
}
