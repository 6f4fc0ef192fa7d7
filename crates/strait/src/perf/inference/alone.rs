//! Replicas that do one thing alone: compute prompts, or decode.

use super::{Demand, Replica, StepBatch, Steps};

impl Replica<'_> {
    /// Prompt tokens a second and chip of a replica that computes prompts alone, as many together as fill a step.
    #[must_use]
    pub fn prompt_rate(&self, demand: &Demand) -> f64 {
        let together = (demand.step_tokens / demand.input).floor().max(1.0);
        let data = f64::from(self.steps.spread().data);
        let seconds = if together > 1.0 {
            let step = self.steps.step(&StepBatch::prompts(together, demand.input, 0.0));
            self.software.seconds(&step, together)
        } else {
            Steps::of(&self.steps, demand, data).prompt_seconds(&self.software)
        };
        together * data * demand.input / seconds / self.chips()
    }

    /// Seconds of an output token of each of `users` that all decode, and output tokens a second and chip.
    #[must_use]
    pub fn decoding(&self, demand: &Demand, users: f64) -> (f64, f64) {
        let step = Steps::of(&self.steps, demand, users).decode_seconds(&self.software);
        let kept = 1.0 + demand.accepted;
        (step / kept, users * kept / step / self.chips())
    }
}
