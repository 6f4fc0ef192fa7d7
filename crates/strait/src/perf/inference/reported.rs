//! End-to-end rates that others reported, row by row: what is computed for each, or why it cannot be.

use super::score::summary;
use super::{
    Demand, Formats, Inference, Limits, Load, Measures, Replica, ServingScore, Setup, Spread, best, within,
};
use crate::catalog::{Chip, ChipId};
use crate::figure::Need;
use crate::perf::ops::End;
use crate::perf::{Model, ModelId};
use std::collections::BTreeMap;

/// One reported row, as far as it can be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedRow {
    /// Id.
    pub id: String,
    /// Chip.
    pub chip: ChipId,
    /// Model.
    pub model: ModelId,
    /// Precision as written.
    pub precision: String,
    /// Engine, where its kernels are fitted.
    pub engine: Option<&'static str>,
    /// Formats.
    pub formats: Formats,
    /// Chips.
    pub chips: u32,
    /// Spread of a replica, where it is said.
    pub spread: Option<Spread>,
    /// What they were given.
    pub load: Load,
    /// What was measured.
    pub measures: Measures,
    /// Prompt tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Tokens drafted a step, and how many of them are kept on average.
    pub drafted: [f64; 2],
    /// Measured mean time to first token, seconds.
    pub ttft: Option<f64>,
    /// Measured mean time per output token, seconds.
    pub tpot: Option<f64>,
    /// Measured tokens a second and chip: of prompts where these alone were computed, else of answers.
    pub rate: Option<f64>,
    /// What the row leaves out and how it was taken.
    pub taken: Vec<&'static str>,
}

/// One figure of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedError {
    /// Row.
    pub id: String,
    /// `ttft`, `tpot`, `throughput` or `training`.
    pub phase: &'static str,
    /// Chip.
    pub chip: ChipId,
    /// Precision.
    pub precision: String,
    /// Engine, or `best`.
    pub engine: &'static str,
    /// `reported`; of training `plan given` or `plan searched`.
    pub regime: &'static str,
    /// Computed.
    pub computed: f64,
    /// Measured.
    pub measured: f64,
    /// Half-width of the 90 % interval of the logarithm.
    pub half: f64,
}

impl ReportedRow {
    /// Every figure of the row beside what is computed. `ratio` is the factor by which a time to a first token, or a
    /// further one, of the chip may be off at 90 %.
    ///
    /// # Errors
    /// Why nothing is.
    pub fn errors(
        &self,
        inference: &Inference,
        model: &Model,
        chip: &Chip,
        ratio: &dyn Fn(bool) -> f64,
    ) -> Result<Vec<ReportedError>, String> {
        let [ttft, tpot, rate] = self.computed(inference, model, chip)?;
        let [first, further] = [true, false].map(|first| ratio(first).ln());
        let of_rate = if self.measures == Measures::Prompts {
            first
        } else {
            further
        };
        let engine = self.engine.unwrap_or("best");
        let figures = [
            ("ttft", ttft, self.ttft, first),
            ("tpot", tpot, self.tpot, further),
            ("throughput", rate, self.rate, of_rate),
        ];
        Ok(figures
            .into_iter()
            .filter_map(|(phase, computed, measured, half)| {
                Some(ReportedError {
                    id: self.id.clone(),
                    phase,
                    chip: self.chip.clone(),
                    precision: self.precision.clone(),
                    engine,
                    regime: "reported",
                    computed: computed?,
                    measured: measured?,
                    half,
                })
            })
            .collect())
    }

