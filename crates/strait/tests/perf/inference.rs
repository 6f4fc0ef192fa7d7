//! Inference end to end: what a step computes, how it scales, what users see, what rows of tables mean.

mod overlap;
mod rounds;
mod rows;
mod serving;
mod steps;

use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources};
use strait::perf::inference::{Formats, Inference, Replica, Setup, Spread, System};
use strait::perf::ops::End;
use strait::perf::{Model, ModelId, PerfModel};
use strait::scenario::Scenario;

struct World {
    catalog: Catalog,
    perf: PerfModel,
}

fn world() -> &'static World {
    static WORLD: std::sync::OnceLock<World> = std::sync::OnceLock::new();
    WORLD.get_or_init(|| {
        let data = DataSet::embedded();
        let sources = load_sources(&data).unwrap_or_else(|p| panic!("{p}"));
        World {
            catalog: Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}")),
            perf: PerfModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}")),
        }
    })
}

fn inference() -> &'static Inference {
    world().perf.inference()
}

fn model(name: &str) -> &'static Model {
    world()
        .perf
        .model(&ModelId(name.into()))
        .unwrap_or_else(|| panic!("{name}"))
}

fn system(chip: &str) -> System {
    let chip = world().catalog.resolve(chip).unwrap().chip;
    inference()
        .system(chip, End::Middle)
        .unwrap_or_else(|n| panic!("{n:?}"))
}

fn setup(of: &str, on: &str, spread: Spread) -> Setup<'static> {
    let system = system(on);
    Setup {
        model: model(of),
        formats: Formats::of(Formats::usual(&system)).unwrap(),
        spread,
        system,
        engine: None,
    }
}

fn replica(of: &str, on: &str, spread: Spread) -> Replica<'static> {
    inference()
        .replica(&setup(of, on, spread))
        .unwrap_or_else(|n| panic!("{n:?}"))
}
