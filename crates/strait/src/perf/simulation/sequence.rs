//! A request on its way through the fleet.

use super::Request;

/// State of one request; the simulation holds one for each, by its number in the trace.
#[derive(Debug, Clone, Default)]
pub(super) struct Sequence {
    /// Tokens whose keys must stand in the cache before the next token appears: the prompt, and after a
    /// preemption what was generated too.
    pub(super) prompt: u32,
    /// Of these, computed or found.
    pub(super) done: u32,
    /// Output tokens that have appeared; kept current only while it does not decode.
    pub(super) generated: u32,
    /// Leading parts of the prompt that it holds in the prefix cache.
    pub(super) shared: u32,
    /// Its cache arrived from another replica and needs no computing.
    pub(super) handed: bool,
    /// Times it left a running set; tells the entries of a queue that are stale.
    pub(super) epoch: u32,
    /// While decoding: cached tokens less the replica's count of steps.
    pub(super) base: i64,
    /// While decoding: the replica's count of steps at which it ends.
    pub(super) end: u64,
    /// Whether it decodes.
    pub(super) decoding: bool,
    /// Replica it is on, or ended on.
    pub(super) replica: u32,
    /// First sent to a replica.
    pub(super) reached: Option<f64>,
    /// First admitted.
    pub(super) started: Option<f64>,
    /// First token.
    pub(super) first: Option<f64>,
    /// Last token.
    pub(super) finished: Option<f64>,
    /// Cannot ever fit.
    pub(super) rejected: bool,
    /// Prompt tokens found in the prefix cache when first admitted.
    pub(super) cached: u32,
    /// Times it lost its blocks.
    pub(super) preemptions: u32,
}

impl Sequence {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            prompt: request.input,
            ..Self::default()
        }
    }

    /// Tokens still to be computed before its next one.
    pub(super) fn left(&self) -> u32 {
        self.prompt - self.done
    }
}
