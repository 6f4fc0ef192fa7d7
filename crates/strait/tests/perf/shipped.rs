//! The shipped chips and models, read once for all tests of performance that ask them.

use std::sync::OnceLock;
use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, load_sources};
use strait::perf::{Model, ModelId, PerfModel};
use strait::scenario::Scenario;

pub(crate) struct World {
    pub(crate) catalog: Catalog,
    pub(crate) perf: PerfModel,
}

pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let data = DataSet::embedded();
        let sources = load_sources(&data).unwrap_or_else(|p| panic!("{p}"));
        World {
            catalog: Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}")),
            perf: PerfModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}")),
        }
    })
}

/// Both, for tests that ask many chips.
pub(crate) fn loaded() -> (&'static PerfModel, &'static Catalog) {
    (&world().perf, &world().catalog)
}

pub(crate) fn chip(name: &str) -> &'static Chip {
    world().catalog.resolve(name).unwrap().chip
}

pub(crate) fn model(name: &str) -> &'static Model {
    world()
        .perf
        .model(&ModelId(name.into()))
        .unwrap_or_else(|| panic!("{name}"))
}
