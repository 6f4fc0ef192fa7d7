//! Part 3: five workloads for every chip compared.

use super::{Library, PerformanceRow};
use crate::catalog::{Chip, ChipId};
use crate::figure::{Outcome, Quantity};
use crate::perf::{Performance, Scale, Workload};
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

    /// The run a chip is valued by: the scale at which one chip does most, the smaller where two tie; a buyer who
    /// needs thirty-two chips for a model buys thirty-two.
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
        let rate = |run: &Outcome<Performance>| run.known().map_or(-1.0, |run| run.per_chip.value.get());
        let best = |a: &&(Scale, Outcome<Performance>), b: &&(Scale, Outcome<Performance>)| {
            rate(&a.1).total_cmp(&rate(&b.1)).then(b.0.cmp(&a.0))
        };
        runs.iter().max_by(best).map(|(_, run)| run)
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
