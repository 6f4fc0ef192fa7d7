//! `strait market`: the quarterly model under scenarios.

use super::market_extra::Extra;
use crate::args::{Global, MarketArgs, MarketCommand, MarketRunArgs};
use crate::input::{Inputs, bundle, library, scenario, today};
use crate::text::Layout;
use crate::view::{Shown, market_page};
use crate::{Exit, interrupt, output, revision, text};
use jiff::civil::Date;
use miette::{Result, miette};
use serde_json::json;
use std::path::Path as FilePath;
use std::sync::atomic::AtomicBool;
use strait::brief::{Knowledge, Library};
use strait::market::Quarter;
use strait::market::dynamics::{BLOCK, Band, Detail, Ensemble, Environment, Priors, Run, held, variables};
use strait::scenario::Scenario;

/// Words of `--show`.
const WORDS: [&str; 8] = [
    "overview",
    "goods",
    "buyers",
    "decompose",
    "diversion",
    "inputs",
    "sensitivity",
    "all",
];

pub(crate) fn run(args: &MarketArgs, global: &Global) -> Result<Exit> {
    match &args.what {
        MarketCommand::Run(run) => of_scenario(run, global),
        MarketCommand::Equilibrium(equilibrium) => super::equilibrium::run(equilibrium, global),
        MarketCommand::Supply(supply) => super::supply::run(supply, global),
        MarketCommand::Claims(claims) => super::claims::run(claims, global),
    }
}

/// One scenario ready to run.
pub(crate) struct World {
    pub(crate) library: Library,
    pub(crate) env: Environment,
    pub(crate) priors: Priors,
    pub(crate) held: Vec<(usize, f64)>,
    /// Short hash of program, data and scenario: paths kept in a file are of these alone.
    pub(crate) read: String,
}

impl World {
    /// Loads the data under a scenario.
    pub(crate) fn load(inputs: &Inputs, scenario: &Scenario, known: Date) -> Result<Self> {
        let library = library(&inputs.data, scenario)?;
        library
            .dynamics
            .check_posterior()
            .map_err(|wrong| bundle(wrong.into()))?;
        let env = library.environment(Knowledge::of(known))?;
        Ok(Self {
            env,
            priors: library.dynamics.priors.clone(),
            held: held(&scenario.market),
            read: revision::of_all(inputs, scenario),
            library,
        })
    }

    /// The run over its posterior.
    pub(crate) fn run(&self, seed: u64) -> Run<'_> {
        Run {
            env: &self.env,
            priors: &self.priors,
            posterior: &self.library.dynamics.posterior,
            held: &self.held,
            seed,
        }
    }
}

/// First and last quarter of `2025-Q1..2027-Q4`.
fn window(text: &str) -> Result<(Quarter, Quarter)> {
    let read = |part: &str| -> Option<Quarter> {
        let (year, quarter) = part.trim().split_once("-Q")?;
        let quarter: i8 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
        let year: i16 = year.parse().ok().filter(|y| (2022..=2030).contains(y))?;
        Some(Quarter { year, quarter })
    };
    text.split_once("..")
        .and_then(|(a, b)| Some((read(a)?, read(b)?)))
        .filter(|(a, b)| a <= b)
        .ok_or_else(|| {
            miette!(
                help = "two quarters from 2022-Q1 to 2030-Q4, like 2025-Q1..2027-Q4",
                "`{text}` is no span of quarters"
            )
        })
}

fn shown(words: &[String]) -> Result<Vec<&'static str>> {
    let mut out = Vec::new();
    for word in words {
        let Some(known) = WORDS.iter().find(|w| *w == word) else {
            return Err(miette!(
                help = format!("one of `{}`", WORDS.join("`, `")),
                "`--show {word}` is nothing to show"
            ));
        };
        if *known == "all" {
            out.extend(WORDS[..7].iter().copied());
        } else {
            out.push(*known);
        }
    }
    Ok(out)
}

/// Most paths of a run: each keeps every variable of every quarter, some 20 kB.
const MOST_DRAWS: usize = 100_000;

/// Refuses too few draws for a band, and more than memory holds.
pub(crate) fn enough(draws: usize) -> Result<()> {
    if draws > MOST_DRAWS {
        return Err(miette!(
            help = "10,000 tell a 90 % band to a hundredth of its width",
            "--draws {draws} where at most {MOST_DRAWS} were expected: every path is kept in memory"
        ));
    }
    if draws < 20 {
        return Err(miette!(
            help = "give --draws 20 or more",
            "bands of {draws} draws mean nothing"
        ));
    }
    Ok(())
}

