//! What chips that state a figure say of those that do not: medians of siblings and of families, and ends.

use super::typical::{Relation, Siblings, Typical, Unstated};
use crate::catalog::Chip;
use crate::data::DataSet;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Share of the families beyond each end. All figures that a file leaves out stand at the same end at once, so that an
/// eighth of each holds about nine of ten times of families left out (`tests/perf/assumed_device.rs`).
const BEYOND: f64 = 0.125;

impl Typical {
    /// From the chips that state the figures.
    #[must_use]
    pub fn of(chips: &[&Chip]) -> Self {
        let mut found = Self::default();
        let key = |c: &Chip| (c.perf_family.clone(), c.form);
        let mut told = String::new();
        for of in Unstated::ALL {
            let stated: Vec<(&Chip, f64)> = chips
                .iter()
                .filter_map(|c| Some((*c, rounded(of.stated(c)?))))
                .collect();
            found.figures += stated.len();
            for (chip, figure) in &stated {
                let _ = writeln!(told, "{} {} {figure:?}", chip.id, of.name());
            }
            let mut families: BTreeMap<&str, f64> = BTreeMap::new();
            for (chip, _) in &stated {
                *families.entry(&chip.perf_family).or_default() += 1.0;
            }
            let mut weighed: Vec<(f64, f64)> = stated
                .iter()
                .map(|(c, x)| (*x, 1.0 / families[c.perf_family.as_str()]))
                .collect();
            weighed.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut off = Vec::new();
            for chip in chips.iter().filter(|c| c.is_accelerator()) {
                let mut near: Vec<f64> = stated
                    .iter()
                    .filter(|(c, _)| key(c) == key(chip))
                    .map(|(_, x)| *x)
                    .collect();
                if near.is_empty() {
                    continue;
                }
                near.sort_by(f64::total_cmp);
                let median = near[(near.len() - 1) / 2];
                if let Some((_, own)) = stated.iter().find(|(c, _)| c.id == chip.id)
                    && near.len() > 1
                {
                    off.push(((own / median).ln().abs(), 1.0));
                }
                let (family, form) = key(chip);
                let held = found
                    .siblings
                    .iter()
                    .position(|s| s.family == family && s.form == form);
                let at = held.unwrap_or_else(|| {
                    found.siblings.push(Siblings {
                        family,
                        form,
                        medians: [None; 6],
                    });
                    found.siblings.len() - 1
                });
                found.siblings[at].medians[of as usize] = Some(median);
            }
            off.sort_by(|a, b| a.0.total_cmp(&b.0));
            found.relations[of as usize] = Relation {
                value: quantile(&weighed, 0.5),
                low: quantile(&weighed, BEYOND),
                high: quantile(&weighed, 1.0 - BEYOND),
                within: rounded(quantile(&off, 0.9)),
                chips: stated.len(),
                families: families.len(),
            };
        }
        found.data = DataSet::empty().with("chips", told).version();
        found
    }
}

/// The first value at which the weight reaches a share of all.
fn quantile(sorted: &[(f64, f64)], share: f64) -> f64 {
    let all: f64 = sorted.iter().map(|x| x.1).sum();
    let mut reached = 0.0;
    for (value, weight) in sorted {
        reached += weight;
        if reached >= share * all - 1e-9 {
            return *value;
        }
    }
    0.0
}

/// To three digits, as the file holds it.
fn rounded(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}
