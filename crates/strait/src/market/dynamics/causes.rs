//! What share each cause has in the loss of US makers' sales of chips made for China.
//!
//! Five causes, each taken away by its opposite: performance (the chip does what the flagship it was cut from does),
//! price (its value per dollar is no lower than the Chinese leader's), guidance (the Chinese side is silent), license
//! (the US side leaves it open, without a levy), supply (as many as are wanted). Every set of causes is run.

use super::calendar::Month;
use super::ensemble::{Band, Run};
use super::environment::Environment;
use super::path::Path;
use crate::market::sensitivity::{Split, shapley};
use crate::rules::{ChinaState, Site, SupplyEffect};
use rayon::prelude::*;
use serde::Serialize;

/// The causes, in the order of bits.
pub const CAUSES: [&str; 5] = ["performance", "price", "guidance", "license", "supply"];

/// One cause's part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cause {
    /// Cause.
    pub cause: &'static str,
    /// Its part of the change, million USD.
    pub usd_million: Band,
    /// Part of draws in which it is the largest loss.
    pub largest: f64,
}

/// The split over draws.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Causes {
    /// By cause.
    pub causes: Vec<Cause>,
    /// Interaction of guidance and license, million USD: what they do together beyond their sum.
    pub guidance_with_license: Band,
    /// The whole change, million USD.
    pub whole: Band,
    /// Sales with every cause taken away, million USD.
    pub without: Band,
    /// The cause that is largest in nine draws of ten, or none: then the runs cannot tell.
    pub main: Option<&'static str>,
}

/// An environment in which the causes outside `acting` are taken away.
fn with_causes(env: &Environment, acting: usize) -> Environment {
    let mut out = env.clone();
    let acts = |cause: &str| {
        CAUSES
            .iter()
            .position(|c| *c == cause)
            .is_some_and(|k| acting & (1 << k) != 0)
    };
    let (flagship, leader) = (env.good("nvidia-h100"), env.good("huawei"));
    for month in Month::all() {
        for (g, facts) in env
            .goods
            .iter()
            .enumerate()
            .filter(|(_, f)| f.is_foreign_direct())
        {
            let at = env.at(month, g);
            if !acts("supply") {
                out.cap[at] = None;
                out.ceiling[at] = None;
                out.arrivals[at] = None;
            }
            if !acts("license") && facts.china_only {
                out.levy[at] = 0.0;
            }
            for (p, point) in env.points.iter().enumerate() {
                let cell = env.cell(month, g, p);
                if point.site == Site::Mainland {
                    for share in &mut out.access[cell] {
                        if !acts("guidance") {
                            share.china = ChinaState::None;
                        }
                        if !acts("license") && facts.china_only {
                            share.supply = SupplyEffect::Open;
                        }
                    }
                }
                if !facts.china_only {
                    continue;
                }
                let like = |other: Option<usize>| {
                    let other = other?;
                    let value = env.value[env.cell(month, other, p)];
                    let price = env.price[env.at(month, other)];
                    (value.is_finite() && price.is_finite()).then_some((value, price))
                };
                if let (false, Some((value, price))) = (acts("performance"), like(flagship)) {
                    // Tokens a chip, times its own price.
                    let raised = value + (price / env.price[at]).ln();
                    out.value[cell] = out.value[cell].max(raised);
                }
                if let (false, Some((value, _))) = (acts("price"), like(leader)) {
                    out.value[cell] = out.value[cell].max(value);
                }
            }
        }
    }
    out
}

/// Splits the change of mainland sales over `months`, of all that US makers sell or of one good made for this market.
pub fn causes(run: &Run<'_>, draws: usize, months: std::ops::Range<usize>, good: Option<usize>) -> Causes {
    let worlds: Vec<Environment> = (0..1_usize << CAUSES.len())
        .map(|set| with_causes(run.env, set))
        .collect();
    let sales = |path: &Path, env: &Environment| -> f64 {
        let of = |t: usize| -> f64 {
            (0..path.goods)
                .filter(|g| env.goods[*g].is_foreign_direct() && good.is_none_or(|one| one == *g))
                .map(|g| path.mainland_usd(env, t, g))
                .sum()
        };
        months.clone().map(of).sum::<f64>() / 1e6
    };
    let found: Vec<(Split, f64)> = (0..draws)
        .into_par_iter()
        .map(|n| {
            let (theta, shocks) = (run.theta(n), run.shocks(n));
            let none = std::cell::Cell::new(0.0);
            let split = shapley(&CAUSES, |acting| {
                let set = acting
                    .iter()
                    .rev()
                    .fold(0, |set, acts| set << 1 | usize::from(*acts));
                let value = sales(
                    &Path::simulate(&worlds[set], &theta, &shocks, months.end),
                    &worlds[set],
                );
                if set == 0 {
                    none.set(value);
                }
                value
            })
            .expect("fewer causes than can be split over");
            (split, none.get())
        })
        .collect();
    let column = |of: &dyn Fn(&(Split, f64)) -> f64| Band::of(found.iter().map(of).collect());
    let largest = |k: usize| {
        let is = |(s, _): &&(Split, f64)| s.parts.iter().all(|other| s.parts[k].value <= other.value);
        found.iter().filter(is).count() as f64 / found.len().max(1) as f64
    };
    let rows: Vec<Cause> = CAUSES
        .iter()
        .enumerate()
        .map(|(k, cause)| Cause {
            cause,
            usd_million: column(&|(s, _)| s.parts[k].value),
            largest: largest(k),
        })
        .collect();
    let main = rows.iter().find(|c| c.largest >= 0.9).map(|c| c.cause);
    Causes {
        guidance_with_license: column(&|(s, _)| {
            s.interactions
                .iter()
                .find(|pair| pair.first == "guidance" && pair.second == "license")
                .map_or(0.0, |pair| pair.value)
        }),
        whole: column(&|(s, _)| s.whole),
        without: column(&|(_, none)| *none),
        causes: rows,
        main,
    }
}
