//! Linear programs in whole numbers: branch and bound over the linear relaxation (Land and Doig, 1960).
//!
//! The node with the best bound is opened next; its relaxation rounded makes fleets on the way. The search ends
//! when no bound beats the best fleet found, which then is the best there is, or after so many nodes, with the gap
//! that is left.

use super::linear::maximise;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Nodes opened at most.
const NODES: usize = 20_000;
/// How near to whole a number counts as whole.
const WHOLE: f64 = 1e-6;
/// Gaps this small, relative to the best, are rounding.
const GAP: f64 = 1e-9;

/// `maximise gain·x where row·x <= right for every row, 0 <= x <= most`, x whole.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) gain: Vec<f64>,
    pub(crate) rows: Vec<(Vec<f64>, f64)>,
    pub(crate) most: Vec<u32>,
}

/// The best found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) units: Vec<u32>,
    /// Nothing gains more than this.
    pub(crate) bound: f64,
    pub(crate) gain: f64,
}

struct Node {
    bound: f64,
    /// Order of making, so that ties are opened in one order.
    made: usize,
    point: Vec<f64>,
    low: Vec<u32>,
    high: Vec<u32>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Node {}
impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound
            .total_cmp(&other.bound)
            .then(other.made.cmp(&self.made))
    }
}

struct Search<'p> {
    program: &'p Program,
    open: BinaryHeap<Node>,
    best: Option<(f64, Vec<u32>)>,
    made: usize,
}

/// The best in whole numbers; `None` where nothing satisfies the rows.
pub(crate) fn best(program: &Program) -> Option<Found> {
    let mut search = Search {
        program,
        open: BinaryHeap::new(),
        best: None,
        made: 0,
    };
    search.make(vec![0; program.gain.len()], program.most.clone());
    let mut left = f64::NEG_INFINITY;
    while let Some(node) = search.open.pop() {
        if !search.beats(node.bound) {
            break;
        }
        if search.made >= NODES {
            left = node.bound;
            break;
        }
        search.branch(node);
    }
    let (gain, units) = search.best?;
    Some(Found {
        units,
        bound: left.max(gain),
        gain,
    })
}

impl Search<'_> {
    fn beats(&self, bound: f64) -> bool {
        self.best
            .as_ref()
            .is_none_or(|(gain, _)| bound > gain + GAP * gain.abs().max(f64::MIN_POSITIVE))
    }

    /// Relaxes a box, takes the fleets that rounding makes, and keeps the box open where it may hold a better one.
    fn make(&mut self, low: Vec<u32>, high: Vec<u32>) {
        self.made += 1;
        let Some(point) = self.relax(&low, &high) else {
            return;
        };
        let bound = dot(&self.program.gain, &point);
        let whole = point.iter().all(|x| (x - x.round()).abs() < WHOLE);
        self.try_rounded(&point, f64::round);
        if !whole {
            self.try_rounded(&point, f64::floor);
            self.try_rounded(&point, f64::ceil);
        }
        if !whole && self.beats(bound) {
            self.open.push(Node {
                bound,
                made: self.made,
                point,
                low,
                high,
            });
        }
    }

    fn relax(&self, low: &[u32], high: &[u32]) -> Option<Vec<f64>> {
        let n = low.len();
        let from: Vec<f64> = low.iter().map(|x| f64::from(*x)).collect();
        let mut a = Vec::with_capacity(self.program.rows.len() + n);
        let mut b = Vec::with_capacity(a.capacity());
        for (row, right) in &self.program.rows {
            let left = right - dot(row, &from);
            // What is bought already takes more than there is, and buying gives nothing back.
            if left < 0.0 && row.iter().all(|x| *x >= 0.0) {
                return None;
            }
            a.push(row.clone());
            b.push(left);
        }
        for j in 0..n {
            a.push((0..n).map(|k| if k == j { 1.0 } else { 0.0 }).collect());
            b.push(f64::from(high[j] - low[j]));
        }
        let x = maximise(&self.program.gain, &a, &b)?;
        Some(x.iter().zip(&from).map(|(x, from)| x + from).collect())
    }

    /// Splits a box where its point is furthest from whole.
    fn branch(&mut self, node: Node) {
        let off = |x: f64| (x - x.round()).abs();
        let at = (0..node.point.len())
            .max_by(|i, j| off(node.point[*i]).total_cmp(&off(node.point[*j])).then(j.cmp(i)));
        let Some(at) = at else { return };
        let floor = as_units(node.point[at].floor());
        let (mut high, mut low) = (node.high.clone(), node.low.clone());
        high[at] = floor;
        low[at] = floor + 1;
        self.make(node.low, high);
        if low[at] <= node.high[at] {
            self.make(low, node.high);
        }
    }

    /// Takes a rounded point, filled up with what still fits and gains, where it satisfies every row.
    fn try_rounded(&mut self, point: &[f64], round: fn(f64) -> f64) {
        let p = self.program;
        let mut units: Vec<u32> = point
            .iter()
            .zip(&p.most)
            .map(|(x, most)| as_units(round(*x)).min(*most))
            .collect();
        if !p.holds(&units) {
            return;
        }
        for j in p.by_gain() {
            // More of what gains, less of what costs, while every row holds.
            loop {
                let next = match (p.gain[j] > 0.0, units[j]) {
                    (true, x) if x < p.most[j] => x + 1,
                    (false, x) if x > 0 => x - 1,
                    _ => break,
                };
                let before = std::mem::replace(&mut units[j], next);
                if !p.holds(&units) {
                    units[j] = before;
                    break;
                }
            }
        }
        let gain = p.worth(&units);
        if self.best.as_ref().is_none_or(|(best, _)| gain > *best) {
            self.best = Some((gain, units));
        }
    }
}

