//! An outcome in figures: latencies, goodput, queueing, memory.

use super::{Outcome, Percentiles, ReplicaUse, Served, State};
use crate::figure::{Quantity, Seconds};
use serde::Serialize;

/// What a request must meet to count as good; absent means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Objectives {
    /// Longest time to the first token.
    pub ttft: Option<Seconds>,
    /// Longest time an output token, after the first.
    pub tpot: Option<Seconds>,
}

impl Objectives {
    /// Whether a request was finished within the limits.
    #[must_use]
    pub fn met(&self, r: &Served) -> bool {
        let within = |time: Option<Seconds>, limit: Option<Seconds>| match (time, limit) {
            (Some(time), Some(limit)) => time <= limit,
            _ => true,
        };
        r.state == State::Finished && within(r.ttft, self.ttft) && within(r.tpot, self.tpot)
    }
}

/// The figures of one simulation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Requests of the trace.
    pub requests: usize,
    /// Finished.
    pub finished: usize,
    /// Too long for a replica's cache.
    pub rejected: usize,
    /// Cut short by an interruption.
    pub unfinished: usize,
    /// Requests a second that arrived, from the first arrival to the last; none where all come at once.
    pub arrival_rate: Option<f64>,
    /// From the first arrival to the last token.
    pub span: Seconds,
    /// Finished requests a second over the span.
    pub throughput: f64,
    /// Output tokens a second of finished requests over the span.
    pub output_tokens_per_second: f64,
    /// Requests a second that met the objectives, over the span.
    pub goodput: f64,
    /// Share of all requests that met the objectives.
    pub good_share: f64,
    /// Time to first token.
    pub ttft: Option<Percentiles>,
    /// Time an output token after the first.
    pub tpot: Option<Percentiles>,
    /// Arrival to last token.
    pub latency: Option<Percentiles>,
    /// From reaching a replica to first admission.
    pub queue: Option<Percentiles>,
    /// Mean number of requests in the system, over the span.
    pub mean_in_system: f64,
    /// Mean number of requests that wait for a replica.
    pub mean_waiting: f64,
    /// Sequences that lost their blocks.
    pub preemptions: u64,
    /// Share of prompt tokens found in a prefix cache.
    pub found_share: f64,
    /// Replicas.
    pub replicas: Vec<ReplicaUse>,
}

/// The figures of an outcome under objectives.
#[must_use]
pub fn report(outcome: &Outcome, objectives: &Objectives) -> Report {
    let count = |state| outcome.served.iter().filter(|r| r.state == state).count();
    let finished = count(State::Finished);
    let good = outcome.served.iter().filter(|r| objectives.met(r)).count();
    let span = outcome.span.get();
    let rate = |n: f64| if span > 0.0 { n / span } else { 0.0 };
    let done = || outcome.served.iter().filter(|r| r.state == State::Finished);
    let output: f64 = done().map(|r| f64::from(r.output)).sum();
    let (found, input) = done().fold((0.0, 0.0), |sum: (f64, f64), r| {
        (sum.0 + f64::from(r.cached), sum.1 + f64::from(r.input))
    });
    let all = outcome.served.len();
    let arriving = outcome.served.last().map_or(0.0, |r| r.arrival.get());
    let share = |n: f64, of: f64| if of > 0.0 { n / of } else { 0.0 };
    Report {
        requests: all,
        finished,
        rejected: count(State::Rejected),
        unfinished: count(State::Unfinished),
        arrival_rate: (arriving > 0.0).then(|| (all - 1) as f64 / arriving),
        span: outcome.span,
        throughput: rate(finished as f64),
        output_tokens_per_second: rate(output),
        goodput: rate(good as f64),
        good_share: share(good as f64, all as f64),
        ttft: Percentiles::of(done().filter_map(|r| r.ttft)),
        tpot: Percentiles::of(done().filter_map(|r| r.tpot)),
        latency: Percentiles::of(done().filter_map(|r| r.latency)),
        queue: Percentiles::of(done().filter_map(|r| r.queue)),
        mean_in_system: outcome.mean_in_system,
        mean_waiting: outcome.mean_waiting,
        preemptions: outcome.replicas.iter().map(|r| r.preemptions).sum(),
        found_share: share(found, input),
        replicas: outcome.replicas.clone(),
    }
}
