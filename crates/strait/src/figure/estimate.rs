//! A computed quantity with its interval.

use super::Quantity;
use serde::{Serialize, Serializer, ser::SerializeStruct};

/// A central value inside an interval: `low <= value <= high`.
///
/// The interval of a computed quantity holds the spread of the fit and the hull of disputed inputs;
/// where it was drawn the producing function says which coverage it aims at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate<Q> {
    /// Central value.
    pub value: Q,
    /// Lower end.
    pub low: Q,
    /// Upper end.
    pub high: Q,
}

impl<Q: Quantity> Estimate<Q> {
    /// A value known exactly.
    pub fn exact(value: Q) -> Self {
        Self {
            value,
            low: value,
            high: value,
        }
    }

    /// An interval; its ends are widened to hold `value`.
    pub fn new(value: Q, low: Q, high: Q) -> Self {
        let low = if low.get() <= value.get() { low } else { value };
        let high = if high.get() >= value.get() { high } else { value };
        Self { value, low, high }
    }

    /// Applies an increasing function to value and ends.
    pub fn map<R: Quantity>(self, f: impl Fn(Q) -> R) -> Estimate<R> {
        Estimate::new(f(self.value), f(self.low), f(self.high))
    }

    /// Applies a decreasing function: the ends change places.
    pub fn map_decreasing<R: Quantity>(self, f: impl Fn(Q) -> R) -> Estimate<R> {
        Estimate::new(f(self.value), f(self.high), f(self.low))
    }

    /// Widens both ends by a factor of `ratio >= 1` (a symmetric interval in logarithms).
    pub fn widen(self, ratio: f64) -> Self {
        Self {
            value: self.value,
            low: Q::of(self.low.get() / ratio),
            high: Q::of(self.high.get() * ratio),
        }
    }

    /// True where the ends coincide with the value.
    pub fn is_exact(&self) -> bool {
        self.low == self.value && self.high == self.value
    }
}

impl<Q: Quantity> Serialize for Estimate<Q> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut s = serializer.serialize_struct("Estimate", 4)?;
        s.serialize_field("value", &self.value.get())?;
        s.serialize_field("low", &self.low.get())?;
        s.serialize_field("high", &self.high.get())?;
        s.serialize_field("unit", Q::SYMBOL)?;
        s.end()
    }
}
