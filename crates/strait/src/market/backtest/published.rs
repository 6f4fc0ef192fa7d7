//! Forecasts others published, each on the day it was made.

use super::super::dynamics::Period;
use super::series::{Measure, Series};
use jiff::civil::Date;

/// A forecast somebody put a name to.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Row id.
    pub id: String,
    /// Who.
    pub organisation: String,
    /// Series.
    pub series: String,
    /// Period it speaks of.
    pub period: Period,
    /// Low end, in the series' unit.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// When it was made.
    pub made_on: Date,
    /// What it hung on, where it said so.
    pub condition: String,
}

/// What came over a span of days, from published periods that lie in it but for their edges, and the part of the span's
/// days they cover. A share needs its own period to be published; sums are put together by days.
pub fn between(series: &Series, from: Date, to: Date) -> Option<(f64, f64)> {
    if let Some(same) = series
        .points
        .iter()
        .find(|p| p.period.from == from && p.period.to == to)
    {
        return Some((same.value(), 1.0));
    }
    if series.measure == Measure::Share {
        return None;
    }
    let length = |a: Date, b: Date| a.until(b).map_or(0.0, |s| f64::from(s.get_days()) + 1.0);
    let whole = length(from, to);
    let (mut sum, mut covered) = (0.0, 0.0);
    // Periods no longer than the span, the finest: quarters of a half year, not the year it is in.
    for p in series.points.iter().filter(|p| p.days() <= whole + 1.0) {
        let (a, b) = (p.period.from.max(from), p.period.to.min(to));
        if a <= b {
            sum += p.value() * length(a, b) / p.days();
            covered += length(a, b);
        }
    }
    (covered > 0.0 && covered <= whole + 1.0).then(|| (sum, covered / whole))
}
