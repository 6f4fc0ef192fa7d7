//! A training step: parallel execution, memory, seconds, and the fastest plan.
//!
//! Time of a layer comes from the operator models fitted to measured calls ([`super::kernels`]); thirteen
//! more parameters, fitted to published steps whose plan is fully known, say what a step adds. `docs/training.md`
//! has its errors, families of chips left out in turn.

mod answer;
mod ask;
mod best;
mod experts;
mod fit;
mod hardware;
mod kept;
mod layer;
mod memory;
mod mixing;
mod model;
mod page;
mod parameters;
mod passes;
#[cfg(test)]
mod physics;
mod plan;
mod published;
mod recipe;
mod reported;
mod reported_sharding;
mod rows;
mod score;
mod search;
mod space;
mod step;
mod traffic;

pub use answer::{Parts, Step};
pub use ask::Search;
pub(crate) use ask::fastest;
pub use memory::Memory;
pub(crate) use model::Training;
pub use page::page;
pub use parameters::{Fit, Fitted};
pub use passes::OperatorTime;
pub use plan::{Execution, Job, Kernel, Overlap, Recompute, Sharding, Trained};
pub use published::{Fixed, PublishedStep};
pub use recipe::Recipe;
pub use reported::TrainingNames;
pub use score::{StepError, StepReport, StepSummary};
pub use search::{Effort, Progress};
pub use space::Breadth;
