//! What serves: pools of like replicas, how they batch, and what they do when memory runs out.

use super::{Routing, StepTime, Trace};
use crate::figure::{Gigabytes, GigabytesPerSecond, Quantity, Ratio, Seconds};

/// How a replica fills a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batching {
    /// Every running sequence decodes; prompts share what is left of a budget of tokens, cut where they do not
    /// fit (Sarathi-Serve, OSDI 2024; vLLM's default since 0.8).
    Chunked {
        /// Tokens of one step.
        tokens: u32,
    },
    /// Whole prompts come first, up to a budget, at least one; sequences decode in steps without prompts (Orca,
    /// vLLM before).
    Separate {
        /// Prompt tokens of one step.
        tokens: u32,
    },
}

/// What happens to the sequence admitted last when another needs its blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Preemption {
    /// Its cache is dropped and computed again.
    Recompute,
    /// Its cache is moved to the host and back; the replica waits for both.
    Swap {
        /// Rate of one replica's link to its host.
        rate: GigabytesPerSecond,
    },
}

/// Like replicas.
#[derive(Clone, Copy)]
pub struct Pool<'a> {
    /// How many.
    pub replicas: u32,
    /// KV-cache blocks of one.
    pub blocks: u64,
    /// Most sequences that run together on one.
    pub sequences: u32,
    /// How it fills a step.
    pub batching: Batching,
    /// How long its steps take.
    pub step: &'a dyn StepTime,
}

/// Moving a prompt's cache from the pool that computed it to the one that decodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transfer {
    /// Rate at which one replica of the first pool sends, one cache after another.
    pub rate: GigabytesPerSecond,
    /// Delay of each beside its bytes.
    pub latency: Seconds,
}

/// Everything that serves.
#[derive(Clone, Copy)]
pub struct Fleet<'a> {
    /// The pool that requests are sent to.
    pub pool: Pool<'a>,
    /// A second pool, where the first does prompts only and this one decodes.
    pub decodes: Option<(Pool<'a>, Transfer)>,
}

/// What holds for every replica.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Tokens of one KV-cache block.
    pub block: u32,
    /// KV-cache of one token, all chips of a replica together.
    pub token: Gigabytes,
    /// Share of the blocks that admitting a sequence leaves free.
    pub watermark: f64,
    /// Whether parts of prompts already cached are used again.
    pub prefix_cache: bool,
    /// Preemption.
    pub preemption: Preemption,
    /// How requests find a replica.
    pub routing: Routing,
    /// Time of a request outside the replicas, before it reaches one.
    pub request: Seconds,
    /// Steps of decoding it that a request waits for which reaches an idle replica; one that is busy ends the step
    /// under way first.
    pub wait: Ratio,
}

impl Settings {
    /// The defaults of current engines: blocks of 16 tokens, one per cent left free, caches dropped and
    /// computed again, prefixes kept, the least loaded replica; nothing is taken outside the replicas.
    #[must_use]
    pub fn new(token: Gigabytes) -> Self {
        Self {
            block: 16,
            token,
            watermark: 0.01,
            prefix_cache: true,
            preemption: Preemption::Recompute,
            routing: Routing::LeastLoaded,
            request: Seconds::of(0.0),
            wait: Ratio::of(0.0),
        }
    }
}

/// Why a simulation cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A pool without replicas, blocks, sequences or tokens.
    #[error("a pool needs at least one replica, block, sequence and token a step")]
    Empty,
    /// Prefix parts that blocks do not fill.
    #[error("a block of {block} tokens does not divide the trace's parts of {part}")]
    Block {
        /// Tokens of a block.
        block: u32,
        /// Tokens of a part.
        part: u32,
    },
}

impl Fleet<'_> {
    pub(super) fn check(&self, trace: &Trace, settings: &Settings) -> Result<(), Refusal> {
        let pools = std::iter::once(&self.pool).chain(self.decodes.as_ref().map(|d| &d.0));
        for pool in pools {
            let (Batching::Chunked { tokens } | Batching::Separate { tokens }) = pool.batching;
            if pool.replicas == 0
                || pool.blocks == 0
                || pool.sequences == 0
                || tokens == 0
                || settings.block == 0
            {
                return Err(Refusal::Empty);
            }
        }
        if settings.prefix_cache && trace.part > 0 && !trace.part.is_multiple_of(settings.block) {
            return Err(Refusal::Block {
                block: settings.block,
                part: trace.part,
            });
        }
        Ok(())
    }
}
