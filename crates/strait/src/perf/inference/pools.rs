//! Prompts and decoding on replicas of their own: how many of each, and how they serve.

use super::floor::alone;
use super::plan::{MOST, full_tiles};
use super::{Demand, Limits, Operating, Replica, Steps};

/// Prompts and decoding on replicas of their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pools {
    /// Replicas that compute prompts.
    pub prompts: u32,
    /// Share of their time that these are busy.
    pub busy: f64,
    /// Replicas that decode.
    pub decodes: u32,
    /// How one that decodes serves.
    pub operating: Operating,
    /// The same with every operator at its least time.
    pub floor: Operating,
}

/// What stands behind prompts and decoding apart.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'r, 'a> {
    /// A replica that computes prompts.
    pub prompts: &'r Replica<'a>,
    /// One that decodes.
    pub decodes: &'r Replica<'a>,
    /// Chips of each kind.
    pub chips: u32,
    /// Share of their time that prompts may fill.
    pub busy: f64,
    /// Seconds in which a prompt's cache is sent.
    pub transfer: f64,
}

impl Pair<'_, '_> {
    /// The pools with so many users on a replica that decodes: as many of these as there are chips for and as prompts
    /// keep up with; none where not even one can be fed.
    #[must_use]
    pub fn at(&self, demand: &Demand, users: f64) -> Option<Pools> {
        let (prompts, decodes) = (self.prompts, self.decodes);
        let steps = Steps::apart(&prompts.steps, &decodes.steps, demand, users);
        let seen = steps.seen_apart(&decodes.software);
        let prompt = steps.prompt_seconds(&prompts.software);
        // One server with prompts that come at random: the mean wait of a queue with fixed service times.
        let wait = prompt * self.busy / (2.0 * (1.0 - self.busy));
        let ttft = seen.ttft + wait + self.transfer;
        let life = ttft + (demand.output - 1.0).max(0.0) * seen.tpot;
        let requests = users / life;
        // Replicas that compute prompts for one that decodes; less than one where one of them serves several.
        let needed = requests * prompt / self.busy / f64::from(prompts.steps.spread().data);
        let there = |replica: &Replica<'_>| self.chips / replica.steps.spread().chips();
        let decoding = there(decodes).min(whole((f64::from(there(prompts)) / needed).floor()));
        let computing = whole((f64::from(decoding) * needed).ceil()).max(1);
        let chips = f64::from(decoding) * decodes.chips() + f64::from(computing) * prompts.chips();
        let share = chips / f64::from(decoding.max(1));
        let operating = Operating {
            users,
            ttft,
            tpot: seen.tpot,
            requests,
            per_chip: requests * demand.output / share,
        };
        (decoding > 0).then(|| Pools {
            prompts: computing,
            busy: self.busy * f64::from(decoding) * needed / f64::from(computing),
            decodes: decoding,
            operating,
            floor: alone(&prompts.steps, &decodes.steps, &steps, users, share),
        })
    }

    /// The users within limits that serve most tokens a chip.
    #[must_use]
    pub fn best(&self, demand: &Demand, limits: &Limits) -> Option<Pools> {
        let most = self.decodes.fits(demand).min(MOST);
        let least = f64::from(self.decodes.steps.spread().data);
        let mut tried = Vec::new();
        let mut users = least;
        while users <= most {
            tried.push(users);
            tried.extend(full_tiles(self.decodes, demand, users, users));
            users = (users * 1.25).ceil();
        }
        tried.sort_by(f64::total_cmp);
        tried.dedup();
        let ways = tried.into_iter().filter_map(|users| self.at(demand, users));
        ways.filter(|way| limits.keep(&way.operating))
            .fold(None, |best: Option<Pools>, way| match best {
                Some(b) if b.operating.per_chip >= way.operating.per_chip => Some(b),
                _ => Some(way),
            })
    }
}

fn whole(x: f64) -> u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    {
        x as u32
    }
}
