//! A figure of an answer as it is written out: its value and the ends of its interval.

use crate::output::columns::Columns;
use serde::Serializer;
use serde::ser::SerializeMap;
use strait::figure::{Estimate, Quantity};
use strait::perf::Ends;

/// A figure with the ends of its 90 % interval; none where there is no such figure, or nothing bounds it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figure {
    pub(crate) value: Option<f64>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
}

impl Figure {
    pub(crate) fn of(value: f64, ends: Ends) -> Self {
        Self {
            value: Some(value),
            low: ends.low,
            high: ends.high,
        }
    }

    pub(crate) fn estimate<Q: Quantity>(estimate: Option<Estimate<Q>>) -> Self {
        estimate.map_or_else(Self::default, |e| Self {
            value: Some(e.value.get()),
            low: Some(e.low.get()),
            high: Some(e.high.get()),
        })
    }

    /// One figure over another, which is the smaller the larger the other.
    pub(crate) fn over(self, other: Self) -> Self {
        let ratio = |a: Option<f64>, b: Option<f64>| Some(a? / b.filter(|b| *b > 0.0)?);
        Self {
            value: ratio(self.value, other.value),
            low: ratio(self.low, other.high),
            high: ratio(self.high, other.low),
        }
    }

    /// Into an object: `name`, `name_low` and `name_high`.
    pub(crate) fn entries<S: Serializer>(
        self,
        map: &mut S::SerializeMap,
        name: &str,
    ) -> Result<(), S::Error> {
        map.serialize_entry(name, &self.value)?;
        map.serialize_entry(&format!("{name}_low"), &self.low)?;
        map.serialize_entry(&format!("{name}_high"), &self.high)
    }

    /// Into a table: three columns of the same names.
    pub(crate) fn columns(columns: &mut Columns, name: &str, figures: impl Iterator<Item = Self>) {
        let figures: Vec<Self> = figures.collect();
        columns.real(name, figures.iter().map(|f| f.value));
        columns.real(&format!("{name}_low"), figures.iter().map(|f| f.low));
        columns.real(&format!("{name}_high"), figures.iter().map(|f| f.high));
    }
}
