//! What came of every request and replica.

use super::sequence::Sequence;
use super::{Load, Request, Trace};
use crate::figure::{Quantity, Seconds};
use serde::Serialize;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Every token was generated.
    Finished,
    /// Its tokens exceed the cache of a whole replica.
    Rejected,
    /// The simulation was interrupted before.
    Unfinished,
}

/// One request, served or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Served {
    /// Arrival.
    pub arrival: Seconds,
    /// Prompt tokens.
    pub input: u32,
    /// Output tokens.
    pub output: u32,
    /// How it ended.
    pub state: State,
    /// The replica where it ended.
    pub replica: u32,
    /// Prompt tokens found in a prefix cache.
    pub cached: u32,
    /// Times it lost its blocks.
    pub preemptions: u32,
    /// From reaching its replica until it was first admitted.
    pub queue: Option<Seconds>,
    /// From its arrival to its first token.
    pub ttft: Option<Seconds>,
    /// From its first token to its last, for each but the first; absent for an output of one token.
    pub tpot: Option<Seconds>,
    /// From its arrival to its last token.
    pub latency: Option<Seconds>,
}

impl Served {
    pub(super) fn of(request: &Request, s: &Sequence) -> Self {
        let since = |time: Option<f64>| time.map(|t| Seconds::of(t - request.arrival.get()));
        let tpot = match (s.first, s.finished) {
            (Some(first), Some(last)) if request.output > 1 => {
                Some(Seconds::of((last - first) / f64::from(request.output - 1)))
            }
            _ => None,
        };
        Self {
            arrival: request.arrival,
            input: request.input,
            output: request.output,
            state: if s.finished.is_some() {
                State::Finished
            } else if s.rejected {
                State::Rejected
            } else {
                State::Unfinished
            },
            replica: s.replica,
            cached: s.cached,
            preemptions: s.preemptions,
            queue: s.reached.zip(s.started).map(|(at, t)| Seconds::of(t - at)),
            ttft: since(s.first),
            tpot,
            latency: since(s.finished),
        }
    }
}

/// What one replica did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplicaUse {
    /// `prompts_and_decodes`, `prompts` or `decodes`.
    pub role: &'static str,
    /// Steps taken.
    pub steps: u64,
    /// Share of the span in which a step was under way.
    pub busy: f64,
    /// Requests that ended here.
    pub finished: u64,
    /// Prompt tokens computed, those computed again after a preemption included.
    pub prompt_tokens: u64,
    /// Prompt tokens found in the prefix cache.
    pub found_tokens: u64,
    /// Output tokens.
    pub output_tokens: u64,
    /// The mean step.
    pub mean_step: Load,
    /// Mean number of decoding sequences while busy.
    pub batch: f64,
    /// Mean share of the blocks in use while busy.
    pub cache_mean: f64,
    /// Largest share of the blocks in use.
    pub cache_most: f64,
    /// Sequences that lost their blocks.
    pub preemptions: u64,
}

/// Everything a simulation tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Requests, in the trace's order.
    pub served: Vec<Served>,
    /// Replicas, the first pool's before the second's.
    pub replicas: Vec<ReplicaUse>,
    /// From the first arrival to the last event.
    pub span: Seconds,
    /// Mean number of requests in the system over the span.
    pub mean_in_system: f64,
    /// Mean number of requests that wait for a replica over the span.
    pub mean_waiting: f64,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

pub(super) fn served(trace: &Trace, sequences: &[Sequence]) -> Vec<Served> {
    let pairs = trace.requests.iter().zip(sequences);
    pairs.map(|(request, s)| Served::of(request, s)).collect()
}