    /// Time to the first token, per further token, and rate of a chip, those that the row's load has.
    fn computed(
        &self,
        inference: &Inference,
        model: &Model,
        chip: &Chip,
    ) -> Result<[Option<f64>; 3], String> {
        let setup = Setup {
            model,
            formats: self.formats,
            spread: Spread::ONE,
            system: inference.system(chip, End::Middle).map_err(why)?,
            engine: self.engine,
        };
        let [drafted, accepted] = self.drafted;
        let mut demand = Demand {
            drafted,
            accepted,
            ..Demand::new(self.input, self.output)
        };
        let replica = self.replica(inference, &setup, &demand)?;
        let each = replica.chips();
        let users = match self.load {
            Load::Users(users) => {
                let replicas = (f64::from(self.chips) / each).max(1.0);
                Some((users / replicas).max(1.0))
            }
            Load::PerChip(users) => Some((users * each).max(1.0)),
            Load::Tokens(tokens) => {
                let attention = f64::from(replica.steps.spread().data);
                demand.step_tokens = tokens * each / attention;
                None
            }
            Load::All => None,
        };
        if self.measures == Measures::Prompts {
            let first = users.filter(|n| *n <= 1.0).map(|n| replica.at(&demand, n).ttft);
            return Ok([first, None, Some(replica.prompt_rate(&demand))]);
        }
        let fits = replica.fits(&demand);
        if users.is_some_and(|users| users > fits) {
            return Err("more users than the cache holds, so that requests waited".to_owned());
        }
        if self.measures == Measures::Decoding {
            let (tpot, rate) = replica.decoding(&demand, users.unwrap_or(fits));
            return Ok([None, Some(tpot), Some(rate)]);
        }
        let way = match users {
            Some(users) => replica.at(&demand, users),
            None => within(&replica, &demand, &Limits::NONE, 0.0)
                .ok_or("by our count not one sequence fits beside the weights")?,
        };
        Ok([Some(way.ttft), Some(way.tpot), Some(way.per_chip)])
    }

    /// The replica that the row names; where it names none, of all there are the one that serves most, of users that
    /// are counted the fewest chips that hold the model and leave room for eight.
    fn replica<'a>(
        &self,
        inference: &Inference,
        setup: &Setup<'a>,
        demand: &Demand,
    ) -> Result<Replica<'a>, String> {
        let one = |spread| inference.replica(&Setup { spread, ..*setup });
        if let Some(spread) = self.spread {
            return one(spread).map_err(why);
        }
        let none = || "by our count the model does not fit the chips".to_owned();
        if self.load == Load::All {
            let found = best(inference, setup, self.chips, demand, &Limits::NONE).map_err(why)?;
            return found.map(|chosen| chosen.replica).ok_or_else(none);
        }
        let mut tensor = 1;
        while tensor <= self.chips.min(setup.system.domain) {
            let held = one(Spread::tensor(tensor)).ok();
            if let Some(replica) = held.filter(|r| r.fits(demand) >= 8.0) {
                return Ok(replica);
            }
            tensor *= 2;
        }
        Err(none())
    }
}

fn why(needs: Vec<Need>) -> String {
    needs
        .first()
        .map_or_else(String::new, |n| format!("missing: {}", n.fact))
}

/// Scores by phase, regime, chip, precision and engine, then of each chip and of all together.
#[must_use]
pub fn reported_scores(errors: &[ReportedError]) -> Vec<ServingScore> {
    type Key = (&'static str, &'static str, String, String, String);
    let mut groups: BTreeMap<Key, Vec<(f64, f64)>> = BTreeMap::new();
    for e in errors {
        let off = ((e.computed / e.measured).ln(), e.half);
        let all = || "all".to_owned();
        for (chip, precision, engine) in [
            (e.chip.0.clone(), e.precision.clone(), e.engine.to_owned()),
            (e.chip.0.clone(), all(), all()),
            (all(), all(), all()),
        ] {
            groups
                .entry((e.phase, e.regime, chip, precision, engine))
                .or_default()
                .push(off);
        }
    }
    groups
        .into_iter()
        .map(|((phase, regime, chip, precision, engine), errors)| {
            summary([chip, precision, engine], phase, regime, &errors)
        })
        .collect()
}
