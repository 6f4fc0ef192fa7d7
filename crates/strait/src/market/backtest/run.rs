//! The loop over origins and over what others published.

use super::super::score::{Spread, remainder};
use super::forecaster::{Forecast, Forecaster, PolicyPath, Question};
use super::known::KnownBy;
use super::published::{Published, between};
use super::scoring::{Asked, Raw, log_errors, scored};
use super::series::{Measure, Point, Series};
use super::tally::tallies;
use super::trial::{Backtest, Kind, Origin, Trial};
use crate::figure::{DAYS_A_YEAR, Grade};
use jiff::civil::Date;

/// A filing takes about a month: a quarter that ended within thirty days and is not reported is ahead.
const FILING: f64 = 31.0;
/// Days of a quarter.
const QUARTER: f64 = DAYS_A_YEAR / 4.0;
/// The part of a period's days that must be reported before a published forecast of it is scored.
const COVERED: f64 = 0.45;

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
        unmeasured: Vec::new(),
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
        let outcome = if p.bound { p.high } else { p.value() };
        let Some(rest) = remainder(outcome, outcome, seen) else {
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
            bound: p.bound,
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
        bound: false,
        seen: 0.0,
        said: Vec::new(),
    };
    Some(Asked { trial, raw })
}
