//! What is asked of every chip, and its ways to serve.

use super::way::{Way, way};
use crate::args::InferArgs;
use strait::catalog::Chip;
use strait::figure::{Need, Quantity};
use strait::perf::Model;
use strait::perf::inference::{
    Chosen, Demand, Formats, Inference, Limits, Line, Operating, Replica, Setup, Spread, StepBatch, apart,
    best, explain, frontier, within,
};
use strait::perf::ops::End;

/// What is asked of every chip.
pub(super) struct Asked<'a> {
    pub(super) args: &'a InferArgs,
    pub(super) inference: &'a Inference,
    pub(super) model: &'a Model,
    pub(super) demand: Demand,
    pub(super) limits: Limits,
}

/// Ways to serve and the operators of a step of the first.
pub(super) type Ways = (Vec<Way>, Option<Vec<Line>>);

impl Asked<'_> {
    /// Rate at which a prompt's cache is sent to replicas that decode, GB/s.
    pub(super) fn transfer(&self) -> f64 {
        self.args.transfer.unwrap_or(self.inference.server.transfer.get())
    }

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

    /// Factors on the times of the ways with what is assumed or disputed at its ends; none where nothing is.
    pub(super) fn ends(&self, chip: &Chip, ways: &[Way]) -> Option<[[f64; 2]; 2]> {
        let mut found = [[1.0_f64; 2]; 2];
        for end in [End::Low, End::High] {
            let setup = self.setup(chip, end).ok()?;
            for way in ways {
                let spread = way.spread();
                let replica = self.inference.replica(&Setup { spread, ..setup }).ok()?;
                let there = replica.at(&self.demand, way.users);
                let factors = [there.ttft / way.ttft_s, there.tpot / way.tpot_s];
                for (range, factor) in found.iter_mut().zip(factors) {
                    *range = [range[0].min(factor), range[1].max(factor)];
                }
            }
        }
        (found != [[1.0; 2]; 2]).then_some(found)
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
            engine: self.args.engine.map(|e| e.name()),
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
            return self.apart(&setup, chip, second);
        }
        let spread = match self.named() {
            Some(spread) => Some(self.fitting(spread, &setup)?),
            None => best(
                self.inference,
                &setup,
                self.args.chips,
                &self.demand,
                &self.limits,
            )?
            .map(|c| c.replica.steps.spread()),
        };
        let Some(spread) = spread else {
            return Ok((Vec::new(), None));
        };
        let replica = self.inference.replica(&Setup { spread, ..setup })?;
        let fits = replica.fits(&self.demand);
        let operating: Vec<Operating> = if self.args.users.is_empty() {
            let mut ways = frontier(&replica, &self.demand);
            ways.retain(|o| self.limits.keep(o));
            if let Some(most) = within(&replica, &self.demand, &self.limits, 0.0)
                && ways.last().is_none_or(|o| o.users < most.users)
            {
                ways.push(most);
            }
            ways
        } else {
            let users = self.args.users.iter().filter(|u| **u <= fits);
            users.map(|u| replica.at(&self.demand, *u)).collect()
        };
        let lines = operating.last().map(|o| self.lines(&replica, o.users));
        let ways = operating.iter().map(|o| way(chip, &spread, o, None)).collect();
        Ok((ways, lines))
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

    fn apart(&self, setup: &Setup<'_>, chip: &Chip, second: &Chip) -> std::result::Result<Ways, Vec<Need>> {
        let other = self.setup(second, End::Middle)?;
        let none = Limits::NONE;
        let chips = self.args.chips;
        let first = match self.named() {
            Some(spread) => Some((spread, spread)),
            None => {
                let prompts = best(self.inference, setup, chips, &self.demand, &none)?;
                let decodes = best(self.inference, &other, chips, &self.demand, &self.limits)?;
                let spread = |c: Chosen<'_>| c.replica.steps.spread();
                prompts.zip(decodes).map(|(p, d)| (spread(p), spread(d)))
            }
        };
        let Some((p, d)) = first else {
            return Ok((Vec::new(), None));
        };
        let prompts = self.inference.replica(&Setup { spread: p, ..*setup })?;
        let decodes = self.inference.replica(&Setup { spread: d, ..other })?;
        let bytes = self.demand.input * prompts.memory.token * f64::from(p.tensor);
        let transfer = bytes / (self.transfer() * 1e9);
        let busy = self.inference.server.prompts_busy.get();
        let found = apart(&prompts, &decodes, &self.demand, &self.limits, busy, transfer);
        let Some(pools) = found else {
            return Ok((Vec::new(), None));
        };
        let mut way = way(second, &d, &pools.operating, Some(pools.prompts));
        way.chip = format!("{} for prompts, {}", chip.id, second.id);
        let lines = self.lines(&decodes, pools.operating.users);
        Ok((vec![way], Some(lines)))
    }

    /// Operators of a decoding step.
    fn lines(&self, replica: &Replica<'_>, users: f64) -> Vec<Line> {
        let each = (users / f64::from(replica.steps.spread().data)).max(1.0);
        let mut batch = StepBatch::decodes(each, self.demand.context());
        batch.queries = 1.0 + self.demand.drafted;
        explain(&replica.steps, &batch, &replica.software)
    }

    pub(super) fn none(&self) -> String {
        if self.args.users.is_empty() {
            "no plan on these chips keeps the limits: give more chips or looser limits".to_owned()
        } else {
            "so many users do not fit: their cache is larger than what the weights leave".to_owned()
        }
    }
}
