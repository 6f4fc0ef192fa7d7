//! What a chip's memory holds during a step, part by part.

use super::hardware::Hardware;
use super::layer::Layer;
use super::plan::{Execution, Job, Recompute, Sharding, Trained};
use crate::figure::{Gigabytes, Quantity};
use serde::Serialize;

/// Bytes of a gradient as summed.
const GRADIENT: f64 = 4.0;
/// Bytes of Adam's state: a 32-bit weight, where products take another, and two moments (Rajbhandari et al. 2020).
fn state(job: &Job<'_>) -> f64 {
    if job.wide() > 2.0 { 8.0 } else { 12.0 }
}

/// Parameters a chip holds, in number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Held {
    /// Outside the routed experts, and how many replicas hold the same.
    pub(crate) common: f64,
    pub(crate) copies: f64,
    /// In routed experts, and how many replicas hold the same.
    pub(crate) routed: f64,
    pub(crate) routed_copies: f64,
}

impl Held {
    pub(crate) fn of(job: &Job<'_>, plan: &Execution) -> Self {
        let (tensor, stages) = (f64::from(plan.tensor), f64::from(plan.pipeline));
        let copies = f64::from(plan.data) * f64::from(plan.context);
        let group = f64::from(plan.expert);
        Self {
            common: job.model.common_parameters() / tensor / stages,
            copies,
            routed: job.model.expert_parameters() / group / stages,
            routed_copies: (copies * tensor / group).max(1.0),
        }
    }

    /// Parameters whose share of replicas is taken.
    pub(crate) fn sharded(&self) -> f64 {
        self.common / self.copies + self.routed / self.routed_copies
    }

    pub(crate) fn all(&self) -> f64 {
        self.common + self.routed
    }
}

/// Bytes by what they hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bytes {
    pub(crate) weights: f64,
    pub(crate) gradients: f64,
    pub(crate) optimiser: f64,
    pub(crate) activations: f64,
    pub(crate) buffers: f64,
}

impl Bytes {
    pub(crate) fn total(&self) -> f64 {
        self.weights + self.gradients + self.optimiser + self.activations + self.buffers
    }

    /// Of the fullest stage.
    pub(crate) fn of(job: &Job<'_>, plan: &Execution, layer: &Layer) -> Self {
        let held = Held::of(job, plan);
        let part = |stage| {
            if plan.sharding >= stage {
                held.sharded()
            } else {
                held.all()
            }
        };
        let trains = job.trained == Trained::All;
        let (stages, chunks) = (f64::from(plan.pipeline), f64::from(plan.chunks));
        let layers = f64::from(job.model.layers);
        let on_stage = (layers / stages).ceil();
        let again = f64::from(plan.recomputed);
        let microbatches = f64::from(plan.microbatches(job));
        // The first stage holds a microbatch for each stage behind it; chunks add the warm-up of the next ones.
        let in_flight = if plan.chunks > 1 {
            (stages * (1.0 + (stages - 1.0) / (stages * chunks))).min(microbatches)
        } else {
            stages.min(microbatches)
        };
        // Hiding experts' traffic keeps the microbatch behind which it hides.
        let beside = f64::from(u8::from(plan.overlap.experts && plan.expert > 1));
        let in_flight = (in_flight + beside).min(microbatches);
        let [none, selective, full] = layer.kept;
        let (each, working) = match plan.recompute {
            Recompute::None => (none * on_stage, 0.0),
            Recompute::Selective => (selective * on_stage, none - selective),
            Recompute::Full => (full * again + none * (on_stage - again), none),
        };
        let activations = each * in_flight + working;
        let tokens = f64::from(plan.microbatch) * f64::from(job.sequence) / f64::from(plan.context);
        // Logits as computed and in 32 bits on the last stage, which holds one microbatch; with one stage it is the first.
        let logits = if plan.pipeline == 1 {
            (4.0 + job.wide()) * tokens * f64::from(job.model.vocabulary) / f64::from(plan.tensor)
        } else {
            0.0
        };
        // Two layers gathered whole: the one at work and the next.
        let gathered = if plan.sharding == Sharding::Weights {
            2.0 * job.weight_bytes() * held.all() / on_stage
        } else {
            0.0
        };
        Self {
            weights: job.weight_bytes() * part(Sharding::Weights),
            gradients: if trains {
                GRADIENT * part(Sharding::Gradients)
            } else {
                0.0
            },
            optimiser: if trains {
                state(job) * part(Sharding::Optimiser)
            } else {
                0.0
            },
            activations,
            buffers: logits + gathered,
        }
    }
}

/// What a chip's memory holds, and what of it there is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Memory {
    /// Weights, two bytes each: in 16 bits, or in 8 both as they are and transposed; four beside 32-bit products; frozen ones in
    /// the format of the products.
    pub weights: Gigabytes,
    /// Gradients in 32 bits.
    pub gradients: Gigabytes,
    /// State of the optimiser.
    pub optimiser: Gigabytes,
    /// Activations kept for the backward pass.
    pub activations: Gigabytes,
    /// Logits, and layers gathered from replicas.
    pub buffers: Gigabytes,
    /// Their sum.
    pub total: Gigabytes,
    /// What a program may use of the chip's memory.
    pub usable: Gigabytes,
}

impl Memory {
    pub(crate) fn of(bytes: &Bytes, hardware: &Hardware) -> Self {
        let gb = |b: f64| Gigabytes::of(b / 1e9);
        Self {
            weights: gb(bytes.weights),
            gradients: gb(bytes.gradients),
            optimiser: gb(bytes.optimiser),
            activations: gb(bytes.activations),
            buffers: gb(bytes.buffers),
            total: gb(bytes.total()),
            usable: gb(hardware.capacity * hardware.usable),
        }
    }
}
