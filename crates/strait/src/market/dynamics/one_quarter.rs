//! One quarter read off the paths: who bought what, what sellers took, what was short.
//!
//! Nothing is solved here again. Every policy case goes on from the same history, draw by draw, so that their differences
//! are those of the quarter's own law.

use super::calendar::Month;
use super::capacity::Binding;
use super::discrepancy::DEGREES;
use super::ensemble::Run;
use super::environment::Environment;
use super::parameters::Theta;
use super::path::Path;
use super::specification::{GoodSpec, PointSpec, Specification};
use super::target::nvidia;
use crate::catalog::ChipId;
use crate::figure::{Count, Estimate, Grade, Quantity, Usd};
use crate::market::Stream;
use crate::market::draws::band;
use crate::market::result::{
    BuyerOutcome, GoodOutcome, LimitedBy, MarketCase, MarketOutcome, OnBasis, Quarter, SellerRevenue, Share,
    Shortage,
};
use crate::market::score::quantile;
use crate::rules::{Channel, ChinaState, Site, SupplyEffect};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Stream of the errors of published values, apart from that of the paths' shocks.
const PUBLISHED: u64 = 0x9b1;

/// A quarter in one environment, over draws that run through all of the posterior.
#[derive(Debug)]
pub struct OneQuarter<'a> {
    env: &'a Environment,
    quarter: Quarter,
    months: Range<usize>,
    draws: Vec<(usize, Theta, Path)>,
    seed: u64,
}

/// The months of a quarter; `None` where the model does not reach it.
pub fn months_of(quarter: Quarter) -> Option<Range<usize>> {
    let (first, last) = (Month::of(quarter.first_day()), Month::of(quarter.last_day()));
    let whole = first.first_day() == quarter.first_day() && last.last_day() == quarter.last_day();
    whole.then_some(first.0..last.0 + 1)
}

/// A quarter in each of several environments that share the history of `run`, on `draws` of its draws. `None` where the
/// model does not reach the quarter.
pub fn in_cases<'a>(
    run: &Run<'_>,
    cases: &[&'a Environment],
    quarter: Quarter,
    draws: usize,
) -> Option<Vec<OneQuarter<'a>>> {
    let months = months_of(quarter)?;
    let whole = run.posterior.draws.len();
    let drawn: Vec<(usize, Theta, Vec<Path>)> = (0..draws)
        .into_par_iter()
        .map(|n| {
            // Spread over all chains: neighbours in the file come from one.
            let index = n * whole / draws;
            let theta = run.theta(index);
            let span = (months.start, months.end);
            let paths = Path::branches(run.env, cases, &theta, &run.shocks(index), span);
            (index, theta, paths)
        })
        .collect();
    let mut out: Vec<OneQuarter<'a>> = cases
        .iter()
        .map(|env| OneQuarter {
            env,
            quarter,
            months: months.clone(),
            draws: Vec::with_capacity(draws),
            seed: run.seed,
        })
        .collect();
    for (index, theta, paths) in drawn {
        for (case, path) in out.iter_mut().zip(paths) {
            case.draws.push((index, theta, path));
        }
    }
    Some(out)
}

/// Median with the 5th and 95th percentile.
fn middle<Q: Quantity>(mut values: Vec<f64>) -> Estimate<Q> {
    values.sort_unstable_by(f64::total_cmp);
    let at = |p| Q::of(quantile(&values, p));
    Estimate::new(at(0.5), at(0.05), at(0.95))
}

/// Mean with the 5th and 95th percentile, widened to hold it.
fn mean(values: Vec<f64>) -> (f64, f64, f64) {
    let value = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (low, high) = band(values, value);
    (value, low, high)
}

