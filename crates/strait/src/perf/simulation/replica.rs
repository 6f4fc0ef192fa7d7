//! One replica: what waits, what a step holds, and what a step's end brings.

mod admission;
mod tally;

pub(super) use tally::Tally;

use super::blocks::Blocks;
use super::decoding::Decoding;
use super::sequence::Sequence;
use super::{Batching, Load, Pool, Settings, Trace};
use crate::figure::Quantity;
use std::collections::VecDeque;

/// What a replica works with.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) trace: &'a Trace,
    pub(super) settings: &'a Settings,
    pub(super) pool: &'a Pool<'a>,
    /// Whether prompts, once computed, go to another pool to decode.
    pub(super) hands_over: bool,
    /// Whether parts of prompts are kept.
    pub(super) keeps_parts: bool,
}

impl Context<'_> {
    /// Names of a request's whole parts.
    pub(super) fn parts(&self, id: u32) -> &[u64] {
        let request = &self.trace.requests[id as usize];
        if !self.keeps_parts || self.trace.part == 0 {
            return &[];
        }
        let whole = (request.input / self.trace.part) as usize;
        &request.parts[..whole.min(request.parts.len())]
    }

    pub(super) fn blocks(&self, tokens: u32) -> u64 {
        u64::from(tokens.div_ceil(self.settings.block))
    }
}

/// A replica.
#[derive(Debug)]
pub(super) struct Replica {
    pub(super) blocks: Blocks,
    waiting: VecDeque<u32>,
    /// Sequences whose cache is on the host.
    swapped: VecDeque<u32>,
    /// Sequences with prompt tokens to compute, in order of admission.
    prompts: Vec<u32>,
    decoding: Decoding,
    /// Running sequences by admission, with the epoch they were admitted in.
    admitted: Vec<(u32, u32)>,
    /// The step under way.
    chunks: Vec<(u32, u32)>,
    decodes: bool,
    pub(super) busy: bool,
    /// Nothing was left to do.
    pub(super) idle: bool,
    /// Prompt tokens it has still to compute.
    pub(super) pending: u64,
    /// Requests sent here and not yet gone.
    pub(super) in_flight: u32,
    /// When its link to the other pool is free.
    pub(super) link_free: f64,
    pub(super) tally: Tally,
}

impl Replica {
    pub(super) fn new(c: &Context<'_>) -> Self {
        let part = u64::from(c.trace.part / c.settings.block.max(1));
        Self {
            blocks: Blocks::new(c.pool.blocks, part),
            waiting: VecDeque::new(),
            swapped: VecDeque::new(),
            prompts: Vec::new(),
            decoding: Decoding::new(c.settings.block),
            admitted: Vec::new(),
            chunks: Vec::new(),
            decodes: false,
            busy: false,
            idle: true,
            pending: 0,
            in_flight: 0,
            link_free: 0.0,
            tally: Tally::default(),
        }
    }

    pub(super) fn enqueue(&mut self, id: u32, sequences: &[Sequence]) {
        self.pending += u64::from(sequences[id as usize].left());
        self.in_flight += 1;
        self.waiting.push_back(id);
    }

    /// The request that has waited longest.
    pub(super) fn next(&self) -> Option<u32> {
        self.waiting.front().copied()
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len() + self.swapped.len()
    }

    fn running(&self) -> u32 {
        self.prompts.len() as u32 + self.decoding.len()
    }

