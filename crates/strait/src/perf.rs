//! What a chip does: an analytic simulator of LLM workloads, with an interval.
//!
//! Architecture ([`Model`]) and plan give operators; a roofline with measured shares gives each its
//! time; collectives, pipeline and batch give a rate. `docs/perf.md` has the formulas.

mod calibrate;
pub mod energy;
mod family;
pub mod inference;
pub mod kernels;
mod machine;
pub mod measured;
pub mod models;
mod operators;
pub mod ops;
pub mod published;
mod result;
mod run;
mod serving;
pub mod simulation;
pub mod training;
mod validate;
mod workload;

pub use calibrate::calibrate;
pub use family::{Factor, Fit};
pub use models::{Block, Experts, Feed, Latent, Linear, Mixer, Model};
pub use result::{
    Limit, LimitShares, ModelId, PerfFamilyId, Performance, Plan, Scale, WorkloadClass, WorkloadId,
};
pub use validate::{ErrorSummary, RowError, RowUse, ValidationReport, validate};
pub use workload::Workload;

use crate::data::{DataFile, DataSet, Problem, Problems};
use crate::figure::{FigureRef, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Architectures, workloads, achieved shares and system factors: everything but the chip.
#[derive(Debug, Clone)]
pub struct PerfModel {
    models: BTreeMap<ModelId, Model>,
    workloads: Vec<Workload>,
    families: family::Families,
    fit: Fit,
    fit_refs: Vec<FigureRef>,
    rows: Vec<validate::Row>,
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
            .and_then(|file| keep(family::read_families(file, sources), &mut problems));
        let fit = file(data, "perf/fit.toml", &mut problems)
            .and_then(|file| keep(family::read_fit(file, sources), &mut problems));
        let rows = file(data, "validation/performance.csv", &mut problems)
            .and_then(|file| keep(validate::read_rows(file, sources, &models), &mut problems));
        let kernels = keep(kernels::load(data), &mut problems).map(Arc::new);
        let typical = keep(ops::Typical::load(data), &mut problems).map(Arc::new);
        let parts = kernels.zip(typical);
        let inference = parts.clone().and_then(|(kernels, typical)| {
            let read = inference::Inference::load(data, kernels, typical);
            keep(read, &mut problems)
        });
        let training = parts.and_then(|(kernels, typical)| {
            let read = training::Training::load(data, kernels, typical, sources, &models);
            keep(read, &mut problems)
        });
        match (families, fit, rows, inference, training) {
            (Some(families), Some((fit, fit_refs)), Some(rows), Some(inference), Some(training)) => problems
                .or(Self {
                    models,
                    workloads,
                    families,
                    fit,
                    fit_refs,
                    rows,
                    inference,
                    training,
                }),
            _ => Err(problems),
        }
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

    /// Fitted kernels and engines, for whoever times steps.
    pub fn inference(&self) -> &inference::Inference {
        &self.inference
    }

    /// System factors in use.
    pub fn fit(&self) -> &Fit {
        &self.fit
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
