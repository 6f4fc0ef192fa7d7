//! What is asked of every chip, and its ways to serve.

use super::way::{Parts, Replicas, Way};
use crate::args::InferArgs;
use strait::catalog::Chip;
use strait::figure::{Estimate, Need, Watts};
use strait::perf::energy::EnergyModel;
use strait::perf::inference::{
    Demand, Formats, Inference, Limits, Line, Pair, Pools, Replica, Setup, Spread, StepBatch, Steps, best,
    explain, frontier, shares, undominated, within,
};
use strait::perf::ops::End;
use strait::perf::{Between, LimitShares, Model, PerfModel};

/// Share of their time that replicas of prompts are kept busy, so that queues stay short. Assumed.
pub(super) const BUSY: f64 = 0.8;

/// What is asked of every chip.
pub(super) struct Asked<'a> {
    pub(super) args: &'a InferArgs,
    pub(super) perf: &'a PerfModel,
    pub(super) inference: &'a Inference,
    pub(super) energy: &'a EnergyModel,
    pub(super) model: &'a Model,
    pub(super) demand: Demand,
    pub(super) limits: Limits,
}

/// Ways to serve.
#[derive(Default)]
pub(super) struct Ways {
    pub(super) ways: Vec<Way>,
    /// Operators of a step of the last.
    pub(super) operators: Option<Vec<Line>>,
    /// Why not all that was asked for is there.
    pub(super) why: Option<String>,
}

/// Replicas for prompts and for decoding, and the seconds between them.
type Apart<'a> = (Replica<'a>, Replica<'a>, f64);

