//! Is it worth buying there, and by how much: tokens per dollar against the best rival that the same
//! buyer can get.

use super::performance::Runs;
use super::{Library, PeerNote, Role, Worth, WorthRow};
use crate::catalog::Chip;
use crate::cost::{HourlyCost, PriceKind};
use crate::figure::{Estimate, Need, Outcome, Quantity, TokensPerDollar};
use crate::rules::{ChinaState, SupplyEffect};

/// Why a buyer cannot hope to get the chip; `None` where it can.
fn out_of_reach(note: &PeerNote) -> Option<&'static str> {
    if note.on_sale == Some(false) {
        Some("not on sale that quarter")
    } else if note.supply_effect == SupplyEffect::Blocked {
        Some("blocked for this buyer by the US rules of the day")
    } else if note.china == ChinaState::Banned {
        Some("barred for this buyer on the China side that day")
    } else {
        None
    }
}

/// A grey price is no price for a buyer who goes through the maker: it carries the risk of going around the law.
fn only_grey(hourly: &Outcome<HourlyCost>) -> bool {
    hourly
        .known()
        .is_some_and(|cost| cost.price.kind == PriceKind::Grey)
}

/// Tokens per dollar of one chip, in the order of the workloads; `None` where price or performance is unknown.
pub(crate) type Values = Vec<Option<Estimate<TokensPerDollar>>>;

pub(crate) fn values(library: &Library, chip: &Chip, hourly: &Outcome<HourlyCost>, runs: &Runs) -> Values {
    let of = |workload| super::cost::valued(library, runs, chip, hourly, workload).map(|(_, v)| v.per_dollar);
    library.perf.workloads().iter().map(of).collect()
}

/// On which side a ratio comes out once its interval is taken into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The whole interval is at one or above.
    Worth,
    /// The whole interval is below one.
    NotWorth,
    /// The interval holds one.
    Open,
}

impl Side {
    pub(crate) fn of(row: &WorthRow) -> Self {
        let (_, low, high) = row.ratio;
        if low >= 1.0 {
            Self::Worth
        } else if high < 1.0 {
            Self::NotWorth
        } else {
            Self::Open
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Worth => "worth buying for",
            Self::NotWorth => "not worth buying for",
            Self::Open => "left open",
        }
    }
}

/// Ratios by workload; `notes[0]` and `values[0]` are the subject's.
///
/// A ratio's interval adds the two chips' spreads as independent ones, in logarithms: what their errors
/// share (the fitted system factors, the parameters of cost) would only narrow it.
pub(crate) fn rows(library: &Library, notes: &[PeerNote], values: &[Values]) -> Vec<WorthRow> {
    let mut rows = Vec::new();
    for (w, workload) in library.perf.workloads().iter().enumerate() {
        let Some(own) = values[0][w] else { continue };
        let best = (1..notes.len())
            .filter(|n| out_of_reach(&notes[*n]).is_none())
            .filter_map(|n| Some((n, values[n][w]?)))
            .max_by(|a, b| a.1.value.get().total_cmp(&b.1.value.get()));
        if let Some((n, rival)) = best {
            rows.push(WorthRow {
                workload: workload.id.clone(),
                class: workload.class,
                rival: notes[n].chip.clone(),
                ratio: ratio(own, rival),
            });
        }
    }
    rows
}

/// Values of all chips compared, the subject's first.
pub(crate) fn all_values(
    library: &Library,
    peers: &[&Chip],
    hourly: &[Outcome<HourlyCost>],
    runs: &Runs,
) -> Vec<Values> {
    let of = |(n, chip): (usize, &&Chip)| {
        if n > 0 && only_grey(&hourly[n]) {
            return vec![None; library.perf.workloads().len()];
        }
        values(library, chip, &hourly[n], runs)
    };
    peers.iter().enumerate().map(of).collect()
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
        if let Some(why) = out_of_reach(note) {
            not_compared.push((note.chip.clone(), why.to_owned()));
        } else if only_grey(&hourly[n]) {
            not_compared.push((
                note.chip.clone(),
                "only a grey-market price is known there".to_owned(),
            ));
        } else if let Some(need) = hourly[n].needs().first() {
            not_compared.push((note.chip.clone(), format!("unknown: {}", need.fact)));
        } else if values[n].iter().all(Option::is_none) {
            not_compared.push((note.chip.clone(), "its performance is unknown".to_owned()));
        }
    }
    Outcome::Known(Worth { rows, not_compared })
}

/// Value, low and high of the quotient of two independent estimates.
fn ratio(own: Estimate<TokensPerDollar>, rival: Estimate<TokensPerDollar>) -> (f64, f64, f64) {
    let value = own.value / rival.value;
    let spread = |near: f64, far: f64| near.ln().hypot(far.ln()).exp();
    let down = spread(own.value / own.low, rival.high / rival.value);
    let up = spread(own.high / own.value, rival.value / rival.low);
    (value, value / down, value * up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_keeps_the_interval_of_the_uncertain_side_and_adds_two_in_quadrature() {
        let of = |value, low, high| {
            Estimate::new(
                TokensPerDollar::of(value),
                TokensPerDollar::of(low),
                TokensPerDollar::of(high),
            )
        };
        let close = |a: (f64, f64, f64), b: (f64, f64, f64)| {
            assert!(
                (a.0 - b.0).abs() + (a.1 - b.1).abs() + (a.2 - b.2).abs() < 1e-9,
                "{a:?} {b:?}"
            );
        };
        let exact = of(2.0, 2.0, 2.0);
        close(ratio(of(4.0, 2.0, 8.0), exact), (2.0, 1.0, 4.0));
        close(ratio(exact, of(4.0, 2.0, 16.0)), (0.5, 0.125, 1.0));
        let both = 2f64.powf(2f64.sqrt());
        close(
            ratio(of(4.0, 2.0, 8.0), of(4.0, 2.0, 8.0)),
            (1.0, 1.0 / both, both),
        );
    }
}
