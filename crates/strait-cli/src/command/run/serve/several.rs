//! Several chips, or several rates: how much each serves within the objectives.

use super::{Asked, Bar, System, served_rows};
use crate::input;
use crate::text::Layout;
use crate::view::serve::{self as view, Rate, Series};
use crate::{Exit, interrupt, output, text};
use miette::{IntoDiagnostic, Result};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use strait::catalog::Catalog;
use strait::figure::{Quantity, Ratio};
use strait::perf::ops::End;
use strait::perf::simulation::{ReportEnds, sweep};

pub(super) fn run(asked: &Asked<'_>, catalog: &Catalog) -> Result<Exit> {
    let args = asked.args;
    // One rate is in the trace already.
    let rates: Vec<Option<f64>> = match &args.requests.rate[..] {
        [] | [_] => vec![None],
        several => several.iter().copied().map(Some).collect(),
    };
    // A chip that nobody knows is refused before another is served.
    let chips = args.on.iter().map(|name| Ok(input::chip(catalog, name)?.chip));
    let chips = chips.collect::<Result<Vec<_>>>()?;
    let mut systems = Vec::new();
    let mut unable = Vec::new();
    for chip in chips {
        let id = chip.id.0.clone();
        match System::of(asked.perf, catalog, args, chip, asked.model) {
            Ok(system) => systems.push(system),
            // Asked of one chip, why there is no answer is the answer.
            Err(why) if args.on.len() == 1 => return Err(why),
            Err(why) => unable.push((id, why.to_string())),
        }
    }
    let bar = Bar::new((systems.len() * rates.len()) as u64, "chips and rates");
    let mut points: Vec<Vec<Rate>> = Vec::new();
    for (at, system) in systems.iter().enumerate() {
        points.push(curve(asked, system, &rates, &bar, (at * rates.len()) as u64)?);
    }
    bar.done();
    let interrupted = points.iter().any(|of| of.len() < rates.len());
    let series: Vec<Series<'_>> = systems
        .iter()
        .zip(points)
        .map(|(system, rates)| Series {
            operators: match rates.last() {
                Some(last) if args.explain => system.operators(&last.point.report),
                _ => Vec::new(),
            },
            chips: system.all_chips(),
            shown: asked.shown(system),
            rates,
        })
        .collect();
    if let Some(path) = &args.out {
        served_rows::points(path, &series)?;
    }
    if asked.global.json {
        let mut told = asked.told();
        let of: Vec<Value> = systems.iter().map(System::told).collect();
        told["systems"] = json!(of);
        let described = output::About::new(asked.inputs.made(), told);
        let unable: Vec<Value> = unable
            .iter()
            .map(|(chip, why)| json!({ "chip": chip, "why": why }))
            .collect();
        let sweep: Vec<_> = series.iter().flat_map(Series::rows).collect();
        let operators = args
            .explain
            .then(|| series.iter().flat_map(|s| &s.operators).collect::<Vec<_>>());
        output::print_json(
            &json!({ "strait": described, "interrupted": interrupted, "sweep": sweep,
            "unanswered": unable, "operators": operators }),
        )?;
    } else {
        let page = view::sweep(asked.model, &series, &unable, interrupted);
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(match (interrupted, series.is_empty()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Infeasible,
        (false, false) => Exit::Answered,
    })
}

/// Every rate of one system with its ends; those done where the user has stopped.
fn curve(
    asked: &Asked<'_>,
    system: &System<'_>,
    rates: &[Option<f64>],
    bar: &Bar,
    before: u64,
) -> Result<Vec<Rate>> {
    let furthest = AtomicU64::new(0);
    let go_on = |at: usize| {
        // A rate is told as begun once; the bar shows the furthest.
        let at = before + at as u64;
        bar.at(furthest.fetch_max(at, Ordering::Relaxed).max(at));
        !interrupt::asked()
    };
    let at = |end| {
        system.with_fleet(end, |fleet| {
            let settings = system.settings(end);
            sweep(&asked.trace, fleet, &settings, &asked.objectives, rates, &go_on)
        })
    };
    let points = at(End::Middle).transpose().into_diagnostic()?.unwrap_or_default();
    let ends: Vec<_> = [End::Low, End::High]
        .into_iter()
        .filter_map(|end| at(end)?.ok())
        .filter(|ends| ends.len() == points.len())
        .collect();
    let first = Ratio::of(system.ratio(true));
    let with_ends = points.into_iter().enumerate().map(|(i, point)| {
        let there: Vec<_> = ends.iter().map(|e| e[i].report.clone()).collect();
        let ends = (there.len() == 2).then(|| ReportEnds::of(&point.report, &there, first));
        Rate { point, ends }
    });
    Ok(with_ends.collect())
}
