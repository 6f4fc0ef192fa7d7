//! How many chains of what length, and what can be wrong with them.

use serde::{Deserialize, Serialize};

/// Seed and lengths of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Seed; equal seeds give equal draws.
    pub seed: u64,
    /// Chains, at least two, so that they can be compared.
    pub chains: usize,
    /// Steps of each chain while proposals are learnt; none of them is kept.
    pub warm_up: usize,
    /// Steps of each chain afterwards.
    pub steps: usize,
    /// Every how manieth of them is kept.
    pub thin: usize,
    /// Steps a chain makes between two exchanges and possible checkpoints.
    pub block: usize,
    /// Whether the target is written in standard scores of a prior: then a third of the moves go from it, see
    /// [`super::Sampler`].
    pub standard_scores: bool,
    /// Draws of the start among which each chain takes the densest: a start in a void would take all of the warm-up.
    pub starts: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            chains: 4,
            warm_up: 2_000,
            steps: 5_000,
            thin: 5,
            block: 50,
            standard_scores: false,
            starts: 20,
        }
    }
}

impl Settings {
    /// Draws each chain will keep.
    pub fn kept(&self) -> usize {
        self.steps / self.thin.max(1)
    }

    pub(crate) fn check(&self) -> Result<(), SamplerError> {
        let found = [
            ("chains", self.chains, 2),
            ("thin", self.thin, 1),
            ("block", self.block, 1),
            ("starts", self.starts, 1),
        ];
        match found.into_iter().find(|(_, value, least)| value < least) {
            Some((setting, value, least)) => Err(SamplerError::Setting {
                setting,
                value,
                least,
            }),
            None => Ok(()),
        }
    }
}

/// Why there are no draws.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SamplerError {
    /// A number that cannot be worked with.
    #[error("`{setting}` is {value}; at least {least} is needed")]
    Setting {
        /// Which.
        setting: &'static str,
        /// As given.
        value: usize,
        /// What is the least that works.
        least: usize,
    },
    /// The target takes vectors of no length.
    #[error("a target without dimensions has nothing to draw")]
    NoDimensions,
    /// No start had any density.
    #[error(
        "chain {chain}: none of {tried} starts has any density; give a start nearer to where the density is"
    )]
    NoStart {
        /// Chain.
        chain: usize,
        /// Starts tried.
        tried: usize,
    },
    /// A checkpoint of another problem or another version.
    #[error("the checkpoint does not fit: {0}")]
    Checkpoint(String),
}
