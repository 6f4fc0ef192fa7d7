//! How far a prediction may be off: between chips, and from call to call on one chip.

/// The 95th percentile of Student's t with three degrees of freedom: four chips measured, one left out.
pub(crate) const T3: f64 = 2.353;
/// Calls shorter than this are told apart: launch costs rule them.
pub(crate) const SHORT: f64 = 20e-6;
/// Chips that the pooled between-chip spread counts for beside an operator's own.
const POOL_BETWEEN: f64 = 12.0;
/// Chips that the pooled spread of calls counts for beside an operator's own.
const POOL_WITHIN: f64 = 4.0;

/// Spread of the logarithm of a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Standard deviation between chips left out, shrunk to the one pooled over operators.
    pub between: f64,
    /// 90 % of calls under 20 us lie within this of their chip's bias.
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

/// Spread of all operators together.
pub(crate) fn usual(every: &[Errors<'_>]) -> Spread {
    let biases: Vec<f64> = every.iter().map(|e| bias(e)).collect();
    Spread {
        between: pooled(&biases),
        short: within(every, true),
        long: within(every, false),
    }
}

/// Standard deviation of the biases of few chips, each with its weight, shrunk to the usual one.
pub(crate) fn shrunk_between(biases: &[(f64, f64)], usual: f64) -> f64 {
    let squares: f64 = biases.iter().map(|(b, weight)| weight * b * b).sum();
    let n: f64 = biases.iter().map(|b| b.1).sum();
    ((POOL_BETWEEN * usual * usual + squares) / (POOL_BETWEEN + n)).sqrt()
}

/// Spread of one operator and precision from the errors of its chips, shrunk to the usual one.
pub(crate) fn spread(chips: &[Errors<'_>], usual: &Spread) -> Spread {
    let biases: Vec<(f64, f64)> = chips.iter().map(|e| (bias(e), 1.0)).collect();
    #[allow(clippy::cast_precision_loss)]
    let n = chips.len() as f64;
    let shrunk = |own: f64, other: f64, all: f64| {
        let own = if own > 0.0 { own } else { other };
        if own > 0.0 && all > 0.0 {
            ((n * own.ln() + POOL_WITHIN * all.ln()) / (n + POOL_WITHIN)).exp()
        } else {
            own.max(all)
        }
    };
    let (short, long) = (within(chips, true), within(chips, false));
    Spread {
        between: shrunk_between(&biases, usual.between),
        short: shrunk(short, long, usual.short),
        long: shrunk(long, short, usual.long),
    }
}
