//! Policy beyond the day of knowledge, drawn and not read: law tightens, and is opened again.
//!
//! Rates of both come from what had happened by then ([`PolicyHazard`]), under the priors of `policy.toml`, which are
//! assumptions; every draw has rates of its own. A tightening leaves a part of access that is uniform squared; a reopening
//! gives back a uniform part of what law and guidance close, for goods made for this market and for what was lost of late.

use super::answer::lost_in;
use super::calendar::{MONTHS, Month};
use super::environment::Environment;
use super::shocks::Shocks;
use crate::market::Stream;
use crate::market::policy_hazard::{Change, Direction, PolicyHazard};
use crate::rules::{ChinaState, Site, SupplyEffect};

/// How often policy moves, as it could have been told on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Hazard {
    /// Rates a quarter.
    pub rates: PolicyHazard,
    /// Goods a reopening reaches.
    pub reached: Vec<usize>,
}

/// How open a good is to mainland platforms in a month, 0 to 1, at the weights of `policy.toml`.
pub(crate) fn openness(env: &Environment, month: Month, good: usize) -> f64 {
    let Some(point) = env
        .points
        .iter()
        .position(|p| p.site == Site::Mainland && !p.grey_only)
    else {
        return 0.0;
    };
    let weight = &env.assumed.policy;
    env.access[env.cell(month, good, point)]
        .iter()
        .map(|a| {
            let us = match a.supply {
                SupplyEffect::Blocked => 0.0,
                SupplyEffect::Licensed => weight.licensed,
                SupplyEffect::Unknown => weight.unknown_supply,
                _ => 1.0,
            };
            let china = match a.china {
                ChinaState::None | ChinaState::Quota => 1.0,
                ChinaState::Discouraged => weight.discouraged,
                ChinaState::Unknown => weight.unknown_guidance,
                ChinaState::Conditional => weight.conditional,
                ChinaState::Banned => 0.0,
            };
            a.part * us * china
        })
        .sum()
}

/// Rates from what had happened by the environment's day of knowledge.
pub fn hazard(env: &Environment) -> Hazard {
    let known = Month::of(env.known);
    let facts = &env.assumed.policy;
    let mut changes = Vec::new();
    let mut reached = Vec::new();
    for t in 1..=known.0 {
        let lost = lost_in(env, t);
        let (down, mut up) = (!lost.is_empty(), false);
        if (known.0 - t) as f64 <= facts.reach {
            reached.extend(lost);
        }
        for (g, good) in env
            .goods
            .iter()
            .enumerate()
            .filter(|(_, f)| f.is_foreign_direct())
        {
            let (before, now) = (openness(env, Month(t - 1), g), openness(env, Month(t), g));
            up |= now >= facts.open && before < facts.left * now;
            if good.china_only {
                reached.push(g);
            }
        }
        // The environment holds what was known: a change shows from the month it took hold.
        let known_from = Month(t).first_day();
        for (happened, direction) in [(down, Direction::Adverse), (up, Direction::Relaxing)] {
            if happened {
                changes.push(Change {
                    known_from,
                    direction,
                });
            }
        }
    }
    // A good lost on the origin's own month counts as lost.
    reached.sort_unstable();
    reached.dedup();
    Hazard {
        rates: PolicyHazard::known(
            &changes,
            Month(0).first_day(),
            env.known,
            facts.tightening,
            facts.reopening,
        ),
        reached,
    }
}

/// Shocks of a draw with policy drawn beyond the day of knowledge.
pub fn drawn_policy(
    env: &Environment,
    hazard: &Hazard,
    mut shocks: Shocks,
    seed: u64,
    index: usize,
) -> Shocks {
    let mut stream = Stream::new(seed ^ 0x5eed, index as u64);
    let known = Month::of(env.known).0;
    let mut rates = Stream::new(seed ^ 0xa7e5, index as u64);
    let (tighten, reopen) = (
        hazard.rates.adverse.draw(&mut rates),
        hazard.rates.relaxing.draw(&mut rates),
    );
    let chance = |rate: f64| 1.0 - (-rate / 3.0).exp();
    let (mut access, mut relief) = (1.0, 0.0);
    shocks.access = vec![1.0; MONTHS];
    shocks.relief = vec![0.0; MONTHS];
    for t in known + 1..MONTHS {
        let (a, b, size) = (stream.uniform(), stream.uniform(), stream.uniform());
        if a < chance(tighten) {
            (access, relief) = (size * size, 0.0);
        } else if b < chance(reopen) {
            (access, relief) = (1.0, size);
        }
        shocks.access[t] = access;
        shocks.relief[t] = relief;
    }
    shocks.reopened.clone_from(&hazard.reached);
    shocks
}
