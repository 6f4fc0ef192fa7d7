//! The loop over origins, and the score of every word said.

use super::super::score::{
    Bands, Primary, Spread, brier, crps, interval_score, primary, probability_below, remainder,
};
use super::forecaster::{Forecast, Forecaster, PolicyPath, Question};
use super::known::KnownBy;
use super::published::{Published, between};
use super::series::{Measure, Point, Series};
use super::tally::{Tally, tallies};
use crate::figure::Grade;
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
    /// What had been seen of the sum.
    pub seen: f64,
    /// Every word on it.
    pub said: Vec<Said>,
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
}

/// A filing takes about a month: a quarter that ended within thirty days and is not reported is ahead.
const FILING: f64 = 31.0;
/// Days of a quarter.
const QUARTER: f64 = 365.25 / 4.0;
/// Draws a point forecast is spread into.
const SPREAD: usize = 400;
/// The part of a period's days that must be reported before a published forecast of it is scored.
const COVERED: f64 = 0.45;

struct Raw {
    by: String,
    kind: Kind,
    forecast: Forecast,
    condition: String,
}

struct Asked {
    trial: Trial,
    raw: Vec<Raw>,
}

/// Asks every forecaster for every target of every origin, and scores published forecasts on their own days beside the
/// naive ones. `kind` tells naive forecasters from models; `step` hears of each origin.
pub fn backtest(
    series: &[Series],
    origins: &[Origin],
    forecasters: &[(&dyn Forecaster, Kind)],
    published: &[Published],
    step: &mut dyn FnMut(Date),
) -> Backtest {
    let mut asked = Vec::new();
    let mut targets = Vec::new();
    for origin in origins {
        step(origin.day);
        let before = asked.len();
        let known = KnownBy::of(series, origin.day);
        let found: Vec<(&Series, &Point, u32)> = series
            .iter()
            .flat_map(|s| {
                s.points
                    .iter()
                    .filter_map(move |p| Some((s, p, ahead(p, origin.day)?)))
            })
            .collect();
        ask(&mut asked, &known, &found, origin, forecasters);
        targets.push((
            origin.day,
            asked[before..]
                .iter()
                .filter(|a: &&Asked| !a.trial.reference)
                .count(),
        ));
    }
    let (mut others, mut waiting) = (Vec::new(), Vec::new());
    for p in published {
        match one_published(series, p, forecasters) {
            Some(found) => others.push(found),
            None => waiting.push(p.id.clone()),
        }
    }
    let errors = log_errors(asked.iter().chain(&others));
    let all: Vec<f64> = errors.iter().map(|e| e.1).collect();
    let score = |a: Asked| {
        // Points of other days alone tell the spread of this day's.
        let own: Vec<f64> = errors
            .iter()
            .filter(|e| e.0 != a.trial.origin)
            .map(|e| e.1)
            .collect();
        scored(a, Spread::of(&own))
    };
    let trials: Vec<Trial> = asked.into_iter().map(score).collect();
    let published: Vec<Trial> = others.into_iter().map(score).collect();
    Backtest {
        tallies: tallies(&trials, &published),
        trials,
        published,
        spread: Spread::of(&all),
        targets,
        waiting,
    }
}

/// Quarters a point lies ahead of a day, 1 to 4; nothing where it was public, ended long ago or lies further off.
fn ahead(point: &Point, day: Date) -> Option<u32> {
    if point.known_from <= day {
        return None;
    }
    let days = day.until(point.period.to).ok()?.get_days();
    let quarters = ((f64::from(days) + FILING) / QUARTER).ceil();
    (1.0..=4.0).contains(&quarters).then_some(quarters as u32)
}

