//! The fastest execution of a job: every one tried, or those left out that cannot win.
//!
//! Blocks of the space share what [`Pieces`] holds; within a block all is arithmetic. Pruning leaves out only
//! what a bound or an order shows to be slower, so that both searches find the same plan, on any number of threads.

use super::best::{Best, before};
use super::hardware::{Hardware, Memo};
use super::layer::Split;
use super::memory::Bytes;
use super::plan::{Execution, Job, Kernel, Overlap, Recompute, Sharding};
use super::published::Fixed;
use super::space::{Block, Breadth, blocks, chunks, degrees};
use super::step::{Pieces, Spent, exchanges, step};
use crate::figure::{Gigabytes, Quantity};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How a space is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Every plan.
    Exhaustive,
    /// Without those that cannot win.
    Pruned,
}

/// Told after each block: blocks done, and of how many; answers whether to go on.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) -> bool + Sync);

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// The fastest plans, one a block, fastest first.
    pub(crate) ranked: Vec<(Execution, Spent)>,
    /// Plans examined.
    pub(crate) examined: u64,
    /// Of these, plans that fit the memory.
    pub(crate) fitting: u64,
    /// The least memory a plan examined needs.
    pub(crate) least: Gigabytes,
    /// Whether it was stopped.
    pub(crate) interrupted: bool,
}

/// Plans kept.
const KEPT: usize = 5;

/// Searches; `fixed` holds what may not vary.
pub(crate) fn search(
    job: &Job<'_>,
    hardware: &Hardware,
    fixed: &Fixed,
    breadth: Breadth,
    effort: Effort,
    progress: Progress<'_>,
) -> Found {
    // A narrow search gives the bound that a wide one is pruned by.
    let bound = if effort == Effort::Pruned && breadth == Breadth::Wide {
        let narrow = search(job, hardware, fixed, Breadth::Narrow, effort, &|_, _| true);
        narrow
            .ranked
            .first()
            .map_or(f64::INFINITY, |(_, spent)| spent.total())
    } else {
        f64::INFINITY
    };
    let all = blocks(job, hardware, fixed, breadth);
    let total = all.len() as u64;
    let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let bests: Vec<Best> = all
        .par_iter()
        .map(|block| {
            if stop.load(Ordering::Relaxed) {
                return Best::NOTHING;
            }
            let best = of_block(job, hardware, fixed, breadth, effort, block, bound);
            let so_far = done.fetch_add(1, Ordering::Relaxed) + 1;
            if !progress(so_far, total) {
                stop.store(true, Ordering::Relaxed);
            }
            best
        })
        .collect();
    let mut ranked: Vec<(Execution, Spent)> = bests.iter().filter_map(|b| b.found).collect();
    ranked.sort_by(before);
    ranked.truncate(KEPT);
    let least = bests.iter().fold(f64::INFINITY, |least, b| least.min(b.least));
    Found {
        ranked,
        examined: bests.iter().map(|b| b.examined).sum(),
        fitting: bests.iter().map(|b| b.fitting).sum(),
        least: Gigabytes::of(least / 1e9),
        interrupted: stop.load(Ordering::Relaxed),
    }
}

/// Every plan of a block.
fn of_block(
    job: &Job<'_>,
    hardware: &Hardware,
    fixed: &Fixed,
    breadth: Breadth,
    effort: Effort,
    block: &Block,
    bound: f64,
) -> Best {
    let mut best = Best::NOTHING;
    let memo = Memo::default();
    for split in &block.splits {
        if let Some(pieces) = Pieces::of(job, hardware, split, &memo) {
            of_split(
                job,
                hardware,
                fixed,
                (breadth, effort),
                (split, &pieces),
                bound,
                &mut best,
            );
        }
    }
    best
}

