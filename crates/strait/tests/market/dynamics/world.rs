//! The shipped data, read once, and paths on them.

use jiff::civil::date;
use std::sync::OnceLock;
use strait::brief::{Knowledge, Library};
use strait::data::DataSet;
use strait::market::dynamics::{Environment, Fitted, Path, Posterior, Run, apply};
use strait::scenario::Scenario;

pub(crate) const KNOWN: jiff::civil::Date = date(2026, 11, 23);

pub(crate) fn world() -> &'static (Library, Environment) {
    static WORLD: OnceLock<(Library, Environment)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let library =
            Library::load(&DataSet::embedded(), &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
        let env = library.environment(Knowledge::of(KNOWN)).unwrap();
        (library, env)
    })
}

pub(crate) fn run<'a>(library: &'a Library, env: &'a Environment) -> Run<'a> {
    Run {
        env,
        priors: &library.dynamics.priors,
        posterior: &library.dynamics.posterior,
        held: &[],
        seed: 7,
    }
}

/// The environment with a scenario's changes.
pub(crate) fn changed(text: &str) -> Environment {
    let scenario = Scenario::read("s.toml", text).unwrap();
    let mut env = world().1.clone();
    for change in &scenario.market {
        apply(&mut env, change).unwrap();
    }
    env
}

pub(crate) fn path(env: &Environment, draw: usize, months: usize) -> Path {
    let run = run(&world().0, env);
    Path::simulate(env, &run.theta(draw), &run.shocks(draw), months)
}

/// The shipped data with the newest draws as a fit of an earlier day, whose hashes are those of that day.
pub(crate) fn with_earlier(folder: &str, day: &str) -> DataSet {
    let d = &world().0.dynamics;
    let known: jiff::civil::Date = day.parse().unwrap();
    let fit = Posterior {
        fitted: Fitted {
            observations: d.observed.known(known).hash(),
            priors: d.priors.known(known).hash(),
            known: day.into(),
            ..d.posterior.fitted.clone()
        },
        draws: d.posterior.draws.iter().take(40).cloned().collect(),
        ..Posterior::default()
    };
    DataSet::embedded().with(format!("market/posterior/{folder}/draws.csv"), fit.to_csv())
}
