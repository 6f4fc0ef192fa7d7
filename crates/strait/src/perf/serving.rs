//! Serving in a steady state: how many sequences fit, how long a step takes, which plan is best.
//!
//! A replica keeps `batch` sequences in flight. In the time one of them lives, the replica does
//! `batch` prompts and `output` decode steps, so tokens a second = batch x output / (output x
//! step + batch x prompt).

use super::family::Fit;
use super::machine::{Machine, bytes};
use super::models::Model;
use super::operators::{Attention, Split, Time, forward};
use crate::catalog::Format;

/// What is asked of a serving system.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    pub(crate) chips: u32,
    pub(crate) input: f64,
    pub(crate) output: f64,
    /// Whether the replicas do prompts, decode steps, or both.
    pub(crate) prompts: bool,
    pub(crate) decodes: bool,
    /// Limits, seconds; infinite where there is none.
    pub(crate) ttft: f64,
    pub(crate) tpot: f64,
    /// Fixed plan of a measured row: tensor, expert group, sequences a chip.
    pub(crate) tensor: Option<u32>,
    pub(crate) expert: Option<u32>,
    pub(crate) batch_per_chip: Option<f64>,
    /// Drafted tokens accepted in a step, of one drafted.
    pub(crate) accepted: f64,
    pub(crate) arithmetic: Format,
}

/// A serving plan and what it does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Served {
    pub(crate) tensor: u32,
    pub(crate) expert: u32,
    /// Sequences in flight in one replica.
    pub(crate) batch: u32,
    pub(crate) replicas: u32,
    pub(crate) kv: Format,
    /// Requests a second of the whole system.
    pub(crate) requests: f64,
    pub(crate) ttft: f64,
    pub(crate) tpot: f64,
    /// Time of one request's share.
    pub(crate) time: Time,
    /// Whether memory holds the batch down.
    pub(crate) capacity_bound: bool,
}

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum NoPlan {
    /// Weights of so many bytes against so many usable bytes.
    Capacity { needed: f64, usable: f64 },
    /// No plan meets the latency limits; the best time per output token found.
    Latency { tpot: f64, ttft: f64 },
}

/// Bytes of all weights at a format (embeddings stay in 16 bits).
pub(crate) fn weight_bytes(model: &Model, format: Format) -> f64 {
    let embeddings =
        f64::from(model.hidden) * f64::from(model.vocabulary) * if model.tied { 1.0 } else { 2.0 };
    (model.common_parameters() + model.expert_parameters() - embeddings) * bytes(format) + embeddings * 2.0
}

/// Format of the cache beside an arithmetic: 16 bits where that is 16 bits or integers, or the cache latent.
pub(crate) fn cache_format(model: &Model, arithmetic: Format) -> Format {
    if matches!(arithmetic, Format::Fp16 | Format::Int8) || model.latent.is_some() {
        Format::Fp16
    } else {
        Format::Fp8
    }
}

/// Chips among which a sequence's cache is shared out: heads divide, a latent cache does not.
pub(crate) fn kv_share(model: &Model, tensor: u32) -> f64 {
    if model.latent.is_some() {
        1.0
    } else {
        f64::from(tensor.min(model.kv_heads))
    }
}

const GROUPS: [u32; 14] = [1, 2, 4, 8, 16, 32, 64, 72, 128, 144, 160, 256, 320, 384];

