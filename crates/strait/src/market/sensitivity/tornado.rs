//! One input at a time, from one of its values to another.

use super::SensitivityError;
use serde::Serialize;

/// An input and the values it is moved between.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Factor {
    /// Its name.
    pub name: String,
    /// Value of the low end, for instance its 5th percentile.
    pub low: f64,
    /// Value the others are held at.
    pub base: f64,
    /// Value of the high end.
    pub high: f64,
}

/// What moving one input does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// The input.
    pub name: String,
    /// Answer at its low value.
    pub at_low: f64,
    /// Answer at its high value.
    pub at_high: f64,
}

impl Bar {
    /// Length of the bar.
    pub fn swing(&self) -> f64 {
        (self.at_high - self.at_low).abs()
    }
}

/// The answer with every input at its base, and a bar an input, longest first, equal ones by name.
///
/// # Errors
/// A factor whose numbers are not in order.
pub fn tornado(factors: &[Factor], f: impl Fn(&[f64]) -> f64) -> Result<(f64, Vec<Bar>), SensitivityError> {
    if let Some(wrong) = factors.iter().find(|f| !(f.low <= f.base && f.base <= f.high)) {
        return Err(SensitivityError::Length(format!(
            "`{}` goes from {} over {} to {}: not in order",
            wrong.name, wrong.low, wrong.base, wrong.high
        )));
    }
    let base: Vec<f64> = factors.iter().map(|f| f.base).collect();
    let mut bars: Vec<Bar> = factors
        .iter()
        .enumerate()
        .map(|(i, factor)| {
            let at = |value: f64| {
                let mut x = base.clone();
                x[i] = value;
                f(&x)
            };
            Bar {
                name: factor.name.clone(),
                at_low: at(factor.low),
                at_high: at(factor.high),
            }
        })
        .collect();
    bars.sort_by(|a, b| b.swing().total_cmp(&a.swing()).then_with(|| a.name.cmp(&b.name)));
    Ok((f(&base), bars))
}
