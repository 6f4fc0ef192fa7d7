//! How far a prediction may be off: between chips, and from call to call on one chip.

use super::within::Within;

/// The 95th percentile of Student's t with three degrees of freedom: four chips measured, one left out.
pub(crate) const T3: f64 = 2.353;
/// The 95th percentile of Student's t by degrees of freedom, from one on; more than ten count as ten.
const STUDENT: [f64; 10] = [
    6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812,
];

/// The 95th percentile of Student's t; of one degree of freedom where there is none.
pub(crate) fn student(freedom: usize) -> f64 {
    STUDENT[freedom.clamp(1, STUDENT.len()) - 1]
}

/// Calls shorter than this are told apart: launch costs rule them.
pub(crate) const SHORT: f64 = 20e-6;
/// Chips that the spread of single operators counts for beside that of the few chips served on.
const POOL_BETWEEN: f64 = 12.0;
/// Calls of a chip that tell what holds nine of ten of them.
const ENOUGH: usize = 20;

/// Spread of the logarithm of a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Scale of the biases of chips left out, pooled over operators.
    pub between: f64,
    /// 90 % of calls under 20 us of a chip that was not measured lie within this of its bias.
    pub short: f64,
    /// The same of longer calls.
    pub long: f64,
}

impl Spread {
    /// Half-width of the 90 % interval of the logarithm of a time of `seconds`.
    #[must_use]
    pub fn half_width(&self, seconds: f64) -> f64 {
        let within = if seconds < SHORT { self.short } else { self.long };
        (T3 * self.between).hypot(within)
    }
}

/// Errors of one operator and precision on one chip left out: log of predicted over measured, and the prediction.
pub(crate) type Errors<'a> = &'a [(f64, f64)];

/// A quantile, zero where there is nothing.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_by(f64::total_cmp);
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    let at = ((values.len() - 1) as f64 * share).round() as usize;
    values[at]
}

/// A chip's bias: the median of its errors.
pub(crate) fn bias(errors: Errors<'_>) -> f64 {
    quantile(&mut errors.iter().map(|e| e.0).collect::<Vec<_>>(), 0.5)
}

/// Scale of Student's t with three degrees of freedom whose median size is that of the biases; a kernel
/// that is bad on one chip does not widen every other operator.
pub(crate) fn pooled(biases: &[f64]) -> f64 {
    const MEDIAN: f64 = 0.765;
    quantile(&mut biases.iter().map(|b| b.abs()).collect::<Vec<_>>(), 0.5) / MEDIAN
}

/// What holds 90 % of calls, short or long, about their chip's bias; zero where there is none.
pub(super) fn within(chips: &[Errors<'_>], short: bool) -> f64 {
    let mut off: Vec<f64> = chips
        .iter()
        .flat_map(|errors| {
            let bias = bias(errors);
            errors
                .iter()
                .filter(move |e| (e.1 < SHORT) == short)
                .map(move |e| (e.0 - bias).abs())
        })
        .collect();
    quantile(&mut off, 0.9)
}

/// Logarithms of what holds 90 % of each chip's calls, short or long, about its bias; of chips with enough of them.
fn logs(chips: &[Errors<'_>], short: bool) -> Vec<f64> {
    chips
        .iter()
        .filter(|errors| errors.iter().filter(|e| (e.1 < SHORT) == short).count() >= ENOUGH)
        .map(|errors| within(&[errors], short))
        .filter(|within| *within > 0.0)
        .map(f64::ln)
        .collect()
}

/// Spread of all operators together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Usual {
    /// Scale of the biases of chips left out.
    pub(crate) between: f64,
    /// Of calls under 20 us; as of longer ones where there is none.
    short: Option<Within>,
    /// Of longer calls; as of those under 20 us where there is none.
    long: Option<Within>,
}

/// Spread of all operators together, each with the errors of its chips.
pub(crate) fn usual(operators: &[Vec<Errors<'_>>]) -> Usual {
    let biases: Vec<f64> = operators.iter().flatten().map(|e| bias(e)).collect();
    let of = |short| {
        Within::of(
            &operators
                .iter()
                .map(|chips| logs(chips, short))
                .collect::<Vec<_>>(),
        )
    };
    let (short, long) = (of(true), of(false));
    Usual {
        between: pooled(&biases),
        short: short.or(long),
        long: long.or(short),
    }
}

/// Standard deviation of the biases of few chips, each with its weight, shrunk to the usual one.
pub(crate) fn shrunk_between(biases: &[(f64, f64)], usual: f64) -> f64 {
    let squares: f64 = biases.iter().map(|(b, weight)| weight * b * b).sum();
    let n: f64 = biases.iter().map(|b| b.1).sum();
    ((POOL_BETWEEN * usual * usual + squares) / (POOL_BETWEEN + n)).sqrt()
}

/// Spread of one operator and precision from the errors of its chips and the usual one. How far the biases of chips
/// lie apart is pooled: four chips are few to tell it of an operator by itself.
pub(crate) fn spread(chips: &[Errors<'_>], usual: &Usual) -> Spread {
    let within = |usual: Option<Within>, short| usual.map_or(0.0, |all| all.further(&logs(chips, short)));
    Spread {
        between: usual.between,
        short: within(usual.short, true),
        long: within(usual.long, false),
    }
}
