//! One layer, forward and backward, on one chip: seconds, traffic and the activations it keeps.
//!
//! Everything here depends on the model, the widths of tensor, context and expert groups and the tokens of a
//! microbatch, and on nothing else of a plan: a search computes it once and reuses it for all that follows.

use super::hardware::{Hardware, Memo};
use super::passes::{OperatorTime, Passes, memory};
use super::plan::{Job, Trained};
use crate::figure::{Quantity, Seconds};
use crate::perf::Limit;
use crate::perf::models::{Block, Feed};
use crate::perf::ops::collective::Kind;
use crate::perf::time::Time;

/// How one layer is split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Split {
    pub(crate) tensor: u32,
    pub(crate) context: u32,
    pub(crate) expert: u32,
    pub(crate) microbatch: u32,
    pub(crate) sequence_parallel: bool,
}

/// Seconds of keys and values going round a context group, forward and backward.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Ring {
    /// In the open.
    pub(crate) open: [f64; 2],
    /// Behind attention, which then hides nothing else.
    pub(crate) behind: [f64; 2],
}

/// Seconds and bytes of the mean layer of a model.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Layer {
    /// Forward and backward, traffic apart.
    pub(crate) forward: Time,
    pub(crate) backward: Time,
    /// What selective recomputation computes again.
    pub(crate) scores: Time,
    /// Tensor-parallel traffic, forward and backward.
    pub(crate) tensor: [f64; 2],
    /// Traffic of keys and values.
    pub(crate) ring: Ring,
    /// Tokens sent to experts and back, in either pass.
    pub(crate) experts: f64,
    /// Activations kept by [`super::Recompute`], bytes.
    pub(crate) kept: [f64; 3],
}

/// What a layer's parts need to know.
pub(super) struct Shape<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) hardware: &'a Hardware,
    pub(super) memo: &'a Memo,
    pub(super) tensor: f64,
    pub(super) context: f64,
    /// Tokens of a microbatch on a chip.
    pub(super) tokens: f64,
    /// Its sequences, and the tokens of one here.
    pub(super) sequences: f64,
    pub(super) length: f64,
    /// Share of norms and sums that a chip does.
    pub(super) rows: f64,
}

/// The operators of every kind of layer; `None` where the chip lacks the arithmetic.
pub(crate) fn operators(job: &Job<'_>, hardware: &Hardware, split: &Split) -> Option<Vec<OperatorTime>> {
    let memo = Memo::default();
    let shape = Shape::of(job, hardware, split, &memo);
    let mut all = Vec::new();
    for block in &job.model.blocks {
        let mut passes = Passes {
            told: Some(Vec::new()),
            layers: block.count,
            ..Passes::default()
        };
        let layer = shape.block(block, split, &mut passes)?;
        all.extend(passes.told.into_iter().flatten());
        let summed = if split.sequence_parallel {
            Kind::AllGather
        } else {
            Kind::AllReduce
        };
        let (tensor, context, expert) = (shape.tensor, shape.context, f64::from(split.expert));
        let traffic = [
            ("tensor-parallel traffic", layer.tensor, (summed, tensor, 1.0)),
            (
                "context traffic",
                layer.ring.open,
                (Kind::AllGather, context, tensor),
            ),
            (
                "expert traffic",
                [layer.experts; 2],
                (Kind::AllToAll, expert, 1.0),
            ),
        ];
        let size = 2.0 * shape.tokens * f64::from(job.model.hidden);
        for (name, [forward, backward], (kind, chips, stride)) in traffic {
            if forward + backward <= 0.0 {
                continue;
            }
            all.push(OperatorTime {
                name,
                layers: block.count,
                forward: Seconds::of(forward),
                backward: Seconds::of(backward),
                limit: Limit::Network,
                exchange: hardware.exchange(kind, size, chips, stride).1,
            });
        }
    }
    Some(all)
}

/// The mean layer; `None` where the chip lacks the arithmetic.
pub(crate) fn layer(job: &Job<'_>, hardware: &Hardware, split: &Split, memo: &Memo) -> Option<Layer> {
    let shape = Shape::of(job, hardware, split, memo);
    let mut mean = Layer::default();
    for block in &job.model.blocks {
        let one = shape.block(block, split, &mut Passes::default())?;
        let share = f64::from(block.count) / f64::from(job.model.layers);
        mean.forward = mean.forward.plus(one.forward.scaled(share));
        mean.backward = mean.backward.plus(one.backward.scaled(share));
        mean.scores = mean.scores.plus(one.scores.scaled(share));
        for i in 0..2 {
            mean.tensor[i] += share * one.tensor[i];
            mean.ring.open[i] += share * one.ring.open[i];
            mean.ring.behind[i] += share * one.ring.behind[i];
        }
        mean.experts += share * one.experts;
        for i in 0..3 {
            mean.kept[i] += share * one.kept[i];
        }
    }
    Some(mean)
}

impl<'a> Shape<'a> {
    fn of(job: &'a Job<'a>, hardware: &'a Hardware, split: &Split, memo: &'a Memo) -> Self {
        let (tensor, context) = (f64::from(split.tensor), f64::from(split.context));
        let length = f64::from(job.sequence) / context;
        let tokens = f64::from(split.microbatch) * length;
        Self {
            job,
            hardware,
            memo,
            tensor,
            context,
            tokens,
            sequences: f64::from(split.microbatch),
            length,
            rows: if split.sequence_parallel {
                tokens / tensor
            } else {
                tokens
            },
        }
    }
}

