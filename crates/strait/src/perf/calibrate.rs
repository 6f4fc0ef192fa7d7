//! Fits the two system factors of serving on the calibration rows: coordinate descent on the squared log
//! error, deterministic.

use super::machine::{End, Machine};
use super::validate::{Row, RowUse};
use super::{Factor, Fit, PerfModel};
use crate::catalog::{Chip, ChipId};

/// Factors of prefill and decode that make the squared log error of the calibration rows smallest, with the spread
/// left.
pub fn calibrate<'c>(model: &PerfModel, chip: impl Fn(&ChipId) -> Option<&'c Chip>) -> Fit {
    let rows: Vec<(&Row, Machine)> = model
        .rows()
        .iter()
        .filter(|row| row.role == RowUse::Calibrate)
        .filter_map(|row| {
            let chip = chip(&row.chip)?;
            let machine = Machine::of(chip, &model.families, End::Middle).ok()?;
            Some((row, machine))
        })
        .collect();
    let one = |factor| Factor {
        factor,
        sigma: 0.0,
        rows: 0,
    };
    let mut fit = Fit {
        prefill: one(1.0),
        decode: one(1.0),
    };
    let errors = |fit: &Fit| -> Vec<f64> {
        rows.iter()
            .filter_map(|(row, machine)| Some((model.predict(row, machine, fit)? / row.measured).ln()))
            .collect()
    };
    for _ in 0..6 {
        fit.prefill.factor = minimise(|factor| {
            let trial = Fit {
                prefill: one(factor),
                ..fit
            };
            squares(&errors(&trial))
        });
        fit.decode.factor = minimise(|factor| {
            let trial = Fit {
                decode: one(factor),
                ..fit
            };
            squares(&errors(&trial))
        });
    }
    let finish = |factor: &mut Factor, left: Vec<f64>| {
        factor.rows = u32::try_from(left.len()).unwrap_or(u32::MAX);
        if left.len() > 1 {
            #[allow(clippy::cast_precision_loss)]
            let freedom = (left.len() - 1) as f64;
            factor.sigma = (squares(&left) / freedom).sqrt();
        }
    };
    let serve_left = errors(&fit);
    finish(&mut fit.prefill, serve_left.clone());
    finish(&mut fit.decode, serve_left);
    fit
}

fn squares(errors: &[f64]) -> f64 {
    errors.iter().map(|e| e * e).sum()
}

/// Golden-section search between 0.5 and 4 on a logarithmic axis.
fn minimise(loss: impl Fn(f64) -> f64) -> f64 {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.5_f64.ln(), 4.0_f64.ln());
    let mut left = high - golden * (high - low);
    let mut right = low + golden * (high - low);
    let (mut at_left, mut at_right) = (loss(left.exp()), loss(right.exp()));
    for _ in 0..24 {
        if at_left <= at_right {
            high = right;
            (right, at_right) = (left, at_left);
            left = high - golden * (high - low);
            at_left = loss(left.exp());
        } else {
            low = left;
            (left, at_left) = (right, at_right);
            right = low + golden * (high - low);
            at_right = loss(right.exp());
        }
    }
    f64::midpoint(low, high).exp()
}
