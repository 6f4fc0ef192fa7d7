//! Scores by forecaster, and by pairs on the same targets.

use super::super::score::{Primary, coverage};
use super::series::Measure;
use super::trial::{Kind, Said, Trial};
use serde::Serialize;

/// What the last value is called.
pub(super) const REFERENCE: &str = "last value";

/// How a forecaster did on the targets it spoke of, in one unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tally {
    /// Who; published forecasts together.
    pub by: String,
    /// What kind.
    pub kind: Kind,
    /// Unit.
    pub measure: Measure,
    /// Not of this market.
    pub reference: bool,
    /// Targets.
    pub n: usize,
    /// Of them from weak origins or with a recalled outcome.
    pub weak: usize,
    /// Mean absolute log error, and on how many.
    pub log_error: Option<(f64, usize)>,
    /// The last value's on those it spoke of too: ours, its, and on how many.
    pub log_error_beside: Option<(f64, f64, usize)>,
    /// Mean error in the unit where outcomes are next to nothing, and on how many.
    pub plain_error: Option<(f64, usize)>,
    /// Mean CRPS.
    pub crps: f64,
    /// 1 − ΣCRPS / ΣCRPS of the last value on the same targets.
    pub crps_skill: Option<f64>,
    /// Part of outcomes in the 50 % and in the 90 % band.
    pub coverage: Option<(f64, f64)>,
    /// Mean interval score of the 90 % band.
    pub interval_90: f64,
    /// Median over targets of the 90 % band's width over its median.
    pub width_90: f64,
    /// Mean Brier score of "next to nothing".
    pub brier: f64,
}

fn name(said: &Said) -> &str {
    if said.kind == Kind::Published {
        "published forecasts"
    } else {
        &said.by
    }
}

fn mean(x: &[f64]) -> Option<f64> {
    (!x.is_empty()).then(|| x.iter().sum::<f64>() / x.len() as f64)
}

/// One tally a forecaster and unit. Naive words on the days of published forecasts count beside those only.
pub(super) fn tallies(trials: &[Trial], published: &[Trial]) -> Vec<Tally> {
    let mut out = tallied(trials);
    out.extend(
        tallied(published)
            .into_iter()
            .filter(|t| t.kind == Kind::Published),
    );
    out.sort_by_key(|t| (t.reference, t.measure));
    out
}

fn tallied(trials: &[Trial]) -> Vec<Tally> {
    let mut keys: Vec<(&str, Kind, Measure, bool)> = Vec::new();
    for t in trials {
        for s in &t.said {
            let key = (name(s), s.kind, t.measure, t.reference);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys.into_iter().map(|key| one(key, trials)).collect()
}

fn one((by, kind, measure, reference): (&str, Kind, Measure, bool), trials: &[Trial]) -> Tally {
    let of = |t: &&Trial| t.measure == measure && t.reference == reference;
    let pairs: Vec<(&Trial, &Said)> = trials
        .iter()
        .filter(of)
        .flat_map(|t| t.said.iter().filter(|s| name(s) == by).map(move |s| (t, s)))
        .collect();
    let beside = |t: &Trial| t.said.iter().find(|s| s.by == REFERENCE).cloned();
    let log = |s: &Said| {
        if let Primary::Log(e) = s.error {
            Some(e)
        } else {
            None
        }
    };
    let logs: Vec<f64> = pairs.iter().filter_map(|(_, s)| log(s)).collect();
    let plain: Vec<f64> = pairs
        .iter()
        .filter_map(|(_, s)| {
            if let Primary::Plain(e) = s.error {
                Some(e)
            } else {
                None
            }
        })
        .collect();
    let both: Vec<(f64, f64)> = pairs
        .iter()
        .filter_map(|(t, s)| Some((log(s)?, log(&beside(t)?)?)))
        .collect();
    let (own, last): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
    let (crps_own, crps_last): (Vec<f64>, Vec<f64>) = pairs
        .iter()
        .filter_map(|(t, s)| Some((s.crps, beside(t)?.crps)))
        .unzip();
    let inside = |band: &dyn Fn(&Said) -> (f64, f64)| {
        coverage(pairs.iter().map(|(t, s)| (band(s), t.truth(band(s).0))))
    };
    let all =
        |f: &dyn Fn(&Said) -> f64| mean(&pairs.iter().map(|(_, s)| f(s)).collect::<Vec<_>>()).unwrap_or(0.0);
    let mut widths: Vec<f64> = pairs
        .iter()
        .filter(|(_, s)| s.median > 0.0)
        .map(|(_, s)| (s.bands.ninety.1 - s.bands.ninety.0) / s.median)
        .collect();
    widths.sort_unstable_by(f64::total_cmp);
    Tally {
        by: by.to_owned(),
        kind,
        measure,
        reference,
        n: pairs.len(),
        weak: pairs.iter().filter(|(t, _)| t.weak).count(),
        log_error: mean(&logs).map(|e| (e, logs.len())),
        log_error_beside: mean(&own).zip(mean(&last)).map(|(a, b)| (a, b, own.len())),
        plain_error: mean(&plain).map(|e| (e, plain.len())),
        crps: all(&|s| s.crps),
        crps_skill: super::super::score::crps_skill(&crps_own, &crps_last),
        coverage: inside(&|s| s.bands.fifty).zip(inside(&|s| s.bands.ninety)),
        interval_90: all(&|s| s.interval_90),
        width_90: super::super::score::quantile(&widths, 0.5),
        brier: all(&|s| s.brier),
    }
}