/// The best plan that meets the limits.
pub(crate) fn serve(model: &Model, m: &Machine, fit: &Fit, demand: &Demand) -> Result<Served, NoPlan> {
    let kv = cache_format(model, demand.arithmetic);
    let mut best: Option<Served> = None;
    let mut closest = NoPlan::Capacity {
        needed: weight_bytes(model, demand.arithmetic),
        usable: f64::from(demand.chips) * m.capacity * m.system.memory_usable,
    };
    for group in GROUPS {
        let fixed = demand.expert.or(demand.tensor);
        if group > demand.chips || fixed.is_some_and(|g| g != group) {
            continue;
        }
        // Dense models are split by tensor over the whole group; expert models also with attention
        // replicated on each chip and only the experts spread.
        for tensor in [group, 1] {
            let spread = tensor != group;
            if spread && (model.experts.is_none() || group == 1) {
                continue;
            }
            if demand.tensor.is_some_and(|t| t != tensor) || tensor > m.domain || tensor > model.heads {
                continue;
            }
            let split = Split {
                tensor,
                expert: group,
                arithmetic: demand.arithmetic,
                weights: demand.arithmetic,
                kv,
            };
            // Prompts go in batches of 8192 tokens, or one by one where the first token would come too late.
            let together = (8192.0 / demand.input).ceil().max(1.0);
            let alone = (together > 1.0 && demand.ttft.is_finite()).then_some(1.0);
            for prompts in [Some(together), alone].into_iter().flatten() {
                match replica(model, m, fit, demand, split, prompts) {
                    Ok(served) => {
                        if best.as_ref().is_none_or(|b| served.requests > b.requests) {
                            best = Some(served);
                        }
                    }
                    Err(NoPlan::Latency { tpot, ttft }) => {
                        let nearer = match closest {
                            NoPlan::Latency { tpot: t, .. } => tpot < t,
                            NoPlan::Capacity { .. } => true,
                        };
                        if nearer {
                            closest = NoPlan::Latency { tpot, ttft };
                        }
                    }
                    Err(NoPlan::Capacity { .. }) => {}
                }
            }
        }
    }
    best.ok_or(closest)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn replica(
    model: &Model,
    m: &Machine,
    fit: &Fit,
    demand: &Demand,
    split: Split,
    prompts: f64,
) -> Result<Served, NoPlan> {
    let (group, tensor) = (split.expert, split.tensor);
    let members = f64::from(group / tensor);
    let embeddings = f64::from(model.hidden) * f64::from(model.vocabulary);
    let common = (model.common_parameters() * bytes(split.weights) + embeddings) / f64::from(tensor);
    let routed = model.expert_parameters() * bytes(split.weights) / f64::from(group);
    let usable = m.capacity * m.system.memory_usable;
    let kv_share = kv_share(model, tensor);
    // A sequence lives from its prompt to its last token: half of its output is there on average.
    let context = demand.input + if demand.decodes { demand.output / 2.0 } else { 0.0 };
    let per_sequence = model_kv(model, split.kv) * context / kv_share;
    let free = usable - common - routed;
    let fits = (free / per_sequence).floor();
    if fits < 1.0 {
        return Err(NoPlan::Capacity {
            needed: common + routed + per_sequence,
            usable,
        });
    }
    let fits = fits.min(4096.0);
    let prompt = if demand.prompts {
        forward(
            model,
            m,
            split,
            prompts * demand.input,
            Attention::Prompt(demand.input),
            true,
        )
        .scaled(fit.prefill.factor / prompts)
    } else {
        Time::default()
    };
    let mut best: Option<Served> = None;
    let mut closest = NoPlan::Latency {
        tpot: f64::INFINITY,
        ttft: f64::INFINITY,
    };
    let replicas = demand.chips / group;
    let fixed = demand
        .batch_per_chip
        .map(|b| (b * f64::from(tensor)).max(1.0).min(fits));
    let mut batch = fixed.unwrap_or(1.0);
    loop {
        let queries = if demand.accepted > 0.0 { 2.0 } else { 1.0 };
        let step = if demand.decodes {
            let cache = Attention::Cache {
                sequences: batch,
                context,
                queries,
            };
            forward(model, m, split, batch * queries, cache, false).scaled(fit.decode.factor)
        } else {
            Time::default()
        };
        let steps = demand.output / (1.0 + demand.accepted);
        // One request's share: its prompt, and its part of every step it takes.
        let share = prompt.plus(step.scaled(steps / batch));
        let requests = members / share.total() * f64::from(replicas);
        let tpot = if demand.decodes {
            (step.total() * steps + batch * prompt.total()) / demand.output
        } else {
            0.0
        };
        let ttft = prompt.total() * prompts + step.total();
        if tpot <= demand.tpot && ttft <= demand.ttft {
            if best.as_ref().is_none_or(|b| requests > b.requests) {
                best = Some(Served {
                    tensor,
                    expert: group,
                    batch: (batch * members) as u32,
                    replicas,
                    kv: split.kv,
                    requests,
                    ttft,
                    tpot,
                    time: share,
                    capacity_bound: batch >= fits && demand.decodes,
                });
            }
        } else if let NoPlan::Latency { tpot: t, .. } = closest
            && tpot < t
        {
            closest = NoPlan::Latency { tpot, ttft };
        }
        if fixed.is_some() || batch >= fits {
            break;
        }
        batch = (batch * 1.3).ceil().min(fits);
    }
    best.ok_or(closest)
}

fn model_kv(model: &Model, kv: Format) -> f64 {
    f64::from(model.layers) * f64::from(model.kv_elements_per_layer()) * bytes(kv)
}
