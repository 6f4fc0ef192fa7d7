//! The sequences of a replica that decode, kept as sums: a step costs the same for one as for a thousand.
//!
//! Every sequence gains one token a step, so that its cached tokens are a constant (`base`) plus the replica's
//! count of steps; it ends at a known count, and needs a new block whenever its tokens fill the last one.

use super::sequence::Sequence;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The set.
#[derive(Debug)]
pub(super) struct Decoding {
    /// Steps taken with it.
    steps: u64,
    /// Members.
    count: u32,
    /// Sum of their bases.
    bases: i64,
    /// Members by the step, modulo a block, at which they need a new block.
    fills: Vec<u32>,
    /// End, number, epoch; stale where the epoch is no longer the sequence's.
    ends: BinaryHeap<Reverse<(u64, u32, u32)>>,
}

impl Decoding {
    pub(super) fn new(block: u32) -> Self {
        Self {
            steps: 0,
            count: 0,
            bases: 0,
            fills: vec![0; block as usize],
            ends: BinaryHeap::new(),
        }
    }

    pub(super) fn len(&self) -> u32 {
        self.count
    }

    fn fill(&mut self, base: i64) -> &mut u32 {
        let block = self.fills.len() as i64;
        &mut self.fills[(-base).rem_euclid(block) as usize]
    }

    /// Takes a sequence with `cached` tokens that has `left` tokens to come, one or more.
    pub(super) fn join(&mut self, id: u32, of: &mut Sequence, cached: u32, left: u32) {
        of.decoding = true;
        of.base = i64::from(cached) - self.steps as i64;
        of.end = self.steps + u64::from(left);
        self.count += 1;
        self.bases += of.base;
        *self.fill(of.base) += 1;
        self.ends.push(Reverse((of.end, id, of.epoch)));
    }

    /// Takes a sequence out; its tokens still to come and its cached ones.
    pub(super) fn leave(&mut self, of: &mut Sequence) -> (u32, u32) {
        of.decoding = false;
        self.count -= 1;
        self.bases -= of.base;
        *self.fill(of.base) -= 1;
        ((of.end - self.steps) as u32, self.cached(of))
    }

    /// Cached tokens of a member.
    pub(super) fn cached(&self, of: &Sequence) -> u32 {
        (of.base + self.steps as i64) as u32
    }

    /// Blocks that the next step needs.
    pub(super) fn wanted(&self) -> u64 {
        u64::from(self.fills[(self.steps % self.fills.len() as u64) as usize])
    }

    /// Keys that the next step's tokens meet, their own included.
    pub(super) fn keys(&self) -> u64 {
        let n = i64::from(self.count);
        (self.bases + n * (self.steps as i64 + 1)) as u64
    }

    /// Ends a step.
    pub(super) fn step(&mut self) {
        self.steps += 1;
    }

    /// One of the sequences that have ended, still a member.
    pub(super) fn ended(&mut self, sequences: &[Sequence]) -> Option<u32> {
        while let Some(Reverse((end, id, epoch))) = self.ends.peek().copied() {
            if end > self.steps {
                return None;
            }
            self.ends.pop();
            let of = &sequences[id as usize];
            if of.epoch == epoch && of.decoding {
                return Some(id);
            }
        }
        None
    }
}
