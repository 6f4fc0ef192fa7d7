//! What was asked from a day, what was said, and how wrong it was.

use super::super::score::{Bands, Primary, Spread};
use super::series::Measure;
use super::tally::Tally;
use jiff::civil::Date;
use serde::Serialize;

/// A day to forecast from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The day; what became public on it is known.
    pub day: Date,
    /// What could be known then is nearly all recalled.
    pub weak: bool,
    /// Why this day.
    pub why: String,
}

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A forecaster that costs nothing.
    Naive,
    /// A model.
    Model,
    /// A published forecast.
    Published,
}

/// One word on one target, scored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Said {
    /// Who, with the policy path where it matters.
    pub by: String,
    /// What kind.
    pub kind: Kind,
    /// Point or median.
    pub median: f64,
    /// The primary score.
    pub error: Primary,
    /// Bands of a density; of a point with the common spread.
    pub bands: Bands,
    /// CRPS in the target's unit; points with the common spread.
    pub crps: f64,
    /// Interval score of the 90 % band.
    pub interval_90: f64,
    /// Brier score of "next to nothing".
    pub brier: f64,
    /// Of a range, whether the outcome lay in it.
    pub in_range: Option<bool>,
    /// What a conditional forecast hung on.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub condition: String,
}

/// One target from one origin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// Day of the origin.
    pub origin: Date,
    /// Whether the origin is weak, or the outcome recalled.
    pub weak: bool,
    /// Series.
    pub series: String,
    /// In words.
    pub words: String,
    /// Unit.
    pub measure: Measure,
    /// Not of this market.
    pub reference: bool,
    /// Period of the target.
    pub period: String,
    /// Quarters ahead; 0 for published forecasts, scored on their own day.
    pub ahead: u32,
    /// Part of the period's days the score rests on.
    pub covered: f64,
    /// What came; of a sum begun before the origin, what was still unseen.
    pub outcome: f64,
    /// No more is known of the outcome than that it lies between nothing and `outcome`.
    pub bound: bool,
    /// What had been seen of the sum.
    pub seen: f64,
    /// Every word on it.
    pub said: Vec<Said>,
}

impl Trial {
    /// What came, as near to a value as what is known of it allows.
    pub fn truth(&self, near: f64) -> f64 {
        if self.bound {
            near.clamp(0.0, self.outcome)
        } else {
            self.outcome
        }
    }
}

/// Everything said and how wrong it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backtest {
    /// By origin and target.
    pub trials: Vec<Trial>,
    /// Published forecasts and the naive ones of the same day.
    pub published: Vec<Trial>,
    /// By forecaster.
    pub tallies: Vec<Tally>,
    /// The common spread of point forecasts, from all of them.
    pub spread: Option<Spread>,
    /// Targets by origin, those without any included.
    pub targets: Vec<(Date, usize)>,
    /// Published forecasts whose outcome is not public here.
    pub waiting: Vec<String>,
    /// Published forecasts of what no series here measures.
    pub unmeasured: Vec<String>,
}
