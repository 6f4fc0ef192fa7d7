//! What a training question is answered with: a step, its parts, its memory, its utilisation.

use super::hardware::Hardware;
use super::memory::{Bytes, Memory};
use super::plan::{Execution, Job, Recompute};
use super::step::{Pieces, Spent};
use crate::figure::{Quantity, Ratio, Seconds, TeraOps, TokensPerSecond};
use crate::perf::energy::{Activity, Moved};
use crate::perf::ops::elementwise::SHARE;
use crate::perf::time::Time;
use serde::Serialize;

/// Seconds of a step by what they go to; they sum to the step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Parts {
    /// Forward and backward passes of the fullest stage.
    pub work: Seconds,
    /// What recomputation adds.
    pub recomputed: Seconds,
    /// Waiting for the pipeline to fill and drain.
    pub bubble: Seconds,
    /// Tensor-parallel traffic in the open.
    pub tensor: Seconds,
    /// Traffic of context and expert groups in the open.
    pub context_and_experts: Seconds,
    /// Activations sent between stages in the open.
    pub pipeline: Seconds,
    /// Gradients and weights in the open, and arithmetic slowed beside them.
    pub data: Seconds,
    /// The optimiser.
    pub optimiser: Seconds,
    /// Waiting for hosts.
    pub host: Seconds,
    /// Waiting for the slowest of many chips.
    pub stragglers: Seconds,
}

/// One execution of a job.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Step {
    /// How it is spread.
    pub plan: Execution,
    /// Microbatches of a replica.
    pub microbatches: u32,
    /// Seconds.
    pub seconds: Seconds,
    /// By what they go to.
    pub parts: Parts,
    /// What the fullest chip holds.
    pub memory: Memory,
    /// Trained tokens a second, all chips.
    pub rate: TokensPerSecond,
    /// The same of one chip.
    pub per_chip: TokensPerSecond,
    /// Model FLOP/s of one chip: three passes (beside frozen weights two and attention's third), causal attention
    /// counted once, nothing that is computed again.
    pub achieved: TeraOps,
    /// Model FLOP utilisation: `achieved` over the dense peak of the arithmetic.
    pub mfu: Ratio,
    /// Hardware FLOP utilisation: what is computed again counts too.
    pub hfu: Ratio,
}

impl Step {
    pub(crate) fn of(
        job: &Job<'_>,
        hardware: &Hardware,
        plan: &Execution,
        spent: &Spent,
        bytes: &Bytes,
    ) -> Self {
        let seconds = spent.total();
        let tokens = f64::from(job.batch) * f64::from(job.sequence);
        let rate = tokens / seconds;
        let per_chip = rate / f64::from(job.chips);
        let flop = job.flop();
        let peak = hardware.peak(job.arithmetic);
        let mfu = per_chip * flop / peak;
        // A forward pass is a third of the model's FLOP; of it attention alone, where only scores are done again.
        let forward = job.model.training_flop(f64::from(job.sequence)) / 3.0;
        let again = match plan.recompute {
            Recompute::None => 0.0,
            Recompute::Selective => forward - 2.0 * job.model.multiplied_parameters(),
            Recompute::Full => forward * f64::from(plan.recomputed) / f64::from(plan.stage_layers(job.model)),
        };
        let s = Seconds::of;
        Self {
            plan: *plan,
            microbatches: plan.microbatches(job),
            seconds: s(seconds),
            parts: Parts {
                work: s(spent.work),
                recomputed: s(spent.again),
                bubble: s(spent.bubble),
                tensor: s(spent.tensor),
                context_and_experts: s(spent.open),
                pipeline: s(spent.pipeline),
                data: s(spent.data),
                optimiser: s(spent.optimiser),
                host: s(spent.host),
                stragglers: s(spent.stragglers),
            },
            memory: Memory::of(bytes, hardware),
            rate: TokensPerSecond::of(rate),
            per_chip: TokensPerSecond::of(per_chip),
            achieved: TeraOps::of(per_chip * flop / 1e12),
            mfu: Ratio::of(mfu),
            hfu: Ratio::of(mfu * (1.0 + again / flop)),
        }
    }
}

impl Step {
    /// What a chip draws of its power above idle, mean over a step of which it spends `time`: its arithmetic in the time
    /// of products and attention, bytes and exposed traffic in theirs. Kernels that wait for others run.
    pub(crate) fn drawn(&self, activity: &Activity, time: &Time) -> Ratio {
        let total = time.total();
        let arithmetic = Moved {
            arithmetic: self.hfu.get() * total,
            ..Moved::default()
        };
        let bytes = Moved {
            memory: SHARE * time.memory,
            ..Moved::default()
        };
        let sent = Moved {
            links: time.network,
            ..Moved::default()
        };
        let drawn = activity.drawn(time.compute, &arithmetic)
            + activity.drawn(time.memory, &bytes)
            + activity.drawn(time.network, &sent)
            + activity.drawn(time.overhead, &Moved::default());
        Ratio::of(drawn / total)
    }
}

/// What a chip is busy with during a step. Waiting, for stages or for the slowest, is neither arithmetic nor traffic.
pub(crate) fn activity(spent: &Spent, pieces: &Pieces, layers: f64) -> Time {
    let passes = pieces.layer.forward.plus(pieces.layer.backward);
    let all = passes.scaled(layers).plus(pieces.edges.time);
    let mut time = all.scaled((spent.work + spent.again) / all.total());
    time.network += spent.tensor + spent.open + spent.pipeline + spent.data;
    time.memory += spent.optimiser;
    time.overhead += spent.bubble + spent.host + spent.stragglers;
    time
}