/// Every plan of one way to split a layer.
fn of_split(
    job: &Job<'_>,
    hardware: &Hardware,
    fixed: &Fixed,
    (breadth, effort): (Breadth, Effort),
    (split, pieces): (&Split, &Pieces),
    bound: f64,
    best: &mut Best,
) {
    let pruned = effort == Effort::Pruned;
    let limit = |best: &Best| bound.min(best.seconds());
    // Whatever the stages, every chip computes its part of every layer.
    let pass = pieces.layer.forward.total() + pieces.layer.backward.total();
    let whole = f64::from(job.model.layers) * pass + pieces.edges.time.total();
    let rounds = f64::from(job.batch) / f64::from(split.microbatch);
    let share = f64::from(split.tensor) * f64::from(split.context) / f64::from(job.chips);
    if pruned && whole * rounds * share > limit(best) {
        return;
    }
    for (pipeline, data) in degrees(job, fixed, split) {
        let mut plan = Execution {
            tensor: split.tensor,
            context: split.context,
            pipeline,
            data,
            expert: split.expert,
            chunks: 1,
            microbatch: split.microbatch,
            sharding: Sharding::None,
            recompute: Recompute::None,
            recomputed: 0,
            sequence_parallel: split.sequence_parallel,
            overlap: Overlap::ALL,
        };
        let sent = exchanges(job, hardware, &plan);
        let layers = f64::from(plan.stage_layers(job.model));
        let least = f64::from(plan.microbatches(job)) * layers * pass;
        if pruned && least > limit(best) {
            continue;
        }
        for chunk in chunks(job, fixed, breadth, pipeline) {
            plan.chunks = chunk;
            for sharding in breadth.shardings(fixed) {
                plan.sharding = sharding;
                // Hiding experts' traffic needs memory: neither way is faster whatever the room.
                for experts in [true, false] {
                    let wanted = fixed.overlap.is_none_or(|held| held.experts);
                    let idle = split.expert < 2 || fixed.overlap.is_some();
                    if idle && experts != wanted {
                        continue;
                    }
                    plan.overlap.experts = experts;
                    recomputations(job, hardware, fixed, pruned, &mut plan, (pieces, sent), best);
                }
            }
        }
    }
}

/// Every way of computing again, and of hiding traffic.
fn recomputations(
    job: &Job<'_>,
    hardware: &Hardware,
    fixed: &Fixed,
    pruned: bool,
    plan: &mut Execution,
    (pieces, sent): (&Pieces, [f64; 2]),
    best: &mut Best,
) {
    let room = hardware.capacity * hardware.usable;
    let layers = plan.stage_layers(job.model);
    for recompute in Recompute::ALL {
        // Fused attention keeps no scores: there is nothing to select.
        let idle = recompute == Recompute::Selective && job.attention != Kernel::Unfused;
        if fixed.recompute.map_or(idle, |of| of != recompute) {
            continue;
        }
        plan.recompute = recompute;
        let counts = match recompute {
            Recompute::Full if fixed.recompute.is_some() => layers..=layers,
            Recompute::Full => 1..=layers,
            Recompute::None | Recompute::Selective => 0..=0,
        };
        let mut fits = false;
        for recomputed in counts {
            plan.recomputed = recomputed;
            let needed = Bytes::of(job, plan, &pieces.layer).total();
            best.least = best.least.min(needed);
            if needed > room {
                best.examined += 1;
                continue;
            }
            fits = true;
            overlaps(job, hardware, fixed, pruned, plan, (pieces, sent), best);
            // More layers computed again take longer.
            if pruned {
                break;
            }
        }
        // So does computing again what fits as it is.
        if pruned && fits && recompute == Recompute::None {
            break;
        }
    }
}

/// Every way of hiding traffic there is; hiding it never takes longer.
fn overlaps(
    job: &Job<'_>,
    hardware: &Hardware,
    fixed: &Fixed,
    pruned: bool,
    plan: &mut Execution,
    (pieces, sent): (&Pieces, [f64; 2]),
    best: &mut Best,
) {
    let both: &[bool] = &[true, false];
    let ways = |there: bool| if there && !pruned { both } else { &both[..1] };
    let replicas = plan.data > 1 || plan.context > 1 || plan.expert > 1;
    let (tensors, stages) = (plan.tensor > 1, plan.pipeline > 1);
    let experts = plan.overlap.experts;
    let mut offer = |overlap: Overlap| {
        plan.overlap = Overlap { experts, ..overlap };
        let spent = step(job, hardware, plan, pieces, sent);
        best.examined += 1;
        best.fitting += 1;
        best.offer(plan, spent);
    };
    if let Some(overlap) = fixed.overlap {
        offer(overlap);
        return;
    }
    for tensor in ways(tensors) {
        for data in ways(replicas) {
            for pipeline in ways(stages) {
                offer(Overlap {
                    tensor: *tensor,
                    data: *data,
                    pipeline: *pipeline,
                    experts,
                });
            }
        }
    }
}
