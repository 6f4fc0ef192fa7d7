//! What is counted of a replica while it runs.

use crate::perf::simulation::Load;

/// Sum of the loads of steps.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::perf::simulation) struct Loads([u64; 6]);

impl Loads {
    pub(in crate::perf::simulation) fn add(&mut self, l: &Load) {
        let of = [
            u64::from(l.prompt_tokens),
            u64::from(l.prompts),
            l.prompt_keys,
            u64::from(l.sampled),
            u64::from(l.decodes),
            l.decode_keys,
        ];
        for (sum, x) in self.0.iter_mut().zip(of) {
            *sum += x;
        }
    }

    /// The mean step.
    pub(in crate::perf::simulation) fn mean(&self, steps: u64) -> Load {
        let [prompt_tokens, prompts, prompt_keys, sampled, decodes, decode_keys] = self
            .0
            .map(|sum| (sum + steps / 2).checked_div(steps).unwrap_or(0));
        Load {
            prompt_tokens: prompt_tokens as u32,
            prompts: prompts as u32,
            prompt_keys,
            sampled: sampled as u32,
            decodes: decodes as u32,
            decode_keys,
        }
    }
}

/// What has been counted of a replica.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::perf::simulation) struct Tally {
    pub(in crate::perf::simulation) steps: u64,
    pub(in crate::perf::simulation) busy: f64,
    pub(in crate::perf::simulation) prompt_tokens: u64,
    pub(in crate::perf::simulation) output_tokens: u64,
    pub(in crate::perf::simulation) found_tokens: u64,
    pub(in crate::perf::simulation) finished: u64,
    pub(in crate::perf::simulation) preemptions: u64,
    pub(in crate::perf::simulation) loads: Loads,
    /// Decoding sequences times seconds.
    pub(in crate::perf::simulation) decode_seconds: f64,
    /// Blocks in use times seconds.
    pub(in crate::perf::simulation) block_seconds: f64,
    pub(in crate::perf::simulation) most_blocks: u64,
}
