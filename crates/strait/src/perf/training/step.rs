//! One optimiser step: pipeline, traffic between replicas, the optimiser. Arithmetic on what [`super::layer`]
//! and [`Edges`] found once.

use super::hardware::{Hardware, Memo};
use super::layer::{Layer, Split, layer};
use super::memory::Held;
use super::parameters::Fit;
use super::plan::{Execution, Job, Recompute, Sharding, Trained};
use crate::perf::ops::collective::Kind;
use crate::perf::time::Time;

/// Bytes a parameter that Adam reads and writes: gradient, weight and two moments in 32 bits in, the last three
/// and a 16-bit weight out.
const ADAM: f64 = 30.0;

/// Share of a chip's cores that send tokens to experts while the others compute: 20 of an H800's 132 (DeepSeek-AI 2024,
/// arXiv 2412.19437, section 3.2.2).
const SENDERS: f64 = 20.0 / 132.0;

/// Embedding, head and loss of one microbatch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edges {
    /// Forward and backward; no recomputation repeats them.
    pub(crate) time: Time,
}

/// The edges of a model; `None` without the arithmetic.
pub(crate) fn edges(job: &Job<'_>, hardware: &Hardware, split: &Split, memo: &Memo) -> Option<Edges> {
    let tokens = f64::from(split.microbatch) * f64::from(job.sequence) / f64::from(split.context);
    let (hidden, tensor) = (f64::from(job.model.hidden), f64::from(split.tensor));
    let vocabulary = f64::from(job.model.vocabulary) / tensor;
    // The head stays in 16 bits in every published recipe, unless all is in 32.
    let product = |m, n, k| memo.product(hardware, [m, n, k], job.between());
    let forward = product(tokens, vocabulary, hidden)?;
    let weights = if job.trained == Trained::All {
        product(vocabulary, hidden, tokens)?
    } else {
        0.0
    };
    let backward = product(tokens, hidden, vocabulary)? + weights;
    // Logits are widened, their exponentials summed, and their gradient written: 2 + 4 + 4 + 4 + 2 bytes of 16-bit logits.
    let wide = job.wide();
    let moved = hardware.moved((12.0 + 2.0 * wide) * tokens * vocabulary + 6.0 * wide * tokens * hidden);
    Some(Edges {
        time: Time {
            compute: forward + backward,
            memory: moved,
            ..Time::default()
        },
    })
}

/// Seconds of a step and what they are spent on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spent {
    /// Forward and backward without what is done again.
    pub(crate) work: f64,
    /// What recomputation adds.
    pub(crate) again: f64,
    /// Stages waiting for the first and last microbatches.
    pub(crate) bubble: f64,
    /// Traffic of tensor groups in the open.
    pub(crate) tensor: f64,
    /// Traffic of context and expert groups in the open.
    pub(crate) open: f64,
    /// Activations sent between stages in the open.
    pub(crate) pipeline: f64,
    /// Gradients and weights in the open, and arithmetic slowed beside them.
    pub(crate) data: f64,
    /// The optimiser.
    pub(crate) optimiser: f64,
    /// Waiting for hosts.
    pub(crate) host: f64,
    /// The slowest of many chips.
    pub(crate) stragglers: f64,
}

impl Spent {
    pub(crate) fn total(&self) -> f64 {
        self.work
            + self.again
            + self.bubble
            + self.tensor
            + self.open
            + self.pipeline
            + self.data
            + self.optimiser
            + self.host
            + self.stragglers
    }
}

/// What of a step does not depend on pipeline, replicas or schedule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pieces {
    pub(crate) layer: Layer,
    pub(crate) edges: Edges,
}

impl Pieces {
    pub(crate) fn of(job: &Job<'_>, hardware: &Hardware, split: &Split, memo: &Memo) -> Option<Self> {
        Some(Self {
            layer: layer(job, hardware, split, memo)?,
            edges: edges(job, hardware, split, memo)?,
        })
    }
}

impl Execution {
    pub(crate) fn split(&self) -> Split {
        Split {
            tensor: self.tensor,
            context: self.context,
            expert: self.expert,
            microbatch: self.microbatch,
            sequence_parallel: self.sequence_parallel,
        }
    }
}

/// Seconds of gathering weights and of scattering gradients over the replicas.
pub(crate) fn exchanges(job: &Job<'_>, hardware: &Hardware, plan: &Execution) -> [f64; 2] {
    let held = Held::of(job, plan);
    let stride = f64::from(plan.tensor);
    let one = |kind, bytes: f64| {
        hardware.collective(kind, held.common * bytes, held.copies, stride)
            + hardware.collective(
                kind,
                held.routed * bytes,
                held.routed_copies,
                f64::from(plan.expert),
            )
    };
    [
        one(Kind::AllGather, job.weight_bytes()),
        one(Kind::ReduceScatter, job.gradient_bytes),
    ]
}

