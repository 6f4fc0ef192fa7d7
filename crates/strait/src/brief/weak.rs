//! Part 6: the disputed, recalled and assumed figures the answer rests on, and whether another value
//! would change it.
//!
//! Each chip figure is put to the test: the law is asked again and the worth computed again with every
//! live alternative, and with ten percent more and less where a weak figure has no alternative.

use super::performance::Runs;
use super::worth::{Side, Values};
use super::{Costs, Library, PeerNote, WeakFigure, WorthRow};
use crate::catalog::{Chip, FigureView};
use crate::cost::{CostModel, Price};
use crate::figure::{AlternativeState, FigureRef, Grade, Place, Quantity};
use crate::rules::Transaction;
use crate::scenario::PriceChange;
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
    /// Cost with the levies of the brief's law.
    pub(crate) model: &'a CostModel,
    pub(crate) peers: &'a [&'a Chip],
    pub(crate) notes: &'a [PeerNote],
    pub(crate) costs: &'a Costs,
    pub(crate) values: &'a [Values],
    pub(crate) runs: &'a Runs,
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
        let changed = self.peers[n].with_value(path, value, &self.peers[n].place).ok()?;
        if n == 0 {
            let law = self.law(&changed);
            if law != base.law {
                return Some((true, format!("law: {} becomes {law}", base.law)));
            }
        }
        let runs = Runs::make(self.library, std::iter::once(&changed));
        let mut values = self.values.to_vec();
        values[n] = super::worth::values(self.library, &changed, &self.costs.prices[n].hourly, &runs);
        Some(self.compared(&base.rows, &values))
    }

    /// Whether the answer comes out differently with other values, and how.
    fn compared(&self, before: &[WorthRow], values: &[Values]) -> (bool, String) {
        let after = super::worth::rows(self.library, self.notes, values);
        let mut changes = Vec::new();
        let mut most = ("", 0.0_f64);
        for row in before {
            let class = super::sentences::class(row.class);
            let Some(now) = after.iter().find(|now| now.workload == row.workload) else {
                changes.push(format!("{class} can no longer be valued"));
                continue;
            };
            let (was, is) = (Side::of(row), Side::of(now));
            if was != is {
                let ((was_at, _, _), (is_at, _, _)) = (row.ratio, now.ratio);
                changes.push(format!(
                    "{class} {} ({was_at:.2}) becomes {} ({is_at:.2})",
                    was.words(),
                    is.words()
                ));
            }
            let moved = (now.ratio.0 / row.ratio.0 - 1.0).abs();
            if moved > most.1 {
                most = (class, moved);
            }
        }
        if changes.is_empty() && most.1 < 0.005 {
            return (false, "no ratio moves".to_owned());
        }
        if changes.is_empty() {
            return (
                false,
                format!(
                    "no side changes; {} moves most, by {:.0} %",
                    most.0,
                    most.1 * 100.0
                ),
            );
        }
        (true, changes.join("; "))
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

    /// Prices of the subject and of the rivals that decide, where they are an interval or weak: the worth is
    /// computed again with the price at either end, or ten percent off where there is one value only.
    pub(crate) fn prices(&self) -> Vec<WeakFigure> {
        let base = super::worth::rows(self.library, self.notes, self.values);
        let decides = |n: usize| n == 0 || base.iter().any(|row| row.rival == self.peers[n].id);
        let rows = self.costs.prices.iter().enumerate().filter(|(n, _)| decides(*n));
        rows.filter_map(|(n, row)| Some((n, row.price.known()?)))
            .filter(|(_, price)| !price.usd.is_exact() || price.grade.is_weak())
            .map(|(n, price)| self.price(n, price, &base))
            .collect()
    }

    fn price(&self, n: usize, price: &Price, base: &[WorthRow]) -> WeakFigure {
        let (low, high) = (price.usd.low.get(), price.usd.high.get());
        let exact = price.usd.is_exact();
        let ends = if exact {
            [low * (1.0 - PROBE), high * (1.0 + PROBE)]
        } else {
            [low, high]
        };
        let tried: Vec<(f64, bool, String)> = ends
            .into_iter()
            .filter(|usd| exact || *usd != price.usd.value.get())
            .map(|usd| {
                let change = PriceChange {
                    chip: self.peers[n].id.0.clone(),
                    place: self.costs.place.clone(),
                    usd,
                    from: None,
                    written: Place::whole("tried"),
                };
                let model = self.model.clone().with_price(change);
                let hourly = super::cost::hourly_with(self.library, &model, self.peers[n], self.ask);
                let mut values = self.values.to_vec();
                values[n] = super::worth::values(self.library, self.peers[n], &hourly, self.runs);
                let (changes, effect) = self.compared(base, &values);
                (usd, changes, effect)
            })
            .collect();
        let told = tried.iter().find(|t| t.1).or_else(|| tried.first());
        WeakFigure {
            of: self.peers[n].id.0.clone(),
            path: format!("price {}", price.row),
            value: format!("{} USD", price.usd.value.get().round()),
            grade: price.grade,
            source: price.source.clone(),
            place: price
                .rests_on
                .first()
                .map_or_else(|| self.peers[n].place.clone(), |row| row.place.clone()),
            why: if exact {
                format!(
                    "{}, no other value recorded; {} % either way tried",
                    price.grade,
                    PROBE * 100.0
                )
            } else {
                format!("an interval, {}–{} USD", low.round(), high.round())
            },
            alternatives: price
                .rests_on
                .iter()
                .skip(1)
                .filter(|row| row.place.file.ends_with("prices.csv"))
                .map(|row| format!("{} ({}, {})", row.of, row.source, row.grade))
                .collect(),
            changes: told.is_some().then(|| tried.iter().any(|t| t.1)),
            effect: told.map_or_else(String::new, |(usd, _, effect)| {
                format!("at {} USD: {effect}", usd.round())
            }),
        }
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