impl OneQuarter<'_> {
    /// One value a draw, summed over the quarter's months.
    fn sums(&self, of: impl Fn(&Path, usize) -> f64) -> Vec<f64> {
        let sum = |path: &Path| self.months.clone().map(|t| of(path, t)).sum();
        self.draws.iter().map(|(.., path)| sum(path)).collect()
    }

    /// Spending on the mainland, stock-building included, one value a draw.
    fn spending(&self) -> Vec<f64> {
        self.sums(|path, t| (0..path.goods).map(|g| path.mainland_usd(self.env, t, g)).sum())
    }

    /// Budgets on the mainland, one value a draw.
    fn budgets(&self) -> Vec<f64> {
        let mainland = |p: &usize| self.env.points[*p].site == Site::Mainland;
        self.sums(|path, t| {
            let points = (0..path.points).filter(mainland);
            points.map(|p| path.budget[t * path.points + p]).sum()
        })
    }

    /// What the quarter says; `spec` is what the environment was made from, and `rests_on` the caller's to fill.
    pub fn outcome(&self, case: MarketCase, spec: &Specification) -> MarketOutcome {
        let last_day = self.quarter.last_day();
        let mix = |good: &GoodSpec| -> Vec<ChipId> {
            let rows = good.mix_on(last_day).into_iter();
            rows.filter_map(|row| row.chip.clone()).collect()
        };
        let chips: Vec<Vec<ChipId>> = spec.goods.iter().map(mix).collect();
        MarketOutcome {
            quarter: self.quarter,
            case,
            draws: self.draws.len(),
            buyers: (0..self.env.points.len())
                .map(|p| self.buyer(p, &spec.points[p], &chips))
                .collect(),
            goods: self.goods(&chips),
            budget: middle(self.budgets()),
            spending: middle(self.spending()),
            revenue: self.revenue(),
            on_bases: self.on_bases(),
            shortages: (0..self.env.goods.len())
                .filter_map(|g| self.shortage(g))
                .collect(),
            left_out: self.env.left_out.clone(),
            rests_on: Vec::new(),
        }
    }

    fn on_sale(&self, good: usize) -> bool {
        self.months.clone().any(|t| self.env.on_sale(Month(t), good))
    }

    fn goods(&self, chips: &[Vec<ChipId>]) -> Vec<GoodOutcome> {
        let env = self.env;
        let goods = (0..env.goods.len()).filter(|g| self.on_sale(*g));
        goods
            .map(|g| GoodOutcome {
                good: env.goods[g].id.clone(),
                chips: chips[g].clone(),
                channel: env.goods[g].channel,
                units: middle::<Count>(self.sums(|path, t| path.mainland_units(env, t, g))),
                ahead: middle::<Count>(self.sums(|path, t| path.ahead[t * path.goods + g])),
                usd: middle::<Usd>(self.sums(|path, t| path.mainland_usd(env, t, g))),
            })
            .collect()
    }

    fn buyer(&self, p: usize, spec: &PointSpec, chips: &[Vec<ChipId>]) -> BuyerOutcome {
        let env = self.env;
        let point = &env.points[p];
        let budget = self.sums(|path, t| path.budget[t * path.points + p]);
        let ahead = self.sums(|path, t| path.prebought[t * path.points + p]);
        let part = |usd: Vec<f64>| -> Vec<f64> {
            let whole = budget.iter().zip(&ahead).map(|(b, a)| b + a);
            usd.into_iter()
                .zip(whole)
                .map(|(usd, whole)| if whole > 0.0 { usd / whole } else { 0.0 })
                .collect()
        };
        let paid = |path: &Path, t: usize, g: usize| path.flows.usd[(t * path.goods + g) * path.points + p];
        let mut shares: Vec<Share> = (0..env.goods.len())
            .filter(|g| self.on_sale(*g))
            .map(|g| {
                let (share, low, high) = mean(part(self.sums(|path, t| paid(path, t, g))));
                let (supply_effect, china) = self.access(g, p);
                Share {
                    good: env.goods[g].id.clone(),
                    chips: chips[g].clone(),
                    channel: env.goods[g].channel,
                    share,
                    low,
                    high,
                    supply_effect,
                    china,
                    capped: self.short(g) > 0.5,
                }
            })
            .collect();
        shares.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.good.cmp(&b.good)));
        let spent = part(self.sums(|path, t| (0..path.goods).map(|g| paid(path, t, g)).sum()));
        BuyerOutcome {
            buyer: point.id.clone(),
            name: point.name.clone(),
            segments: spec.buyers.iter().map(|(segment, _)| *segment).collect(),
            site: point.site,
            shares,
            outside: mean(spent.into_iter().map(|s| 1.0 - s).collect()),
            budget: middle(budget),
            ahead: middle(ahead),
        }
    }

    /// The combination of both sides' law that holds for most of the quarter and of the point's buyers.
    fn access(&self, good: usize, point: usize) -> (Option<SupplyEffect>, Option<ChinaState>) {
        let env = self.env;
        let mut parts: Vec<(SupplyEffect, ChinaState, f64)> = Vec::new();
        for share in self
            .months
            .clone()
            .flat_map(|t| &env.access[env.cell(Month(t), good, point)])
        {
            match parts
                .iter_mut()
                .find(|(s, c, _)| (*s, *c) == (share.supply, share.china))
            {
                Some((.., part)) => *part += share.part,
                None => parts.push((share.supply, share.china, share.part)),
            }
        }
        let most = parts.into_iter().max_by(|a, b| a.2.total_cmp(&b.2));
        (most.map(|m| m.0), most.map(|m| m.1))
    }

    /// Part of months and paths in which buyers want more of a good than there is.
    fn short(&self, good: usize) -> f64 {
        let short = self.sums(|path, t| f64::from(u8::from(path.rent[t * path.goods + good] > 0.0)));
        short.iter().sum::<f64>() / (self.months.len() * self.draws.len()).max(1) as f64
    }

    fn shortage(&self, g: usize) -> Option<Shortage> {
        if self.short(g) <= 0.5 {
            return None;
        }
        let months = self.months.len() as f64;
        let at_least = self.sums(|path, t| f64::from(u8::from(path.rent_at_least[t * path.goods + g])));
        let units = |path: &Path, t: usize| {
            let row = (t * path.goods + g) * path.points;
            path.flows.units[row..row + path.points].iter().sum()
        };
        Some(Shortage {
            good: self.env.goods[g].id.clone(),
            units: middle(self.sums(units)),
            limited_by: self.limited_by(g),
            shadow_price: middle(self.sums(|path, t| path.rent[t * path.goods + g] / months)),
            at_least: at_least.iter().sum::<f64>() / (months * self.draws.len() as f64),
        })
    }

    /// What limits a good most often.
    fn limited_by(&self, good: usize) -> LimitedBy {
        let mut counts: BTreeMap<LimitedBy, usize> = BTreeMap::new();
        for (.., path) in &self.draws {
            for t in self.months.clone() {
                let by = match path.binding[t] {
                    _ if !self.env.goods[good].domestic => LimitedBy::Units,
                    Binding::Dies => LimitedBy::Dies,
                    Binding::Memory => LimitedBy::Memory,
                    Binding::Packaging => LimitedBy::Packaging,
                    Binding::Demand => continue,
                };
                // Makers whose capacity is not modelled are bound by the statements of their units, unless it is the lines.
                let modelled = self.env.dies[self.env.at(Month(t), good)].is_finite();
                let by = if modelled || by == LimitedBy::Packaging {
                    by
                } else {
                    LimitedBy::Units
                };
                *counts.entry(by).or_default() += 1;
            }
        }
        let most = counts.into_iter().max_by_key(|(by, n)| (*n, *by));
        most.map_or(LimitedBy::Units, |(by, _)| by)
    }

    fn revenue(&self) -> Vec<SellerRevenue> {
        let env = self.env;
        let own = |g: &usize| env.goods[*g].channel == Channel::Direct;
        let vendors: BTreeSet<&str> = (0..env.goods.len())
            .filter(own)
            .map(|g| env.goods[g].vendor.as_str())
            .collect();
        let of = |vendor: &str| {
            self.sums(|path, t| {
                let goods = (0..path.goods)
                    .filter(own)
                    .filter(|g| env.goods[*g].vendor == vendor);
                goods
                    .map(|g| path.mainland_usd(env, t, g) + path.offshore_usd(env, t, g))
                    .sum()
            })
        };
        let mut rows: Vec<SellerRevenue> = vendors
            .into_iter()
            .map(|vendor| SellerRevenue {
                vendor: vendor.to_owned(),
                usd: middle(of(vendor)),
            })
            .collect();
        rows.sort_by(|a, b| {
            let by_value = b.usd.value.get().total_cmp(&a.usd.value.get());
            by_value.then(a.vendor.cmp(&b.vendor))
        });
        rows
    }

    fn on_bases(&self) -> Vec<OnBasis> {
        let env = self.env;
        let own = env.assumed.errors.of(Grade::Official);
        let published = |basis, sites: &[Site]| {
            let path_values = self.sums(|path, t| {
                let sites = sites.iter().map(|site| nvidia(path, env, t, *site));
                sites.sum::<f64>() + path.gaming
            });
            let values = path_values.into_iter().zip(&self.draws);
            let values = values.map(|(value, (index, theta, _))| {
                let error = Stream::new(self.seed ^ PUBLISHED, *index as u64).student(DEGREES);
                value * (theta.model_error.hypot(own) * error).exp()
            });
            OnBasis {
                vendor: "nvidia".to_owned(),
                basis,
                usd: middle(values.collect()),
            }
        };
        vec![
            published("billing_location", &[Site::Mainland]),
            published("customer_headquarters", &[Site::Mainland, Site::Offshore]),
        ]
    }
}
