//! The trade between how fast a user is served and how much a chip serves, and the best plan under limits.

use super::{Demand, Inference, Operating, Replica, Setup, Spread, Steps};
use crate::figure::Need;

/// Longest times accepted, seconds; infinite where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// To the first token.
    pub ttft: f64,
    /// Per output token.
    pub tpot: f64,
}

impl Limits {
    /// None.
    pub const NONE: Self = Self {
        ttft: f64::INFINITY,
        tpot: f64::INFINITY,
    };

    /// Whether a way to serve keeps them.
    #[must_use]
    pub fn keep(&self, o: &Operating) -> bool {
        o.ttft <= self.ttft && o.tpot <= self.tpot
    }
}

/// Most users tried: an engine's own limit on sequences is of this order.
const MOST: f64 = 4096.0;

/// Ways to serve from one user on, doubling, to all that fit.
#[must_use]
pub fn frontier(replica: &Replica<'_>, demand: &Demand) -> Vec<Operating> {
    let most = replica.fits(demand).min(MOST);
    let least = f64::from(replica.steps.spread().data);
    let mut users = least;
    let mut found = Vec::new();
    while users < most {
        found.push(replica.at(demand, users));
        users *= 2.0;
    }
    if most >= 1.0 {
        found.push(replica.at(demand, most.max(least)));
    }
    found
}

/// The way within limits that serves most tokens a chip, and its users.
#[must_use]
pub fn within(replica: &Replica<'_>, demand: &Demand, limits: &Limits) -> Option<Operating> {
    let ways = frontier(replica, demand);
    // Times grow with users: those that keep the limits come first.
    let kept = ways.iter().take_while(|o| limits.keep(o)).count();
    let mut last = *ways.get(kept.checked_sub(1)?)?;
    if let Some(over) = ways.get(kept) {
        let (mut low, mut high) = (last.users, over.users);
        while high - low > 1.0 + 0.02 * low {
            let middle = (0.5 * (low + high)).floor();
            let way = replica.at(demand, middle);
            if limits.keep(&way) {
                (low, last) = (middle, way);
            } else {
                high = middle;
            }
        }
    }
    let all = ways[..kept].iter().chain([&last]);
    all.copied().max_by(|a, b| a.per_chip.total_cmp(&b.per_chip))
}

/// Spreads of `chips` chips of one domain worth trying: tensor parallel of every power of two that divides the
/// heads, several replicas of it; for a mixture also attention replicated and experts dealt out.
#[must_use]
pub fn spreads(setup: &Setup<'_>, chips: u32) -> Vec<Spread> {
    let mut found = Vec::new();
    let most = chips.min(setup.system.domain);
    let mut tensor = 1;
    while tensor <= most {
        if chips.is_multiple_of(tensor) && setup.model.splits_over(tensor) {
            found.push(Spread::tensor(tensor));
            if setup.model.experts.is_some() && tensor > 1 {
                found.push(Spread {
                    experts: tensor,
                    ..Spread::tensor(tensor)
                });
                found.push(Spread {
                    tensor: 1,
                    data: tensor,
                    experts: tensor,
                    pipeline: 1,
                });
            }
        }
        tensor *= 2;
    }
    found
}

/// A plan: how a replica lies on chips, and how it serves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chosen {
    /// Spread of one replica.
    pub spread: Spread,
    /// Replicas on the chips asked for.
    pub replicas: u32,
    /// How each serves.
    pub operating: Operating,
}

/// The plan on `chips` chips that serves most tokens within limits.
///
/// # Errors
/// What is missing where no spread can be computed at all.
pub fn best(
    inference: &Inference,
    setup: &Setup<'_>,
    chips: u32,
    demand: &Demand,
    limits: &Limits,
) -> Result<Option<Chosen>, Vec<Need>> {
    let mut found: Option<Chosen> = None;
    let mut missing = Vec::new();
    let mut ran = false;
    for spread in spreads(setup, chips) {
        let replica = match inference.replica(&Setup { spread, ..*setup }) {
            Ok(replica) => replica,
            Err(needs) => {
                missing = needs;
                continue;
            }
        };
        ran = true;
        let Some(operating) = within(&replica, demand, limits) else {
            continue;
        };
        if found
            .as_ref()
            .is_none_or(|f| operating.per_chip > f.operating.per_chip)
        {
            found = Some(Chosen {
                spread,
                replicas: chips / spread.chips(),
                operating,
            });
        }
    }
    if ran { Ok(found) } else { Err(missing) }
}

/// Prompts and decoding on replicas of their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pools {
    /// Replicas that compute prompts for one that decodes; less than one where one of them serves several.
    pub prompts: f64,
    /// How a replica that decodes serves.
    pub operating: Operating,
    /// Chips of both kinds for one that decodes.
    pub chips: f64,
}

/// The most users one decoding replica serves within limits, with as many prompt replicas as keep up with it at
/// `busy` share of their time; sending the cache takes `transfer` seconds a prompt.
#[must_use]
pub fn apart(
    prompts: &Replica<'_>,
    decodes: &Replica<'_>,
    demand: &Demand,
    limits: &Limits,
    busy: f64,
    transfer: f64,
) -> Option<Pools> {
    let at = |users: f64| {
        let steps = Steps::apart(&prompts.steps, &decodes.steps, demand, users);
        let seen = steps.seen_apart(&decodes.software);
        let prompt = steps.prompt_seconds(&prompts.software);
        // One server with prompts that come at random: the mean wait of a queue with fixed service times.
        let wait = prompt * busy / (2.0 * (1.0 - busy));
        let ttft = seen.ttft + wait + transfer;
        let life = ttft + (demand.output - 1.0).max(0.0) * seen.tpot;
        let requests = users / life;
        let needed = requests * prompt / busy / f64::from(prompts.steps.spread().data);
        let chips = decodes.chips() + needed * prompts.chips();
        let operating = Operating {
            users,
            ttft,
            tpot: seen.tpot,
            requests,
            per_chip: requests * demand.output / chips,
        };
        Pools {
            prompts: needed,
            operating,
            chips,
        }
    };
    let most = decodes.fits(demand).min(MOST);
    let mut users = f64::from(decodes.steps.spread().data);
    let mut best: Option<Pools> = None;
    while users <= most {
        let way = at(users);
        let better = best
            .as_ref()
            .is_none_or(|b| way.operating.per_chip > b.operating.per_chip);
        if limits.keep(&way.operating) && better {
            best = Some(way);
        }
        users = (users * 1.25).ceil();
    }
    best
}
