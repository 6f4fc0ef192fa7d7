//! What a chip serves within latency limits: the one place where cost asks performance for a serving rate.

use crate::catalog::Chip;
use crate::figure::{Estimate, Outcome, Quantity, Ratio, Seconds, TokensPerSecond};
use crate::perf::{ModelId, PerfModel, Performance, Workload, WorkloadClass};
use serde::Serialize;

/// A serving workload with its latency limits, ready to be asked of many chips.
#[derive(Debug, Clone)]
pub struct Service {
    perf: PerfModel,
    workload: Workload,
}

/// What one chip serves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServingRate {
    /// Prompt tokens a second of one chip.
    pub input: Estimate<TokensPerSecond>,
    /// Output tokens a second of one chip.
    pub output: Estimate<TokensPerSecond>,
    /// Share of a chip's time that prompts take; the rest goes to output tokens.
    pub prompt_share: Ratio,
    /// Time to first token.
    pub ttft: Option<Estimate<Seconds>>,
    /// Time per output token.
    pub tpot: Option<Estimate<Seconds>>,
    /// The run behind it, at the scale at which one chip does most.
    pub performance: Performance,
}

impl Service {
    /// A serving workload over a model of performance.
    ///
    /// # Errors
    /// The architecture, where it is not known.
    pub fn new(perf: &PerfModel, workload: &Workload) -> Result<Self, ModelId> {
        Ok(Self {
            perf: perf.clone().with_workload(workload.clone())?,
            workload: workload.clone(),
        })
    }

    /// The workload.
    pub fn workload(&self) -> &Workload {
        &self.workload
    }

    /// What one chip serves within the limits, at the best of the workload's scales; unknown where a figure of
    /// the chip is missing, the model does not fit, or no plan meets the limits.
    pub fn rate(&self, chip: &Chip) -> Outcome<ServingRate> {
        let whole = match best_scale(&self.perf, chip, &self.workload) {
            Outcome::Known(whole) => whole,
            Outcome::Unknown(needs) => return Outcome::Unknown(needs),
        };
        let (input, output) = (f64::from(self.workload.input), f64::from(self.workload.output));
        // The rate of prefill counts prompt tokens, that of the others output tokens.
        let counted = if whole.class == WorkloadClass::Prefill {
            input
        } else {
            output
        };
        let tokens = |each: f64| whole.per_chip.map(|rate| rate * (each / counted));
        Outcome::Known(ServingRate {
            input: tokens(input),
            output: tokens(output),
            prompt_share: Ratio::of(whole.prompt_share.unwrap_or(0.0)),
            ttft: whole.ttft,
            tpot: whole.tpot,
            performance: whole,
        })
    }
}

/// The run at the scale at which one chip does most, the smaller where two tie: a buyer who needs thirty-two chips
/// for a model buys thirty-two. `perf` knows the workload.
pub fn best_scale(perf: &PerfModel, chip: &Chip, workload: &Workload) -> Outcome<Performance> {
    let mut best: Option<Performance> = None;
    let mut missing = Vec::new();
    for scale in &workload.scales {
        match perf.run(chip, &workload.id, *scale) {
            Outcome::Known(run) => {
                if best
                    .as_ref()
                    .is_none_or(|b| run.per_chip.value > b.per_chip.value)
                {
                    best = Some(run);
                }
            }
            Outcome::Unknown(needs) => missing = needs,
        }
    }
    best.map_or(Outcome::Unknown(missing), Outcome::Known)
}
