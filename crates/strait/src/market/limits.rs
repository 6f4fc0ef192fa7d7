//! Limits of one quarter: units that were made or allowed, and the packaging lines that all Chinese makers share.

use super::clearing::Limit;
use super::quarter::Setting;
use super::theta::Theta;
use crate::figure::{Count, Estimate, FigureRef};
use crate::rules::Channel;
use serde::Serialize;
use std::fmt;

/// Interposers of a quarter that packaging lines on the mainland can make.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Interposers {
    /// How many.
    pub units: Estimate<Count>,
    /// Source, grade and place.
    pub reference: FigureRef,
}

/// Which limit it is that binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitedBy {
    /// What is made or in stock by the statements of `supply.csv`: they count output and so hold dies and memory, and
    /// say apart neither.
    Made,
    /// Packaging lines on the mainland.
    Packaging,
    /// Units that a US license allows.
    License,
    /// Units that a Chinese approval allows, of all buyers or of one segment.
    Approval,
}

impl fmt::Display for LimitedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Made => "units made or in stock",
            Self::Packaging => "packaging lines",
            Self::License => "licensed units",
            Self::Approval => "approved units",
        })
    }
}

/// Units of a pool of goods in one draw.
struct Pool {
    goods: Vec<usize>,
    units: f64,
    by: LimitedBy,
}

impl Setting<'_> {
    /// Caps of pools, then quotas of segments, in one order for every draw; of several limits on the same
    /// goods only the tightest counts.
    pub(super) fn limits(&self, theta: &Theta, index: Option<usize>) -> Vec<Limit> {
        let mut limits: Vec<Limit> = Vec::new();
        let mut add = |goods: Vec<usize>, segment: Option<usize>, units: f64, by: LimitedBy| match limits
            .iter_mut()
            .find(|l| l.goods == goods && l.segment == segment)
        {
            Some(limit) if units < limit.units => (limit.units, limit.by) = (units, by),
            Some(_) => {}
            None => limits.push(Limit {
                goods,
                segment,
                units,
                by,
            }),
        };
        for pool in self.packaged(index) {
            add(pool.goods, None, pool.units, pool.by);
        }
        for (segment, row) in self.sight.iter().enumerate() {
            for (good, sight) in row.iter().enumerate() {
                if let Some(quota) = sight.quota.filter(|_| sight.open) {
                    let units = quota * theta.quota_execution;
                    add(vec![good], Some(segment), units, LimitedBy::Approval);
                }
            }
        }
        limits
    }

    /// The pools; where Chinese makers' together need more interposers than the lines can make, all shrink alike.
    fn packaged(&self, index: Option<usize>) -> Vec<Pool> {
        let mut pools: Vec<Pool> = (self.pools.iter())
            .map(|(goods, units, by)| Pool {
                goods: goods.clone(),
                units: units.at(index),
                by: *by,
            })
            .collect();
        let Some(lines) = &self.lines else { return pools };
        let there = lines.at(index);
        let needed: f64 = (0..pools.len())
            .filter(|k| !(0..pools.len()).any(|of| self.within(&pools, *k, of)))
            .map(|k| self.dies_of(&pools, k))
            .sum();
        if needed > there {
            for pool in &mut pools {
                if self.dies_each(&pool.goods) > 0.0 {
                    (pool.units, pool.by) = (pool.units * there / needed, LimitedBy::Packaging);
                }
            }
        }
        pools
    }

    /// Whether pool `k` is a part of pool `of`, which then counts for both.
    fn within(&self, pools: &[Pool], k: usize, of: usize) -> bool {
        let (part, whole) = (&pools[k].goods, &pools[of].goods);
        let inside = k != of && part.iter().all(|g| whole.contains(g));
        inside && (part.len() < whole.len() || of < k)
    }

    /// Interposed dies that the units of a pool need: what a part of it says of its own chips, and the rest.
    fn dies_of(&self, pools: &[Pool], k: usize) -> f64 {
        let (mut left, mut rest, mut dies) = (pools[k].units, pools[k].goods.clone(), 0.0);
        for part in (0..pools.len()).filter(|n| self.within(pools, *n, k)) {
            let units = pools[part].units.min(left);
            dies += units * self.dies_each(&pools[part].goods);
            left -= units;
            rest.retain(|g| !pools[part].goods.contains(g));
        }
        let others = if rest.is_empty() { &pools[k].goods } else { &rest };
        dies + left * self.dies_each(others)
    }

    /// Interposed dies a package, the mean of Chinese makers' goods of a pool.
    fn dies_each(&self, goods: &[usize]) -> f64 {
        let dies = |g: &usize| {
            let offer = self.offers[*g];
            let of_lines = offer.domestic && offer.channel == Channel::Direct;
            of_lines.then(|| offer.interposed_dies.map_or(0.0, f64::from))
        };
        let sum: f64 = goods.iter().filter_map(dies).sum();
        sum / goods.len().max(1) as f64
    }
}
