//! Training steps: beside published ones, searched, refused; recipes of precision.

mod frozen;
mod loads;
mod published;
mod recipe;
mod refused;
mod search;

use strait::catalog::{Catalog, Chip, Format};
use strait::data::{DataSet, load_sources};
use strait::figure::Outcome;
use strait::perf::training::{Breadth, Effort, Fixed, Job, Kernel, Search, Trained};
use strait::perf::{Model, ModelId, PerfModel};
use strait::scenario::Scenario;

fn loaded() -> (DataSet, Catalog, PerfModel) {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap();
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
    let model = PerfModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}"));
    (data, catalog, model)
}

fn model<'m>(perf: &'m PerfModel, id: &str) -> &'m Model {
    perf.model(&ModelId(id.into())).unwrap()
}

fn chip<'c>(catalog: &'c Catalog, name: &str) -> &'c Chip {
    catalog.resolve(name).unwrap().chip
}

fn job(model: &Model, chips: u32, sequence: u32, batch: u32) -> Job<'_> {
    Job {
        model,
        chips,
        sequence,
        batch,
        arithmetic: Format::Fp16,
        attention: Kernel::Fused,
        gradient_bytes: 2.0,
        trained: Trained::All,
    }
}

fn search(perf: &PerfModel, chip: &Chip, job: &Job<'_>, breadth: Breadth, effort: Effort) -> Search {
    match perf.search_training(chip, job, &Fixed::default(), breadth, effort, &|_, _| true) {
        Outcome::Known(found) => found,
        Outcome::Unknown(needs) => panic!("{needs:?}"),
    }
}
