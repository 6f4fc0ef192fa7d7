//! One system at one rate, request by request.

use super::{Asked, Bar, System, ending, energy, served_rows};
use crate::text::Layout;
use crate::view::serve as view;
use crate::{Exit, interrupt, output, text};
use miette::{IntoDiagnostic, Result, miette};
use serde_json::json;
use strait::figure::{Quantity, Ratio};
use strait::perf::ops::End;
use strait::perf::simulation::{Outcome, ReportEnds, report, simulate};

pub(super) fn run(asked: &Asked<'_>, system: &System<'_>) -> Result<Exit> {
    let trace = &asked.trace;
    let bar = Bar::new(trace.requests.len() as u64, "requests");
    let at = |end| {
        system.with_fleet(end, |fleet| {
            simulate(trace, fleet, &system.settings(end), &mut |p| {
                bar.at(p.ended as u64);
                !interrupt::asked()
            })
        })
    };
    let Some(outcome) = at(End::Middle).transpose().into_diagnostic()? else {
        return Err(miette!("no replica was built"));
    };
    // Both ends, or none where one cannot be had or the user has stopped.
    let ends: Vec<(End, Outcome)> = [End::Low, End::High]
        .into_iter()
        .filter_map(|end| Some((end, at(end)?.ok().filter(|o| !o.interrupted)?)))
        .collect();
    let ends = if ends.len() == 2 { ends } else { Vec::new() };
    bar.done();
    let found = report(&outcome, &asked.objectives);
    let reports: Vec<_> = ends.iter().map(|(_, o)| report(o, &asked.objectives)).collect();
    let first = Ratio::of(system.ratio(true));
    let between = (!ends.is_empty()).then(|| ReportEnds::of(&found, &reports, first));
    let spent = |end, report| {
        let (first, second) = system.replicas(end)?;
        let second = second.as_ref().map(|(_, r)| (&system.second_chip, r));
        energy::spent(&asked.energy, (&system.chip, &first), second, report)
    };
    let at_ends: Vec<_> = ends
        .iter()
        .zip(&reports)
        .filter_map(|((end, _), report)| spent(*end, report))
        .collect();
    let energy = spent(End::Middle, &found).map(|e| e.with_ends(&at_ends));
    let operators = asked.args.explain.then(|| system.operators(&found));
    if let Some(path) = &asked.args.out {
        let ends: Vec<_> = ends.iter().map(|(_, o)| o.served.as_slice()).collect();
        served_rows::requests(path, &outcome.served, &ends, system.ratio(true))?;
    }
    if asked.global.json {
        let mut told = asked.told();
        if let (Some(told), Some(of)) = (told.as_object_mut(), system.told().as_object_mut()) {
            told.append(of);
        }
        let described = output::About::new(asked.inputs.made(), told);
        output::print_json(
            &json!({ "strait": described, "interrupted": outcome.interrupted, "simulation": found,
            "interval90": between, "energy": energy, "operators": operators }),
        )?;
    } else {
        let shown = asked.shown(system);
        let mut page = view::simulation(&shown, &found, between.as_ref(), outcome.interrupted);
        if let (Some(energy), Some(section)) = (&energy, page.sections.last_mut()) {
            section.text(energy.sentence());
        }
        page.sections
            .extend(operators.iter().flatten().map(view::operators));
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(ending(outcome.interrupted))
}
