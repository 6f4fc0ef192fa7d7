//! A training step: search over tensor, pipeline, data and expert parallelism and recomputation.

use super::family::Fit;
use super::machine::Machine;
use super::models::Model;
use super::operators::{Attention, Split, Time, forward};
use crate::catalog::Format;

/// A training run to plan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    pub(crate) chips: u32,
    pub(crate) sequence: f64,
    /// Sequences in one step.
    pub(crate) batch: u32,
    /// Fixed plan of a measured row.
    pub(crate) tensor: Option<u32>,
    pub(crate) pipeline: Option<u32>,
    /// Format of the large products; weights, gradients and activations stay in 16 bits.
    pub(crate) arithmetic: Format,
}

/// A training plan and its step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trained {
    pub(crate) tensor: u32,
    pub(crate) pipeline: u32,
    pub(crate) data: u32,
    pub(crate) expert: u32,
    /// Step time by what it is spent on.
    pub(crate) time: Time,
    /// Whether activations are recomputed because they do not fit.
    pub(crate) recompute: bool,
}

/// Bytes of training state of `common` and `routed` parameters a chip: 2 weight + 4 gradient, and 12
/// of optimiser state sharded over the data-parallel replicas (ZeRO 1).
fn state_bytes(common: f64, common_copies: f64, routed: f64, routed_copies: f64) -> f64 {
    common * (6.0 + 12.0 / common_copies) + routed * (6.0 + 12.0 / routed_copies)
}

/// Activation bytes a token and layer kept from forward to backward, with selective recomputation and
/// sequence parallelism: 10 h for the attention block and 4 bytes an inner unit of the feed-forward
/// block (26 h for a GPT block; norms and activation functions are recomputed).
fn activation_bytes(model: &Model) -> f64 {
    let hidden = f64::from(model.hidden);
    let inner = model.experts.map_or(f64::from(model.inner), |e| {
        f64::from(e.width) * f64::from(e.per_token + e.shared)
    });
    10.0 * hidden + 4.0 * inner
}

/// The fastest plan, or the smallest memory a chip would need.
pub(crate) fn train(model: &Model, m: &Machine, fit: &Fit, job: &Job) -> Result<Trained, f64> {
    let mut best: Option<Trained> = None;
    let mut least = f64::INFINITY;
    for tensor in [1u32, 2, 4, 8] {
        if job.tensor.is_some_and(|t| t != tensor) || tensor > m.domain || tensor > model.heads {
            continue;
        }
        for pipeline in [1u32, 2, 4, 8, 16, 32] {
            if job.pipeline.is_some_and(|p| p != pipeline) || pipeline > model.layers {
                continue;
            }
            let data = job.chips / (tensor * pipeline);
            if data == 0 || data > job.batch {
                continue;
            }
            for expert in [1u32, 8, 16, 32, 64] {
                let allowed = match model.experts {
                    None => expert == 1,
                    Some(e) => expert <= e.count && expert <= data * tensor && expert >= tensor,
                };
                if !allowed {
                    continue;
                }
                for recompute in [false, true] {
                    match step(model, m, fit, job, (tensor, pipeline, data, expert), recompute) {
                        Ok(plan) => {
                            if best.is_none_or(|b| plan.time.total() < b.time.total()) {
                                best = Some(plan);
                            }
                        }
                        Err(needed) => least = least.min(needed),
                    }
                }
            }
        }
    }
    best.ok_or(least)
}

fn step(
    model: &Model,
    m: &Machine,
    fit: &Fit,
    job: &Job,
    (tensor, pipeline, data, expert): (u32, u32, u32, u32),
    recompute: bool,
) -> Result<Trained, f64> {
    let (t, p, d) = (f64::from(tensor), f64::from(pipeline), f64::from(data));
    let stages = p;
    let common = model.common_parameters() / t / stages;
    let group = f64::from(expert.max(tensor));
    let routed = model.expert_parameters() / group / stages;
    let routed_copies = (d * t / group).max(1.0);
    let tokens = job.sequence;
    // The first stage holds activations of as many microbatches as there are stages.
    let per_layer = if recompute {
        2.0 * f64::from(model.hidden)
    } else {
        activation_bytes(model)
    };
    let layers = f64::from(model.layers);
    let working = activation_bytes(model) * tokens / t;
    let activations = per_layer * tokens / t * layers + if recompute { working } else { 0.0 };
    let needed = state_bytes(common, d, routed, routed_copies) + activations;
    if needed > m.capacity * m.system.memory_usable {
        return Err(needed);
    }
    let split = Split {
        tensor,
        expert: expert.max(tensor),
        arithmetic: job.arithmetic,
        weights: Format::Fp16,
        kv: Format::Fp16,
    };
    let one = forward(model, m, split, tokens, Attention::Prompt(job.sequence), false);
    // Backward is twice the forward arithmetic and once its collectives; recomputation a forward more.
    let passes = if recompute { 4.0 } else { 3.0 };
    // Tensor-parallel and expert traffic stand in the open: published expert recipes do not hide it.
    let mut micro = one.scaled(passes);
    micro.network = one.network * (passes - 1.0);
    let micro = micro.scaled(1.0 / stages);
    let microbatches = f64::from(job.batch) / d;
    let bubble = 1.0 + (p - 1.0) / (m.system.interleave * microbatches);
    let mut time = micro.scaled(microbatches * bubble);
    // Gradients are reduce-scattered in 32 bits, weights gathered in 16.
    let total = tensor * pipeline * data;
    let rate = if total <= m.domain { m.up } else { m.out };
    let exchange = 6.0 * (common * (d - 1.0) / d + routed * (routed_copies - 1.0) / routed_copies) / rate;
    let hidden = m.system.overlap * time.compute;
    time.network += (exchange - hidden).max(exchange * (1.0 - m.system.overlap));
    // The optimiser reads and writes its shard: about 30 bytes a parameter.
    time.memory += 30.0 * (common / d + routed / routed_copies) / m.memory();
    Ok(Trained {
        tensor,
        pipeline,
        data,
        expert: if model.experts.is_some() { expert } else { 1 },
        time: time.scaled(fit.training_of(model.experts.is_some()).factor),
        recompute,
    })
}

/// Training tokens a second of the whole system.
pub(crate) fn tokens_per_second(job: &Job, plan: &Trained) -> f64 {
    f64::from(job.batch) * job.sequence / plan.time.total()
}
