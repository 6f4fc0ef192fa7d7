//! The serving simulation: small cases worked out by hand, and what must hold of every case.

mod by_hand;
mod drawn;
mod engine;
mod holds;
mod traces;

use strait::figure::{Gigabytes, Quantity, Seconds};
use strait::perf::simulation::{
    Arrivals, Batching, Fleet, Length, Load, Outcome, Pool, Request, Settings, StepTime, Trace, simulate,
    synthetic,
};

/// Seconds of a step: a constant, and so much a prompt token, a prompt key, a decoding sequence, a decode key.
pub(crate) struct Linear {
    fixed: f64,
    token: f64,
    prompt_key: f64,
    decode: f64,
    key: f64,
}

pub(crate) const TEN_MS: Linear = Linear {
    fixed: 0.010,
    token: 0.001,
    prompt_key: 0.0,
    decode: 0.0,
    key: 0.0,
};
/// About an 8B model on one H100.
pub(crate) const LIFELIKE: Linear = Linear {
    fixed: 0.006,
    token: 30e-6,
    prompt_key: 1e-9,
    decode: 40e-6,
    key: 50e-9,
};

impl StepTime for Linear {
    fn time(&self, l: &Load) -> Seconds {
        Seconds::of(
            self.fixed
                + self.token * f64::from(l.prompt_tokens)
                + self.prompt_key * l.prompt_keys as f64
                + self.decode * f64::from(l.decodes)
                + self.key * l.decode_keys as f64,
        )
    }
}

pub(crate) fn request(arrival: f64, input: u32, output: u32, parts: &[u64]) -> Request {
    Request {
        arrival: Seconds::of(arrival),
        input,
        output,
        parts: parts.into(),
    }
}

pub(crate) fn pool(step: &dyn StepTime, replicas: u32, blocks: u64) -> Pool<'_> {
    Pool {
        replicas,
        blocks,
        sequences: 256,
        batching: Batching::Chunked { tokens: 2048 },
        step,
    }
}

pub(crate) fn alone<'a>(step: &'a dyn StepTime, replicas: u32, blocks: u64) -> Fleet<'a> {
    Fleet {
        pool: pool(step, replicas, blocks),
        decodes: None,
    }
}

/// One token of cache is one gigabyte, so that transfers are easy to work out.
pub(crate) fn settings() -> Settings {
    Settings {
        block: 4,
        watermark: 0.0,
        ..Settings::new(Gigabytes::of(1.0))
    }
}

pub(crate) fn run(trace: &Trace, fleet: &Fleet<'_>, settings: &Settings) -> Outcome {
    simulate(trace, fleet, settings, &mut |_| true).expect("a fleet that can serve")
}

pub(crate) fn close(found: Option<Seconds>, expected: f64) {
    let found = found.expect("a time").get();
    assert!(
        (found - expected).abs() < 1e-9,
        "{found} where {expected} was worked out"
    );
}

pub(crate) fn drawn(seed: u64, count: usize, rate: f64) -> Trace {
    let arrivals = Arrivals { rate, variation: 1.0 };
    let length = |mean, variation| Length { mean, variation };
    synthetic(seed, count, arrivals, length(300.0, 1.0), length(60.0, 0.8))
}
