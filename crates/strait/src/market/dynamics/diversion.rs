//! Who gains when a good is refused: the same draws with the good open and with it refused.

use super::calendar::Month;
use super::ensemble::{Band, Run};
use super::environment::Environment;
use super::path::Path;
use crate::rules::{ChinaState, Site, SupplyEffect};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// Where the money goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diversion {
    /// Vendor, `grey channel`, `stock in hand`, or `not spent`.
    pub to: String,
    /// Part of what the refused good would have sold, within what Chinese vendors can make.
    pub part: Band,
    /// The same, were there no limit on what they can make.
    pub part_unlimited: Band,
}

/// Sales of a good while it is open, and who has them when it is refused from a month on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refusal {
    /// Sales of the good while open, million USD.
    pub lost: Band,
    /// Largest first.
    pub to: Vec<Diversion>,
}

fn set(env: &Environment, good: usize, months: std::ops::Range<usize>, state: ChinaState) -> Environment {
    let mut out = env.clone();
    for t in months {
        out.levy[env.at(Month(t), good)] = 0.0;
        let buyers = (0..env.points.len())
            .filter(|p| env.points[*p].site == Site::Mainland && !env.points[*p].grey_only);
        for p in buyers {
            let cell = env.cell(Month(t), good, p);
            for share in &mut out.access[cell] {
                share.supply = SupplyEffect::Open;
                share.china = state;
            }
        }
    }
    out
}

/// Chinese vendors without a limit, of units, dies, packaging or memory.
fn unlimited(env: &Environment, months: std::ops::Range<usize>) -> Environment {
    let mut out = env.clone();
    for t in months {
        for g in (0..env.goods.len()).filter(|g| env.goods[*g].domestic) {
            let at = env.at(Month(t), g);
            (out.lifted[at], out.ceiling[at]) = (true, None);
        }
    }
    out
}

/// Money by vendor of a path, the refused good apart.
fn money(
    path: &Path,
    env: &Environment,
    good: usize,
    months: std::ops::Range<usize>,
) -> BTreeMap<String, f64> {
    let mut out: BTreeMap<String, f64> = BTreeMap::new();
    for t in months {
        for (g, facts) in env.goods.iter().enumerate() {
            let to = if g == good {
                "refused".to_owned()
            } else if facts.domestic || facts.is_foreign_direct() {
                facts.vendor.clone()
            } else {
                "grey channel".to_owned()
            };
            *out.entry(to).or_default() += path.mainland_usd(env, t, g) / 1e6;
        }
    }
    out
}

/// By draw what was lost and which part of it went where.
fn parts(
    run: &Run<'_>,
    env: &Environment,
    good: usize,
    months: &std::ops::Range<usize>,
    draws: usize,
) -> Vec<(f64, BTreeMap<String, f64>)> {
    let open = set(env, good, months.clone(), ChinaState::None);
    let refused = set(env, good, months.clone(), ChinaState::Banned);
    (0..draws)
        .into_par_iter()
        .map(|n| {
            let (theta, shocks) = (run.theta(n), run.shocks(n));
            let of = |world: &Environment| {
                money(
                    &Path::simulate(world, &theta, &shocks, months.end),
                    world,
                    good,
                    months.clone(),
                )
            };
            let (with, without) = (of(&open), of(&refused));
            let lost = with["refused"] - without["refused"];
            let mut parts: BTreeMap<String, f64> = with
                .iter()
                .filter(|(to, _)| *to != "refused")
                .map(|(to, usd)| (to.clone(), (without[to] - usd) / lost.max(1e-9)))
                .collect();
            let elsewhere: f64 = parts.values().sum();
            parts.insert("not spent, or served from stock".into(), 1.0 - elsewhere);
            (lost, parts)
        })
        .filter(|(lost, _)| *lost > 1.0)
        .collect()
}

/// Refuses a good over `months`, by the Chinese side, which the US side would leave open.
pub fn refusal(run: &Run<'_>, good: usize, months: std::ops::Range<usize>, draws: usize) -> Refusal {
    let limited = parts(run, run.env, good, &months, draws);
    let free = parts(run, &unlimited(run.env, months.clone()), good, &months, draws);
    let names: Vec<String> = limited
        .first()
        .map(|(_, p)| p.keys().cloned().collect())
        .unwrap_or_default();
    let band = |found: &[(f64, BTreeMap<String, f64>)], to: &String| {
        Band::of(found.iter().map(|(_, p)| p[to]).collect())
    };
    let mut to: Vec<Diversion> = names
        .into_iter()
        .map(|to| Diversion {
            part: band(&limited, &to),
            part_unlimited: band(&free, &to),
            to,
        })
        .collect();
    to.sort_by(|a, b| {
        b.part_unlimited
            .median
            .total_cmp(&a.part_unlimited.median)
            .then(a.to.cmp(&b.to))
    });
    Refusal {
        lost: Band::of(limited.iter().map(|(lost, _)| *lost).collect()),
        to,
    }
}