/// The step.
pub(crate) fn step(
    job: &Job<'_>,
    hardware: &Hardware,
    plan: &Execution,
    pieces: &Pieces,
    [gather, scatter]: [f64; 2],
) -> Spent {
    let fit = &hardware.fit;
    let layer = &pieces.layer;
    let (stages, chunks) = (f64::from(plan.pipeline), f64::from(plan.chunks));
    let layers = f64::from(job.model.layers);
    let fullest = (layers / stages).ceil();
    let microbatches = f64::from(plan.microbatches(job));
    let (forward, backward) = (layer.forward.total(), layer.backward.total());
    // Share of a stage's layers whose forward pass is run again.
    let repeated = f64::from(plan.recomputed) / fullest;
    let again = match plan.recompute {
        Recompute::None => 0.0,
        Recompute::Selective => layer.scores.total(),
        Recompute::Full => repeated * forward,
    };
    // What tensor groups send in a layer, forward once more where it is computed again.
    let exposed = if plan.overlap.tensor {
        1.0 - fit.hidden
    } else {
        1.0
    };
    let tensor = exposed * ((1.0 + repeated) * layer.tensor[0] + layer.tensor[1]);
    // What of the passes hides no keys and values yet, forward and backward.
    let behind = layer.ring.behind;
    let free = [
        forward - behind[0],
        (backward + again - repeated * behind[0] - behind[1]).max(0.0),
    ];
    let sent = dispatch(fit, plan, layer, repeated, free[0] + free[1]);
    let open = (1.0 + repeated) * layer.ring.open[0] + layer.ring.open[1] + sent.open;
    let edges = pieces.edges.time.total();
    // The last stage also has the head, unless there is but one; stages are not rebalanced for it.
    let busiest = |each: f64, edge: f64| fullest * each + edge;
    let mean = |each: f64, edge: f64| (layers * each + edge) / stages;
    let fill = (stages - 1.0) / chunks;
    let pass = forward + backward;
    let work = microbatches * busiest(pass, edges);
    let bubble = fill * mean(pass + again + tensor + open, edges);
    // Between stages each microbatch is sent forward and back, once a chunk.
    let size =
        job.wide() * f64::from(plan.microbatch) * f64::from(job.sequence) * f64::from(job.model.hidden)
            / f64::from(plan.context)
            / f64::from(plan.tensor);
    let pipeline = if plan.pipeline > 1 {
        let send = hardware.send(size, f64::from(plan.tensor * plan.context));
        let steady = if plan.overlap.pipeline {
            0.0
        } else {
            2.0 * microbatches * chunks
        };
        send * (steady + 2.0 * (stages - 1.0))
    } else {
        0.0
    };
    let data = replicas(
        job,
        hardware,
        plan,
        [gather, scatter],
        [
            fullest * (free[0] * sent.left + exposed * layer.tensor[0]),
            fullest * (free[1] * sent.left + exposed * layer.tensor[1]),
        ],
    );
    let held = Held::of(job, plan);
    let updated = match (job.trained, plan.sharding) {
        (Trained::Adapters, _) => 0.0,
        (Trained::All, Sharding::None) => held.all(),
        (Trained::All, _) => held.sharded(),
    };
    let optimiser = ADAM * updated / (hardware.device.memory * fit.optimiser);
    let mut spent = Spent {
        work,
        again: microbatches * fullest * again,
        bubble,
        tensor: microbatches * fullest * tensor,
        open: microbatches * fullest * open,
        pipeline,
        data,
        optimiser,
        host: fit.host,
        stragglers: 0.0,
    };
    let beyond = (f64::from(job.chips) / hardware.domain.min(8.0)).max(1.0).log2();
    spent.stragglers = spent.total() * fit.straggle * beyond;
    spent
}

/// Tokens sent to experts and back in a layer.
struct Dispatch {
    /// Seconds it adds.
    open: f64,
    /// Share of the passes that it leaves to hide other traffic.
    left: f64,
}

/// Beside the passes of another microbatch, of which `free` seconds hide nothing yet, sending takes cores of theirs,
/// and what they do not cover stands in the open.
fn dispatch(fit: &Fit, plan: &Execution, layer: &Layer, repeated: f64, free: f64) -> Dispatch {
    let sent = (2.0 + repeated) * layer.experts;
    let hidden = if plan.overlap.experts {
        sent.min(fit.overlap * free)
    } else {
        0.0
    };
    Dispatch {
        open: sent - hidden + SENDERS * hidden,
        left: if hidden > 0.0 { 1.0 - hidden / free } else { 1.0 },
    }
}

/// Seconds that traffic between replicas adds, given those of one microbatch's passes on the fullest stage.
fn replicas(
    job: &Job<'_>,
    hardware: &Hardware,
    plan: &Execution,
    [gather, scatter]: [f64; 2],
    [forward, backward]: [f64; 2],
) -> f64 {
    if plan.data * plan.context < 2 && plan.expert < 2 {
        return 0.0;
    }
    // Beside frozen weights nothing is summed but the adapters' few gradients, and nothing that changed is to be had from
    // others: only weights that are shared out are gathered.
    let (gather, scatter) = match (job.trained, plan.sharding) {
        (Trained::All, _) => (gather, scatter),
        (Trained::Adapters, Sharding::Weights) => (gather, 0.0),
        (Trained::Adapters, _) => (0.0, 0.0),
    };
    let fit = &hardware.fit;
    // What is sent beside a pass: the excess stands in the open, at least the piece of one layer does, and
    // arithmetic shares the chip with it meanwhile.
    let beside = |sent: f64, pass: f64| {
        if !plan.overlap.data {
            return sent;
        }
        let hidden = sent.min(fit.overlap * pass);
        let piece = sent / f64::from(job.model.layers) * f64::from(plan.pipeline);
        ((sent - hidden).max(piece) + fit.contention * hidden).min(sent)
    };
    let microbatches = f64::from(plan.microbatches(job));
    match plan.sharding {
        // Whole gradients are summed once: as a scatter and a gather, of gradients both.
        Sharding::None => beside(2.0 * scatter, backward),
        Sharding::Optimiser => beside(gather, forward) + beside(scatter, backward),
        Sharding::Gradients => beside(gather, forward) + microbatches * beside(scatter, backward),
        Sharding::Weights => microbatches * (beside(gather, forward) + beside(gather + scatter, backward)),
    }
}
