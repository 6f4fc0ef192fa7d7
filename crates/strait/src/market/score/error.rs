//! Error of a median against what came.

use serde::Serialize;

/// An error on the scale that makes sense of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "scale", content = "error")]
pub enum Primary {
    /// |ln(median / outcome)|: 0.1 is about 10 %.
    Log(f64),
    /// |median − outcome| in the unit of both, where the outcome is next to nothing and a ratio means nothing.
    Plain(f64),
}

impl Primary {
    /// Whether it is smaller than another of the same scale.
    pub fn beats(self, other: Self) -> Option<bool> {
        match (self, other) {
            (Self::Log(a), Self::Log(b)) | (Self::Plain(a), Self::Plain(b)) => Some(a < b),
            _ => None,
        }
    }
}

/// The error of `median`; `near_zero` is the value below which an outcome counts as next to nothing. A median below a
/// hundredth of it is scored as that hundredth, so that a forecast of nothing has a finite error.
pub fn primary(median: f64, outcome: f64, near_zero: f64) -> Primary {
    if outcome < near_zero {
        Primary::Plain((median - outcome).abs())
    } else {
        Primary::Log((median.max(near_zero / 100.0) / outcome).ln().abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_and_about_the_bound() {
        assert_eq!(primary(4.0, 2.0, 2.0), Primary::Log(2.0_f64.ln()));
        assert_eq!(primary(4.0, 1.999, 2.0), Primary::Plain(2.001));
        assert_eq!(primary(0.0, 2.0, 1.0), Primary::Log(200.0_f64.ln()));
        // Twice and half are equally wrong.
        assert_eq!(primary(1.0, 2.0, 0.1), primary(4.0, 2.0, 0.1));
        assert_eq!(Primary::Log(0.1).beats(Primary::Log(0.2)), Some(true));
        assert_eq!(Primary::Log(0.1).beats(Primary::Plain(0.2)), None);
    }
}
