//! What no kernel goes below: every operator at the larger of its arithmetic at the peak and of its weights and cache
//! at memory's bandwidth. Links and what stands between products are left out, so that nothing real is faster.

use super::explain::least;
use super::{Demand, Item, Operating, Part, Replica, StepBatch, StepModel, Steps, Work};
use crate::perf::ops::{Call, Device};

/// Least seconds of a step.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Floor {
    /// All of its arithmetic at the peak.
    pub arithmetic: f64,
    /// The sum over operators of the larger of arithmetic and memory.
    pub roofline: f64,
}

impl StepModel<'_> {
    /// Least seconds of a step.
    #[must_use]
    pub fn floor(&self, batch: &StepBatch) -> Floor {
        let mut floor = Floor::default();
        self.whole(batch, &mut |item, work| {
            if item.part == Part::Communication {
                return;
            }
            let (flop, _) = least(item, self.device());
            floor.arithmetic += item.count * flop;
            // What a cache holds may come faster than memory gives it.
            floor.roofline += item.count * flop.max(held(item, self.device()).min(work));
        });
        floor
    }
}

/// Seconds in which memory gives the weights or the cache of one run.
pub(super) fn held(item: &Item, d: &Device) -> f64 {
    match &item.work {
        Work::Call(Call::Gemm(g)) => g.n * g.k * g.precision.weight / d.memory,
        Work::Call(Call::GroupedGemm(g)) => {
            let local = (g.experts / g.expert_ranks).max(1.0);
            let choices = g.tokens * g.chosen / g.expert_ranks;
            let reached = local * (1.0 - (-choices / local).exp());
            reached * g.matrices * g.hidden * g.inner / g.tensor * g.precision.weight / d.memory
        }
        Work::Call(Call::AttentionDecode(_) | Call::MlaDecode(_)) => least(item, d).1,
        _ => 0.0,
    }
}

impl Replica<'_> {
    /// What so many users would see, and a replica serve, if every operator took its least time.
    #[must_use]
    pub fn floor(&self, demand: &Demand, users: f64) -> Operating {
        let steps = Steps::of(&self.steps, demand, users);
        let found = alone(&self.steps, &self.steps, &steps, users, self.chips());
        // Prompts and decoding share the chips: their arithmetic adds up, the weights are read once for both.
        let prompt = self.steps.floor(&steps.prompt_batch()).arithmetic * steps.chunks;
        let decode = self.steps.floor(&steps.decode_batch());
        let further = further(demand);
        let seconds = (further * decode.roofline).max(further * decode.arithmetic + steps.sequences * prompt);
        let together = steps.sequences * steps.data * f64::from(self.steps.spread().pipeline);
        let requests = found.requests.min(together / seconds);
        Operating {
            requests,
            per_chip: requests * demand.output / self.chips(),
            ..found
        }
    }
}

/// Decoding steps of an answer.
fn further(demand: &Demand) -> f64 {
    (demand.output - 1.0).max(0.0) / (1.0 + demand.accepted)
}

/// The same where nobody's prompt delays another: a user's own prompt, then its steps, one after another.
pub(super) fn alone(
    prompts: &StepModel<'_>,
    decodes: &StepModel<'_>,
    steps: &Steps,
    users: f64,
    chips: f64,
) -> Operating {
    let demand = &steps.demand;
    let ttft = steps.chunks * prompts.floor(&steps.prompt_batch()).roofline;
    let step = decodes.floor(&steps.decode_batch()).roofline;
    let requests = users / (ttft + further(demand) * step);
    Operating {
        users,
        ttft,
        tpot: step / (1.0 + demand.accepted),
        requests,
        per_chip: requests * demand.output / chips,
    }
}
