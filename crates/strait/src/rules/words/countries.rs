//! Sets of countries as bits, so that a rule's reach is one look-up.

use std::ops::{BitAnd, BitOr, Not};

/// Number of a country in [`crate::rules::Places`]; Hong Kong has China's number wherever US rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CountryId(pub(crate) u8);

/// Up to 256 countries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Countries([u64; 4]);

impl Countries {
    pub(crate) const ALL: Self = Self([u64::MAX; 4]);

    pub(crate) fn insert(&mut self, country: CountryId) {
        self.0[usize::from(country.0 >> 6)] |= 1 << (country.0 & 63);
    }

    pub(crate) fn contains(self, country: CountryId) -> bool {
        self.0[usize::from(country.0 >> 6)] & (1 << (country.0 & 63)) != 0
    }

    fn each(self, other: Self, f: impl Fn(u64, u64) -> u64) -> Self {
        Self(std::array::from_fn(|word| f(self.0[word], other.0[word])))
    }
}

impl BitAnd for Countries {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        self.each(other, |a, b| a & b)
    }
}

impl BitOr for Countries {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.each(other, |a, b| a | b)
    }
}

impl Not for Countries {
    type Output = Self;
    fn not(self) -> Self {
        self.each(self, |a, _| !a)
    }
}
