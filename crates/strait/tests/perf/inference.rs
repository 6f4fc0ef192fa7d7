//! Inference end to end: what a step computes, how it scales, what users see, what rows of tables mean.

mod loads;
mod nodes;
mod overlap;
mod rounds;
mod rows;
mod serving;
mod steps;

use super::shipped::{model, world};
use strait::perf::inference::{Formats, Inference, Replica, Setup, Spread, System};
use strait::perf::ops::End;

fn inference() -> &'static Inference {
    world().perf.inference()
}

fn system(chip: &str) -> System {
    inference()
        .system(crate::shipped::chip(chip), End::Middle)
        .unwrap_or_else(|n| panic!("{n:?}"))
}

fn setup(of: &str, on: &str, spread: Spread) -> Setup<'static> {
    let system = system(on);
    Setup {
        model: model(of),
        formats: Formats::of(Formats::usual(&system)).unwrap(),
        spread,
        system,
        engine: None,
    }
}

fn replica(of: &str, on: &str, spread: Spread) -> Replica<'static> {
    inference()
        .replica(&setup(of, on, spread))
        .unwrap_or_else(|n| panic!("{n:?}"))
}
