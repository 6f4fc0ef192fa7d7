//! How makers answer a lost market: with a chip made to the new bounds, of which nobody knows until it is announced.
//!
//! A loss is a month in which access of a good of a US maker falls by more than half (`policy.toml`); its answer is the first good made for
//! this market that comes on sale after it. The rate of answers comes from those seen by the day of knowledge, under a
//! prior of `policy.toml`, which is an assumption. What an answer wins back of the lost market is a uniform part.

use super::calendar::{MONTHS, Month};
use super::environment::Environment;
use super::hazard::openness;
use super::shocks::Shocks;
use crate::market::Stream;
use crate::market::policy_hazard::Hazard;

/// How fast makers answer, as it could have been told on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// Rate a quarter while a loss waits.
    pub rate: Hazard,
    /// Months in which access was lost, or by law then known will be.
    pub losses: Vec<usize>,
    /// The good that was lost last, and most liked of those.
    pub lost: Option<usize>,
    /// Whether the last loss by the day of knowledge waits for an answer.
    pub waiting: bool,
}

/// Goods of US makers that lost access in a month.
pub(crate) fn lost_in(env: &Environment, t: usize) -> Vec<usize> {
    let facts = &env.assumed.policy;
    (0..env.goods.len())
        .filter(|g| env.goods[*g].is_foreign_direct())
        .filter(|g| {
            let (before, now) = (openness(env, Month(t - 1), *g), openness(env, Month(t), *g));
            before >= facts.open && now < facts.left * before
        })
        .collect()
}

/// Whether a good made for this market comes on sale in a month.
fn arrives(env: &Environment, t: usize) -> bool {
    (0..env.goods.len())
        .any(|g| env.goods[g].china_only && env.on_sale(Month(t), g) && !env.on_sale(Month(t - 1), g))
}

/// Answers seen by the environment's day of knowledge; law known by then may hold losses yet to come.
pub fn answers(env: &Environment) -> Answers {
    let known = Month::of(env.known).0;
    let losses: Vec<usize> = (1..MONTHS).filter(|t| !lost_in(env, *t).is_empty()).collect();
    let (mut seen, mut waited) = (0, 0.0);
    let mut waiting = None;
    for t in 1..=known {
        if losses.contains(&t) && waiting.is_none() {
            waiting = Some(t);
        }
        if let Some(since) = waiting {
            waited += 1.0 / 3.0;
            if t > since && arrives(env, t) {
                seen += 1;
                waiting = None;
            }
        }
    }
    let liked = |t: usize, g: &usize| env.value[env.cell(Month(t - 1), *g, 0)];
    let lost = losses.iter().rev().find_map(|t| {
        lost_in(env, *t)
            .into_iter()
            .filter(|g| liked(*t, g).is_finite())
            .max_by(|a, b| liked(*t, a).total_cmp(&liked(*t, b)))
    });
    Answers {
        rate: Hazard::new(env.assumed.policy.answer, seen, waited),
        losses,
        lost,
        waiting: waiting.is_some(),
    }
}

/// Shocks of a draw with the makers' answers drawn beyond the day of knowledge, to losses of law and to those drawn.
pub fn answered(env: &Environment, answers: &Answers, mut shocks: Shocks, seed: u64, index: usize) -> Shocks {
    let Some(successor) = env.good(SUCCESSOR) else {
        return shocks;
    };
    let mut stream = Stream::new(seed ^ 0xa45, index as u64);
    let rate = answers.rate.draw(&mut stream);
    let chance = 1.0 - (-rate / 3.0).exp();
    let known = Month::of(env.known).0;
    let (mut waiting, mut won) = (answers.waiting, 0.0);
    shocks.answer = vec![0.0; MONTHS];
    for t in known + 1..MONTHS {
        let (a, size) = (stream.uniform(), stream.uniform());
        let drawn = shocks.access_in(t) < shocks.access_in(t - 1);
        if drawn || answers.losses.contains(&t) {
            (waiting, won) = (true, 0.0);
        } else if waiting && a < chance {
            (waiting, won) = (false, size);
        }
        shocks.answer[t] = won;
    }
    shocks.successor = Some(successor);
    shocks
}

/// Name of the good that stands for an answer.
pub const SUCCESSOR: &str = "successor";
