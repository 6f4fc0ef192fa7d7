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

    /// How far between two ways the first limit is met, if times grow as lines do: 0 to 1.
    fn left(&self, low: &Operating, high: &Operating) -> f64 {
        let met = |limit: f64, low: f64, high: f64| {
            if high > limit {
                (limit - low) / (high - low)
            } else {
                1.0
            }
        };
        met(self.ttft, low.ttft, high.ttft)
            .min(met(self.tpot, low.tpot, high.tpot))
            .clamp(0.0, 1.0)
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

/// Tries of a search for the most users, beyond the ends.
const TRIES: usize = 12;

/// The way within limits that serves most tokens a chip, and its users; none where not one user is served within
/// them, or where no way reaches `above` tokens a second and chip.
#[must_use]
pub fn within(replica: &Replica<'_>, demand: &Demand, limits: &Limits, above: f64) -> Option<Operating> {
    let most = replica.fits(demand).min(MOST);
    if most < 1.0 {
        return None;
    }
    let least = f64::from(replica.steps.spread().data);
    let full = replica.at(demand, most.max(least));
    if full.per_chip <= above {
        // More users never serve fewer tokens: what all of them cannot reach, none can.
        return None;
    }
    if limits.keep(&full) {
        return Some(full);
    }
    let first = replica.at(demand, least);
    if !limits.keep(&first) {
        return None;
    }
    // Times grow with users nearly as a line does: where a line through both ends meets the limit, then a step to its
    // other side, so that both ends move; the middle where that did not do.
    let (mut low, mut high, mut kept) = (first, full, false);
    for attempt in 0..TRIES {
        let (a, b) = (low.users, high.users);
        if b - a <= 1.0 + 0.02 * a {
            break;
        }
        let guess = match attempt % 3 {
            0 => a + (b - a) * limits.left(&low, &high),
            1 if kept => 1.02 * a + 1.0,
            1 => 0.98 * b - 1.0,
            _ => (a * b).sqrt(),
        };
        let way = replica.at(demand, guess.floor().clamp(a + 1.0, (b - 1.0).max(a + 1.0)));
        kept = limits.keep(&way);
        *(if kept { &mut low } else { &mut high }) = way;
    }
    (low.per_chip > above).then_some(low)
}

/// Spreads of up to `chips` chips worth trying. In one domain: tensor parallel of every power of two that divides
/// the heads, several replicas of it; for a mixture also attention replicated and experts dealt out. Beyond it: a
/// mixture's experts dealt to more chips, another model's layers to stages, one a domain.
#[must_use]
pub fn spreads(setup: &Setup<'_>, chips: u32) -> Vec<Spread> {
    let mut found = Vec::new();
    let model = setup.model;
    let mut group = 1;
    while group <= chips {
        let even = chips.is_multiple_of(group);
        if even && group <= setup.system.domain && model.splits_over(group) {
            found.push(Spread::tensor(group));
            if model.experts.is_some() && group > 1 {
                found.push(Spread {
                    experts: group,
                    ..Spread::tensor(group)
                });
            }
        }
        match model.experts {
            Some(e) if even && group > 1 && group <= e.count => found.push(Spread {
                data: group,
                experts: group,
                ..Spread::ONE
            }),
            None if even && group > setup.system.domain => found.extend(staged(setup, group)),
            _ => {}
        }
        group *= 2;
    }
    found
}

/// A stage of the pipeline a domain.
fn staged(setup: &Setup<'_>, group: u32) -> Option<Spread> {
    let domain = setup.system.domain;
    let spread = Spread {
        pipeline: group / domain,
        ..Spread::tensor(domain)
    };
    (setup.model.splits_over(domain) && spread.chips() == group && spread.pipeline <= setup.model.layers)
        .then_some(spread)
}

/// A plan: how a replica lies on chips, and how it serves.
#[derive(Debug, Clone)]
pub struct Chosen<'a> {
    /// One replica.
    pub replica: Replica<'a>,
    /// Replicas on the chips asked for.
    pub replicas: u32,
    /// How each serves.
    pub operating: Operating,
}

/// The plan on `chips` chips that serves most tokens within limits.
///
/// # Errors
/// What is missing where no spread can be computed at all.
pub fn best<'a>(
    inference: &Inference,
    setup: &Setup<'a>,
    chips: u32,
    demand: &Demand,
    limits: &Limits,
) -> Result<Option<Chosen<'a>>, Vec<Need>> {
    let mut found: Option<Chosen<'a>> = None;
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
        let above = found.as_ref().map_or(0.0, |f| f.operating.per_chip);
        if let Some(operating) = within(&replica, demand, limits, above) {
            found = Some(Chosen {
                replicas: chips / spread.chips(),
                replica,
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