impl Program {
    /// Whether whole numbers satisfy every row, up to the rounding of the sums.
    pub(crate) fn holds(&self, units: &[u32]) -> bool {
        let x: Vec<f64> = units.iter().map(|u| f64::from(*u)).collect();
        self.rows
            .iter()
            .all(|(row, right)| dot(row, &x) <= right + 1e-12 * right.abs())
    }

    fn worth(&self, units: &[u32]) -> f64 {
        let x: Vec<f64> = units.iter().map(|u| f64::from(*u)).collect();
        dot(&self.gain, &x)
    }

    /// Variables, the largest gain or cost first.
    fn by_gain(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.gain.len()).collect();
        order.sort_by(|i, j| {
            let size = |k: usize| self.gain[k].abs();
            size(*j).total_cmp(&size(*i)).then(i.cmp(j))
        });
        order
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of units, between zero and a bound that is a u32"
)]
fn as_units(x: f64) -> u32 {
    x.max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every point of the box, tried one by one.
    fn by_hand(p: &Program) -> Option<f64> {
        let mut best: Option<f64> = None;
        let mut units = vec![0; p.most.len()];
        loop {
            if p.holds(&units) {
                let worth = p.worth(&units);
                best = Some(best.map_or(worth, |b| b.max(worth)));
            }
            let Some(at) = (0..units.len()).find(|j| units[*j] < p.most[*j]) else {
                return best;
            };
            units[..at].fill(0);
            units[at] += 1;
        }
    }

    fn numbers(n: usize) -> impl Strategy<Value = Vec<f64>> {
        proptest::collection::vec(0.1f64..10.0, n)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn nothing_in_the_box_beats_it(
            gain in numbers(3), money in numbers(3), power in numbers(3),
            most in proptest::collection::vec(0u32..6, 3), budget in 1.0f64..40.0, limit in 1.0f64..40.0,
        ) {
            let p = Program { gain, rows: vec![(money, budget), (power, limit)], most };
            let found = best(&p).expect("nothing bought is always possible");
            prop_assert!(p.holds(&found.units));
            let truth = by_hand(&p).unwrap();
            prop_assert!((found.gain - truth).abs() <= 1e-9 * truth.max(1.0), "{found:?} against {truth}");
            prop_assert_eq!(found.bound, found.gain);
        }

        #[test]
        fn the_cheapest_that_meets_a_demand(
            cost in numbers(3), rate in numbers(3), money in numbers(3),
            most in proptest::collection::vec(0u32..6, 3), demand in 0.5f64..60.0, budget in 1.0f64..60.0,
        ) {
            let negative = |all: Vec<f64>| all.into_iter().map(|x| -x).collect::<Vec<_>>();
            let p = Program {
                gain: negative(cost),
                rows: vec![(negative(rate), -demand), (money, budget)],
                most,
            };
            match (best(&p), by_hand(&p)) {
                (Some(found), Some(truth)) => {
                    prop_assert!(p.holds(&found.units));
                    prop_assert!((found.gain - truth).abs() <= 1e-9 * truth.abs().max(1.0), "{found:?} against {truth}");
                }
                (None, None) => {}
                (found, truth) => prop_assert!(false, "{found:?} against {truth:?}"),
            }
        }
    }
}
