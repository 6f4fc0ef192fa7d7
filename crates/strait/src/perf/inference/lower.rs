//! From a model and a step's batch to the operators that an engine launches.
//!
//! Layers of a kind are lowered once and counted. Kernels that engines fuse are one: gate and up projection,
//! rotation with the write to the cache, residual sum with the norm after it.

use super::lower_attention::attention;
use super::lower_feed::feed;
use super::{Formats, Item, Part, Role, Spread, StepBatch, Work};
use crate::perf::Model;
use crate::perf::ops::collective::{Collective, Kind};
use crate::perf::ops::custom_all_reduce::CustomAllReduce;
use crate::perf::ops::gemm::Gemm;
use crate::perf::ops::grouped_gemm::Routing;
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::ops::{Cache, Call, Precision};

/// How an engine runs a mixture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixture {
    /// How tokens choose experts.
    pub routing: Routing,
    /// Whether its kernel walks over every choice.
    pub walks_all: bool,
}

/// What is lowered.
#[derive(Debug, Clone, Copy)]
pub struct Stack<'a> {
    /// Architecture.
    pub model: &'a Model,
    /// Formats.
    pub formats: &'a Formats,
    /// Spread.
    pub spread: &'a Spread,
    /// Experts.
    pub mixture: Mixture,
    /// Chips that share a scale-up link.
    pub domain: u32,
    /// Share of the exchange of experts that a prompt's step hides where it crosses the network.
    pub hidden: f64,
    /// Whether chips that share a matrix each take a part of the rows between a sum and the next product, where
    /// all would otherwise multiply the same.
    pub scattered: bool,
}

/// A consumer of items.
pub(super) type See<'s> = dyn FnMut(Item) + 's;

impl Stack<'_> {
    /// Every operator of a step.
    pub fn walk(&self, batch: &StepBatch, see: &mut dyn FnMut(Item)) {
        let m = self.model;
        let rows = batch.rows();
        let hidden = f64::from(m.hidden);
        plain(
            see,
            Part::Head,
            "embedding",
            1.0,
            Pointwise::embedding(rows, hidden, self.formats.wide()),
        );
        for block in &m.blocks {
            let count = f64::from(block.count);
            let norm = Pointwise::residual_norm(rows / self.parts(batch), hidden, self.formats.wide());
            plain(see, Part::Norms, "residual and norm", 2.0 * count, norm);
            attention(self, block.mixer, count, batch, see);
            feed(self, block.feed, count, batch, see);
        }
        self.head(batch, see);
        self.draft(batch, see);
        if self.spread.pipeline > 1 {
            let hops = f64::from(self.spread.pipeline - 1);
            // A hop of the pipeline is one part of an all-gather among two.
            let bytes = 2.0 * rows * hidden * self.formats.wide() / f64::from(self.spread.tensor);
            let stride = f64::from(self.spread.stage());
            collective(see, "stage to stage", hops, Kind::AllGather, [2.0, stride], bytes);
        }
    }

    /// Parts that the rows are dealt out in between a sum and the next product: of prompts under latent attention,
    /// whose projections down are not shared out, as many as there are chips.
    pub(super) fn parts(&self, batch: &StepBatch) -> f64 {
        let shared = self.scattered && batch.decodes <= 0.0 && self.model.latent.is_some();
        if shared {
            f64::from(self.spread.tensor)
        } else {
            1.0
        }
    }

    /// Tokens are drafted one after another, each by a block like the model's last and the head (multi-token
    /// prediction, arXiv 2412.19437 section 2.2; EAGLE).
    fn draft(&self, batch: &StepBatch, see: &mut See<'_>) {
        let drafted = batch.queries - 1.0;
        let Some(block) = self
            .model
            .blocks
            .last()
            .filter(|_| drafted > 0.0 && batch.decodes > 0.0)
        else {
            return;
        };
        let one = StepBatch::decodes(batch.decodes, batch.context);
        let mut each = |item: Item| {
            let count = drafted * item.count;
            see(Item { count, ..item });
        };
        attention(self, block.mixer, 1.0, &one, &mut each);
        feed(self, block.feed, 1.0, &one, &mut each);
        self.head(&one, &mut each);
    }

    fn head(&self, batch: &StepBatch, see: &mut See<'_>) {
        let m = self.model;
        let (hidden, vocabulary) = (f64::from(m.hidden), f64::from(m.vocabulary));
        let sampled = batch.sampled + batch.decodes * batch.queries;
        if sampled <= 0.0 {
            return;
        }
        let tensor = f64::from(self.spread.tensor);
        plain(
            see,
            Part::Head,
            "last norm",
            1.0,
            Pointwise::norm(sampled, hidden, self.formats.wide()),
        );
        let wide = self.formats.head();
        gemm(
            see,
            Part::Head,
            Role::Wide,
            "head",
            1.0,
            (sampled, vocabulary / tensor, hidden),
            wide,
        );
        if tensor > 1.0 {
            let bytes = sampled * vocabulary * self.formats.wide();
            collective(see, "gather logits", 1.0, Kind::AllGather, [tensor, 1.0], bytes);
        }
        plain(
            see,
            Part::Head,
            "sampling",
            1.0,
            Pointwise::sampling(sampled, vocabulary),
        );
    }
}

