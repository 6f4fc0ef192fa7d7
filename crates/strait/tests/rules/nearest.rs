//! The nearest change of class: by hand for chips of the catalog, and as properties over random chips.

mod classes;
mod properties;
mod rules;

use crate::shipped::{BOOK, CATALOG, public};
use strait::catalog::Chip;
use strait::data::{DataSet, load_sources};
use strait::figure::{Estimate, Figure, Quantity};
use strait::rules::{Change, LawBook, Lever, NearestChanges, NearestRule, Reach, RuleKind};
use strait::scenario::Scenario;

fn load(data: DataSet) -> LawBook {
    let sources = load_sources(&data).unwrap();
    LawBook::load(&data, &Scenario::default(), &sources).unwrap()
}

fn near(chip: &Chip, day: &str) -> NearestChanges {
    BOOK.nearest(chip, public(day, "2026-11-23")).unwrap()
}

fn named(name: &str, day: &str) -> NearestChanges {
    near(&CATALOG.resolve(name).unwrap().chip.clone(), day)
}

fn rule(all: &NearestChanges, kind: RuleKind) -> &NearestRule {
    all.rules.iter().find(|r| r.kind == kind).expect("the rule")
}

fn change<'a>(rule: &'a NearestRule, to: &str, lever: Lever) -> &'a Change {
    let target = rule.targets.iter().find(|t| t.to == to).expect("the target");
    target
        .changes
        .iter()
        .find(|c| c.lever == lever)
        .expect("the lever")
}

/// `at_least 2400, below 4800 (32)`.
fn says(change: &Change) -> String {
    let edge = |e: &strait::rules::Edge| {
        let relation = serde_json::to_value(e.relation).unwrap();
        format!("{} {}", relation.as_str().unwrap(), e.limit)
    };
    match (change.reach, &change.needed, &change.up_to, &change.change) {
        (Reach::NotReachable, ..) => "not reachable".to_owned(),
        (_, Some(near), Some(far), Some(by)) => format!("{}, {} ({by})", edge(near), edge(far)),
        (_, Some(near), None, Some(by)) => format!("{} ({by})", edge(near)),
        (_, near, ..) => format!("{} unmeasured", near.as_ref().map(edge).unwrap_or_default()),
    }
}

/// A made-up chip of one format and one die.
fn made(tpp: f64, area: f64, bandwidth: f64, link: f64, datacenter: Option<bool>) -> Chip {
    let mut chip = CATALOG.resolve("h20").unwrap().chip.clone();
    chip.vendor = "made-up".to_owned();
    chip.family = "made-up".to_owned();
    chip.variants.clear();
    chip.peaks.truncate(1);
    chip.peaks[0].input_bits = Estimate::exact(Quantity::of(16.0));
    set(&mut chip.peaks[0].rate, tpp / 16.0);
    chip.dies.truncate(1);
    set(chip.dies[0].area.as_mut().unwrap(), area);
    set(chip.memory.bandwidth.as_mut().unwrap(), bandwidth);
    set(chip.io.scale_up_bidirectional.as_mut().unwrap(), link);
    set(chip.io.host_bidirectional.as_mut().unwrap(), 128.0);
    match datacenter {
        Some(value) => chip.market.datacenter.as_mut().unwrap().value = value,
        None => chip.market.datacenter = None,
    }
    chip
}

fn set<Q: Quantity>(figure: &mut Figure<Q>, value: f64) {
    figure.value = Q::of(value);
    figure.alternatives.clear();
}
