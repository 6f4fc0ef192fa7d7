//! The trade between how fast a user is served and how much a chip serves, and the best plan under limits.

use super::{Demand, Inference, Operating, Replica, Setup, Spread};
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
pub(super) const MOST: f64 = 4096.0;

/// Ways to serve from one user on, doubling, to all that fit, without those that serve no more than a way of fewer
/// users.
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
    found.extend(within(replica, demand, &Limits::NONE, 0.0));
    undominated(found)
}

/// Ways by users, without those that serve no more than a way of fewer users: each user waits longer, and nobody
/// gains.
#[must_use]
pub fn undominated(mut ways: Vec<Operating>) -> Vec<Operating> {
    ways.sort_by(|a, b| a.users.total_cmp(&b.users));
    let mut top = 0.0;
    ways.retain(|way| {
        let more = way.per_chip > top;
        top = way.per_chip.max(top);
        more
    });
    ways
}

/// Tries of a search for the most users, beyond the ends.
const TRIES: usize = 12;
/// Rows of the tiles of products. A row more begins another tile: users serve most where tiles are full.
const TILE_ROWS: [f64; 5] = [16.0, 32.0, 64.0, 128.0, 256.0];
/// Fewer users serve at most this many times the tokens of all that fit.
const STEEPEST: f64 = 1.5;

/// The way within limits that serves most tokens a chip, and its users; none where not one user is served within
/// them, or where no way reaches `above` tokens a second and chip.
///
/// Times grow with users, so that limits hold up to some number of them. Tokens do not: they drop where products begin
/// another row of tiles. The best is that number, or the last below it at which tiles of some size are full.
#[must_use]
pub fn within(replica: &Replica<'_>, demand: &Demand, limits: &Limits, above: f64) -> Option<Operating> {
    let most = replica.fits(demand).min(MOST);
    if most < 1.0 {
        return None;
    }
    let least = f64::from(replica.steps.spread().data);
    let full = replica.at(demand, most.max(least));
    if full.per_chip * STEEPEST <= above {
        return None;
    }
    let (last, beyond) = if limits.keep(&full) {
        (full, full.users)
    } else {
        let first = replica.at(demand, least);
        if !limits.keep(&first) {
            return None;
        }
        last_within(replica, demand, limits, first, full)
    };
    let mut best = last;
    for users in full_tiles(replica, demand, last.users, beyond) {
        let way = replica.at(demand, users);
        if way.per_chip > best.per_chip && limits.keep(&way) {
            best = way;
        }
    }
    (best.per_chip > above).then_some(best)
}

/// The most users within limits that `low` keeps and `high` does not, and users that break them, few more.
fn last_within(
    replica: &Replica<'_>,
    demand: &Demand,
    limits: &Limits,
    mut low: Operating,
    mut high: Operating,
) -> (Operating, f64) {
    // Times grow with users nearly as a line does: where a line through both ends meets the limit, then a step to its
    // other side, so that both ends move; the middle where that did not do.
    let mut kept = false;
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
    (low, high.users)
}

/// Users from half of `last` to `beyond` at which tiles are full: for each size of tile the last such number before
/// either.
pub(super) fn full_tiles(replica: &Replica<'_>, demand: &Demand, last: f64, beyond: f64) -> Vec<f64> {
    let spread = replica.steps.spread();
    let groups = f64::from(spread.data) * f64::from(spread.pipeline);
    let rows = (1.0 + demand.drafted) / groups;
    let mut found: Vec<f64> = [last, beyond]
        .iter()
        .flat_map(|users| TILE_ROWS.map(|tile| ((users * rows / tile).floor() * tile / rows).floor()))
        .filter(|users| *users >= groups && *users != last && *users < beyond)
        .collect();
    found.sort_by(f64::total_cmp);
    found.dedup();
    found
}

/// Spreads of up to `chips` chips worth trying; replicas of one need not use all of them. In one domain: tensor
/// parallel of every power of two that divides the heads, several replicas of it; for a mixture also attention
/// replicated and experts dealt out. Beyond it: a mixture's experts dealt to more chips, another model's layers to
/// stages, one a domain; every matrix shared over the network only where none of all these holds the model.
#[must_use]
pub fn spreads(setup: &Setup<'_>, chips: u32) -> Vec<Spread> {
    let mut found = Vec::new();
    let model = setup.model;
    let mut group = 1;
    while group <= chips {
        if group <= setup.system.domain && model.splits_over(group) {
            found.push(Spread::tensor(group));
            if model.experts.is_some() && group > 1 {
                found.push(Spread {
                    experts: group,
                    ..Spread::tensor(group)
                });
            }
        }
        match model.experts {
            Some(e) if group > 1 && group <= e.count => found.push(Spread {
                data: group,
                experts: group,
                ..Spread::ONE
            }),
            None if group > setup.system.domain => found.extend(staged(setup, group)),
            _ => {}
        }
        group *= 2;
    }
    let holds = |spread: &Spread| setup.system.holds(model, &setup.formats, spread);
    if !found.iter().any(holds) {
        found.extend(over_domains(setup, chips).filter(holds));
    }
    found
}

/// Tensor parallel over more than a domain: each sum is made inside first, then among domains over the network.
fn over_domains(setup: &Setup<'_>, chips: u32) -> impl Iterator<Item = Spread> {
    let (domain, model) = (setup.system.domain, setup.model);
    (0..u32::BITS)
        .map(|n| 1 << n)
        .take_while(move |group| *group <= chips)
        .filter(move |group| *group > domain && model.splits_over(*group))
        .map(Spread::tensor)
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
    /// Chips left over, which no further replica fits on.
    pub idle: u32,
    /// How each serves.
    pub operating: Operating,
}

impl Chosen<'_> {
    /// Requests a second of all replicas.
    #[must_use]
    pub fn requests(&self) -> f64 {
        f64::from(self.replicas) * self.operating.requests
    }
}

/// The plan on `chips` chips that serves most tokens within limits; more chips never serve fewer.
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
        let replicas = chips / spread.chips();
        let used = f64::from(replicas) * replica.chips();
        let above = found.as_ref().map_or(0.0, Chosen::requests) * demand.output / used;
        if let Some(operating) = within(&replica, demand, limits, above) {
            found = Some(Chosen {
                replicas,
                idle: chips - replicas * spread.chips(),
                replica,
                operating,
            });
        }
    }
    if ran { Ok(found) } else { Err(missing) }
}
