//! The nearest value of each lever at which a rule comes out as asked.

use super::lever::{Base, Lever, Point};
use super::rule::Rule;
use super::{Change, Edge, NearestRule, Reach, Relation, Target};
use crate::catalog::Chip;
use crate::figure::SourceId;
use crate::rules::{Amount, Instrument};
use rust_decimal::Decimal;

/// A stretch of a lever's axis on which no bound lies: a bound itself, or all between two of them.
struct Stretch<'p> {
    /// The bound it begins at, and whether that belongs to it.
    from: Option<(&'p Point, bool)>,
    to: Option<(&'p Point, bool)>,
    /// A value inside.
    sample: Decimal,
}

pub(super) fn nearest(rule: &Rule<'_>, base: &Base, chip: &Chip) -> NearestRule {
    let now = rule.outcome(&base.filed, base.datacenter());
    let Instrument { id, source, .. } = rule.bounded.instrument;
    let targets = rule
        .states()
        .into_iter()
        .filter(|state| !now.is(state))
        .map(|state| target(rule, base, chip, state))
        .collect();
    NearestRule {
        kind: rule.bounded.kind,
        instrument: id.clone(),
        source: SourceId(source.get_ref().clone()),
        paragraph: rule.bounded.paragraph.map(str::to_owned),
        binds: rule.bounded.binds,
        named: rule.named(),
        now: now.words.iter().map(|w| (*w).to_owned()).collect(),
        meets: now.meets,
        targets,
    }
}

fn target(rule: &Rule<'_>, base: &Base, chip: &Chip, state: &str) -> Target {
    let mut changes: Vec<Change> = Lever::of(chip)
        .into_iter()
        .map(|lever| match lever {
            Lever::Datacenter => fact(rule, base, state),
            lever => figure(rule, base, lever, state),
        })
        .collect();
    // By fraction; a fact has none, and goes before no figure.
    let reachable = changes.iter_mut().filter(|c| c.reach == Reach::Reachable);
    let smallest = reachable.min_by_key(|c| (c.fact.is_some(), c.relative.is_none(), c.relative));
    if let Some(smallest) = smallest {
        smallest.smallest = true;
    }
    Target {
        to: state.to_owned(),
        changes,
    }
}

fn blank(lever: Lever, reach: Reach, why: Option<&str>) -> Change {
    Change {
        lever,
        reach,
        needed: None,
        up_to: None,
        fact: None,
        change: None,
        relative: None,
        meets: None,
        certain: None,
        smallest: false,
        why: why.map(str::to_owned),
    }
}

fn unreachable(lever: Lever, why: &str) -> Change {
    blank(lever, Reach::NotReachable, Some(why))
}

/// Data-center marketing turned on or off.
fn fact(rule: &Rule<'_>, base: &Base, state: &str) -> Change {
    let lever = Lever::Datacenter;
    if !rule.asks_datacenter() {
        return unreachable(lever, "no bound of this rule asks for it");
    }
    let other = match base.datacenter() {
        Some(now) => vec![!now],
        None => vec![true, false],
    };
    for value in other {
        let then = rule.outcome(&base.filed, Some(value));
        if then.is(state) {
            return Change {
                fact: Some(value),
                meets: then.meets,
                certain: Some(rule.outcome(&base.open, Some(value)).is(state)),
                ..blank(lever, Reach::Reachable, None)
            };
        }
    }
    unreachable(lever, "not by this alone")
}

fn figure(rule: &Rule<'_>, base: &Base, lever: Lever, state: &str) -> Change {
    if !base.defined(lever) {
        return unreachable(lever, "no die counts: undefined");
    }
    let points = base.points(&rule.conditions(), lever);
    if points.is_empty() {
        return unreachable(lever, "no bound of this rule reads it");
    }
    let then = |of, x| rule.outcome(&base.with(of, lever, x), base.datacenter());
    let stretches = stretches(&points, lever);
    let does: Vec<bool> = stretches
        .iter()
        .map(|s| then(&base.filed, s.sample).is(state))
        .collect();
    let Some(now) = base.value(lever) else {
        return unknown_now(lever, &stretches, &does);
    };
    // Above: the first stretch that does and begins at or past the value. Below: the last that ends there.
    let above = (0..stretches.len()).find(|n| does[*n] && begins(&stretches[*n]).is_some_and(|at| at >= now));
    let below = (0..stretches.len()).rfind(|n| does[*n] && ends(&stretches[*n]).is_some_and(|at| at <= now));
    let up = above.map(|n| {
        let edge = edge(stretches[n].from, true);
        (n, edge, self::edge(stretches[far(&does, n, true)].to, false))
    });
    let down = below.map(|n| {
        let edge = edge(stretches[n].to, false);
        (n, edge, self::edge(stretches[far(&does, n, false)].from, true))
    });
    let nearer = [up, down]
        .into_iter()
        .flatten()
        .filter_map(|(n, edge, other)| Some((n, edge?, other)))
        .min_by_key(|(_, edge, _)| (edge.limit.0 - now).abs());
    let Some((n, needed, up_to)) = nearer else {
        return unreachable(lever, "not by this alone");
    };
    let change = needed.limit.0 - now;
    // At the limit where that counts, else a millionth of the way beyond it.
    let limit = needed.limit.0;
    let closed = matches!(needed.relation, Relation::AtLeast | Relation::AtMost);
    let sample = if needed.exact && closed {
        limit
    } else {
        limit + (stretches[n].sample - limit) / Decimal::from(1_000_000)
    };
    Change {
        change: Some(Amount(change)),
        relative: (!now.is_zero()).then(|| Amount((change / now).abs().round_dp(6))),
        meets: then(&base.filed, sample).meets,
        certain: Some(then(&base.open, sample).is(state)),
        needed: Some(needed),
        up_to,
        ..blank(lever, Reach::Reachable, None)
    }
}

/// The end of the stretches that do, from one of them on.
fn far(does: &[bool], n: usize, up: bool) -> usize {
    let mut last = n;
    while let Some(next) = if up {
        last.checked_add(1)
    } else {
        last.checked_sub(1)
    } {
        if does.get(next) != Some(&true) {
            break;
        }
        last = next;
    }
    last
}

/// Which values would do where the chip's own is not known; no change can be measured.
fn unknown_now(lever: Lever, stretches: &[Stretch<'_>], does: &[bool]) -> Change {
    let Some(n) = does.iter().position(|d| *d) else {
        return unreachable(lever, "not by this alone");
    };
    let from = edge(stretches[n].from, true);
    let to = edge(stretches[far(does, n, true)].to, false);
    let (needed, up_to) = if from.is_some() { (from, to) } else { (to, None) };
    Change {
        needed,
        up_to,
        ..blank(lever, Reach::NotKnown, Some("the chip's own value is not known"))
    }
}

fn begins(s: &Stretch<'_>) -> Option<Decimal> {
    s.from.map(|(point, _)| point.at)
}

fn ends(s: &Stretch<'_>) -> Option<Decimal> {
    s.to.map(|(point, _)| point.at)
}

/// An end as it is said; `low` for the end a stretch begins at.
fn edge(end: Option<(&Point, bool)>, low: bool) -> Option<Edge> {
    let (point, closed) = end?;
    let relation = match (low, closed) {
        (true, true) => Relation::AtLeast,
        (true, false) => Relation::Above,
        (false, true) => Relation::AtMost,
        (false, false) => Relation::Below,
    };
    Some(Edge {
        relation,
        limit: Amount(point.at),
        exact: point.exact,
        by: point.by.clone(),
    })
}

/// The axis from zero upward, cut at every bound. A bound written out in full is a stretch of its own; one
/// that is a rounded quotient belongs to the side on which it counts.
fn stretches(points: &[Point], lever: Lever) -> Vec<Stretch<'_>> {
    let mut found: Vec<Stretch<'_>> = Vec::new();
    let beyond = points
        .last()
        .map_or(Decimal::ONE, |p| p.at * Decimal::TWO + Decimal::ONE);
    for n in 0..=points.len() {
        let from = n.checked_sub(1).map(|n| &points[n]);
        let to = points.get(n);
        let low = from.map_or(Decimal::ZERO, |p| p.at);
        let high = to.map_or(beyond, |p| p.at);
        if high > low {
            found.push(Stretch {
                from: from.map(|p| (p, !p.exact && p.up)),
                to: to.map(|p| (p, !p.exact && !p.up)),
                sample: (low + high) / Decimal::TWO,
            });
        }
        // An area of zero is none.
        let none = matches!(lever, Lever::DieArea | Lever::PackageArea);
        if let Some(point) = to.filter(|p| p.exact && !(none && p.at.is_zero())) {
            found.push(Stretch {
                from: Some((point, true)),
                to: Some((point, true)),
                sample: point.at,
            });
        }
    }
    found
}
