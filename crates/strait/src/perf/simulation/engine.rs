//! A replica of a chip and a model: how long its steps take, and how many tokens its cache holds.

use super::{Load, ReplicaUse, StepTime};
use crate::catalog::{Chip, Format};
use crate::figure::{Estimate, Figure, Gigabytes, Need, Outcome, Quantity, Ratio, Seconds, Watts};
use crate::perf::energy::Activity;
use crate::perf::inference::{Formats, Line, Memory, Setup, Software, Spread, StepBatch, StepModel, explain};
use crate::perf::ops::{End, Precision};
use crate::perf::{Model, PerfModel};

/// One replica.
#[derive(Debug, Clone)]
pub struct Replica<'a> {
    steps: StepModel<'a>,
    software: Software,
    power: Activity,
    board: Option<Estimate<Watts>>,
    /// Chips of the replica.
    pub chips: u32,
    /// Precision of weights and arithmetic.
    pub format: Precision,
    /// Tokens of cache that fit beside the weights.
    pub tokens: u64,
    /// Cache of one token over all chips of the replica.
    pub token: Gigabytes,
}

/// How a replica is built.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Built<'a> {
    /// Chips that share every layer (tensor parallel).
    pub chips: u32,
    /// Ranks that the experts are dealt to; one where each expert is shared by all chips.
    pub experts: u32,
    /// Format of weights and arithmetic; the chip's usual one of serving where none is given.
    pub format: Option<Precision>,
    /// Engine, as in `perf/operators.toml`; what good current software reaches where none is given.
    pub engine: Option<&'a str>,
    /// End of what is disputed or assumed of the chip.
    pub end: End,
}

impl PerfModel {
    /// A replica of `chips` chips that share every layer, as [`PerfModel::built`] has it of the best software.
    pub fn replica<'a>(
        &self,
        chip: &Chip,
        model: &'a Model,
        chips: u32,
        format: Option<Format>,
    ) -> Outcome<Replica<'a>> {
        let named = format.map(|f| Formats::word(f).and_then(Precision::of).ok_or(f));
        let format = match named.transpose() {
            Ok(format) => format,
            Err(format) => {
                return Outcome::Unknown(vec![Need {
                    fact: format!("kernels for {}", format.name()),
                    flag: None,
                    why: "no model serves in it".to_owned(),
                    flips: Vec::new(),
                }]);
            }
        };
        let usual = Built {
            chips,
            experts: 1,
            format,
            engine: None,
            end: End::Middle,
        };
        self.built(chip, model, &usual)
    }

    /// A replica; unknown where a figure is missing or the weights do not fit.
    pub fn built<'a>(&self, chip: &Chip, model: &'a Model, built: &Built<'a>) -> Outcome<Replica<'a>> {
        let Built {
            chips,
            experts,
            format,
            engine,
            end,
        } = *built;
        let system = match self.inference().system(chip, end) {
            Ok(system) => system,
            Err(needs) => return Outcome::Unknown(needs),
        };
        let unknown = |fact: String, why: String| {
            Outcome::Unknown(vec![Need {
                fact,
                flag: Some("--tp".to_owned()),
                why,
                flips: Vec::new(),
            }])
        };
        let usual = || Formats::word(Formats::usual(&system)).and_then(Precision::of);
        let format = format.or_else(usual).unwrap_or(Precision::BF16);
        let formats = Formats::throughout(format);
        if chips == 0 || chips > system.domain || !model.splits_over(chips) {
            return unknown(
                format!("a split of {} over {chips} chips", model.name),
                format!(
                    "a layer is shared by chips of one scale-up domain ({}) that divide the model's heads",
                    system.domain
                ),
            );
        }
        if experts == 0 || !chips.is_multiple_of(experts) || (experts > 1 && model.experts.is_none()) {
            return unknown(
                format!("experts of {} dealt to {experts} ranks", model.name),
                format!("a mixture's experts are dealt to a number of ranks that divides its {chips} chips"),
            );
        }
        let spread = Spread {
            experts,
            ..Spread::tensor(chips)
        };
        let setup = Setup {
            model,
            formats,
            spread,
            system,
            engine,
        };
        let steps = match self.inference.steps(&setup) {
            Ok(steps) => steps,
            Err(needs) => return Outcome::Unknown(needs),
        };
        let memory = Memory::of(model, &formats, &spread);
        let tokens = ((system.usable - memory.weights) / memory.token).floor();
        if tokens < 1.0 {
            let all = f64::from(chips);
            return unknown(
                format!("a plan for {} on {chips} of {}", model.name, chip.id),
                format!(
                    "weights of {:.0} GB and a cache do not fit {:.0} GB usable",
                    all * memory.weights / 1e9,
                    all * system.usable / 1e9
                ),
            );
        }
        Outcome::Known(Replica {
            steps,
            software: self.inference.software(engine),
            power: self.activity,
            board: chip.tdp.as_ref().map(Figure::estimate),
            chips,
            format,
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            tokens: tokens as u64,
            token: Gigabytes::of(memory.token * f64::from(chips) / 1e9),
        })
    }
}

