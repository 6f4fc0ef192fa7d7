//! Who forecasts, what is asked and what can be answered.

use super::super::dynamics::Period;
use super::known::KnownBy;
use super::series::Measure;
use serde::Serialize;

/// Whether law beyond the origin may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyPath {
    /// Law beyond the origin is simulated: the real forecast.
    Unknown,
    /// Law as it came is read, nothing else: tests the economics alone.
    Known,
}

/// A value to be foreseen.
#[derive(Debug, Clone, PartialEq)]
pub struct Question<'a> {
    /// Series.
    pub series: &'a str,
    /// What it is measured in.
    pub measure: Measure,
    /// Over which period.
    pub period: &'a Period,
    /// Quarters ahead, from 1. A quarter that ended within a month before the origin and is not reported is one ahead.
    pub ahead: u32,
}

/// What was said.
#[derive(Debug, Clone, PartialEq)]
pub enum Forecast {
    /// A number.
    Point(f64),
    /// From a number to a number; its middle is scored as a point, and the two as a range.
    Range(f64, f64),
    /// Draws of a density.
    Draws(Vec<f64>),
}

/// Something that forecasts from what was public.
pub trait Forecaster {
    /// Name in tables.
    fn name(&self) -> &str;

    /// Whether law beyond the origin would change what it says; others are asked once.
    fn reads_policy(&self) -> bool {
        false
    }

    /// One answer a question, in order; nothing where it has no word. Equal inputs give equal answers.
    fn forecast(
        &self,
        known: &KnownBy<'_>,
        questions: &[Question<'_>],
        policy: PolicyPath,
    ) -> Vec<Option<Forecast>>;
}
