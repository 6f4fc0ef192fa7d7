//! The market over time: months from 2022 to 2030, added up to calendar and fiscal quarters.
//!
//! What buyers meet (law, price, performance) comes in as an [`Environment`] made by the parts before; priors,
//! observations and the posterior are files of `data/market/`. Formulas: `docs/market.md`.

mod access;
mod allocate;
mod answer;
mod assumed;
mod budget;
mod calendar;
mod capacity;
mod capacity_facts;
mod causes;
mod changes;
mod check;
mod discrepancy;
mod diversion;
mod ensemble;
mod environment;
mod expectation;
mod exposure;
mod goods_file;
mod hazard;
mod imports;
mod likelihood;
mod maker_stock;
mod model;
mod observations;
mod one_quarter;
mod packaging;
mod parameters;
mod path;
mod policy_facts;
mod posterior;
mod sensitivity;
mod shocks;
mod simulate;
mod specification;
mod stockpile;
mod target;
mod variables;

pub use answer::{Answers, SUCCESSOR, answered, answers};
pub use calendar::{MONTHS, Month, Period};
pub use capacity::{Binding, Inputs};
pub use causes::{CAUSES, Cause, Causes, causes};
pub use changes::{UnknownName, apply};
pub use check::{Predicted, posterior_predictive, self_check, synthetic};
pub use discrepancy::Conditional;
pub use diversion::{Diversion, Input, Refusal, inputs, refusal};
pub use ensemble::{BLOCK, Band, Ensemble, Run, held};
pub use environment::{AccessShare, Cell, Environment, Flow, PointFacts};
pub use exposure::Difference;
pub use hazard::{Hazard, drawn_policy, hazard};
pub use likelihood::Fit;
pub use model::Dynamics;
pub use observations::{Form, Observation, Observations};
pub use one_quarter::{OneQuarter, in_cases, months_of};
pub use parameters::{Names, Priors, Theta};
pub use path::{Flows, Path};
pub use posterior::{ASSUMED_BELOW, Fitted, Learned, Posterior, contraction, learned};
pub use sensitivity::{Moved, Sensitivity, noisy, sensitivity};
pub use shocks::Shocks;
pub(crate) use specification::latest;
pub use specification::{GoodFacts, GoodSpec, MixRow, Nest, PointSpec, Specification};
pub use target::Target;
pub use variables::{AT_LEAST, Detail, Key, Region, Variable, name, read, variables};
