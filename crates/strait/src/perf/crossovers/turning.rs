//! Where the model says that the chip with more bandwidth stops being faster than the one with more arithmetic.

use super::Held;
use crate::catalog::Chip;
use crate::figure::Need;
use crate::perf::inference::{Demand, Formats, Replica, Setup, Spread, StepBatch, Steps};
use crate::perf::ops::{Arithmetic, End};
use crate::perf::{Model, PerfModel};

/// Most sequences of an attention replica, and most tokens of a prompt, that are tried.
const MOST: u32 = 65_536;

/// Replicas of one model on two chips, alike but for the chip.
#[derive(Debug, Clone)]
pub struct Two<'a> {
    model: &'a Model,
    arithmetic: Arithmetic,
    slow: Replica<'a>,
    fast: Replica<'a>,
}

/// Where the order turns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Speed of the first over that of the second at the least work.
    pub first: f64,
    /// Most work at which the first is still as fast; none where it never is, or none is found at which it is not.
    pub until: Option<u32>,
}

impl<'a> Two<'a> {
    /// Both replicas.
    ///
    /// # Errors
    /// What a chip lacks, or that the model does not fit.
    pub fn of(perf: &'a PerfModel, [slow, fast]: [&Chip; 2], held: &Held) -> Result<Self, Vec<Need>> {
        let inference = perf.inference();
        let lacking = |fact: String| {
            vec![Need {
                fact,
                flag: None,
                why: "no replica can be made without it".to_owned(),
                flips: Vec::new(),
            }]
        };
        let model = perf
            .model(&held.id)
            .ok_or_else(|| lacking(format!("model `{}`", held.id)))?;
        let formats =
            Formats::of(held.format).ok_or_else(|| lacking(format!("kernels for {}", held.format.name())))?;
        let spread = Spread {
            tensor: held.tensor,
            data: held.data,
            experts: held.experts,
            pipeline: 1,
        };
        let on = |chip: &Chip| {
            inference.replica(&Setup {
                model,
                formats,
                spread,
                system: inference.system(chip, End::Middle)?,
                engine: None,
            })
        };
        Ok(Self {
            model,
            arithmetic: formats.feed.arithmetic,
            slow: on(slow)?,
            fast: on(fast)?,
        })
    }

    /// Speed of the first chip over that of the second in decoding: `each` sequences of an attention replica with so many
    /// tokens in the cache.
    #[must_use]
    pub fn decoding(&self, each: u32, context: u32) -> f64 {
        let seconds = |replica: &Replica<'_>| {
            let batch = StepBatch::decodes(f64::from(each), f64::from(context));
            replica
                .software
                .seconds(&replica.steps.step(&batch), f64::from(each))
        };
        seconds(&self.fast) / seconds(&self.slow)
    }

    /// The same over one prompt of so many tokens in each attention replica.
    #[must_use]
    pub fn prompt(&self, tokens: u32) -> f64 {
        Self::prompt_seconds(&self.fast, tokens) / Self::prompt_seconds(&self.slow, tokens)
    }

    /// Shares of their peaks that the two reach over such a prompt.
    #[must_use]
    pub fn reached(&self, tokens: u32) -> [f64; 2] {
        [&self.slow, &self.fast].map(|replica| {
            let n = f64::from(tokens);
            let prompts = f64::from(replica.steps.spread().data);
            let flop = prompts * n * self.model.forward_flop(n / 2.0);
            let peak = replica.system.device.peak(self.arithmetic);
            flop / (Self::prompt_seconds(replica, tokens) * peak * replica.chips())
        })
    }

    /// Sequences of an attention replica that fit the memory of each with so many tokens in the cache.
    #[must_use]
    pub fn fits(&self, context: u32) -> [f64; 2] {
        [&self.slow, &self.fast].map(|replica| {
            let room = replica
                .memory
                .sequences(replica.system.usable, f64::from(context));
            room.floor()
        })
    }

    /// Until how many sequences the first decodes faster.
    #[must_use]
    pub fn decoding_turns(&self, context: u32) -> Turn {
        turn(&|each| self.decoding(each, context))
    }

    /// Until how many tokens of a prompt it computes faster.
    #[must_use]
    pub fn prompt_turns(&self) -> Turn {
        turn(&|tokens| self.prompt(tokens))
    }

    fn prompt_seconds(replica: &Replica<'_>, tokens: u32) -> f64 {
        let data = f64::from(replica.steps.spread().data);
        let demand = Demand::new(f64::from(tokens), 2.0);
        Steps::of(&replica.steps, &demand, data).prompt_seconds(&replica.software)
    }
}

/// The most work at which the ratio is still one or more: doubled until it is not, then halved between.
fn turn(ratio: &dyn Fn(u32) -> f64) -> Turn {
    let first = ratio(1);
    let (mut low, mut high) = (1, 2);
    if first < 1.0 {
        return Turn { first, until: None };
    }
    while ratio(high) >= 1.0 {
        (low, high) = (high, 2 * high);
        if high > MOST {
            return Turn { first, until: None };
        }
    }
    while high - low > 1 {
        let middle = low.midpoint(high);
        *(if ratio(middle) >= 1.0 { &mut low } else { &mut high }) = middle;
    }
    Turn {
        first,
        until: Some(low),
    }
}
