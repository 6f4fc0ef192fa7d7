//! `strait market`: the quarterly model under scenarios.

use crate::args::{Global, MarketArgs, MarketCommand, MarketRunArgs};
use crate::input::{Inputs, bundle, scenario, today};
use crate::text::Layout;
use crate::view::{Shown, market_page};
use crate::{Exit, output, text};
use jiff::civil::Date;
use miette::{IntoDiagnostic, Result, miette};
use serde_json::json;
use std::path::Path as FilePath;
use strait::brief::{Knowledge, Library};
use strait::market::Quarter;
use strait::market::dynamics::{
    BLOCK, Causes, Detail, Ensemble, Environment, Input, Month, Path, Priors, Refusal, Run, Sensitivity,
    causes, held, inputs as input_values, name, noisy, refusal, sensitivity, variables,
};
use strait::market::sensitivity::{Worth, data_worth};
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
        MarketCommand::Claims(claims) => super::claims::run(claims, global),
    }
}

/// One scenario ready to run.
pub(crate) struct World {
    pub(crate) library: Library,
    pub(crate) env: Environment,
    pub(crate) priors: Priors,
    pub(crate) held: Vec<(usize, f64)>,
}

impl World {
    /// Loads the data under a scenario.
    pub(crate) fn load(inputs: &Inputs, scenario: &Scenario, known: Date) -> Result<Self> {
        let library = Library::load(&inputs.data, scenario).map_err(bundle)?;
        let env = library.environment(Knowledge::of(known))?;
        Ok(Self {
            env,
            priors: library.dynamics.priors.clone(),
            held: held(&scenario.market),
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

/// What `--show` adds to the variables.
#[derive(Default)]
pub(crate) struct Extra {
    pub(crate) causes: Option<Causes>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) inputs: Option<Vec<Input>>,
    pub(crate) sensitivity: Option<Moved>,
}

/// What moves an answer, and which datum would tell it.
pub(crate) struct Moved {
    pub(crate) answer: String,
    pub(crate) by: Sensitivity,
    pub(crate) data: Vec<Worth>,
}

fn of_scenario(args: &MarketRunArgs, global: &Global) -> Result<Exit> {
    let (from, to) = window(&args.quarters)?;
    let show = shown(&args.show)?;
    if args.draws < 20 {
        return Err(miette!(
            help = "give --draws 20 or more",
            "bands of {} draws mean nothing",
            args.draws
        ));
    }
    let inputs = Inputs::read(global)?;
    let known = args.known.unwrap_or_else(today);
    inputs.check_days(known, known)?;
    let world = World::load(&inputs, &inputs.scenario, known)?;
    let detail = if args.out.is_some() && show.contains(&"buyers") {
        Detail::Everything
    } else {
        Detail::Totals
    };
    let label = label(&inputs.scenario);
    let ensemble = ensemble(&world, args, detail, &label, args.checkpoint.as_deref())?;
    let other = match &args.against {
        Some(named) => {
            let scenario = scenario(&inputs.data, named)?;
            let world = World::load(&inputs, &scenario, known)?;
            let label = self::label(&scenario);
            let found = self::ensemble(&world, args, detail, &label, None)?;
            Some((label, found))
        }
        None => None,
    };
    let extra = extra(&world, args, &show, &ensemble)?;
    let facts = Shown {
        label: &label,
        title: &inputs.scenario.title,
        ensemble: &ensemble,
        against: other.as_ref().map(|(label, e)| (label.as_str(), e)),
        window: (from, to),
        show: &show,
        extra: &extra,
        known,
        left_out: &world.env.left_out,
        fitted: &world.library.dynamics.posterior.fitted,
        assumed: &assumed(&world),
    };
    if let Some(path) = &args.out {
        super::market_files::write(path, &facts)?;
    }
    if global.json {
        let about = json!({ "version": env!("CARGO_PKG_VERSION"), "data": inputs.data.version(), "known": known,
            "seed": args.seed, "draws": ensemble.values.len(), "scenario": label });
        output::print_json(&crate::view::market_json(&facts, about))?;
    } else {
        output::print(&text::page(
            &market_page(&facts, &inputs.data.version()),
            Layout::of_stdout(true),
        ))?;
    }
    Ok(Exit::Answered)
}

/// A scenario's name; the law as it was where nothing is changed.
pub(crate) fn label(scenario: &Scenario) -> String {
    if scenario.id.is_empty() {
        "history".into()
    } else {
        scenario.id.clone()
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

fn ensemble(
    world: &World,
    args: &MarketRunArgs,
    detail: Detail,
    label: &str,
    file: Option<&FilePath>,
) -> Result<Ensemble> {
    let run = world.run(args.seed);
    let mut out = Ensemble::new(variables(&world.env, detail));
    let key = format!(
        "{label}/{}/{}/{}",
        args.seed,
        world.env.known,
        out.variables.len()
    );
    if let Some(path) = file.filter(|p| p.exists()) {
        out.values = super::market_files::kept(path, &key)?;
        out.values.truncate(args.draws / BLOCK * BLOCK);
    }
    let blocks = args.draws.div_ceil(BLOCK);
    while out.values.len() < args.draws {
        let block = out.values.len() / BLOCK;
        out.values.extend(run.block(block, args.draws, detail));
        if let Some(path) = file {
            super::market_files::keep(path, &key, &out.values)?;
        }
        if blocks >= 8 && (block + 1).is_multiple_of(blocks / 8) {
            output::remark(&format!("{label}: {} of {} paths", out.values.len(), args.draws));
        }
    }
    Ok(out)
}

fn extra(world: &World, args: &MarketRunArgs, show: &[&str], ensemble: &Ensemble) -> Result<Extra> {
    let run = world.run(args.seed);
    let draws = args.draws.min(200);
    let mut out = Extra::default();
    // May 2025 to January 2026: NVIDIA's fiscal quarters after the license requirement.
    let window = Month::of(jiff::civil::date(2025, 5, 1)).0..Month::of(jiff::civil::date(2026, 2, 1)).0;
    if show.contains(&"decompose") {
        out.causes = Some(causes(&run, draws, window.clone()));
    }
    if let (true, Some(h20)) = (show.contains(&"diversion"), world.env.good("nvidia-h20")) {
        out.refusal = Some(refusal(&run, h20, window.start + 3..window.start + 15, draws));
    }
    if show.contains(&"inputs") {
        out.inputs = Some(input_values(&run, &[2025, 2026, 2027, 2028, 2030], draws));
    }
    if show.contains(&"sensitivity") {
        out.sensitivity = moved(world, &run, ensemble).transpose()?;
    }
    Ok(out)
}

/// What moves the Chinese vendors' share of dollars in 2027, and what would tell it.
fn moved(world: &World, run: &Run<'_>, ensemble: &Ensemble) -> Option<Result<Moved>> {
    let year = ensemble.year(2027);
    let variable = ensemble.find(name::SHARE_DOLLARS)?;
    let answer = ensemble.averaged(variable, year.clone());
    let env = &world.env;
    let read = |path: &Path| {
        let (mut own, mut all) = (0.0, 0.0);
        for t in year.start * 3..year.end * 3 {
            for (g, facts) in env.goods.iter().enumerate() {
                let usd = path.mainland_usd(env, t, g);
                all += usd;
                own += if facts.domestic { usd } else { 0.0 };
            }
        }
        if all > 0.0 { own / all } else { 0.0 }
    };
    let assumed = assumed(world);
    let candidates = [
        (
            name::HEADQUARTERS,
            2026,
            "NVIDIA revenue by customer headquarters, 2026",
        ),
        (name::SPENDING, 2026, "mainland spending on accelerators, 2026"),
        (name::DOMESTIC, 2026, "revenue of Chinese vendors, 2026"),
        (
            "Revenue|huawei|Mainland",
            2026,
            "Huawei's accelerator revenue, 2026",
        ),
        ("Units|huawei|Mainland", 2026, "Huawei's packages sold, 2026"),
        (
            "Units|nvidia-h200|Mainland",
            2026,
            "H200 delivered to the mainland, 2026",
        ),
        (name::YIELD, 2026, "yield at SMIC, 2026"),
        (
            name::MEMORY,
            2026,
            "stacks of memory left in the bank, end of 2026",
        ),
        (name::GREY, 2026, "spending in the grey channel, 2026"),
        (name::SHARE_UNITS, 2026, "Chinese vendors' share of cards, 2026"),
    ];
    let published: Vec<(String, Vec<f64>)> = candidates
        .into_iter()
        .enumerate()
        .filter_map(|(n, (of, year, what))| {
            let draws = ensemble.summed(ensemble.find(of)?, ensemble.year(year));
            Some((what.to_owned(), noisy(draws, n as u64)))
        })
        .collect();
    let found = sensitivity(run, run.seed, |id| assumed.contains(&id), read)
        .and_then(|by| Ok((by, data_worth(&published, &answer)?)))
        .map(|(by, data)| Moved {
            answer: "Chinese vendors' share of mainland dollars, 2027".into(),
            by,
            data,
        });
    Some(found.into_diagnostic())
}
