//! Chains side by side, block by block.

use super::super::stream::Stream;
use super::chain::Chain;
use super::proposal::Proposal;
use super::settings::{SamplerError, Settings};
use super::target::Target;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every step was made.
    Done,
    /// It was stopped; what stands goes on where it stopped.
    Stopped,
}

/// A run between two blocks. Written with serde and read again it goes on as if it had never stopped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampler {
    settings: Settings,
    proposal: Proposal,
    chains: Vec<Chain>,
}

/// Number of the stream that draws the first archive: no chain's.
const ARCHIVE: u64 = u64::MAX;

impl Sampler {
    /// Chains at their starts. `start` draws a vector of the target's length, preferably from the prior: the spread of
    /// such draws is the first that proposals know of the target.
    ///
    /// # Errors
    /// Settings that cannot work, a target without dimensions, or no start with any density.
    pub fn new(
        settings: Settings,
        target: &dyn Target,
        start: &dyn Fn(&mut Stream) -> Vec<f64>,
    ) -> Result<Self, SamplerError> {
        settings.check()?;
        let dimensions = target.dimensions();
        if dimensions == 0 {
            return Err(SamplerError::NoDimensions);
        }
        let mut stream = Stream::new(settings.seed, ARCHIVE);
        let archive: Vec<f64> = (0..10 * dimensions).flat_map(|_| start(&mut stream)).collect();
        if archive.len() != 10 * dimensions * dimensions {
            return Err(SamplerError::Checkpoint(format!(
                "the start does not draw vectors of the target's length {dimensions}"
            )));
        }
        let chains = (0..settings.chains)
            .map(|index| {
                Chain::start(index, &settings, target, start).ok_or(SamplerError::NoStart {
                    chain: index,
                    tried: settings.starts,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            proposal: Proposal::new(dimensions, archive),
            settings,
            chains,
        })
    }

    /// Makes the remaining steps on rayon's threads. After every block `report` sees the state and may write it; a set
    /// `cancel` drops the block under way, so that the state is that of the last report.
    ///
    /// # Errors
    /// A state read from a checkpoint of a target with other dimensions.
    pub fn run(
        &mut self,
        target: &dyn Target,
        cancel: &AtomicBool,
        report: &mut dyn FnMut(&Self),
    ) -> Result<Outcome, SamplerError> {
        self.fits(target.dimensions())?;
        let cancelled = || cancel.load(Ordering::Relaxed);
        while !self.is_done() {
            let step = self.chains[0].step;
            let warm = step < self.settings.warm_up;
            let end = if warm { self.settings.warm_up } else { self.total() };
            let steps = self.settings.block.min(end - step);
            let mut next = self.chains.clone();
            next.par_iter_mut()
                .for_each(|chain| chain.advance(steps, &self.proposal, &self.settings, target, &cancelled));
            if cancelled() {
                return Ok(Outcome::Stopped);
            }
            self.chains = next;
            if warm {
                let states: Vec<f64> = self.chains.iter().flat_map(|c| c.here.iter().copied()).collect();
                let rates: Vec<f64> = self.chains.iter().filter_map(|c| c.acceptance).collect();
                let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
                self.proposal.learn(&states, (!rates.is_empty()).then_some(mean));
            }
            report(self);
        }
        Ok(Outcome::Done)
    }

    fn fits(&self, dimensions: usize) -> Result<(), SamplerError> {
        let own = self.proposal.dimensions;
        let step = self.chains.first().map(|c| c.step);
        let what = if own != dimensions {
            format!("it has {own} dimensions, the target {dimensions}")
        } else if self.chains.len() != self.settings.chains
            || self
                .chains
                .iter()
                .any(|c| c.here.len() != own || Some(c.step) != step)
        {
            "its chains are not of one kind".to_owned()
        } else {
            return Ok(());
        };
        Err(SamplerError::Checkpoint(what))
    }

    fn total(&self) -> usize {
        self.settings.warm_up + self.settings.steps
    }

    /// Whether every step was made.
    pub fn is_done(&self) -> bool {
        self.chains.iter().all(|c| c.step >= self.total())
    }

    /// Part of all steps made, 0 to 1.
    pub fn progress(&self) -> f64 {
        self.chains.iter().map(|c| c.step).sum::<usize>() as f64
            / (self.total() * self.chains.len()).max(1) as f64
    }

    /// Settings of the run.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The chains.
    pub fn chains(&self) -> &[Chain] {
        &self.chains
    }

    /// Kept values of one dimension, chain by chain, as [`super::diagnostics`] take them.
    pub fn values(&self, dimension: usize) -> Vec<Vec<f64>> {
        self.chains
            .iter()
            .map(|c| c.draws().map(|x| x[dimension]).collect())
            .collect()
    }
}
