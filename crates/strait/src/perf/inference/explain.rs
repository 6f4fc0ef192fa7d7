//! A step taken apart for people: every operator with its time and what binds it.

use super::{Demand, Item, Part, Replica, Software, StepBatch, StepModel, Steps, Work};
use crate::perf::ops::{Call, Device, Exchange};
use crate::perf::{Limit, LimitShares};
use serde::Serialize;

/// One operator of a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// What it is.
    pub name: &'static str,
    /// Part of the step.
    pub part: Part,
    /// How often it runs.
    pub count: f64,
    /// Seconds of all runs, launches included.
    pub seconds: f64,
    /// What binds it.
    pub limit: Limit,
    /// What an exchange goes over and how; nothing of other operators.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Exchange>,
}

/// Operators of a step, the longest first.
#[must_use]
pub fn explain(model: &StepModel<'_>, batch: &StepBatch, software: &Software) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    model.each(batch, &mut |item, work, launch| {
        let launch = software.captured * launch;
        let work = if item.part == Part::Communication {
            work * software.links
        } else {
            work
        };
        let limit = limit(item, model.device(), work, launch);
        let seconds = item.count * (work + launch);
        let exchange = model.exchange(item);
        let alike = |l: &&mut Line| l.name == item.name && l.limit == limit && l.exchange == exchange;
        match lines.iter_mut().find(alike) {
            Some(line) => {
                line.count += item.count;
                line.seconds += seconds;
            }
            None => lines.push(Line {
                name: item.name,
                part: item.part,
                count: item.count,
                seconds,
                limit,
                exchange,
            }),
        }
    });
    lines.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    lines
}

/// Shares of a step's time by what binds each operator; the host's part of the step is overhead.
#[must_use]
pub fn shares(model: &StepModel<'_>, batch: &StepBatch, software: &Software) -> LimitShares {
    let mut shares = LimitShares {
        compute: 0.0,
        memory_bandwidth: 0.0,
        network: 0.0,
        overhead: software.waited(&model.step(batch), batch.prompts + batch.decodes),
    };
    for line in explain(model, batch, software) {
        let to = match line.limit {
            Limit::Compute => &mut shares.compute,
            Limit::MemoryBandwidth | Limit::MemoryCapacity => &mut shares.memory_bandwidth,
            Limit::Network => &mut shares.network,
            Limit::Overhead => &mut shares.overhead,
        };
        *to += line.seconds;
    }
    let total = shares.compute + shares.memory_bandwidth + shares.network + shares.overhead;
    LimitShares {
        compute: shares.compute / total,
        memory_bandwidth: shares.memory_bandwidth / total,
        network: shares.network / total,
        overhead: shares.overhead / total,
    }
}

/// Where the time of a replica that serves goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spent {
    /// By what binds.
    pub shares: LimitShares,
    /// Share of the time that prompts take.
    pub prompts: f64,
}

impl Replica<'_> {
    /// Where the time goes with so many users: a request's prompt, and its part of every step it decodes in.
    #[must_use]
    pub fn spent(&self, demand: &Demand, users: f64) -> Spent {
        let steps = Steps::of(&self.steps, demand, users);
        let prompt = steps.prompt_seconds(&self.software);
        let taken = demand.output / (1.0 + demand.accepted) / steps.sequences;
        let decode = steps.decode_seconds(&self.software) * taken;
        let prompts = prompt / (prompt + decode);
        let of = |batch: &StepBatch| shares(&self.steps, batch, &self.software);
        let (first, further) = (of(&steps.prompt_batch()), of(&steps.decode_batch()));
        let mean = |a: f64, b: f64| prompts * a + (1.0 - prompts) * b;
        Spent {
            shares: LimitShares {
                compute: mean(first.compute, further.compute),
                memory_bandwidth: mean(first.memory_bandwidth, further.memory_bandwidth),
                network: mean(first.network, further.network),
                overhead: mean(first.overhead, further.overhead),
            },
            prompts,
        }
    }
}

/// What binds one run: its launch where that is longer than its work, else links, else the longer of the least time
/// of its arithmetic and of its bytes.
fn limit(item: &Item, d: &Device, work: f64, launch: f64) -> Limit {
    if item.part == Part::Communication {
        return if launch > work {
            Limit::Overhead
        } else {
            Limit::Network
        };
    }
    if launch > work {
        return Limit::Overhead;
    }
    let (flop, bytes) = least(item, d);
    if flop > bytes {
        Limit::Compute
    } else {
        Limit::MemoryBandwidth
    }
}

/// Least seconds of arithmetic and of bytes.
pub(super) fn least(item: &Item, d: &Device) -> (f64, f64) {
    match &item.work {
        Work::Pointwise(_) => (0.0, 1.0),
        Work::Linear(a) => (
            a.flop() / d.peak16,
            (a.token_bytes() + a.state_bytes()) / d.memory,
        ),
        Work::Call(call) => match call {
            Call::Gemm(g) => (
                2.0 * g.m * g.n * g.k / d.peak(g.precision.arithmetic),
                (g.n * g.k * g.precision.weight + g.m * (g.k * g.precision.activation + 2.0 * g.n))
                    / d.memory,
            ),
            Call::GroupedGemm(g) => {
                let choices = g.tokens * g.chosen / g.expert_ranks;
                let reached = (g.experts / g.expert_ranks).min(choices);
                let one = g.matrices * g.hidden * g.inner / g.tensor;
                (
                    2.0 * choices * one / d.peak(g.precision.arithmetic),
                    reached * one * g.precision.weight / d.memory,
                )
            }
            Call::AttentionPrefill(a) => {
                let pairs = a.tokens * (a.cached + 0.5 * a.tokens).min(a.window);
                let keys = a.tokens + a.cached.min(a.window);
                (
                    2.0 * a.batch * pairs * a.heads * (a.head_dim + a.value_dim) / d.peak(a.arithmetic),
                    a.batch * keys * a.kv_heads * (a.head_dim + a.value_dim) * a.kv_bytes / d.memory,
                )
            }
            Call::MlaPrefill(a) => (
                a.batch * a.tokens * a.tokens * a.heads * (a.query_dim + a.value_dim) / d.peak(a.arithmetic),
                2.0 * a.batch * a.tokens * a.heads * (a.query_dim + a.value_dim) / d.memory,
            ),
            Call::AttentionDecode(a) => (
                4.0 * a.batch * a.context.min(a.window) * a.heads * a.head_dim / d.peak16,
                a.kv() / d.memory,
            ),
            Call::MlaDecode(a) => (
                2.0 * a.batch * a.context * a.heads * (a.latent_dim + a.value_dim) / d.peak(a.arithmetic),
                a.batch * a.context * a.latent_dim * a.kv_bytes / d.memory,
            ),
            Call::Collective(_) | Call::CustomAllReduce(_) => (0.0, 0.0),
        },
    }
}