/// A step's load as prompts and sequences that are alike.
#[allow(clippy::cast_precision_loss)]
fn batch(l: &Load) -> StepBatch {
    let (prompts, all) = (f64::from(l.prompts), f64::from(l.prompt_tokens));
    let decodes = f64::from(l.decodes);
    let tokens = if l.prompts > 0 { all / prompts } else { 0.0 };
    let met = if l.prompt_tokens > 0 {
        l.prompt_keys as f64 / all
    } else {
        0.0
    };
    StepBatch {
        prompts,
        tokens,
        // A chunk's token meets what was cached and, on average, half of its chunk.
        cached: (met - 0.5 * (tokens + 1.0)).max(0.0),
        sampled: f64::from(l.sampled),
        decodes,
        context: if l.decodes > 0 {
            l.decode_keys as f64 / decodes
        } else {
            0.0
        },
        queries: 1.0,
    }
}

impl Replica<'_> {
    /// Power of one chip at a step; of an idle one where the step is empty. Absent where the chip's board power
    /// is unknown.
    #[must_use]
    pub fn power(&self, load: &Load) -> Option<Estimate<Watts>> {
        let drawn = if load.is_empty() {
            Ratio::of(0.0)
        } else {
            self.steps.drawn(&batch(load), &self.software, &self.power)
        };
        Some(self.power.power(self.board?, drawn))
    }

    /// Operators of a step of this load, the longest first; none of an empty one.
    #[must_use]
    pub fn explain(&self, load: &Load) -> Vec<Line> {
        if load.is_empty() {
            return Vec::new();
        }
        explain(&self.steps, &batch(load), &self.software)
    }

    /// Mean power of one chip of a replica that did this, idle time included.
    #[must_use]
    pub fn mean_power(&self, of: &ReplicaUse) -> Option<Estimate<Watts>> {
        let busy = of.busy.min(1.0);
        let (work, rest) = (self.power(&of.mean_step)?, self.power(&Load::default())?);
        let mean = |work: Watts, rest: Watts| work * busy + rest * (1.0 - busy);
        Some(Estimate::new(
            mean(work.value, rest.value),
            mean(work.low, rest.low),
            mean(work.high, rest.high),
        ))
    }

    /// Time of a request outside the replica, before it reaches one.
    #[must_use]
    pub fn request(&self) -> Seconds {
        Seconds::of(self.software.request * 1e-3)
    }

    /// Steps that a new request waits for.
    #[must_use]
    pub fn wait(&self) -> Ratio {
        Ratio::of(self.software.wait)
    }
}

/// A replica's steps at an end of their interval: slower or faster by a factor, never faster than every operator at its
/// least time.
#[derive(Debug, Clone, Copy)]
pub struct AtEnd<'r, 'a> {
    /// The replica.
    pub replica: &'r Replica<'a>,
    /// Factor on its times.
    pub factor: Ratio,
}

impl StepTime for AtEnd<'_, '_> {
    fn time(&self, load: &Load) -> Seconds {
        let time = self.replica.time(load);
        let end = time.get() * self.factor.get();
        let least = self.replica.steps.floor(&batch(load)).roofline;
        Seconds::of(end.max(least.min(time.get())))
    }
}

impl StepTime for Replica<'_> {
    fn time(&self, load: &Load) -> Seconds {
        let sequences = f64::from(load.prompts) + f64::from(load.decodes);
        let step = self.steps.step(&batch(load));
        Seconds::of(self.software.seconds(&step, sequences))
    }
}
