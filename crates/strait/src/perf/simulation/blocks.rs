//! Paged KV-cache of one replica: blocks that sequences own, and parts of prompts they share.
//!
//! A part that nobody uses stays until its blocks are needed, the one longest idle first (vLLM's automatic
//! prefix caching; RadixAttention evicts in the same order).

use std::collections::{BTreeSet, HashMap};

#[derive(Debug, Default)]
struct Part {
    users: u32,
    idle_since: u64,
}

/// The blocks.
#[derive(Debug)]
pub(super) struct Blocks {
    total: u64,
    /// Owned by a sequence, or a shared part in use.
    used: u64,
    /// Blocks of one shared part.
    part: u64,
    parts: HashMap<u64, Part>,
    idle: BTreeSet<(u64, u64)>,
    clock: u64,
}

impl Blocks {
    pub(super) fn new(total: u64, part: u64) -> Self {
        Self {
            total,
            used: 0,
            part,
            parts: HashMap::new(),
            idle: BTreeSet::new(),
            clock: 0,
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Blocks of one shared part.
    pub(super) fn part(&self) -> u64 {
        self.part
    }

    pub(super) fn used(&self) -> u64 {
        self.used
    }

    /// Blocks that can be had, by evicting idle parts where needed.
    pub(super) fn room(&self) -> u64 {
        self.total - self.used
    }

    /// Takes blocks for a sequence; nothing where there are not enough.
    pub(super) fn take(&mut self, n: u64) -> bool {
        if n > self.room() {
            return false;
        }
        self.used += n;
        self.evict();
        true
    }

    /// Gives a sequence's blocks back.
    pub(super) fn give(&mut self, n: u64) {
        self.used -= n;
    }

    fn evict(&mut self) {
        while self.used + self.idle.len() as u64 * self.part > self.total {
            let Some((_, name)) = self.idle.pop_first() else {
                return;
            };
            self.parts.remove(&name);
        }
    }

    /// Leading parts that are here.
    pub(super) fn resident(&self, names: &[u64]) -> usize {
        names
            .iter()
            .take_while(|name| self.parts.contains_key(name))
            .count()
    }

    /// Of these parts, all here, the blocks that nobody uses yet.
    pub(super) fn idle_blocks(&self, names: &[u64]) -> u64 {
        let idle = names
            .iter()
            .filter(|name| self.parts.get(name).is_some_and(|p| p.users == 0));
        idle.count() as u64 * self.part
    }

    /// Uses parts that are here.
    pub(super) fn pin(&mut self, names: &[u64]) {
        for name in names {
            let Some(part) = self.parts.get_mut(name) else {
                continue;
            };
            if part.users == 0 {
                self.idle.remove(&(part.idle_since, *name));
                self.used += self.part;
            }
            part.users += 1;
        }
    }

    /// Turns owned blocks into shared parts in use; a part that another sequence has put here meanwhile is
    /// used in place of one's own.
    pub(super) fn publish(&mut self, names: &[u64]) {
        for name in names {
            if self.parts.contains_key(name) {
                self.give(self.part);
                self.pin(&[*name]);
            } else {
                let part = Part {
                    users: 1,
                    idle_since: 0,
                };
                self.parts.insert(*name, part);
            }
        }
    }

    /// Stops using parts; the last of a prompt goes idle first, as it is of use to fewest.
    pub(super) fn unpin(&mut self, names: &[u64]) {
        for name in names.iter().rev() {
            let Some(part) = self.parts.get_mut(name) else {
                continue;
            };
            part.users -= 1;
            if part.users == 0 {
                self.clock += 1;
                part.idle_since = self.clock;
                self.idle.insert((self.clock, *name));
                self.used -= self.part;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_shared_kept_and_evicted_longest_idle_first() {
        let mut b = Blocks::new(10, 2);
        assert!(b.take(5));
        b.publish(&[7, 8]);
        assert_eq!(b.used(), 5);
        assert_eq!(b.resident(&[7, 8, 9]), 2);
        b.pin(&[7]);
        b.unpin(&[7, 8]);
        b.give(1);
        // Part 7 is still used, part 8 idle, five blocks elsewhere.
        assert_eq!((b.used(), b.room(), b.idle_blocks(&[7, 8])), (2, 8, 2));
        assert!(b.take(6));
        assert_eq!(
            b.resident(&[7, 8]),
            2,
            "eight used and two idle fill the ten exactly"
        );
        assert!(b.take(1));
        assert_eq!(b.resident(&[7, 8]), 1, "the idle part went");
        assert!(!b.take(2));
        b.unpin(&[7]);
        assert_eq!(b.used(), 7);
    }

    #[test]
    fn a_part_put_twice_is_held_once() {
        let mut b = Blocks::new(10, 2);
        assert!(b.take(2) && b.take(2));
        b.publish(&[1]);
        b.publish(&[1]);
        assert_eq!(b.used(), 2);
        b.unpin(&[1]);
        b.unpin(&[1]);
        assert_eq!((b.used(), b.room()), (0, 10));
    }
}
