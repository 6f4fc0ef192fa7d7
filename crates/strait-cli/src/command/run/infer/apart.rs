//! Prompts on one chip, decoding on another.

use super::asked::{Asked, Ways};
use super::way::{Parts, Replicas, Way};
use strait::catalog::Chip;
use strait::figure::{Estimate, Need, Quantity, Ratio, Watts};
use strait::perf::Between;
use strait::perf::inference::{Limits, Pair, Pools, Replica, Setup, Spread, Steps, best};
use strait::perf::ops::End;

/// Replicas for prompts and for decoding, and the seconds between them.
type Apart<'a> = (Replica<'a>, Replica<'a>, f64);

impl Asked<'_> {
    pub(super) fn apart(&self, chip: &Chip, second: &Chip) -> std::result::Result<Ways, Vec<Need>> {
        let setups = (self.setup(chip, End::Middle)?, self.setup(second, End::Middle)?);
        let spreads = match self.named() {
            Some(spread) => Some((self.fitting(spread, &setups.0)?, self.fitting(spread, &setups.1)?)),
            None => {
                let plan = |setup: &Setup<'_>, limits| {
                    let found = best(self.inference, setup, self.args.chips, &self.demand, limits)?;
                    Ok::<_, Vec<Need>>(found.map(|c| c.replica.steps.spread()))
                };
                let decodes = match plan(&setups.1, &self.limits)? {
                    None if !self.args.users.is_empty() => plan(&setups.1, &Limits::NONE)?,
                    found => found,
                };
                plan(&setups.0, &Limits::NONE)?.zip(decodes)
            }
        };
        let none = Ways {
            why: Some(self.none()),
            ..Ways::default()
        };
        let Some(spreads) = spreads else { return Ok(none) };
        let middle = self.pair([chip, second], spreads, End::Middle)?;
        let (users, why) = if self.args.users.is_empty() {
            let found = self.pools(&middle).best(&self.demand, &self.limits);
            match found {
                Some(pools) => (vec![pools.operating.users], None),
                None => return Ok(none),
            }
        } else {
            self.fitting_users(middle.1.fits(&self.demand))
        };
        let ways: Vec<Way> = users
            .iter()
            .filter_map(|users| self.apart_with([chip, second], spreads, *users))
            .collect();
        let fed = || "prompts cannot be computed fast enough: give more chips".to_owned();
        Ok(Ways {
            steps: users.last().map_or_else(Vec::new, |users| {
                let prompts = (chip.id.0.as_str(), &middle.0);
                self.told([prompts, (second.id.0.as_str(), &middle.1)], *users)
            }),
            why: why.or_else(|| ways.is_empty().then(fed)),
            ways,
        })
    }

    fn pair(
        &self,
        chips: [&Chip; 2],
        spreads: (Spread, Spread),
        end: End,
    ) -> std::result::Result<Apart<'_>, Vec<Need>> {
        let replica = |chip, spread| {
            let setup = self.setup(chip, end)?;
            self.inference.replica(&Setup { spread, ..setup })
        };
        let prompts = replica(chips[0], spreads.0)?;
        let decodes = replica(chips[1], spreads.1)?;
        let bytes = self.demand.input * prompts.memory.token * f64::from(spreads.0.tensor);
        Ok((prompts, decodes, bytes / (self.transfer() * 1e9)))
    }

    fn pools<'r, 'a>(&self, (prompts, decodes, transfer): &'r Apart<'a>) -> Pair<'r, 'a> {
        Pair {
            prompts,
            decodes,
            chips: self.args.chips,
            busy: self.inference.server.prompts_busy.get(),
            transfer: *transfer,
        }
    }

    /// Prompts and decoding apart, with so many users on a replica that decodes.
    fn apart_with(&self, chips: [&Chip; 2], spreads: (Spread, Spread), users: f64) -> Option<Way> {
        let at = |end| -> Option<Between> {
            let pair = self.pair(chips, spreads, end).ok()?;
            let pools = self.pools(&pair).at(&self.demand, users)?;
            Some((pools.operating, pools.floor))
        };
        let pair = self.pair(chips, spreads, End::Middle).ok()?;
        let pools = self.pools(&pair).at(&self.demand, users)?;
        let [chip, second] = chips;
        let formats = self.formats(second)?;
        let (prompts, decodes, _) = &pair;
        let steps = Steps::apart(&prompts.steps, &decodes.steps, &self.demand, users);
        Some(Way::of(
            format!("{} for prompts, {}", chip.id, second.id),
            &Parts {
                spread: spreads.1,
                replicas: Replicas {
                    serving: Some(pools.decodes),
                    prompts: Some(pools.prompts),
                    idle: None,
                },
                operating: &pools.operating,
                intervals: &self.perf.serving_intervals(&chips, (self.model, &formats), &at)?,
                keeps: self.limits.keep(&pools.operating),
                busiest: decodes.steps.busiest_over_mean(&steps.decode_batch()),
                further: self.demand.output > 1.0,
                power: self.power_apart(chips, &pair, &pools),
            },
        ))
    }

    /// Mean power of a chip of both kinds, and at the wall.
    fn power_apart(
        &self,
        chips: [&Chip; 2],
        pair: &Apart<'_>,
        pools: &Pools,
    ) -> Option<[Estimate<Watts>; 2]> {
        let (prompts, decodes, _) = pair;
        let steps = Steps::apart(
            &prompts.steps,
            &decodes.steps,
            &self.demand,
            pools.operating.users,
        );
        let activity = self.perf.activity();
        let first = prompts
            .steps
            .drawn(&steps.prompt_batch(), &prompts.software, activity);
        // What is left of their time replicas of prompts wait.
        let first = Ratio::of(pools.busy * first.get());
        let second = decodes.drawn_decoding(activity, &steps, pools.operating.users);
        let each = [first, second];
        let count = [
            f64::from(pools.prompts) * prompts.chips(),
            f64::from(pools.decodes) * decodes.chips(),
        ];
        let all = count[0] + count[1];
        let power = [0, 1].map(|i| self.perf.power(chips[i], each[i]));
        let mean = |of: [Estimate<Watts>; 2]| {
            let part = |pick: fn(&Estimate<Watts>) -> Watts| {
                (pick(&of[0]) * count[0] + pick(&of[1]) * count[1]) / all
            };
            Estimate::new(part(|e| e.value), part(|e| e.low), part(|e| e.high))
        };
        let [Some(a), Some(b)] = power else { return None };
        let wall = |i: usize, e: Estimate<Watts>| {
            e.map(|w| self.energy.node_of(chips[i].form).wall_per_chip(w, true))
        };
        Some([mean([a, b]), mean([wall(0, a), wall(1, b)])])
    }
}