fn ask(
    asked: &mut Vec<Asked>,
    known: &KnownBy<'_>,
    found: &[(&Series, &Point, u32)],
    origin: &Origin,
    forecasters: &[(&dyn Forecaster, Kind)],
) {
    let questions: Vec<Question<'_>> = found
        .iter()
        .map(|(s, p, ahead)| Question {
            series: &s.key,
            measure: s.measure,
            period: &p.period,
            ahead: *ahead,
        })
        .collect();
    let mut raws: Vec<Vec<Raw>> = found.iter().map(|_| Vec::new()).collect();
    for (forecaster, kind) in forecasters {
        let paths: &[PolicyPath] = if forecaster.reads_policy() {
            &[PolicyPath::Unknown, PolicyPath::Known]
        } else {
            &[PolicyPath::Unknown]
        };
        for policy in paths {
            let by = match (forecaster.reads_policy(), policy) {
                (true, PolicyPath::Unknown) => format!("{}, policy unknown", forecaster.name()),
                (true, PolicyPath::Known) => format!("{}, policy known", forecaster.name()),
                _ => forecaster.name().to_owned(),
            };
            for (raw, forecast) in raws
                .iter_mut()
                .zip(forecaster.forecast(known, &questions, *policy))
            {
                raw.extend(forecast.map(|forecast| Raw {
                    by: by.clone(),
                    kind: *kind,
                    forecast,
                    condition: String::new(),
                }));
            }
        }
    }
    for ((s, p, ahead), raw) in found.iter().zip(raws) {
        // What had been seen of a sum is no forecast.
        let within = |k: &&&Point| k.period.from >= p.period.from && k.period.to <= p.period.to;
        let seen = match s.measure {
            Measure::Share => 0.0,
            Measure::Usd | Measure::Cards => known
                .finest(&s.key)
                .iter()
                .filter(within)
                .map(|k| k.value())
                .sum::<f64>(),
        };
        let Some(rest) = remainder(p.value(), p.value(), seen) else {
            continue;
        };
        let raw = raw
            .into_iter()
            .map(|r| Raw {
                forecast: r.forecast.less(seen),
                ..r
            })
            .collect();
        let trial = Trial {
            origin: known.day(),
            weak: origin.weak || p.grade == Grade::Recalled,
            series: s.key.clone(),
            words: s.words.clone(),
            measure: s.measure,
            reference: s.reference,
            period: p.period.name.clone(),
            ahead: *ahead,
            covered: 1.0,
            outcome: rest.outcome,
            seen,
            said: Vec::new(),
        };
        asked.push(Asked { trial, raw });
    }
}

fn one_published(series: &[Series], p: &Published, forecasters: &[(&dyn Forecaster, Kind)]) -> Option<Asked> {
    let s = series.iter().find(|s| s.key == p.series)?;
    let known = KnownBy::of(series, p.made_on);
    // Only what became public afterwards is an outcome.
    let later = Series {
        points: s
            .points
            .iter()
            .filter(|x| x.known_from > p.made_on)
            .cloned()
            .collect(),
        ..s.clone()
    };
    let (outcome, covered) = between(&later, p.period.from, p.period.to)?;
    if covered < COVERED {
        return None;
    }
    let question = Question {
        series: &s.key,
        measure: s.measure,
        period: &p.period,
        ahead: 0,
    };
    let mut raw: Vec<Raw> = forecasters
        .iter()
        .filter(|(_, kind)| *kind == Kind::Naive)
        .filter_map(|(f, kind)| {
            let said = f
                .forecast(&known, std::slice::from_ref(&question), PolicyPath::Unknown)
                .pop()??;
            Some(Raw {
                by: f.name().to_owned(),
                kind: *kind,
                forecast: said.times(covered),
                condition: String::new(),
            })
        })
        .collect();
    raw.push(Raw {
        by: format!("{} ({})", p.organisation, p.id),
        kind: Kind::Published,
        forecast: if p.low < p.high {
            Forecast::Range(p.low, p.high)
        } else {
            Forecast::Point(p.low)
        }
        .times(covered),
        condition: p.condition.clone(),
    });
    let trial = Trial {
        origin: p.made_on,
        weak: false,
        series: s.key.clone(),
        words: s.words.clone(),
        measure: s.measure,
        reference: s.reference,
        period: p.period.name.clone(),
        ahead: 0,
        covered,
        outcome,
        seen: 0.0,
        said: Vec::new(),
    };
    Some(Asked { trial, raw })
}

impl Forecast {
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::Point(x) => Self::Point(f(x)),
            Self::Range(a, b) => Self::Range(f(a), f(b)),
            Self::Draws(d) => Self::Draws(d.into_iter().map(f).collect()),
        }
    }

    fn less(self, seen: f64) -> Self {
        self.map(|x| if seen > 0.0 { (x - seen).max(0.0) } else { x })
    }

    fn times(self, part: f64) -> Self {
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
fn log_errors<'a>(asked: impl Iterator<Item = &'a Asked>) -> Vec<(Date, f64)> {
    let mut out = Vec::new();
    for a in asked.filter(|a| !a.trial.reference) {
        for raw in a.raw.iter().filter(|r| !matches!(r.forecast, Forecast::Draws(_))) {
            if let Primary::Log(e) = primary(
                raw.forecast.median(),
                a.trial.outcome,
                a.trial.measure.near_zero(),
            ) {
                out.push((a.trial.origin, e));
            }
        }
    }
    out
}

fn scored(asked: Asked, spread: Option<Spread>) -> Trial {
    let Asked { mut trial, raw } = asked;
    let (outcome, near_zero) = (trial.outcome, trial.measure.near_zero());
    for r in raw {
        let median = r.forecast.median();
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
            interval_90: interval_score(bands.ninety, 0.1, outcome),
            brier: brier(probability_below(&draws, near_zero), outcome < near_zero),
            in_range,
            condition: r.condition,
        });
    }
    trial
}
