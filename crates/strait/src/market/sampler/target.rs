//! What is drawn from.

/// A density over real vectors, known up to a constant.
pub trait Target: Sync {
    /// Length of a vector.
    fn dimensions(&self) -> usize;

    /// Natural logarithm of the density at `x`, up to a constant; −∞ (or NaN, read as −∞) where it is 0.
    /// Equal vectors must give equal values.
    fn log_density(&self, x: &[f64]) -> f64;
}

/// The log density with NaN read as no density.
pub(super) fn evaluate(target: &dyn Target, x: &[f64]) -> f64 {
    let value = target.log_density(x);
    if value.is_nan() { f64::NEG_INFINITY } else { value }
}
