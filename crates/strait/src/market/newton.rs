//! All binding limits at once: Newton's method on ln(demand/units) over y = ln(1 + λ/price), with the
//! nested logit's own derivatives.
//!
//! ∂s_j/∂u_k = s_j·(δ_jk/(1−rho) − rho/(1−rho)·s_{k|nest}·[same nest] − s_k); a rent r on good k at price p
//! lowers u_k by a·ln(1 + φ·r/p), and units are money·s_j/(p_j + r_j).

use super::clearing::{Clearing, NESTS, Rents};
use super::linear;

/// One pass over all decisions: demand of each limit, and its derivative in every rent (row-major).
struct Slope {
    demand: Vec<f64>,
    by_rent: Vec<f64>,
    /// By decision, limit and nest: units, and share times the slope of utility in rent.
    sums: Vec<[[f64; NESTS]; 2]>,
    /// By decision and nest: rho/(1−rho) over the nest's share.
    nested: Vec<[f64; NESTS]>,
}

/// Solves from the rents given; false where it does not settle, with the rents then undefined.
pub(crate) fn solve(clearing: &Clearing, rents: &mut Rents, tolerance: f64) -> bool {
    let n = clearing.limits.len();
    let scale: Vec<f64> = clearing
        .limits
        .iter()
        .map(|l| l.goods.iter().map(|g| clearing.price[*g]).sum::<f64>() / l.goods.len().max(1) as f64)
        .collect();
    // Limits that hold for a good in a segment.
    let members: Vec<Vec<usize>> = (0..clearing.segments * clearing.price.len())
        .map(|cell| {
            let (segment, good) = (cell / clearing.price.len(), cell % clearing.price.len());
            (0..n)
                .filter(|l| {
                    let limit = &clearing.limits[*l];
                    limit.goods.contains(&good) && limit.segment.is_none_or(|s| s == segment)
                })
                .collect()
        })
        .collect();
    let mut slope = Slope {
        demand: vec![0.0; n],
        by_rent: vec![0.0; n * n],
        sums: Vec::new(),
        nested: Vec::new(),
    };
    for _round in 0..40 {
        spread(clearing, &members, rents);
        slope.take(clearing, &members, rents);
        let excess: Vec<f64> = slope
            .demand
            .iter()
            .zip(&clearing.limits)
            .map(|(d, l)| (d / l.units).ln())
            .collect();
        rents.residual = (0..n)
            .map(|l| {
                if rents.of_limit[l] > 0.0 {
                    excess[l].exp_m1().abs()
                } else {
                    excess[l].exp_m1().max(0.0)
                }
            })
            .fold(0.0, f64::max);
        if !rents.residual.is_finite() {
            return false;
        }
        if rents.residual <= tolerance {
            return true;
        }
        let active: Vec<usize> = (0..n)
            .filter(|l| rents.of_limit[*l] > 0.0 || excess[*l] > 0.0)
            .collect();
        slope.cross(n, &active);
        let mut matrix: Vec<f64> = active
            .iter()
            .flat_map(|&row| active.iter().map(move |&column| (row, column)))
            .map(|(row, column)| {
                slope.by_rent[row * n + column] / slope.demand[row] * (scale[column] + rents.of_limit[column])
            })
            .collect();
        let mut step: Vec<f64> = active.iter().map(|row| -excess[*row]).collect();
        if !linear::solve(&mut matrix, &mut step) {
            return false;
        }
        for (&l, step) in active.iter().zip(step) {
            let y = (rents.of_limit[l] / scale[l]).ln_1p() + step.clamp(-1.0, 1.0);
            rents.of_limit[l] = scale[l] * y.max(0.0).exp_m1();
        }
    }
    false
}

/// Brings rents and factors of every good in line with the rents of the limits.
fn spread(clearing: &Clearing, members: &[Vec<usize>], rents: &mut Rents) {
    for (cell, limits) in members.iter().enumerate() {
        if limits.is_empty() {
            continue;
        }
        let rent: f64 = limits.iter().map(|l| rents.of_limit[*l]).sum();
        let price = clearing.price[cell % clearing.price.len()];
        rents.by_good[cell] = rent;
        rents.factor[cell] = if rent > 0.0 {
            (1.0 + clearing.chip_share * rent / price).powf(-clearing.steepness)
        } else {
            1.0
        };
    }
}

impl Slope {
    /// Demand, the sums, and the part of the derivative that is a good's own.
    fn take(&mut self, clearing: &Clearing, members: &[Vec<usize>], rents: &Rents) {
        let n = clearing.limits.len();
        self.demand.fill(0.0);
        self.by_rent.fill(0.0);
        self.sums.clear();
        self.sums.resize(n * clearing.decisions.len(), [[0.0; NESTS]; 2]);
        self.nested.clear();
        let exponent = clearing.steepness * (1.0 - clearing.rho);
        let within = 1.0 / (1.0 - clearing.rho);
        let mut shares = Vec::new();
        for (decision, sums) in clearing.decisions.iter().zip(self.sums.chunks_mut(n)) {
            clearing.shares(decision, rents, &mut shares);
            let mut nests = [0.0; NESTS];
            for (&(good, nest, _), &share) in decision.goods.iter().zip(&shares) {
                nests[nest] += share;
                let cell = clearing.at(decision.segment, good);
                if members[cell].is_empty() {
                    continue;
                }
                let (price, rent) = (clearing.price[good], rents.by_good[cell]);
                let units = decision.money * share / (price + rent);
                let utility = -exponent * clearing.chip_share / (price + clearing.chip_share * rent);
                for &l in &members[cell] {
                    self.demand[l] += units;
                    sums[l][0][nest] += units;
                    sums[l][1][nest] += share * utility;
                    for &m in &members[cell] {
                        self.by_rent[l * n + m] += units * (within * utility - 1.0 / (price + rent));
                    }
                }
            }
            self.nested
                .push(nests.map(|s| if s > 0.0 { clearing.rho * within / s } else { 0.0 }));
        }
    }

    /// Adds what goods do to one another, for the limits that are active: the double sum over goods j of
    /// one limit and k of another factors into sums, over all goods and within each nest.
    fn cross(&mut self, n: usize, active: &[usize]) {
        for (sums, nested) in self.sums.chunks(n).zip(&self.nested) {
            for &l in active {
                let units = &sums[l][0];
                let all: f64 = units.iter().sum();
                if all == 0.0 {
                    continue;
                }
                for &m in active {
                    let pull = &sums[m][1];
                    let mut change = all * pull.iter().sum::<f64>();
                    for g in 0..NESTS {
                        change += nested[g] * units[g] * pull[g];
                    }
                    self.by_rent[l * n + m] -= change;
                }
            }
        }
    }
}
