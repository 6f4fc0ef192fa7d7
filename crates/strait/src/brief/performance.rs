//! Part 3: five workloads for every chip compared.

use super::{Library, PerformanceRow};
use crate::catalog::{Chip, ChipId};
use crate::figure::Outcome;
use crate::perf::{Performance, Scale, Workload, WorkloadClass};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// One workload's runs, by scale.
type ByScale = Vec<(Scale, Outcome<Performance>)>;

/// Every run a brief needs, made once: by chip, then by workload in brief order, then by scale.
#[derive(Debug, Default)]
pub(crate) struct Runs(BTreeMap<ChipId, Vec<ByScale>>);

impl Runs {
    pub(crate) fn make<'a>(library: &Library, chips: impl Iterator<Item = &'a Chip>) -> Self {
        let chips: BTreeMap<&ChipId, &Chip> = chips.map(|chip| (&chip.id, chip)).collect();
        let runs = chips
            .into_par_iter()
            .map(|(id, chip)| (id.clone(), of_chip(library, chip)));
        Self(runs.collect::<Vec<_>>().into_iter().collect())
    }

    fn at(&self, chip: &ChipId, workload: usize, scale: Scale) -> Option<&Outcome<Performance>> {
        let runs = self.0.get(chip)?.get(workload)?;
        runs.iter().find(|(s, _)| *s == scale).map(|(_, run)| run)
    }

    /// The run a chip is valued by: training at the largest scale, serving at the smallest that holds the model.
    pub(crate) fn valued(
        &self,
        library: &Library,
        chip: &ChipId,
        workload: &Workload,
    ) -> Option<&Outcome<Performance>> {
        let n = library
            .perf
            .workloads()
            .iter()
            .position(|w| w.id == workload.id)?;
        let runs = self.0.get(chip)?.get(n)?;
        let training = matches!(
            workload.class,
            WorkloadClass::DenseTraining | WorkloadClass::MoeTraining
        );
        let mut ordered: Vec<_> = runs.iter().collect();
        if training {
            ordered.reverse();
        }
        ordered
            .iter()
            .find(|(_, run)| run.known().is_some())
            .or_else(|| ordered.first())
            .map(|(_, run)| run)
    }
}

fn of_chip(library: &Library, chip: &Chip) -> Vec<ByScale> {
    let runs = |workload: &Workload| {
        let scales = library.perf.scales(workload).into_iter();
        scales
            .map(|scale| (scale, library.perf.run(chip, &workload.id, scale)))
            .collect()
    };
    library.perf.workloads().iter().map(runs).collect()
}

pub(crate) fn section(library: &Library, peers: &[&Chip], runs: &Runs) -> Vec<PerformanceRow> {
    let mut rows = Vec::new();
    for (n, workload) in library.perf.workloads().iter().enumerate() {
        for scale in library.perf.scales(workload) {
            let chips = peers
                .iter()
                .filter_map(|chip| Some((chip.id.clone(), runs.at(&chip.id, n, scale)?.clone())))
                .collect();
            rows.push(PerformanceRow {
                workload: workload.id.clone(),
                title: workload.title.clone(),
                class: workload.class,
                scale,
                chips,
            });
        }
    }
    rows
}
