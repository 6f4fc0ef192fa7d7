//! Part 6: the disputed, recalled and assumed figures the answer rests on, and whether another value
//! would change it.
//!
//! Each chip figure is put to the test: the law is asked again and the worth computed again with every
//! live alternative, and with ten percent more and less where a weak figure has no alternative.

use super::performance::Runs;
use super::worth::Values;
use super::{Answer, Costs, Library, PeerNote, WeakFigure, WorthRow};
use crate::catalog::{Chip, FigureView};
use crate::figure::{AlternativeState, FigureRef, Grade, Outcome, Quantity};
use crate::rules::Transaction;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Relative change tried on a weak figure that has no recorded alternative.
const PROBE: f64 = 0.10;

/// What is compared before and after a figure is changed.
struct Outlook {
    law: String,
    rows: Vec<WorthRow>,
}

pub(crate) struct Probe<'a> {
    pub(crate) library: &'a Library,
    pub(crate) peers: &'a [&'a Chip],
    pub(crate) notes: &'a [PeerNote],
    pub(crate) costs: &'a Costs,
    pub(crate) values: &'a [Values],
    pub(crate) ask: &'a Transaction,
}

impl Probe<'_> {
    fn law(&self, subject: &Chip) -> String {
        super::law::check(self.library, &self.library.law, subject, self.ask)
            .map(|v| {
                format!(
                    "{:?} {} {:?}",
                    v.us.license,
                    v.us.paragraph.as_deref().unwrap_or("-"),
                    v.cn.state
                )
            })
            .unwrap_or_default()
    }

    /// Tries one value in place of a figure of `peers[n]`; says whether the answer changes, and what changes.
    fn try_value(&self, n: usize, path: &str, value: f64, base: &Outlook) -> Option<(bool, String)> {
        let changed = self.peers[n].with_value(path, value).ok()?;
        if n == 0 {
            let law = self.law(&changed);
            if law != base.law {
                return Some((true, format!("law: {} becomes {law}", base.law)));
            }
        }
        let runs = Runs::make(self.library, std::iter::once(&changed));
        let mut values = self.values.to_vec();
        values[n] = super::worth::values(self.library, &changed, &self.costs.prices[n].hourly, &runs);
        let after = super::worth::rows(self.library, self.notes, &values);
        let mut most: f64 = 0.0;
        for before in &base.rows {
            let class = super::sentences::class(before.class);
            let Some(now) = after.iter().find(|row| row.workload == before.workload) else {
                return Some((true, format!("{class} can no longer be valued")));
            };
            let (was, is) = (before.ratio.0, now.ratio.0);
            if (was >= 1.0) != (is >= 1.0) {
                return Some((
                    true,
                    format!("{class} against {}: {was:.2} becomes {is:.2}", now.rival),
                ));
            }
            most = most.max((is / was - 1.0).abs());
        }
        Some((
            false,
            format!("moves no workload's ratio by more than {:.0} %", most * 100.0),
        ))
    }

    pub(crate) fn figures(&self, refs: &[FigureRef]) -> Vec<WeakFigure> {
        let base = Outlook {
            law: self.law(self.peers[0]),
            rows: super::worth::rows(self.library, self.notes, self.values),
        };
        let wanted: BTreeSet<(&str, &str)> = refs.iter().map(|r| (r.of.as_str(), r.path.as_str())).collect();
        let mut found = Vec::new();
        for (n, chip) in self.peers.iter().enumerate() {
            let decides = n == 0 || base.rows.iter().any(|row| row.rival == chip.id);
            for view in if decides { chip.figures() } else { Vec::new() } {
                let used = wanted.contains(&(chip.id.0.as_str(), view.path.as_str()))
                    || (n == 0 && bears_on_law(&view.path));
                if used && (view.low < view.high || view.grade.is_weak()) {
                    found.push((n, *chip, view));
                }
            }
        }
        found
            .into_par_iter()
            .map(|(n, chip, view)| self.test(n, chip, &view, &base))
            .collect()
    }

    fn test(&self, n: usize, chip: &Chip, view: &FigureView, base: &Outlook) -> WeakFigure {
        let live: Vec<_> = view
            .alternatives
            .iter()
            .filter(|a| a.3 == AlternativeState::Live)
            .collect();
        let tries: Vec<f64> = if live.is_empty() {
            vec![view.value * (1.0 - PROBE), view.value * (1.0 + PROBE)]
        } else {
            live.iter().map(|a| a.0).collect()
        };
        let effects: Vec<_> = tries
            .iter()
            .filter_map(|v| Some((*v, self.try_value(n, &view.path, *v, base)?)))
            .collect();
        let changes = effects.iter().any(|(_, (changes, _))| *changes);
        let told: Vec<_> = match effects.iter().find(|(_, (c, _))| *c).or_else(|| effects.first()) {
            Some((value, (_, effect))) => vec![format!("at {} {}: {effect}", round(*value), view.unit)],
            None => Vec::new(),
        };
        let why = match (live.is_empty(), view.grade) {
            (false, _) => "disputed".to_owned(),
            (true, grade) => format!(
                "{grade}, no other value recorded; {} % either way tried",
                PROBE * 100.0
            ),
        };
        WeakFigure {
            of: chip.id.0.clone(),
            path: view.path.clone(),
            value: format!("{} {}", round(view.value), view.unit),
            grade: view.grade,
            source: view.source.clone(),
            place: view.place.clone(),
            why,
            alternatives: live
                .iter()
                .map(|(value, source, grade, _)| {
                    format!("{} {} ({source}, {grade})", round(*value), view.unit)
                })
                .collect(),
            changes: (!effects.is_empty()).then_some(changes),
            effect: told
                .into_iter()
                .next()
                .unwrap_or_else(|| "could not be tried".to_owned()),
        }
    }
}

