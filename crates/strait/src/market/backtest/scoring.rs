//! Scores of what was said: points and ranges spread alike, densities as they are.

use super::super::score::{Bands, Primary, Spread, brier, crps, interval_score, primary, probability_below};
use super::forecaster::Forecast;
use super::trial::{Kind, Said, Trial};
use jiff::civil::Date;

/// Draws a point forecast is spread into.
const SPREAD: usize = 400;

/// One word, not scored yet.
pub(super) struct Raw {
    pub(super) by: String,
    pub(super) kind: Kind,
    pub(super) forecast: Forecast,
    pub(super) condition: String,
}

/// A question with every word on it.
pub(super) struct Asked {
    pub(super) trial: Trial,
    pub(super) raw: Vec<Raw>,
}

impl Forecast {
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::Point(x) => Self::Point(f(x)),
            Self::Range(a, b) => Self::Range(f(a), f(b)),
            Self::Draws(d) => Self::Draws(d.into_iter().map(f).collect()),
        }
    }

    pub(super) fn less(self, seen: f64) -> Self {
        self.map(|x| if seen > 0.0 { (x - seen).max(0.0) } else { x })
    }

    pub(super) fn times(self, part: f64) -> Self {
        self.map(|x| x * part)
    }

    fn median(&self) -> f64 {
        match self {
            Self::Point(x) => *x,
            Self::Range(a, b) => (a + b) / 2.0,
            Self::Draws(d) => Bands::of(d).map_or(f64::NAN, |b| b.median),
        }
    }
}

/// Absolute log errors of point forecasts of this market, with the day of each.
pub(super) fn log_errors<'a>(asked: impl Iterator<Item = &'a Asked>) -> Vec<(Date, f64)> {
    let mut out = Vec::new();
    for a in asked.filter(|a| !a.trial.reference) {
        for raw in a.raw.iter().filter(|r| !matches!(r.forecast, Forecast::Draws(_))) {
            if let Primary::Log(e) = primary(
                raw.forecast.median(),
                a.trial.truth(raw.forecast.median()),
                a.trial.measure.near_zero(),
            ) {
                out.push((a.trial.origin, e));
            }
        }
    }
    out
}

/// Scores every word on a question; points by the common spread. Where the outcome is a bound, each word is held against
/// the value under it that is nearest to the word.
pub(super) fn scored(asked: Asked, spread: Option<Spread>) -> Trial {
    let Asked { mut trial, raw } = asked;
    let near_zero = trial.measure.near_zero();
    for r in raw {
        let median = r.forecast.median();
        let outcome = trial.truth(median);
        let in_range = match r.forecast {
            Forecast::Range(a, b) => Some(a <= outcome && outcome <= b),
            _ => None,
        };
        let draws = match r.forecast {
            Forecast::Draws(draws) => draws,
            _ => spread.map_or_else(|| vec![median], |s| s.about(median, SPREAD)),
        };
        let Some(bands) = Bands::of(&draws) else { continue };
        trial.said.push(Said {
            by: r.by,
            kind: r.kind,
            median,
            error: primary(median, outcome, near_zero),
            bands,
            crps: crps(&draws, outcome),
            interval_90: interval_score(bands.ninety, 0.1, trial.truth(bands.ninety.0)),
            brier: brier(probability_below(&draws, near_zero), outcome < near_zero),
            in_range,
            condition: r.condition,
        });
    }
    trial
}