    /// Forms the next step and says how long it takes; nothing where there is nothing to do.
    pub(super) fn begin(&mut self, now: f64, c: &Context<'_>, sequences: &mut [Sequence]) -> Option<f64> {
        self.chunks.clear();
        let mut load = Load::default();
        let mut moved = self.swap_in(c, sequences);
        self.take_handed(now, c, sequences);
        match c.pool.batching {
            Batching::Chunked { tokens } => {
                moved += self.grow(c, sequences);
                self.decodes = true;
                let mut left = tokens.saturating_sub(self.decoding.len());
                for at in 0..self.prompts.len() {
                    left -= self.chunk(self.prompts[at], left, sequences, &mut load);
                }
                while left > 0
                    && let Some(id) = self.admit(now, c, sequences)
                {
                    left -= self.chunk(id, left, sequences, &mut load);
                }
            }
            Batching::Separate { tokens } => {
                let mut left = tokens;
                while let Some(next) = self.waiting.front() {
                    let whole = sequences[*next as usize].left();
                    if whole > left && !self.chunks.is_empty() {
                        break;
                    }
                    let Some(id) = self.admit(now, c, sequences) else {
                        break;
                    };
                    left = left.saturating_sub(self.chunk(id, u32::MAX, sequences, &mut load));
                }
                self.decodes = self.chunks.is_empty();
                if self.decodes {
                    moved += self.grow(c, sequences);
                }
            }
        }
        if self.decodes {
            load.decodes = self.decoding.len();
            load.decode_keys = self.decoding.keys();
        }
        if load.is_empty() {
            return None;
        }
        self.busy = true;
        let seconds = c.pool.step.time(&load).get() + moved;
        let tally = &mut self.tally;
        tally.steps += 1;
        tally.busy += seconds;
        tally.loads.add(&load);
        tally.prompt_tokens += u64::from(load.prompt_tokens);
        tally.decode_seconds += f64::from(load.decodes) * seconds;
        tally.block_seconds += self.blocks.used() as f64 * seconds;
        tally.most_blocks = tally.most_blocks.max(self.blocks.used());
        Some(seconds)
    }

    /// Ends the step under way. What has left goes to `gone`: finished, or handed over with its blocks still
    /// held here.
    pub(super) fn end(&mut self, now: f64, c: &Context<'_>, sequences: &mut [Sequence], gone: &mut Vec<u32>) {
        self.busy = false;
        if self.decodes && self.decoding.len() > 0 {
            self.tally.output_tokens += u64::from(self.decoding.len());
            self.decoding.step();
            while let Some(id) = self.decoding.ended(sequences) {
                let of = &mut sequences[id as usize];
                let (_, cached) = self.decoding.leave(of);
                of.generated = c.trace.requests[id as usize].output;
                self.finish(id, cached, now, c, of);
                gone.push(id);
            }
        }
        let mut ended = false;
        for at in 0..self.chunks.len() {
            let (id, tokens) = self.chunks[at];
            let of = &mut sequences[id as usize];
            of.done += tokens;
            self.pending -= u64::from(tokens);
            if of.left() > 0 {
                continue;
            }
            ended = true;
            of.generated += 1;
            of.first.get_or_insert(now);
            self.tally.output_tokens += 1;
            let parts = c.parts(id);
            self.blocks.publish(&parts[of.shared as usize..]);
            of.shared = parts.len() as u32;
            let output = c.trace.requests[id as usize].output;
            if of.generated == output {
                self.finish(id, of.prompt, now, c, of);
                gone.push(id);
            } else if c.hands_over {
                of.epoch += 1;
                gone.push(id);
            } else {
                self.decoding.join(id, of, of.prompt, output - of.generated);
            }
        }
        if ended {
            self.prompts.retain(|id| sequences[*id as usize].left() > 0);
        }
    }

    fn finish(&mut self, id: u32, cached: u32, now: f64, c: &Context<'_>, of: &mut Sequence) {
        of.epoch += 1;
        of.finished = Some(now);
        self.tally.finished += 1;
        self.in_flight -= 1;
        self.release(id, cached, c, of);
    }

    /// Gives back the blocks of a sequence with `tokens` cached.
    pub(super) fn release(&mut self, id: u32, tokens: u32, c: &Context<'_>, of: &mut Sequence) {
        let shared = of.shared as usize;
        self.blocks
            .give(c.blocks(tokens) - shared as u64 * self.blocks.part());
        self.blocks.unpin(&c.parts(id)[..shared]);
        of.shared = 0;
    }

    /// A part of a prompt for the step; its tokens.
    fn chunk(&mut self, id: u32, most: u32, sequences: &[Sequence], load: &mut Load) -> u32 {
        let of = &sequences[id as usize];
        let tokens = of.left().min(most);
        if tokens > 0 {
            load.add(&Load::prompt(tokens, of.done, tokens == of.left()));
            self.chunks.push((id, tokens));
        }
        tokens
    }
}
