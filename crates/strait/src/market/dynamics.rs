//! The market over time: months from 2022 to 2030, added up to calendar and fiscal quarters.
//!
//! What buyers meet (law, price, performance) comes in as an [`Environment`] made by the parts before; priors,
//! observations and the posterior are files of `data/market/`. Formulas: `docs/market.md`.

mod allocate;
mod calendar;
mod capacity;
mod causes;
mod changes;
mod check;
mod diagnostics;
mod diversion;
mod ensemble;
mod environment;
mod expectation;
mod hazard;
mod likelihood;
mod mcmc;
mod model;
mod observations;
mod parameters;
mod path;
mod posterior;
mod random;
mod sensitivity;
mod specification;
mod variables;

pub use calendar::{MONTHS, Month, Period};
pub use capacity::Binding;
pub use causes::{CAUSES, Cause, Causes, causes};
pub use changes::{UnknownName, apply};
pub use check::{Predicted, Rank, posterior_predictive, self_check, synthetic};
pub use diagnostics::{contraction, effective_draws, mean, r_hat, variance};
pub use diversion::{Diversion, Input, Refusal, inputs, refusal};
pub use ensemble::{BLOCK, Band, Ensemble, Run, held};
pub use environment::{AccessShare, Cell, Environment, PointFacts};
pub use hazard::{Hazard, drawn_policy, hazard};
pub use likelihood::Fit;
pub use mcmc::{Chain, Settings};
pub use model::Dynamics;
pub use observations::{Form, Observation, Observations, Target};
pub use parameters::{Names, Prior, Priors, Theta};
pub use path::{Flows, Path, Shocks};
pub use posterior::{ASSUMED_BELOW, Fitted, Learned, Posterior, columns, learned};
pub use sensitivity::{Datum, Swing, data_worth, first_order, swings};
pub(crate) use specification::latest;
pub use specification::{GoodFacts, GoodSpec, MixRow, Nest, PointSpec, Specification};
pub use variables::{Detail, H100_TPP, Variable, name, read, run_quarters, variables};
