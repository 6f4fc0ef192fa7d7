//! What is asked of every chip, and its ways to serve.

use super::told::Told;
use super::way::{Parts, Replicas, Way};
use crate::args::InferArgs;
use strait::catalog::Chip;
use strait::figure::{Need, Quantity, Watts};
use strait::perf::energy::EnergyModel;
use strait::perf::inference::{
    Demand, Formats, Inference, Limits, Setup, Spread, Steps, best, frontier, undominated, within,
};
use strait::perf::ops::{End, Precision};
use strait::perf::{Between, Model, PerfModel};

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
    /// Steps of the last, taken apart.
    pub(super) steps: Vec<Told>,
    /// Why not all that was asked for is there.
    pub(super) why: Option<String>,
}

impl Asked<'_> {
    /// Rate at which a prompt's cache is sent to replicas that decode, GB/s.
    pub(super) fn transfer(&self) -> f64 {
        self.args.transfer.unwrap_or(self.inference.server.transfer.get())
    }

    /// Name of the format that a chip serves in.
    pub(super) fn word(&self, chip: &Chip) -> Option<String> {
        let usual = || {
            let system = self.inference.system(chip, End::Middle).ok()?;
            Formats::word(Formats::usual(&system))
        };
        let asked = self.args.precision.map(|p| p.name);
        asked.or_else(usual).map(str::to_owned)
    }

    /// Figures of the chips that their files do not state.
    pub(super) fn assumed(&self, chips: &[&Chip]) -> Vec<&'static str> {
        let systems = chips
            .iter()
            .filter_map(|c| self.inference.system(c, End::Middle).ok());
        let mut names: Vec<_> = systems.flat_map(|s| s.device.assumed.names()).collect();
        names.dedup();
        names
    }

    /// Products whose precision nobody measured, and whose kernels time them.
    pub(super) fn lent(&self, chips: &[&Chip]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for formats in chips.iter().filter_map(|c| self.formats(c)) {
            let each = self.inference.lent(self.model, &formats).into_iter();
            names.extend(each.map(|lent| lent.to_string()));
        }
        names.dedup();
        names
    }

    /// How a chip keeps weights and cache; none where it cannot be timed.
    pub(super) fn formats(&self, chip: &Chip) -> Option<Formats> {
        self.setup(chip, End::Middle).ok().map(|setup| setup.formats)
    }

    /// Factor by which times to a first token, or times per token, may be off each way at 90 %, the widest of the chips.
    pub(super) fn ratio(&self, chips: &[&Chip], first: bool) -> f64 {
        let each = chips.iter().filter_map(|chip| {
            let formats = self.formats(chip)?;
            Some(self.perf.serving_ratio(chip, (self.model, &formats), first))
        });
        each.fold(1.0, f64::max)
    }

    pub(super) fn setup(&self, chip: &Chip, end: End) -> std::result::Result<Setup<'_>, Vec<Need>> {
        let system = self.inference.system(chip, end)?;
        let usual = || Formats::word(Formats::usual(&system)).and_then(Precision::of);
        let precision = self.args.precision.or_else(usual).unwrap_or(Precision::BF16);
        let formats = Formats::throughout(precision);
        Ok(Setup {
            model: self.model,
            formats,
            spread: Spread::ONE,
            system,
            engine: self.args.engine.name(),
        })
    }

    /// The spread that the flags name, if they do.
    pub(super) fn named(&self) -> Option<Spread> {
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
            steps: users.last().map_or_else(Vec::new, |users| {
                let both = (chip.id.0.as_str(), &replica);
                self.told([both, both], *users)
            }),
            ways,
            why,
        })
    }

    /// The users asked for that fit, and what is said of those that do not.
    pub(super) fn fitting_users(&self, fits: f64) -> (Vec<f64>, Option<String>) {
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
        let formats = self.formats(chip)?;
        let drawn = middle.drawn(self.perf.activity(), &self.demand, users);
        let power = self.perf.power(chip, drawn);
        let wall = |w: Watts| self.energy.node_of(chip.form).wall_per_chip(w, true);
        let operating = middle.at(&self.demand, users);
        Some(Way::of(
            chip.id.0.clone(),
            &Parts {
                spread,
                replicas,
                operating: &operating,
                intervals: &self
                    .perf
                    .serving_intervals(&[chip], (self.model, &formats), &at)?,
                keeps: self.limits.keep(&operating),
                busiest: middle
                    .steps
                    .busiest_over_mean(&Steps::of(&middle.steps, &self.demand, users).decode_batch()),
                further: self.demand.output > 1.0,
                power: power.map(|p| [p, p.map(wall)]),
            },
        ))
    }

    pub(super) fn fitting(
        &self,
        spread: Spread,
        setup: &Setup<'_>,
    ) -> std::result::Result<Spread, Vec<Need>> {
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

    pub(super) fn none(&self) -> String {
        "no plan on these chips keeps the limits: give more chips or looser limits".to_owned()
    }
}
