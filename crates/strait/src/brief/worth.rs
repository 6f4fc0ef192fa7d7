//! Is it worth buying there, and by how much: tokens per dollar against the best rival that the same
//! buyer can get.

use super::performance::Runs;
use super::{Library, PeerNote, Role, Worth, WorthRow};
use crate::catalog::Chip;
use crate::cost::HourlyCost;
use crate::figure::{Estimate, Need, Outcome, Quantity, TokensPerDollar};
use crate::rules::{ChinaState, SupplyEffect};

/// Whether a buyer can hope to get the chip at all.
pub(crate) fn obtainable(supply: SupplyEffect, china: ChinaState) -> bool {
    supply != SupplyEffect::Blocked && china != ChinaState::Banned
}

/// Tokens per dollar of one chip, in the order of the workloads; `None` where price or performance is unknown.
pub(crate) type Values = Vec<Option<Estimate<TokensPerDollar>>>;

pub(crate) fn values(library: &Library, chip: &Chip, hourly: &Outcome<HourlyCost>, runs: &Runs) -> Values {
    let of = |workload| super::cost::valued(library, runs, chip, hourly, workload).map(|(_, v)| v.per_dollar);
    library.perf.workloads().iter().map(of).collect()
}

/// Ratios by workload; `notes[0]` and `values[0]` are the subject's.
///
/// A ratio's interval divides opposite ends: nothing is known of how the errors of two chips move together.
pub(crate) fn rows(library: &Library, notes: &[PeerNote], values: &[Values]) -> Vec<WorthRow> {
    let mut rows = Vec::new();
    for (w, workload) in library.perf.workloads().iter().enumerate() {
        let Some(own) = values[0][w] else { continue };
        let best = (1..notes.len())
            .filter(|n| obtainable(notes[*n].supply_effect, notes[*n].china))
            .filter_map(|n| Some((n, values[n][w]?)))
            .max_by(|a, b| a.1.value.get().total_cmp(&b.1.value.get()));
        if let Some((n, rival)) = best {
            rows.push(WorthRow {
                workload: workload.id.clone(),
                class: workload.class,
                rival: notes[n].chip.clone(),
                ratio: (
                    own.value / rival.value,
                    own.low / rival.high,
                    own.high / rival.low,
                ),
            });
        }
    }
    rows
}

/// The worth with what could not be compared; `hourly` and `values` follow the order of `notes`.
pub(crate) fn worth(
    library: &Library,
    notes: &[PeerNote],
    hourly: &[Outcome<HourlyCost>],
    values: &[Values],
    runs: &Runs,
) -> Outcome<Worth> {
    let rows = rows(library, notes, values);
    let mut needs: Vec<Need> = hourly[0].needs().to_vec();
    for workload in library.perf.workloads() {
        for need in runs
            .valued(library, &notes[0].chip, workload)
            .map_or(&[][..], Outcome::needs)
        {
            if needs.iter().all(|n| n.fact != need.fact) {
                needs.push(need.clone());
            }
        }
    }
    if rows.is_empty() && !needs.is_empty() {
        return Outcome::Unknown(needs);
    }
    let mut not_compared = Vec::new();
    for (n, note) in notes
        .iter()
        .enumerate()
        .filter(|(_, note)| note.role != Role::Subject)
    {
        if !obtainable(note.supply_effect, note.china) {
            let why = "not obtainable by this buyer under the law and guidance of the day";
            not_compared.push((note.chip.clone(), why.to_owned()));
        } else if let Some(need) = hourly[n].needs().first() {
            not_compared.push((note.chip.clone(), format!("unknown: {}", need.fact)));
        } else if values[n].iter().all(Option::is_none) {
            not_compared.push((note.chip.clone(), "its performance is unknown".to_owned()));
        }
    }
    Outcome::Known(Worth { rows, not_compared })
}
