//! The same trace at several rates: how much a fleet serves within its objectives.

use super::fleet::Refusal;
use super::{Fleet, Objectives, Report, Settings, Trace, report, simulate};
use rayon::prelude::*;
use serde::Serialize;

/// One rate of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// Requests a second that the trace was stretched to; none where it came as it was.
    pub rate: Option<f64>,
    /// What came of it.
    pub report: Report,
}

/// Simulates every rate, `None` being the trace's own, on as many threads as there are; the points come in the order of the rates and do not
/// depend on the threads. `go_on` is asked now and then; after a `false` the rates not yet done are left out.
///
/// # Errors
/// A fleet that cannot serve at all.
pub fn sweep(
    trace: &Trace,
    fleet: &Fleet<'_>,
    settings: &Settings,
    objectives: &Objectives,
    rates: &[Option<f64>],
    go_on: &(dyn Fn(usize) -> bool + Sync),
) -> Result<Vec<Point>, Refusal> {
    let point = |(at, rate): (usize, &Option<f64>)| {
        if !go_on(at) {
            return Ok(None);
        }
        let stretched = rate.map(|rate| trace.clone().at_rate(rate));
        let outcome = simulate(stretched.as_ref().unwrap_or(trace), fleet, settings, &mut |_| {
            go_on(at)
        })?;
        Ok((!outcome.interrupted).then(|| Point {
            rate: *rate,
            report: report(&outcome, objectives),
        }))
    };
    let found: Result<Vec<Option<Point>>, Refusal> = rates.par_iter().enumerate().map(point).collect();
    Ok(found?.into_iter().flatten().collect())
}
