//! A path's quarters as the series that a run keeps.

use super::super::calendar::{Month, quarters};
use super::super::capacity::Binding;
use super::super::environment::Environment;
use super::super::path::Path;
use super::super::target::nvidia;
use super::Detail;
use super::kept::{Fixed, Kept, Measure};
use crate::rules::Site;

/// Every series by quarter: `[series * quarters + quarter]`.
pub fn read(path: &Path, env: &Environment, detail: Detail) -> Vec<f32> {
    let n = quarters().len();
    let kept = Kept::of(env, detail);
    let mut out = vec![0.0_f32; kept.count() * n];
    let mut row = vec![0.0; kept.count()];
    for q in 0..n {
        row.fill(0.0);
        totals(path, env, q, &mut row);
        purchases(path, env, q, &kept, &mut row);
        for (v, value) in row.iter().enumerate() {
            out[v * n + q] = *value as f32;
        }
    }
    out
}

/// Total processing performance from which a chip counts as one to train on: the bound of 3A090.a.1 of October 2022.
const TRAINING_GRADE: f64 = 4800.0;

/// Compute of units of a good, in thousands of the chip it is counted in; none where its performance is not known.
fn compute(env: &Environment, month: usize, good: usize, units: f64) -> f64 {
    let tpp = env.tpp[env.at(Month(month), good)];
    if tpp.is_finite() {
        units * tpp / env.compute_unit / 1e3
    } else {
        0.0
    }
}

fn totals(path: &Path, env: &Environment, quarter: usize, row: &mut [f64]) {
    let months = quarter * 3..quarter * 3 + 3;
    let last = quarter * 3 + 2;
    let goods = path.goods;
    let sum = |of: &dyn Fn(usize) -> f64| months.clone().map(of).sum::<f64>();
    let over = |of: &dyn Fn(usize, usize) -> f64| sum(&|t| (0..goods).map(|g| of(t, g)).sum());
    let mainland = sum(&|t| nvidia(path, env, t, Site::Mainland));
    let offshore = sum(&|t| nvidia(path, env, t, Site::Offshore));
    let spending = over(&|t, g| path.mainland_usd(env, t, g));
    // Buyers on the mainland alone buy ahead, and of foreign makers alone.
    let stocked = over(&|t, g| {
        let ahead = path.ahead[t * goods + g];
        if env.goods[g].is_foreign_direct() && ahead > 0.0 {
            ahead * path.paid[t * goods + g]
        } else {
            0.0
        }
    });
    let budget = sum(&|t| {
        (0..path.points)
            .filter(|p| env.points[*p].site == Site::Mainland)
            .map(|p| path.budget[t * path.points + p])
            .sum()
    });
    let training = |domestic_alone: bool| {
        over(&|t, g| {
            let of_grade = env.tpp[env.at(Month(t), g)] >= TRAINING_GRADE;
            if of_grade && (env.goods[g].domestic || !domestic_alone) {
                compute(env, t, g, path.mainland_units(env, t, g))
            } else {
                0.0
            }
        })
    };
    let bound = |what: Binding| months.clone().filter(|t| path.binding[*t] == what).count() as f64 / 3.0;
    let mut set = |series: Fixed, value: f64| row[series as usize] = value;
    set(Fixed::Billing, (mainland + 3.0 * path.gaming) / 1e6);
    set(
        Fixed::Headquarters,
        (mainland + offshore + 3.0 * path.gaming) / 1e6,
    );
    set(Fixed::ForUse, (spending - stocked) / 1e6);
    set(Fixed::ForStock, stocked / 1e6);
    set(Fixed::FromStock, sum(&|t| path.from_stock[t]) / 1e6);
    set(Fixed::Demand, sum(&|t| path.wanted[t]) / 1e6);
    set(Fixed::DomesticLimit, sum(&|t| path.domestic_limit[t]) / 1e6);
    set(Fixed::Budget, budget / 1e6);
    set(Fixed::Training, training(false));
    set(Fixed::TrainingDomestic, training(true));
    // In the catalog's units a chip keeps the compute it was bought with.
    let installed = |g: usize| compute(env, last, g, path.installed[last * goods + g]);
    set(Fixed::Installed, (0..goods).map(installed).sum());
    set(
        Fixed::WriteDown,
        over(&|t, g| path.write_down[t * goods + g]) / 1e6,
    );
    set(Fixed::Levies, sum(&|t| path.levies[t]) / 1e6);
    set(Fixed::CutOff, path.cut_off[last]);
    set(Fixed::Yield, path.yields[last]);
    set(Fixed::Memory, path.banks[last].1 / 1e6);
    set(Fixed::BoundDies, bound(Binding::Dies));
    set(Fixed::BoundMemory, bound(Binding::Memory));
    set(Fixed::BoundPackaging, bound(Binding::Packaging));
    let abroad = months.clone().filter(|t| path.packaging_abroad[*t]).count() as f64 / 3.0;
    set(Fixed::BoundAbroad, abroad);
    set(Fixed::NotTaken, sum(&|t| path.not_taken[t]) / 1e3);
}

/// What was bought of every good, at every point, and what one more of it would have been worth.
fn purchases(path: &Path, env: &Environment, quarter: usize, kept: &Kept, row: &mut [f64]) {
    for t in quarter * 3..quarter * 3 + 3 {
        for (g, facts) in env.goods.iter().enumerate() {
            let at = t * path.goods + g;
            row[kept.rent(g)] += path.rent[at] / 3.0;
            row[kept.at_least(g)] += f64::from(u8::from(path.rent_at_least[at])) / 3.0;
            if facts.is_foreign_direct() {
                row[kept.ahead(g)] += path.ahead[at] / 1e3;
            }
            for p in 0..path.points {
                let (units, usd) = (
                    path.flows.units[at * path.points + p] / 1e3,
                    path.flows.usd[at * path.points + p] / 1e6,
                );
                let site = kept.sites[p];
                let of_units = compute(env, t, g, units * 1e3);
                for (measure, value) in [
                    (Measure::Units, units),
                    (Measure::Usd, usd),
                    (Measure::Compute, of_units),
                ] {
                    row[kept.good(g, site, measure)] += value;
                    row[kept.total(site, measure)] += value;
                }
                row[kept.point(p)] += usd;
                if facts.domestic {
                    row[kept.domestic_at(p)] += usd;
                }
            }
        }
    }
    for (k, (g, p)) in kept.cells.iter().enumerate() {
        for t in quarter * 3..quarter * 3 + 3 {
            let at = (t * path.goods + g) * path.points + p;
            row[kept.first_cell() + 2 * k] += path.flows.units[at] / 1e3;
            row[kept.first_cell() + 2 * k + 1] += path.flows.usd[at] / 1e6;
        }
    }
}
