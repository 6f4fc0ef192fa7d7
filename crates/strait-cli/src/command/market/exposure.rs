//! `strait market exposure`: NVIDIA's revenue at stake, branch by branch, on both of its geographic bases.

use super::files::{self, Period, Row};
use super::span::window;
use super::world::{Draws, World, enough, label};
use crate::args::{ExposureArgs, Global};
use crate::input::{Inputs, scenario, shipped_scenarios, today};
use crate::text::Layout;
use crate::view::{Branch, Exposure, Told, exposure_json, exposure_page, spans};
use crate::{Exit, interrupt, output, text};
use miette::{Result, miette};
use serde_json::json;
use strait::market::dynamics::{Band, Detail, Ensemble, Key, Region, name};
use strait::scenario::Scenario;

/// The two bases with the names of what is at stake. They are two answers to one question and are never added.
const BASES: [(Key<'_>, &str); 2] = [
    (name::BILLING, "Revenue exposure by billing location|NVIDIA"),
    (
        name::HEADQUARTERS,
        "Revenue exposure by customer headquarters|NVIDIA",
    ),
];

pub(super) fn run(args: &ExposureArgs, global: &Global) -> Result<Exit> {
    let stop = interrupt::listen();
    let window = window(args.quarters.as_deref())?;
    enough(args.draws)?;
    if let Some(path) = &args.out {
        output::expect_folder_of(path)?;
        files::format(path)?;
    }
    let inputs = Inputs::read(global)?;
    let known = args.known.unwrap_or_else(today);
    inputs.check_day("--known", known)?;
    let draws = Draws {
        paths: args.draws,
        seed: args.seed,
        detail: Detail::Totals,
        file: None,
    };
    let baseline = label(&inputs.scenario);
    // What cannot be read is told before paths are drawn.
    let named = branches_named(args, &inputs, &baseline)?;
    let worlds: Result<Vec<World>> = named
        .iter()
        .map(|(_, scenario)| World::load(&inputs, scenario, known))
        .collect();
    let worlds = worlds?;
    let base = World::load(&inputs, &inputs.scenario, known)?.ensemble(&baseline, draws, stop)?;
    let spans = spans(&base.quarters, window);
    let mut rows = amounts(&baseline, &base);
    let mut branches: Vec<Branch> = Vec::new();
    for (n, ((label, scenario), world)) in named.iter().zip(worlds).enumerate() {
        output::remark(&format!("{label}: {} of {}", n + 1, named.len()));
        let ensemble = world.ensemble(label, draws, stop)?;
        if interrupt::asked() {
            output::remark(&format!(
                "Stopped: {n} of {} branches are drawn and none is told.",
                named.len()
            ));
            return Ok(Exit::Interrupted);
        }
        rows.extend(amounts(label, &ensemble));
        rows.extend(at_stake(label, &ensemble, &base));
        let less = |(key, _): (Key<'_>, _)| {
            let each = spans.iter().map(|(_, over)| ensemble.less(&base, key, over));
            each.collect::<Option<Vec<_>>>().unwrap_or_default()
        };
        branches.push(Branch {
            less: BASES.map(less),
            title: scenario.title.clone(),
            provisions: scenario.provisions(),
            label: label.clone(),
        });
    }
    let of_base = |(key, _): (Key<'_>, _)| {
        let ranges: Vec<_> = spans.iter().map(|(_, over)| over.clone()).collect();
        base.find(key).map_or_else(Vec::new, |v| base.bands(v, &ranges))
    };
    let facts = Exposure {
        baseline: &baseline,
        bases: BASES.map(|(key, _)| key),
        base: BASES.map(of_base),
        spans: &spans,
        branches,
        bands: Told::of(&args.bands),
        known,
        draws: args.draws,
    };
    if let Some(path) = &args.out {
        files::write(path, &rows)?;
    }
    if global.json {
        let asked = json!({ "known": known, "seed": args.seed, "draws": args.draws });
        let about = output::About::new(inputs.made(), asked);
        output::print_json(&exposure_json(&facts, &about))?;
    } else {
        let page = exposure_page(&facts, &inputs.data.version());
        output::print(&text::page(&page, Layout::of_stdout(true)))?;
    }
    Ok(Exit::Answered)
}

/// The branches asked for with their labels; every shipped one where none is.
fn branches_named(args: &ExposureArgs, inputs: &Inputs, baseline: &str) -> Result<Vec<(String, Scenario)>> {
    let named: Vec<&str> = match args.branches.as_slice() {
        // The baseline itself is no branch of its own.
        [] => shipped_scenarios(&inputs.data)
            .filter(|id| *id != baseline)
            .collect(),
        named => named.iter().map(String::as_str).collect(),
    };
    let mut found: Vec<(String, Scenario)> = Vec::new();
    for given in named {
        let scenario = scenario(&inputs.data, given)?;
        let label = label(&scenario);
        if label == baseline || found.iter().any(|(there, _)| *there == label) {
            return Err(miette!(
                help = "name each scenario once, and give each file an `id` of its own",
                "`--branches {given}`: `{label}` is there already"
            ));
        }
        found.push((label, scenario));
    }
    Ok(found)
}

/// NVIDIA's revenue of a scenario on each basis.
fn amounts(label: &str, ensemble: &Ensemble) -> Vec<Row> {
    let (periods, spans) = Period::all(&ensemble.quarters);
    let of = |(key, _): (Key<'_>, _)| {
        let bands = ensemble
            .find(key)
            .map_or_else(Vec::new, |v| ensemble.bands(v, &spans));
        rows(label, key.region, key.name, &periods, bands)
    };
    BASES.into_iter().flat_map(of).collect()
}

/// What of it is at stake: the branch less the baseline, path by path.
fn at_stake(label: &str, ensemble: &Ensemble, base: &Ensemble) -> Vec<Row> {
    let (periods, spans) = Period::all(&ensemble.quarters);
    let of = |(key, called): (Key<'_>, &str)| {
        let bands = spans
            .iter()
            .filter_map(|over| Some(ensemble.less(base, key, over)?.amount));
        rows(label, key.region, called, &periods, bands.collect())
    };
    BASES.into_iter().flat_map(of).collect()
}

fn rows(label: &str, region: Region, variable: &str, periods: &[Period], bands: Vec<Band>) -> Vec<Row> {
    let row = |(period, band): (&Period, Band)| Row {
        scenario: label.to_owned(),
        region,
        variable: variable.to_owned(),
        unit: "million USD",
        period: *period,
        band,
    };
    periods.iter().zip(bands).map(row).collect()
}
