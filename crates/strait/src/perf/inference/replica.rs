//! What serves: a model in some formats, spread over chips of one system.

use super::Maturity;
use crate::catalog::Chip;
use crate::figure::Need;
use crate::perf::Model;
use crate::perf::ops::{Arithmetic, Device, End, Fabric, Precision, Typical};
use crate::perf::server::Server;

/// How one replica lies on chips. A stage of the pipeline has `tensor` x `data` chips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spread {
    /// Chips that share every matrix and the heads of attention.
    pub tensor: u32,
    /// Attention replicas: each holds the attention of its own sequences, experts are shared by all.
    pub data: u32,
    /// Ranks that the experts are dealt to; the chips of a rank share the inner width of its experts.
    pub experts: u32,
    /// Stages that hold the layers one after another.
    pub pipeline: u32,
}

impl Spread {
    /// One chip.
    pub const ONE: Self = Self {
        tensor: 1,
        data: 1,
        experts: 1,
        pipeline: 1,
    };

    /// Every matrix shared by `chips`, experts too.
    #[must_use]
    pub fn tensor(chips: u32) -> Self {
        Self {
            tensor: chips,
            ..Self::ONE
        }
    }

    /// Chips of one stage.
    #[must_use]
    pub fn stage(&self) -> u32 {
        self.tensor * self.data
    }

    /// Chips of the replica.
    #[must_use]
    pub fn chips(&self) -> u32 {
        self.stage() * self.pipeline
    }
}

/// How weights, arithmetic and cache are kept. Router, embeddings and head stay at 16 bits, beside 32-bit products at 32.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Formats {
    /// Projections of attention.
    pub attention: Precision,
    /// Dense feed-forward blocks and shared experts.
    pub feed: Precision,
    /// Routed experts.
    pub experts: Precision,
    /// Arithmetic of attention between its projections. Engines keep it at 16 bits unless told otherwise.
    pub scores: Arithmetic,
    /// Bytes of a cached key or value.
    pub cache: f64,
}

impl Formats {
    /// Bytes of an activation between operators, and of what has no format of its own: router, embeddings, head.
    #[must_use]
    pub fn wide(&self) -> f64 {
        self.attention.activation.max(2.0)
    }

    /// Precision of the router, the head and absorbed projections: 16 bits, or 32 where everything has them.
    pub(super) fn head(&self) -> Precision {
        if self.wide() > 2.0 {
            self.attention
        } else {
            Precision::BF16
        }
    }

    /// One precision for every large product.
    #[must_use]
    pub fn all(precision: Precision, cache: f64) -> Self {
        Self {
            attention: precision,
            feed: precision,
            experts: precision,
            scores: match precision.arithmetic {
                wide @ (Arithmetic::Bits32 | Arithmetic::Tensor32) => wide,
                _ => Arithmetic::Bits16,
            },
            cache,
        }
    }
}

/// A chip with the links and the memory of its system.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct System {
    /// Rates of the chip; `link` is what joins it to others, the host's link where it has none of its own.
    pub device: Device,
    /// Memory, bytes.
    pub capacity: f64,
    /// Memory that weights and cache may fill, bytes.
    pub usable: f64,
    /// Share of the exchange of experts that a prompt's step hides where it crosses the network.
    pub hidden: f64,
    /// Chips that share a scale-up link.
    pub domain: u32,
    /// Scale-out network of a chip in one direction, bytes a second.
    pub out: f64,
    /// Host's seconds of a kernel launched by itself; nothing where steps were captured in graphs.
    pub launch: f64,
    /// Its kernels beside those fitted.
    pub maturity: Maturity,
}

impl System {
    /// The system of a chip, at an end of what is disputed or, where its file is silent, assumed; its kernels are taken to be as
    /// mature as those fitted.
    ///
    /// # Errors
    /// A 16-bit matrix peak, memory bandwidth or capacity that the file lacks.
    pub fn of(chip: &Chip, typical: &Typical, server: &Server, end: End) -> Result<Self, Vec<Need>> {
        let mut device = Device::of(chip, typical, end)?;
        let Some(capacity) = server.memory(chip, end) else {
            return Err(vec![Need {
                fact: format!("memory capacity of {}", chip.id),
                flag: Some("memory.capacity in a chip file".to_owned()),
                why: "what fits cannot be told without it".to_owned(),
                flips: Vec::new(),
            }]);
        };
        let host = chip
            .io
            .host_bidirectional
            .as_ref()
            .map_or(server.host, |f| end.of(f) * 1e9 / 2.0);
        device.host = host * server.host_share;
        if device.host > device.link {
            device = device.over(Fabric::Host, device.host);
        }
        let out = chip
            .io
            .scale_out
            .as_ref()
            .map_or(server.network, |f| end.of(f) * 1e9 / 8.0);
        Ok(Self {
            device,
            capacity,
            domain: chip
                .io
                .scale_up_domain
                .as_ref()
                .map_or(server.domain, |f| f.value)
                .max(server.domain),
            out: out.min(device.link),
            usable: capacity * server.usable,
            hidden: server.hidden,
            launch: 0.0,
            maturity: Maturity::FULL,
        })
    }
}

/// Bytes on the fullest chip of a replica.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Memory {
    /// Weights.
    pub weights: f64,
    /// Cache of one more token of a sequence held there.
    pub token: f64,
    /// State of one sequence, whatever its length.
    pub sequence: f64,
}

impl Memory {
    /// What a replica of `model` keeps on a chip.
    #[must_use]
    pub fn of(model: &Model, formats: &Formats, spread: &Spread) -> Self {
        let (tensor, stage) = (f64::from(spread.tensor), f64::from(spread.stage()));
        let pipeline = f64::from(spread.pipeline);
        let embeddings = model.embeddings();
        let dense = model.common_parameters() - embeddings;
        let routed = model.expert_parameters();
        // Shared experts and dense blocks take the feed-forward's format; attention its own.
        let mixers: f64 = model
            .blocks
            .iter()
            .map(|b| {
                let (into, out) = model.mixer_weights(b.mixer);
                f64::from(b.count) * (into + out)
            })
            .sum();
        let weights =
            (mixers * formats.attention.weight + (dense - mixers) * formats.feed.weight) / tensor / pipeline
                + routed * formats.experts.weight / stage / pipeline
                + formats.wide() * embeddings / tensor;
        let kv = model.kv_elements_per_layer() * formats.cache;
        let split = if model.latent.is_some() {
            1.0
        } else {
            f64::from(model.kv_heads).min(tensor)
        };
        Self {
            weights,
            token: model.caching_layers() * kv / split / pipeline,
            sequence: model.kv_elements(0.0) * 4.0 / tensor / pipeline,
        }
    }

    /// Sequences of `tokens` that fit one attention replica beside the weights, of `usable` bytes of memory.
    #[must_use]
    pub fn sequences(&self, usable: f64, tokens: f64) -> f64 {
        ((usable - self.weights) / (self.token * tokens + self.sequence)).max(0.0)
    }
}
