//! The interval of a simulation: the same requests with every step at its slow and at its fast end.
//!
//! Queues make more of a slow step than its factor: rates, waits and shares are simulated at both ends, not scaled.

use super::{Percentiles, Report};
use crate::figure::{Quantity, Ratio, Seconds};
use serde::Serialize;

/// The figures of a report that have an interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// See [`Report::throughput`].
    pub throughput: f64,
    /// See [`Report::output_tokens_per_second`].
    pub output_tokens_per_second: f64,
    /// See [`Report::goodput`].
    pub goodput: f64,
    /// See [`Report::good_share`].
    pub good_share: f64,
    /// See [`Report::ttft`].
    pub ttft: Option<Percentiles>,
    /// See [`Report::tpot`].
    pub tpot: Option<Percentiles>,
    /// See [`Report::latency`].
    pub latency: Option<Percentiles>,
    /// See [`Report::queue`].
    pub queue: Option<Percentiles>,
}

/// Both ends of the 90 % interval, figure by figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReportEnds {
    /// Lower ends.
    pub low: Figures,
    /// Upper ends.
    pub high: Figures,
}

impl Figures {
    /// Those of a report.
    #[must_use]
    pub fn of(r: &Report) -> Self {
        Self {
            throughput: r.throughput,
            output_tokens_per_second: r.output_tokens_per_second,
            goodput: r.goodput,
            good_share: r.good_share,
            ttft: r.ttft,
            tpot: r.tpot,
            latency: r.latency,
            queue: r.queue,
        }
    }

    fn with(self, other: Self, pick: fn(f64, f64) -> f64) -> Self {
        let times = |a: Option<Percentiles>, b: Option<Percentiles>| match (a, b) {
            (Some(a), Some(b)) => Some(a.with(&b, pick)),
            (one, other) => one.or(other),
        };
        Self {
            throughput: pick(self.throughput, other.throughput),
            output_tokens_per_second: pick(self.output_tokens_per_second, other.output_tokens_per_second),
            goodput: pick(self.goodput, other.goodput),
            good_share: pick(self.good_share, other.good_share),
            ttft: times(self.ttft, other.ttft),
            tpot: times(self.tpot, other.tpot),
            latency: times(self.latency, other.latency),
            queue: times(self.queue, other.queue),
        }
    }
}

impl Percentiles {
    fn with(&self, other: &Self, pick: fn(f64, f64) -> f64) -> Self {
        let of = |a: Seconds, b: Seconds| Seconds::of(pick(a.get(), b.get()));
        Self {
            mean: of(self.mean, other.mean),
            p50: of(self.p50, other.p50),
            p90: of(self.p90, other.p90),
            p99: of(self.p99, other.p99),
            max: of(self.max, other.max),
        }
    }

    fn times(&self, factor: f64) -> Self {
        let of = |a: Seconds| a * factor;
        Self {
            mean: of(self.mean),
            p50: of(self.p50),
            p90: of(self.p90),
            p99: of(self.p99),
            max: of(self.max),
        }
    }
}

impl ReportEnds {
    /// The hull of a report and of those at its ends; a time to a first token is off by `first` at least.
    #[must_use]
    pub fn of(middle: &Report, ends: &[Report], first: Ratio) -> Self {
        let hull = |pick: fn(f64, f64) -> f64, factor: f64| {
            let scaled = Figures {
                ttft: middle.ttft.map(|t| t.times(factor)),
                ..Figures::of(middle)
            };
            let all = ends.iter().map(Figures::of);
            all.fold(Figures::of(middle).with(scaled, pick), |a, b| a.with(b, pick))
        };
        Self {
            low: hull(f64::min, 1.0 / first.get()),
            high: hull(f64::max, first.get()),
        }
    }
}
