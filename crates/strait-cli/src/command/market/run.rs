//! `strait market run`.

use super::extra::Extra;
use super::files;
use super::rests::{assumed, home_memory, missed};
use super::span::window;
use super::unknown::unknown;
use super::world::{Draws, World, enough, label};
use crate::args::{Global, MarketRunArgs};
use crate::input::{Inputs, bundle, scenario, today};
use crate::text::Layout;
use crate::view::{Shown, Told, market_page};
use crate::{Exit, interrupt, output, text};
use miette::{Result, miette};
use serde_json::json;
use strait::market::dynamics::{BLOCK, Detail};
use strait::scenario::Scenario;

/// Words of `--show`.
const WORDS: [&str; 9] = [
    "overview",
    "shares",
    "goods",
    "buyers",
    "decompose",
    "diversion",
    "inputs",
    "sensitivity",
    "all",
];

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
            out.extend(WORDS[..WORDS.len() - 1].iter().copied());
        } else {
            out.push(*known);
        }
    }
    Ok(out)
}

pub(super) fn run(args: &MarketRunArgs, global: &Global) -> Result<Exit> {
    let stop = interrupt::listen();
    let (from, to) = window(args.quarters.as_deref())?;
    let show = shown(&args.show)?;
    enough(args.draws)?;
    for path in args.out.iter().chain(&args.checkpoint) {
        output::expect_folder_of(path)?;
    }
    args.out.as_deref().map(files::format).transpose()?;
    let inputs = Inputs::read(global)?;
    let known = args.known.unwrap_or_else(today);
    inputs.check_day("--known", known)?;
    let world = match World::load(&inputs, &inputs.scenario, known)? {
        Ok(world) => world,
        Err(need) => return unknown(&need, "Market", &inputs, known, global),
    };
    let parts = ["shares", "buyers"];
    let detail = if args.out.is_some() || parts.iter().any(|part| show.contains(part)) {
        Detail::Everything
    } else {
        Detail::Totals
    };
    let draws = |file| Draws {
        paths: args.draws,
        seed: args.seed,
        detail,
        file,
    };
    // What cannot be read or has no meaning is told before paths are drawn.
    let against = match &args.against {
        Some(named) => {
            let scenario = scenario(&inputs.data, named)?;
            match World::load(&inputs, &scenario, known)? {
                Ok(world) => Some((world, scenario)),
                Err(need) => return unknown(&need, "Market", &inputs, known, global),
            }
        }
        None => None,
    };
    let mut extra = Extra::of(&world, args, &show)?;
    let label = label(&inputs.scenario);
    let ensemble = world.ensemble(&label, draws(args.checkpoint.as_deref()), stop)?;
    let other = match against {
        Some((world, scenario)) => {
            let label = self::label(&scenario);
            let found = world.ensemble(&label, draws(None), stop)?;
            Some((label, found, scenario.provisions()))
        }
        None => None,
    };
    extra.read_off(&world, args, &show, &ensemble)?;
    if interrupt::asked() {
        output::remark(&stopped(&label, ensemble.values.len(), args));
        return Ok(Exit::Interrupted);
    }
    let facts = Shown {
        label: &label,
        title: title(&inputs.scenario),
        provisions: inputs.scenario.provisions(),
        beside: world
            .library
            .beside(known)
            .map_err(|wrong| bundle(wrong.into()))?,
        ensemble: &ensemble,
        against: other.as_ref().map(|(label, found, _)| (label.as_str(), found)),
        provisions_against: other.as_ref().map_or(&[], |(_, _, words)| words),
        window: (from, to),
        show: &show,
        bands: Told::of(&args.bands),
        extra: &extra,
        known,
        left_out: &world.env.left_out,
        fitted: &world.posterior.fitted,
        assumed: &assumed(&world),
        us: world.library.us_production(known),
        earnings: world
            .library
            .market
            .burden("nvidia", known)
            .map(|burden| (burden, whole_revenues(&world, known))),
        memory: home_memory(&world),
        missed: missed(&world),
    };
    if let Some(path) = &args.out {
        files::write(path, &files::of_run(&facts))?;
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

/// What a scenario asks, in a line; nothing where it does not say.
fn title(scenario: &Scenario) -> &str {
    if scenario.title.is_empty() && scenario.is_baseline() {
        "Law and guidance as they were"
    } else {
        &scenario.title
    }
}

/// NVIDIA's whole revenue by calendar year, told by the fiscal year that ends in the next January.
fn whole_revenues(world: &World, known: jiff::civil::Date) -> Vec<(i16, f64)> {
    let market = &world.library.market;
    let of = |year: i16| {
        Some((
            year,
            market.whole_revenue("nvidia", &format!("FY{}", year + 1), known)?,
        ))
    };
    (2022..=2030).filter_map(of).collect()
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