impl Asked<'_> {
    /// Name of the format that a chip serves in.
    pub(super) fn word(&self, chip: &Chip) -> Option<String> {
        let usual = || {
            let system = self.inference.system(chip, End::Middle).ok()?;
            Formats::word(Formats::usual(&system)).map(str::to_owned)
        };
        self.args.precision.clone().or_else(usual)
    }

    /// Figures of the chips that their files do not state.
    pub(super) fn assumed(&self, chips: [Option<&Chip>; 2]) -> Vec<&'static str> {
        let systems = chips.into_iter().flatten();
        let systems = systems.filter_map(|c| self.inference.system(c, End::Middle).ok());
        let mut names: Vec<_> = systems.flat_map(|s| s.device.assumed.names()).collect();
        names.dedup();
        names
    }

    fn setup(&self, chip: &Chip, end: End) -> std::result::Result<Setup<'_>, Vec<Need>> {
        let system = self.inference.system(chip, end)?;
        let usual = Formats::word(Formats::usual(&system));
        let word = self.args.precision.as_deref().or(usual).unwrap_or_default();
        let formats = Formats::named(word).ok_or_else(|| {
            vec![Need {
                fact: format!("a format called `{word}`"),
                flag: Some("--precision".to_owned()),
                why: "those with fitted kernels are bf16, fp8, fp8_block, nvfp4, int8, int8_wo, int4_wo"
                    .to_owned(),
                flips: Vec::new(),
            }]
        })?;
        Ok(Setup {
            model: self.model,
            formats,
            spread: Spread::ONE,
            system,
            engine: self.args.engine.name(),
        })
    }

    /// The spread that the flags name, if they do.
    fn named(&self) -> Option<Spread> {
        let a = self.args;
        if a.tp.is_none() && a.dp.is_none() && a.ep.is_none() && a.pp == 1 {
            return None;
        }
        let (tensor, data) = (a.tp.unwrap_or(1), a.dp.unwrap_or(1));
        let experts = a.ep.unwrap_or(if data > 1 { tensor * data } else { 1 });
        Some(Spread {
            tensor,
            data,
            experts,
            pipeline: a.pp,
        })
    }

    pub(super) fn ways(&self, chip: &Chip, decodes: Option<&Chip>) -> std::result::Result<Ways, Vec<Need>> {
        let setup = self.setup(chip, End::Middle)?;
        if let Some(second) = decodes {
            return self.apart(chip, second);
        }
        let (spread, replicas) = match self.named() {
            Some(spread) => (self.fitting(spread, &setup)?, Replicas::default()),
            None => {
                let plan = |limits| best(self.inference, &setup, self.args.chips, &self.demand, limits);
                let found = match plan(&self.limits)? {
                    // Users that were asked for are shown on some plan, whatever its times.
                    None if !self.args.users.is_empty() => plan(&Limits::NONE)?,
                    found => found,
                };
                let Some(found) = found else {
                    return Ok(Ways {
                        why: Some(self.none()),
                        ..Ways::default()
                    });
                };
                let replicas = Replicas {
                    serving: Some(found.replicas),
                    idle: Some(found.idle),
                    prompts: None,
                };
                (found.replica.steps.spread(), replicas)
            }
        };
        let replica = self.inference.replica(&Setup { spread, ..setup })?;
        let fits = replica.fits(&self.demand);
        let (users, why) = if self.args.users.is_empty() {
            let mut ways = frontier(&replica, &self.demand);
            ways.retain(|o| self.limits.keep(o));
            ways.extend(within(&replica, &self.demand, &self.limits, 0.0));
            let users: Vec<f64> = undominated(ways).iter().map(|o| o.users).collect();
            let none = users.is_empty().then(|| self.none());
            (users, none)
        } else {
            self.fitting_users(fits)
        };
        let ways: Vec<Way> = users
            .iter()
            .filter_map(|users| self.together(chip, spread, replicas, *users))
            .collect();
        Ok(Ways {
            operators: users.last().map(|users| self.lines(&replica, *users)),
            ways,
            why,
        })
    }

    /// The users asked for that fit, and what is said of those that do not.
    fn fitting_users(&self, fits: f64) -> (Vec<f64>, Option<String>) {
        let (users, more): (Vec<f64>, Vec<f64>) = self.args.users.iter().partition(|u| **u <= fits);
        let why = more.iter().copied().reduce(f64::min).map(|least| {
            format!(
                "{least:.0} users do not fit a replica: their cache is larger than what the weights leave; {fits:.0} do at most"
            )
        });
        (users, why)
    }

    /// A replica that does prompts and decoding, with so many users.
    fn together(&self, chip: &Chip, spread: Spread, replicas: Replicas, users: f64) -> Option<Way> {
        let replica = |end| {
            let setup = self.setup(chip, end).ok()?;
            self.inference.replica(&Setup { spread, ..setup }).ok()
        };
        let at = |end| -> Option<Between> {
            let r = replica(end)?;
            Some((r.at(&self.demand, users), r.floor(&self.demand, users)))
        };
        let middle = replica(End::Middle)?;
        let spent = middle.spent(&self.demand, users).shares;
        let power = self.perf.power(chip, &spent);
        let wall = |w: Watts| self.energy.node_of(chip.form).wall_per_chip(w, true);
        let operating = middle.at(&self.demand, users);
        Some(Way::of(chip.id.0.clone(), &Parts {
            spread,
            replicas,
            operating: &operating,
            intervals: &self.perf.serving_intervals(&[chip], &at)?,
            keeps: self.limits.keep(&operating),
            further: self.demand.output > 1.0,
            power: power.map(|p| [p, p.map(wall)]),
        }))
    }

    fn fitting(&self, spread: Spread, setup: &Setup<'_>) -> std::result::Result<Spread, Vec<Need>> {
        let bad = !self.model.splits_over(spread.tensor)
            || spread.experts > spread.stage()
            || !spread.stage().is_multiple_of(spread.experts)
            || spread.tensor > setup.system.domain;
        if bad {
            return Err(vec![Need {
                fact: format!("a spread of {} over {} chips", self.model.name, spread.chips()),
                flag: Some("--tp".to_owned()),
                why: format!(
                    "--tp must divide the model's heads and lie in one scale-up domain ({}), --ep must divide --tp x --dp",
                    setup.system.domain
                ),
                flips: Vec::new(),
            }]);
        }
        Ok(spread)
    }

    fn apart(&self, chip: &Chip, second: &Chip) -> std::result::Result<Ways, Vec<Need>> {
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
            operators: users.last().map(|users| self.lines(&middle.1, *users)),
            why: why.or_else(|| ways.is_empty().then(fed)),
            ways,
        })
    }

    fn pair(&self, chips: [&Chip; 2], spreads: (Spread, Spread), end: End) -> std::result::Result<Apart<'_>, Vec<Need>> {
        let replica = |chip, spread| {
            let setup = self.setup(chip, end)?;
            self.inference.replica(&Setup { spread, ..setup })
        };
        let prompts = replica(chips[0], spreads.0)?;
        let decodes = replica(chips[1], spreads.1)?;
        let bytes = self.demand.input * prompts.memory.token * f64::from(spreads.0.tensor);
        Ok((prompts, decodes, bytes / (self.args.transfer * 1e9)))
    }

    fn pools<'r, 'a>(&self, (prompts, decodes, transfer): &'r Apart<'a>) -> Pair<'r, 'a> {
        Pair {
            prompts,
            decodes,
            chips: self.args.chips,
            busy: BUSY,
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
        Some(Way::of(format!("{} for prompts, {}", chip.id, second.id), &Parts {
            spread: spreads.1,
            replicas: Replicas {
                serving: Some(pools.decodes),
                prompts: Some(pools.prompts),
                idle: None,
            },
            operating: &pools.operating,
            intervals: &self.perf.serving_intervals(&chips, &at)?,
            keeps: self.limits.keep(&pools.operating),
            further: self.demand.output > 1.0,
            power: self.power_apart(chips, &pair, &pools),
        }))
    }

    /// Mean power of a chip of both kinds, and at the wall.
    fn power_apart(&self, chips: [&Chip; 2], pair: &Apart<'_>, pools: &Pools) -> Option<[Estimate<Watts>; 2]> {
        let (prompts, decodes, _) = pair;
        let steps = Steps::apart(&prompts.steps, &decodes.steps, &self.demand, pools.operating.users);
        let busy = pools.busy;
        let first = shares(&prompts.steps, &steps.prompt_batch(), &prompts.software);
        // What is left of their time replicas of prompts wait.
        let first = LimitShares {
            compute: busy * first.compute,
            memory_bandwidth: busy * first.memory_bandwidth,
            network: busy * first.network,
            overhead: 1.0 - busy * (1.0 - first.overhead),
        };
        let second = shares(&decodes.steps, &steps.decode_batch(), &decodes.software);
        let each = [first, second];
        let count = [
            f64::from(pools.prompts) * prompts.chips(),
            f64::from(pools.decodes) * decodes.chips(),
        ];
        let all = count[0] + count[1];
        let power = [0, 1].map(|i| self.perf.power(chips[i], &each[i]));
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

    /// Operators of a decoding step.
    fn lines(&self, replica: &Replica<'_>, users: f64) -> Vec<Line> {
        let each = (users / f64::from(replica.steps.spread().data)).max(1.0);
        let mut batch = StepBatch::decodes(each, self.demand.context());
        batch.queries = 1.0 + self.demand.drafted;
        explain(&replica.steps, &batch, &replica.software)
    }

    fn none(&self) -> String {
        "no plan on these chips keeps the limits: give more chips or looser limits".to_owned()
    }
}