pub(super) fn plain(see: &mut See<'_>, part: Part, name: &'static str, count: f64, work: Pointwise) {
    let work = Work::Pointwise(work);
    see(Item {
        name,
        part,
        role: Role::Plain,
        count,
        work,
    });
}

pub(super) fn gemm(
    see: &mut See<'_>,
    part: Part,
    role: Role,
    name: &'static str,
    count: f64,
    (m, n, k): (f64, f64, f64),
    precision: Precision,
) {
    let cache = Cache::Cold;
    let work = Work::Call(Call::Gemm(Gemm {
        m,
        n,
        k,
        precision,
        cache,
    }));
    see(Item {
        name,
        part,
        role,
        count,
        work,
    });
}

/// A collective among so many chips, so many apart.
pub(super) fn collective(
    see: &mut See<'_>,
    name: &'static str,
    count: f64,
    kind: Kind,
    [chips, stride]: [f64; 2],
    bytes: f64,
) {
    let work = Work::Call(Call::Collective(Collective {
        kind,
        chips,
        stride,
        bytes,
    }));
    let part = Part::Communication;
    see(Item {
        name,
        part,
        role: Role::Collective,
        count,
        work,
    });
}

/// Sum of rows over chips that share a matrix.
pub(super) fn all_reduce(see: &mut See<'_>, count: f64, chips: f64, bytes: f64) {
    if chips > 1.0 {
        let work = Work::Call(Call::CustomAllReduce(CustomAllReduce { chips, bytes }));
        let part = Part::Communication;
        let role = Role::CustomAllReduce;
        see(Item {
            name: "all-reduce",
            part,
            role,
            count,
            work,
        });
    }
}

/// Sum over chips that share a matrix, at the end of a layer: where rows are dealt out until the next product, each chip
/// keeps its own.
pub(super) fn sum(s: &Stack<'_>, count: f64, batch: &StepBatch, see: &mut See<'_>) {
    let (chips, bytes) = (
        f64::from(s.spread.tensor),
        batch.rows() * f64::from(s.model.hidden) * s.formats.wide(),
    );
    if s.parts(batch) > 1.0 {
        collective(
            see,
            "scatter sums",
            count,
            Kind::ReduceScatter,
            [chips, 1.0],
            bytes,
        );
    } else {
        all_reduce(see, count, chips, bytes);
    }
}

/// A call of attention.
pub(super) fn attend(see: &mut See<'_>, name: &'static str, role: Role, count: f64, call: Call) {
    let work = Work::Call(call);
    see(Item {
        name,
        part: Part::Attention,
        role,
        count,
        work,
    });
}

/// Rotation of queries and keys, fused with writing keys and values to the cache.
pub(super) fn rotate_and_cache(
    s: &Stack<'_>,
    count: f64,
    rows: f64,
    rotated: f64,
    cached: f64,
    see: &mut See<'_>,
) {
    let (rotary, write) = (
        Pointwise::rotary(rows, rotated, s.formats.wide()),
        Pointwise::cache_write(rows, cached, s.formats.wide(), s.formats.cache),
    );
    let fused = Pointwise {
        warm: rotary.warm + write.warm,
        cold: write.cold,
        kernels: 1.0,
    };
    plain(see, Part::Projections, "rotate and cache", count, fused);
}