impl Shape<'_> {
    fn block(&self, block: &Block, split: &Split, passes: &mut Passes) -> Option<Layer> {
        let model = self.job.model;
        let hidden = f64::from(model.hidden);
        // Projections into and out of the mixer.
        let (into, out) = model.mixer_weights(block.mixer);
        self.product(
            passes,
            "projections into the mixer",
            into / hidden / self.tensor,
            hidden,
        )?;
        self.product(passes, "projection out of it", hidden, out / hidden / self.tensor)?;
        let (scores, ring, kept_scores) = self.mixer(passes, block.mixer);
        // Norms and residual sums, 16 bits: each reads and writes its rows, backward reads one more.
        let passes_over = self.hardware.fit.passes;
        let pointwise = |passes: &mut Passes, name, elements: f64, kernels: f64| {
            let seconds = self.hardware.moved(self.job.wide() * elements * passes_over);
            let launches = Time {
                overhead: kernels * self.hardware.launch(),
                ..Time::default()
            };
            passes.add(
                name,
                memory(seconds).plus(launches),
                memory(1.5 * seconds).plus(launches.scaled(1.5)),
            );
        };
        pointwise(
            passes,
            "norms and sums",
            self.rows * hidden * (2.0 * 2.0 + 2.0 * 3.0),
            4.0,
        );
        if self.job.trained == Trained::Adapters {
            // Beside attention's projections (Hu et al. 2021): dropout reads and writes the input, the way down reads it; the
            // way up adds to the projection's output as it ends. Their products are too narrow to count.
            let (from, to) = (into / hidden / self.tensor, out / hidden / self.tensor);
            let elements = self.rows * hidden * (3.0 + 2.0) + self.tokens * (2.0 * from + 3.0 * to);
            pointwise(passes, "adapters", elements, 6.0);
        }
        let (inner, ways) = match (block.feed, model.experts) {
            (Feed::Experts, Some(e)) => {
                let per_token = f64::from(e.per_token) * self.busiest(split) / self.tensor;
                let inner = f64::from(e.width) * (per_token + f64::from(e.shared) / self.tensor);
                (inner, 3.0)
            }
            _ => (f64::from(model.inner) / self.tensor, model.matrices()),
        };
        // The activation function reads what the first matrices wrote.
        pointwise(passes, "activation function", self.tokens * inner * ways, 1.0);
        let experts = match (block.feed, model.experts) {
            (Feed::Experts, Some(e)) => self.experts(passes, e, split)?,
            _ => {
                let matrices = model.matrices() - 1.0;
                self.product(passes, "feed-forward up", matrices * inner, hidden)?;
                self.product(passes, "feed-forward down", hidden, inner)?;
                0.0
            }
        };
        let dense = block.feed == Feed::Dense;
        Some(Layer {
            forward: passes.forward,
            backward: passes.backward,
            scores,
            tensor: self.tensor_traffic(hidden, dense, split.sequence_parallel),
            ring,
            experts,
            kept: self.kept(block, [inner * (ways - 1.0), inner], kept_scores),
        })
    }

    /// A product with `n` columns and inner width `k` of weights: forward, gradient of the input, of the weight.
    pub(super) fn product(&self, passes: &mut Passes, name: &'static str, n: f64, k: f64) -> Option<()> {
        self.products(passes, name, [self.tokens, n, k], 1.0)
    }

    /// So many of them, of given rows, columns and inner width.
    pub(super) fn products(
        &self,
        passes: &mut Passes,
        name: &'static str,
        [m, n, k]: [f64; 3],
        times: f64,
    ) -> Option<()> {
        let format = self.job.arithmetic;
        let launch = self.hardware.launch();
        let timed = |m, n, k| {
            let seconds = self.memo.product(self.hardware, [m, n, k], format)? * times;
            let overhead = (launch * times).min(seconds);
            Some(Time {
                compute: seconds - overhead,
                overhead,
                ..Time::default()
            })
        };
        let mut backward = timed(m, k, n)?;
        match self.job.trained {
            Trained::All => backward = backward.plus(timed(n, k, m)?),
            // What is held once is transposed for the gradient of the input, read and written.
            Trained::Adapters if self.job.weight_bytes() < 2.0 => {
                let bytes = 2.0 * self.job.weight_bytes() * n * k * times;
                backward = backward.plus(memory(self.hardware.moved(bytes)));
            }
            Trained::Adapters => {}
        }
        passes.add(name, timed(m, n, k)?, backward);
        Some(())
    }

    /// Seconds of a layer's tensor-parallel traffic: two sums forward, two backward; with norms split along the
    /// sequence a gather and a scatter instead of each, and one gather more for the gradient of the weights.
    fn tensor_traffic(&self, hidden: f64, dense: bool, sequence_parallel: bool) -> [f64; 2] {
        let size = self.job.wide() * self.tokens * hidden;
        let among = |kind| self.hardware.collective(kind, size, self.tensor, 1.0);
        // Experts are whole on their chips: their traffic is that of the expert group.
        let times = if dense { 2.0 } else { 1.0 };
        if sequence_parallel {
            let pair = among(Kind::AllGather) + among(Kind::ReduceScatter);
            let again = among(Kind::AllGather);
            [times * pair, times * (pair + again)]
        } else {
            let sum = among(Kind::AllReduce);
            [times * sum, times * sum]
        }
    }
}
