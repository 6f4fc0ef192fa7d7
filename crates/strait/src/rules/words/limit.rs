//! A bound as files write it and as figures are compared with it.

use crate::rules::words::exact::Exact;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A bound, an exact decimal written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(pub Decimal, Exact);

impl Limit {
    /// The same bound as figures are compared with it.
    pub(crate) fn exact(self) -> Exact {
        self.1
    }
}

impl From<Decimal> for Limit {
    fn from(value: Decimal) -> Self {
        Self(value, Exact::of(value))
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Decimal::from_str_exact(&text).map(Self::from).map_err(|_| {
            serde::de::Error::custom(format!(
                "bound `{text}` where a decimal number as text was expected"
            ))
        })
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