fn of_scenario(args: &MarketRunArgs, global: &Global) -> Result<Exit> {
    let stop = interrupt::listen();
    let (from, to) = window(&args.quarters)?;
    let show = shown(&args.show)?;
    enough(args.draws)?;
    for path in args.out.iter().chain(&args.checkpoint) {
        output::expect_folder_of(path)?;
    }
    let inputs = Inputs::read(global)?;
    let known = args.known.unwrap_or_else(today);
    inputs.check_day("--known", known)?;
    let world = World::load(&inputs, &inputs.scenario, known)?;
    let detail = if args.out.is_some() && show.contains(&"buyers") {
        Detail::Everything
    } else {
        Detail::Totals
    };
    let label = label(&inputs.scenario);
    let ensemble = ensemble(&world, args, detail, &label, args.checkpoint.as_deref(), stop)?;
    let other = match &args.against {
        Some(named) => {
            let scenario = scenario(&inputs.data, named)?;
            let world = World::load(&inputs, &scenario, known)?;
            let label = self::label(&scenario);
            let found = self::ensemble(&world, args, detail, &label, None, stop)?;
            Some((label, found, scenario.provisions()))
        }
        None => None,
    };
    let extra = Extra::of(&world, args, &show, &ensemble)?;
    if interrupt::asked() {
        output::remark(&stopped(&label, ensemble.values.len(), args));
        return Ok(Exit::Interrupted);
    }
    let facts = Shown {
        label: &label,
        title: title(&inputs.scenario),
        provisions: inputs.scenario.provisions(),
        ensemble: &ensemble,
        against: other.as_ref().map(|(label, found, _)| (label.as_str(), found)),
        provisions_against: other.as_ref().map_or(&[], |(_, _, words)| words),
        window: (from, to),
        show: &show,
        extra: &extra,
        known,
        left_out: &world.env.left_out,
        fitted: &world.library.dynamics.posterior.fitted,
        assumed: &assumed(&world),
        us: world.library.us_production(known),
        memory: home_memory(&world),
        missed: missed(&world),
    };
    if let Some(path) = &args.out {
        super::market_files::write(path, &facts)?;
    }
    if global.json {
        let asked = json!({ "known": known, "seed": args.seed, "draws": ensemble.values.len() });
        let about = output::About::new(inputs.made(), asked);
        output::print_json(&crate::view::market_json(&facts, &about))?;
    } else {
        output::print(&text::page(
            &market_page(&facts, &inputs.data.version()),
            Layout::of_stdout(true),
        ))?;
    }
    Ok(Exit::Answered)
}

/// What a run that was stopped leaves, and how to go on.
fn stopped(label: &str, paths: usize, args: &MarketRunArgs) -> String {
    let done = format!("Stopped: {paths} of {} paths of {label} are drawn", args.draws);
    match &args.checkpoint {
        Some(_) if paths < BLOCK => format!("{done}, no whole block of {BLOCK}, and none is kept."),
        Some(path) => format!(
            "{done} and kept in `{}`: the same command goes on from there.",
            path.display()
        ),
        None => format!("{done} and none is kept: --checkpoint FILE keeps finished blocks of {BLOCK}."),
    }
}

/// A scenario's name; the law as it was where nothing is changed.
pub(crate) fn label(scenario: &Scenario) -> String {
    if scenario.id.is_empty() {
        "history".into()
    } else {
        scenario.id.clone()
    }
}

/// What a scenario asks, in a line; nothing where it does not say.
fn title(scenario: &Scenario) -> &str {
    if scenario.title.is_empty() && scenario.is_baseline() {
        "Law and guidance as they were"
    } else {
        &scenario.title
    }
}

/// Parameters the data moved less than a tenth.
pub(crate) fn assumed(world: &World) -> Vec<&'static str> {
    world
        .library
        .dynamics
        .posterior
        .learned(&world.priors)
        .into_iter()
        .filter(|l| l.assumed)
        .map(|l| l.id)
        .collect()
}

/// On what the dates of self-sufficiency rest: how much memory is made in China, of which no reliable figure is public.
fn home_memory(world: &World) -> String {
    let run = world.run(0);
    let of = |id: &str, meaning: &str| {
        let (at, prior) = world.priors.0.iter().enumerate().find(|(_, p)| p.id == id)?;
        let draws = (0..run.posterior.draws.len()).map(|n| prior.at(run.scores(n)[at]));
        let band = Band::of(draws.collect());
        let range = if run.held.iter().any(|(held, _)| *held == at) {
            "held by the scenario".to_owned()
        } else {
            format!("{:.2} to {:.2}", band.p05, band.p95)
        };
        Some(format!(
            "`{id}`, {meaning}, {:.2} ({range}; {}, {})",
            band.median,
            prior.words(),
            prior.reference.grade
        ))
    };
    let parts = [
        of("domestic_hbm", "million stacks a month in mid-2026"),
        of("domestic_hbm_growth", "logarithm of its growth a year"),
    ];
    format!(
        "These dates rest on high-bandwidth memory made in China, of which no reliable figure is public: {}.",
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    )
}

/// Median of what the model leaves of a published figure.
fn missed(world: &World) -> f64 {
    let draws = &world.library.dynamics.posterior.draws;
    Band::of(draws.iter().map(|z| world.priors.theta(z).model_error).collect()).median
}

fn ensemble(
    world: &World,
    args: &MarketRunArgs,
    detail: Detail,
    label: &str,
    file: Option<&FilePath>,
    stop: &AtomicBool,
) -> Result<Ensemble> {
    let run = world.run(args.seed);
    let mut out = Ensemble::new(variables(&world.env, detail));
    let key = format!(
        "{label}/{}/{}/{}/{}",
        world.read,
        args.seed,
        world.env.known,
        out.variables.len()
    );
    if let Some(path) = file.filter(|p| p.exists()) {
        out.values = super::market_files::kept(path, &key)?;
        // A last block that was cut short, here or there, is drawn again whole.
        let whole = out.values.len().min(args.draws) / BLOCK * BLOCK;
        out.values.truncate(whole);
    }
    let blocks = args.draws.div_ceil(BLOCK);
    while out.values.len() < args.draws {
        let block = out.values.len() / BLOCK;
        let Some(drawn) = run.block_unless(stop, block, args.draws, detail) else {
            break;
        };
        out.values.extend(drawn);
        if let Some(path) = file {
            super::market_files::keep(path, &key, &out.values)?;
        }
        if blocks >= 8 && (block + 1).is_multiple_of(blocks / 8) {
            output::remark(&format!("{label}: {} of {} paths", out.values.len(), args.draws));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_says_that_nothing_is_changed_and_a_nameless_change_is_not_called_so() {
        assert_eq!(title(&Scenario::default()), "Law and guidance as they were");
        let demand = "[[market]]\nverb = \"demand\"\namount = 0.5\n";
        assert_eq!(title(&Scenario::read("s.toml", demand).unwrap()), "");
    }
}
