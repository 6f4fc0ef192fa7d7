//! What a chip does: an analytic simulator of LLM workloads, with an interval.
//!
//! Architecture ([`Model`]) and plan give operators; models fitted to measured calls ([`kernels`]) give each its time;
//! [`inference`] and [`training`] make steps of them, and [`PerfModel::run`] a workload's rate of steps.
//! `docs/perf.md` has the formulas.

mod counts;
pub mod crossovers;
pub mod energy;
mod families;
pub mod inference;
mod interval;
pub mod kernels;
mod makers_page;
pub mod measured;
pub mod models;
pub mod ops;
pub mod published;
mod reports;
mod rests;
mod result;
mod run;
mod served_rows;
pub mod server;
mod serving;
pub mod simulation;
mod time;
pub mod training;
mod unrun;
mod validate;
mod workload;

pub use counts::{CountOf, Counts, Held, StatedCount};
pub use interval::{Between, Ends, Intervals, Kind};
pub use makers_page::makers_page;
pub use models::{Block, Experts, Feed, Indexer, Latent, Linear, Mixer, Model};
pub use result::{
    Limit, LimitShares, ModelId, PerfFamilyId, Performance, Plan, Scale, WorkloadClass, WorkloadId,
};
pub(crate) use served_rows::{Phase, Row as ServedRow};
pub use validate::{ErrorSummary, RowError, RowUse, ValidationReport, validate};
pub use workload::Workload;

use crate::data::{DataFile, DataSet, Problem, Problems};
use crate::figure::{Quantity, Ratio, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Architectures, workloads, achieved shares and system factors: everything but the chip.
#[derive(Debug, Clone)]
pub struct PerfModel {
    models: BTreeMap<ModelId, Model>,
    workloads: Vec<Workload>,
    families: families::Families,
    activity: energy::Activity,
    rests: rests::Rests,
    rows: Vec<served_rows::Row>,
    counts: Vec<StatedCount>,
    inference: inference::Inference,
    training: training::Training,
}

impl PerfModel {
    /// Reads `models/`, `workloads/`, `perf/` and `validation/performance.csv` of a data set.
    ///
    /// # Errors
    /// Every problem of every file.
    pub fn load(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut models = BTreeMap::new();
        for file in data.below("models/") {
            if let Some(model) = keep(models::read_model(file, sources), &mut problems) {
                models.insert(model.id.clone(), model);
            }
        }
        let mut workloads: Vec<Workload> = data
            .below("workloads/")
            .filter_map(|file| {
                let workload = keep(workload::read_workload(file, sources), &mut problems)?;
                if models.contains_key(&workload.model) {
                    return Some(workload);
                }
                problems.push(
                    Problem::in_file(
                        file.path,
                        format!("model `{}` is not in data/models/", workload.model),
                    )
                    .help("name a file of data/models/ without `.toml`"),
                );
                None
            })
            .collect();
        workloads.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        let families = file(data, "perf/families.toml", &mut problems)
            .and_then(|file| keep(families::read(file, sources), &mut problems));
        let power = file(data, "perf/energy.toml", &mut problems)
            .and_then(|file| keep(energy::read_activity(file, sources), &mut problems));
        let rests = keep(rests::Rests::load(data, sources), &mut problems);
        let rows = file(data, "validation/performance.csv", &mut problems)
            .and_then(|file| keep(served_rows::read_rows(file, sources, &models), &mut problems));
        let counts = file(data, "validation/models.csv", &mut problems)
            .and_then(|file| keep(counts::read(file, sources, &models), &mut problems));
        let kernels = keep(kernels::load(data), &mut problems).map(Arc::new);
        let typical = keep(ops::Typical::load(data, sources), &mut problems).map(Arc::new);
        let server = keep(server::Server::load(data, sources), &mut problems);
        let parts = kernels.zip(typical).zip(server);
        let inference = parts.and_then(|((kernels, typical), server)| {
            let read = inference::Inference::load(data, kernels, typical, server);
            keep(read, &mut problems)
        });
        let training = inference.as_ref().and_then(|inference| {
            let read = training::Training::load(data, inference, sources, &models);
            keep(read, &mut problems)
        });
        let (Some(families), Some((activity, power)), Some(mut rests)) = (families, power, rests) else {
            return Err(problems);
        };
        let (Some(rows), Some(counts), Some(inference), Some(training)) = (rows, counts, inference, training)
        else {
            return Err(problems);
        };
        rests.power = power;
        problems.or(Self {
            models,
            workloads,
            families,
            activity,
            rests,
            rows,
            counts,
            inference,
            training,
        })
    }

    /// The workloads, in the order of a brief.
    pub fn workloads(&self) -> &[Workload] {
        &self.workloads
    }

    /// One workload by id.
    pub fn workload(&self, id: &WorkloadId) -> Option<&Workload> {
        self.workloads.iter().find(|w| w.id == *id)
    }

    /// The same model with one more workload, or another in place of that of its id.
    ///
    /// # Errors
    /// The id of the architecture it names, where that is not known.
    pub fn with_workload(mut self, workload: Workload) -> Result<Self, ModelId> {
        if !self.models.contains_key(&workload.model) {
            return Err(workload.model);
        }
        self.workloads.retain(|w| w.id != workload.id);
        self.workloads.push(workload);
        Ok(self)
    }

    /// One architecture by id.
    pub fn model(&self, id: &ModelId) -> Option<&Model> {
        self.models.get(id)
    }

    /// The architectures, in order of id.
    pub fn models(&self) -> impl Iterator<Item = &Model> {
        self.models.values()
    }

    /// The same model with kernels run another way.
    #[must_use]
    pub fn run_as(mut self, mode: inference::Mode) -> Self {
        self.inference.mode = mode;
        self
    }

    /// The same model whose busiest rank of experts gets so many times the mean of their choices, in serving and training.
    #[must_use]
    pub fn with_imbalance(mut self, ratio: Ratio) -> Self {
        self.inference.mode.imbalance = Some(ratio);
        self.training.load = Some(ratio.get());
        self
    }

    /// The same model with the kernels of every chip taken to be as mature as those fitted: what it would say without
    /// the factors of `perf/makers.toml`.
    #[must_use]
    pub fn without_makers(&self) -> Self {
        let mut found = self.clone();
        let served = self.inference.makers.served;
        let none = Arc::new(inference::Makers::none().with_served(served));
        found.inference.makers = none.clone();
        found.training.makers = none;
        found
    }

    /// Fitted kernels and engines, for whoever times steps.
    pub fn inference(&self) -> &inference::Inference {
        &self.inference
    }

    /// Architecture of a loaded workload; `load` refuses a workload without one.
    fn architecture(&self, workload: &Workload) -> &Model {
        &self.models[&workload.model]
    }
}

fn keep<T>(read: Result<T, Problems>, problems: &mut Problems) -> Option<T> {
    read.map_err(|found| problems.0.extend(found.0)).ok()
}

fn file<'a>(data: &'a DataSet, path: &str, problems: &mut Problems) -> Option<DataFile<'a>> {
    keep(data.require(path).map_err(Problems::from), problems)
}