/// What a tenth more of an input in every month does in a year, path by path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Input {
    /// Wafers (or yield, which acts as wafers do), packaging, or memory.
    pub input: &'static str,
    /// Elasticity of the compute that Chinese vendors sell. Below zero where more of one input earlier has used up another
    /// that was banked.
    pub by_year: Vec<(i16, Band)>,
    /// What Chinese vendors sell more, million USD at their prices: the effect of that tenth, which is used; no shadow price, for it may be below zero.
    pub usd_million: Vec<(i16, Band)>,
    /// What is counted: a wafer, an interposer or a stack.
    pub unit: &'static str,
    /// The same over the units that this tenth adds in the year, USD each; none in a year in which it is not counted.
    pub usd_each: Vec<(i16, Option<Band>)>,
}

/// Shadow values of wafers, packaging lines and memory, by year.
pub fn inputs(run: &Run<'_>, years: &[i16], draws: usize) -> Vec<Input> {
    let over_year = |path: &Path, env: &Environment, year: i16, of: &dyn Fn(Month, usize) -> f64| -> f64 {
        let months = Month::all().filter(|m| m.first_day().year() == year);
        let domestic = || (0..path.goods).filter(|g| env.goods[*g].domestic);
        months.map(|m| domestic().map(|g| of(m, g)).sum::<f64>()).sum()
    };
    let compute = |path: &Path, env: &Environment, year: i16| {
        over_year(path, env, year, &|m, g| {
            let tpp = env.tpp[env.at(m, g)];
            if tpp.is_finite() {
                path.mainland_units(env, m.0, g) * tpp
            } else {
                0.0
            }
        })
    };
    let sales = |path: &Path, env: &Environment, year: i16| {
        over_year(path, env, year, &|m, g| path.mainland_usd(env, m.0, g) / 1e6)
    };
    let more = |of: &str| {
        let mut env = run.env.clone();
        match of {
            "memory" => env.memory.iter_mut().for_each(|x| *x *= 1.1),
            "packaging" => env
                .interposers
                .iter_mut()
                .flatten()
                .flatten()
                .for_each(|x| *x *= 1.1),
            _ => env.wafers.iter_mut().for_each(|x| *x *= 1.1),
        }
        env
    };
    let counted = |of: &str, path: &Path, year: i16| -> f64 {
        let months = Month::all().filter(|m| m.first_day().year() == year);
        let one = |m: Month| match of {
            "memory" => path.inputs[m.0].stacks,
            "packaging" => path.inputs[m.0].interposers,
            _ => path.inputs[m.0].wafers,
        };
        months.map(one).sum()
    };
    let base: Vec<Path> = (0..draws).into_par_iter().map(|n| run.path(n)).collect();
    ["wafers or yield", "packaging", "memory"]
        .into_iter()
        .map(|input| {
            let env = more(input);
            let changed: Vec<Path> = (0..draws)
                .into_par_iter()
                .map(|n| Path::simulate(&env, &run.theta(n), &run.shocks(n), super::MONTHS))
                .collect();
            let band =
                |of: &dyn Fn(usize) -> f64| Band::of((0..draws).map(of).filter(|x| x.is_finite()).collect());
            let of_year = |of: &dyn Fn(&Path, &Path, i16) -> f64| {
                let of = |year: &i16| (*year, band(&|n| of(&base[n], &changed[n], *year)));
                years.iter().map(of).collect()
            };
            let each = |year: i16| {
                let one = |n: usize| {
                    let more = counted(input, &changed[n], year) - counted(input, &base[n], year);
                    let worth = sales(&changed[n], &env, year) - sales(&base[n], run.env, year);
                    worth * 1e6 / more
                };
                let all: Vec<f64> = (0..draws).map(one).filter(|x| x.is_finite()).collect();
                (!all.is_empty()).then(|| Band::of(all))
            };
            Input {
                input,
                unit: match input {
                    "memory" => "a stack of memory",
                    "packaging" => "an interposer",
                    _ => "a wafer",
                },
                usd_each: years.iter().map(|year| (*year, each(*year))).collect(),
                by_year: of_year(&|a, b, year| {
                    (compute(b, &env, year) / compute(a, run.env, year)).ln() / 1.1_f64.ln()
                }),
                usd_million: of_year(&|a, b, year| sales(b, &env, year) - sales(a, run.env, year)),
            }
        })
        .collect()
}