fn round(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn bears_on_law(path: &str) -> bool {
    path.starts_with("peak.")
        || path.starts_with("die.")
        || path.starts_with("io.")
        || path == "memory.bandwidth"
}

/// Prices that are disputed or weak: the answer changes where the tie price lies inside their interval.
pub(crate) fn prices(costs: &Costs, answer: &Answer) -> Vec<WeakFigure> {
    let rivals: BTreeSet<_> = match &answer.worth {
        Outcome::Known(worth) => worth.rows.iter().map(|row| &row.rival).collect(),
        Outcome::Unknown(_) => BTreeSet::new(),
    };
    let mut found = Vec::new();
    for (n, row) in costs.prices.iter().enumerate() {
        let Some(price) = row.price.known() else { continue };
        if n > 0 && !rivals.contains(&row.chip) || price.usd.is_exact() && !price.grade.is_weak() {
            continue;
        }
        let crossed: Vec<String> = costs
            .ties
            .iter()
            .filter(|tie| n == 0 && rivals.contains(&tie.rival))
            .filter_map(|tie| Some((tie, tie.usd?.value)))
            .filter(|(_, usd)| *usd >= price.usd.low && *usd <= price.usd.high)
            .map(|(tie, usd)| {
                format!(
                    "{} against {}: ties at {} USD",
                    tie.workload,
                    tie.rival,
                    usd.get().round()
                )
            })
            .collect();
        let interval = format!(
            "{}–{} USD",
            price.usd.low.get().round(),
            price.usd.high.get().round()
        );
        found.push(WeakFigure {
            of: row.chip.0.clone(),
            path: format!("price {}", price.row),
            value: format!("{} USD", price.usd.value.get().round()),
            grade: price.grade,
            source: price.source.clone(),
            place: price.rests_on.first().map_or_else(
                || crate::figure::Place {
                    file: "market/prices.csv".into(),
                    line: 1,
                },
                |row| row.place.clone(),
            ),
            why: if price.usd.is_exact() {
                price.grade.to_string()
            } else {
                format!("an interval, {interval}")
            },
            alternatives: Vec::new(),
            changes: (n == 0).then_some(!crossed.is_empty()),
            effect: if n > 0 {
                "a rival's price: inside the interval of the ratio".to_owned()
            } else if crossed.is_empty() {
                "no tie with a rival lies inside it".to_owned()
            } else {
                crossed.join("; ")
            },
        });
    }
    found
}

/// Parameters that are assumed or recalled, once each; not varied one by one.
pub(crate) fn parameters(refs: &[FigureRef], chips: &BTreeSet<&str>) -> Vec<WeakFigure> {
    let weak = refs
        .iter()
        .filter(|r| r.grade.is_weak() && !chips.contains(r.of.as_str()));
    let unique: BTreeMap<_, _> = weak.map(|r| ((&r.of, &r.path), r)).collect();
    unique
        .into_values()
        .map(|r| WeakFigure {
            of: r.of.clone(),
            path: r.path.clone(),
            value: String::new(),
            grade: r.grade,
            source: r.source.clone(),
            place: r.place.clone(),
            why: if r.grade == Grade::Assumed {
                "a modelling assumption".to_owned()
            } else {
                r.grade.to_string()
            },
            alternatives: Vec::new(),
            changes: None,
            effect: "not varied alone; see the line cited for its range".to_owned(),
        })
        .collect()
}
