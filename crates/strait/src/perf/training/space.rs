//! The executions a search considers: degrees that divide the chips and the model, in blocks that share a layer.

use super::hardware::Hardware;
use super::layer::Split;
use super::plan::{Job, Sharding};
use super::published::Fixed;
use serde::Serialize;

/// How many executions are considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Breadth {
    /// Those that recipes of today choose from: sequences whole, state of the optimiser shared out, traffic hidden.
    Narrow,
    /// All.
    Wide,
}

/// Fewest tokens of a sequence that a chip of a context group is given.
const PIECE: u32 = 256;

impl Breadth {
    pub(crate) fn shardings(self, fixed: &Fixed) -> impl Iterator<Item = Sharding> {
        let held = fixed.sharding;
        Sharding::ALL.into_iter().filter(move |s| match (held, self) {
            (Some(held), _) => held == *s,
            (None, Self::Narrow) => *s == Sharding::Optimiser,
            (None, Self::Wide) => true,
        })
    }
}

/// Executions whose layers are split alike but for their experts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    pub(crate) splits: Vec<Split>,
}

fn divisors(of: u32) -> impl Iterator<Item = u32> + Clone {
    (1..=of).filter(move |d| of.is_multiple_of(*d))
}

fn held(fixed: Option<u32>, of: u32) -> bool {
    fixed.is_none_or(|f| f == of)
}

/// Largest microbatch that a narrow search tries.
const NARROW_MICROBATCH: u32 = 4;

/// Blocks in order.
pub(crate) fn blocks(job: &Job<'_>, hardware: &Hardware, fixed: &Fixed, breadth: Breadth) -> Vec<Block> {
    let mut found = Vec::new();
    let narrow = breadth == Breadth::Narrow;
    let domain = hardware.domain;
    let tensors = divisors(job.chips)
        .take_while(|t| *t <= job.model.heads)
        .filter(|t| {
            let chosen = held(fixed.tensor, *t) && job.model.splits_over(*t);
            // A narrow search leaves tensor groups within a node, in powers of two.
            let usual = t.is_power_of_two() && f64::from(*t) <= domain.min(8.0);
            chosen && (fixed.tensor.is_some() || !narrow || usual)
        });
    for tensor in tensors {
        let contexts = divisors(job.chips / tensor)
            .take_while(|c| *c <= (job.sequence / PIECE).max(1))
            .filter(|c| held(fixed.context, *c) && job.sequence.is_multiple_of(*c))
            .filter(|c| fixed.context.is_some() || !narrow || *c == 1);
        for context in contexts {
            for microbatch in microbatches(job, fixed, narrow, tensor * context) {
                for sequence_parallel in [true, false] {
                    let wanted = match fixed.sequence_parallel {
                        Some(held) => held == sequence_parallel,
                        None if tensor == 1 => !sequence_parallel,
                        None => sequence_parallel || !narrow,
                    };
                    if !wanted {
                        continue;
                    }
                    let of = |expert| Split {
                        tensor,
                        context,
                        expert,
                        microbatch,
                        sequence_parallel,
                    };
                    found.push(Block {
                        splits: experts(job, fixed, narrow).into_iter().map(of).collect(),
                    });
                }
            }
        }
    }
    found
}

/// Expert groups: of a dense model one chip.
fn experts(job: &Job<'_>, fixed: &Fixed, narrow: bool) -> Vec<u32> {
    let Some(e) = job.model.experts else {
        return vec![1];
    };
    divisors(e.count)
        .filter(|n| held(fixed.expert, *n))
        .filter(|n| fixed.expert.is_some() || !narrow || *n == 1 || (8..=64).contains(n))
        .collect()
}

/// Microbatches that divide what a replica is given, whatever the stages.
fn microbatches(job: &Job<'_>, fixed: &Fixed, narrow: bool, group: u32) -> Vec<u32> {
    if let Some(held) = fixed.microbatch {
        return vec![held];
    }
    // A replica is given most where it has the most stages.
    let stages = job.model.layers.min(job.chips / group);
    let most = u64::from(job.batch) * u64::from(group) * u64::from(stages) / u64::from(job.chips);
    let most = u32::try_from(most).unwrap_or(u32::MAX).clamp(1, job.batch);
    divisors(job.batch)
        .take_while(|m| *m <= most)
        .filter(|m| !narrow || *m <= NARROW_MICROBATCH && m.is_power_of_two())
        .collect()
}

/// Stages and replicas of a block.
pub(crate) fn degrees(job: &Job<'_>, fixed: &Fixed, split: &Split) -> Vec<(u32, u32)> {
    let group = split.tensor * split.context;
    divisors(job.chips / group)
        .take_while(|p| *p <= job.model.layers)
        .filter(|p| held(fixed.pipeline, *p))
        .map(|p| (p, job.chips / group / p))
        .filter(|(_, data)| {
            let given = job.batch / data.max(&1);
            *data <= job.batch
                && job.batch.is_multiple_of(*data)
                && given.is_multiple_of(split.microbatch)
                && (group * data).is_multiple_of(split.expert)
        })
        .collect()
}

/// Chunks of a stage's layers.
pub(crate) fn chunks(job: &Job<'_>, fixed: &Fixed, breadth: Breadth, pipeline: u32) -> Vec<u32> {
    if let Some(chunks) = fixed.chunks {
        // Chunks interleave stages.
        let there = chunks == 1 || pipeline > 1;
        return if there { vec![chunks] } else { Vec::new() };
    }
    if pipeline == 1 {
        return vec![1];
    }
    let on_stage = job.model.layers / pipeline;
    let all = divisors(on_stage.max(1));
    match breadth {
        // The fewest, and the most that recipes use.
        Breadth::Narrow => {
            let most = all.clone().take_while(|c| *c <= 8).last().unwrap_or(1);
            if most == 1 { vec![1] } else { vec![1, most] }
        }
        Breadth::Wide => all.collect(),
    }
}
