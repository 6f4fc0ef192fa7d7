//! What an engine adds to its kernels: few parameters, each with a meaning, fitted to served runs.

use crate::figure::Ratio;
use crate::perf::ops::Parameters;
use crate::perf::ops::parameters;

parameters! {
    /// Parameters of an engine beside its kernels.
    Software {
        captured: "1", "Share of the kernels' launch cost left in a captured graph", 0.9 +- 0.3 in 0.1 to 2.0;
        step: "ms", "Host's time of a step that the chip waits for", 0.4 +- 0.7 in 0.02 to 5.0;
        sequence: "us", "The same for each sequence of a step", 8.0 +- 1.0 in 0.1 to 200.0;
        links: "1", "Time of collectives over that of the same calls alone: chips wait for the slowest", 1.2 +- 0.3 in 0.5 to 4.0;
        mixed: "1", "Share of a prompt's time that sequences that decode wait for", 0.9 +- 0.2 in 0.3 to 1.2;
        request: "ms", "Time of a request outside the model, to its first token", 30.0 +- 0.7 in 2.0 to 300.0;
        wait: "steps", "Steps that a new request waits before its engine looks at it", 1.5 +- 0.4 in 0.3 to 4.0;
        balance: "steps", "Further steps, where replicas of attention wait for one another's prompts", 10.0 +- 1.0 in 0.1 to 80.0;
    }
}

impl Default for Software {
    fn default() -> Self {
        Self::from_list(&[])
    }
}

/// How a load generator shapes what it measures; a steady stream of users has none of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Client {
    /// Mean length over the length it names; lengths are drawn evenly between that and as far below the mean.
    pub lengths: f64,
    /// Requests of one user; in the first round all users come at once. Infinite where none is known.
    pub rounds: f64,
}

impl Client {
    /// Users that come whenever they like.
    pub const STEADY: Self = Self {
        lengths: 1.0,
        rounds: f64::INFINITY,
    };
}

/// How kernels are run and loaded, where it is not as engines serve.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Mode {
    /// Every kernel is launched by itself: no step was captured in a graph.
    pub eager: bool,
    /// A kernel finds in the cache what fits there of its weights and keys, as in a benchmark of one layer; in serving
    /// other layers ran in between.
    pub warm: bool,
    /// Choices of experts that fall on the busiest rank over the mean; those of chance where none is given.
    pub imbalance: Option<Ratio>,
}
