//! Who may enter a replica's running batch, and who loses blocks to the others.

use super::{Context, Replica};
use crate::figure::Quantity;
use crate::perf::simulation::Preemption;
use crate::perf::simulation::sequence::Sequence;

impl Replica {
    /// Whether blocks can be had and some are left free, unless the replica is empty.
    fn fits(&self, blocks: u64, c: &Context<'_>) -> bool {
        let spare = if self.running() == 0 {
            0
        } else {
            (c.settings.watermark * self.blocks.total() as f64) as u64
        };
        blocks + spare <= self.blocks.room()
    }

    /// Admits the next waiting sequence with blocks for its whole prompt.
    pub(super) fn admit(&mut self, now: f64, c: &Context<'_>, sequences: &mut [Sequence]) -> Option<u32> {
        let id = *self.waiting.front()?;
        let of = &mut sequences[id as usize];
        if of.handed || !self.swapped.is_empty() || self.running() >= c.pool.sequences {
            return None;
        }
        let parts = c.parts(id);
        let mut found = self.blocks.resident(parts);
        // The last token of a prompt is always computed: the next one comes from it.
        while found > 0 && found as u32 * c.trace.part >= of.prompt {
            found -= 1;
        }
        let found_parts = &parts[..found];
        let own = c.blocks(of.prompt) - found as u64 * self.blocks.part();
        if !self.fits(own + self.blocks.idle_blocks(found_parts), c) {
            return None;
        }
        self.waiting.pop_front();
        self.blocks.pin(found_parts);
        self.blocks.take(own);
        of.shared = found as u32;
        of.done = found as u32 * c.trace.part;
        if of.started.is_none() {
            of.started = Some(now);
            of.cached = of.done;
        }
        self.pending -= u64::from(of.done);
        self.tally.found_tokens += u64::from(of.done);
        self.admitted.push((id, of.epoch));
        self.prompts.push(id);
        Some(id)
    }

    /// Admits sequences whose cache has come from another replica.
    pub(super) fn take_handed(&mut self, now: f64, c: &Context<'_>, sequences: &mut [Sequence]) {
        while let Some(id) = self.waiting.front().copied() {
            let of = &mut sequences[id as usize];
            let own = c.blocks(of.prompt);
            if !of.handed || self.running() >= c.pool.sequences || !self.fits(own, c) {
                return;
            }
            self.waiting.pop_front();
            self.blocks.take(own);
            of.handed = false;
            of.started.get_or_insert(now);
            let left = c.trace.requests[id as usize].output - of.generated;
            self.admitted.push((id, of.epoch));
            self.decoding.join(id, of, of.prompt, left);
        }
    }

    /// Takes the blocks that decoding needs, from the sequence admitted last where there are none; the seconds
    /// of moving caches.
    pub(super) fn grow(&mut self, c: &Context<'_>, sequences: &mut [Sequence]) -> f64 {
        let mut moved = 0.0;
        while !self.blocks.take(self.decoding.wanted()) {
            moved += self.preempt(c, sequences);
        }
        moved
    }

    fn preempt(&mut self, c: &Context<'_>, sequences: &mut [Sequence]) -> f64 {
        let Some((id, epoch)) = self.admitted.pop() else {
            return 0.0;
        };
        let of = &mut sequences[id as usize];
        if of.epoch != epoch {
            return 0.0;
        }
        of.epoch += 1;
        of.preemptions += 1;
        self.tally.preemptions += 1;
        if !of.decoding {
            self.prompts.retain(|p| *p != id);
            self.pending += u64::from(of.done);
            self.release(id, of.prompt, c, of);
            of.done = 0;
            self.waiting.push_front(id);
            return 0.0;
        }
        let (left, cached) = self.decoding.leave(of);
        let request = &c.trace.requests[id as usize];
        of.generated = request.output - left;
        self.release(id, cached, c, of);
        match c.settings.preemption {
            Preemption::Recompute => {
                of.prompt = request.input + of.generated;
                of.done = 0;
                self.pending += u64::from(of.prompt);
                self.waiting.push_front(id);
                0.0
            }
            Preemption::Swap { rate } => {
                of.prompt = cached;
                of.done = cached;
                self.swapped.push_front(id);
                f64::from(cached) * c.settings.token.get() / rate.get()
            }
        }
    }

    /// Brings swapped caches back; the seconds it takes.
    pub(super) fn swap_in(&mut self, c: &Context<'_>, sequences: &mut [Sequence]) -> f64 {
        let Preemption::Swap { rate } = c.settings.preemption else {
            return 0.0;
        };
        let mut moved = 0.0;
        while let Some(id) = self.swapped.front().copied() {
            let of = &mut sequences[id as usize];
            // One more block, lest it be sent away again at once.
            let own = c.blocks(of.prompt);
            if self.running() >= c.pool.sequences || !self.fits(own + u64::from(self.running() > 0), c) {
                break;
            }
            self.swapped.pop_front();
            self.blocks.take(own);
            let left = c.trace.requests[id as usize].output - of.generated;
            self.admitted.push((id, of.epoch));
            self.decoding.join(id, of, of.prompt, left);
            moved += f64::from(of.prompt) * c.settings.token.get() / rate.get();
        }
        moved
    }
}
