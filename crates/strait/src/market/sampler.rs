//! Draws from a density known up to a constant: several chains of Markov chain Monte Carlo that learn from one another
//! while they warm up, and what tells whether they can be believed.
//!
//! Moves, chosen for a target of some twenty dimensions that may have kinks and steps, so that no gradient is asked for:
//! - adaptive Metropolis (Haario, Saksman and Tamminen 2001), its covariance pooled over the chains (Craiu, Rosenthal and
//!   Yang 2009), its scale steered to an acceptance of 0.234 (Roberts, Gelman and Gilks 1997; Andrieu and Thoms 2008);
//! - a second, five times shorter try where the first was refused (delayed rejection: Tierney and Mira 1999; Haario, Laine,
//!   Mira and Saksman 2006);
//! - differential evolution from an archive of earlier states, over all or part of the dimensions, sometimes at full
//!   length so that modes can be changed (ter Braak and Vrugt 2008; Vrugt et al. 2009);
//! - where the target is written in standard scores of a prior, autoregressive moves that keep the prior (Neal 1998;
//!   Cotter, Roberts, Stuart and White 2013): parameters of which the data say little are drawn anew at once.
//!
//! After warm-up covariance, scale and archive stand still: what is kept comes from a chain with fixed, symmetric
//! proposals, exact for its target. Chains advance block by block, each alone within a block, so that threads change
//! nothing; a [`Sampler`] between blocks is its own checkpoint.

mod chain;
mod checkpoint;
pub mod diagnostics;
mod proposal;
mod run;
mod settings;
mod simulation_based;
mod target;

pub use chain::{Chain, Moves};
pub use run::{Outcome, Sampler};
pub use settings::{SamplerError, Settings};
pub use simulation_based::{Calibration, FitOne, calibrate, rank, uniformity};
pub use target::Target;
