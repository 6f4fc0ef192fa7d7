//! Serving over time: a discrete-event simulation of continuous batching.
//!
//! ```text
//! trace ─► route ─► replica (admit, batch, step, preempt) ─► outcome ─► report
//!                      ▲ StepTime
//! ```
//! Requests come from a published trace or are drawn; a replica forms one step after another as engines do
//! (Orca's iteration-level scheduling, vLLM's paged blocks, Sarathi's chunked prefill); how long a step takes
//! is asked of a [`StepTime`]. A run is single-threaded and free of chance: the same input gives the same bytes.

mod arrivals;
mod azure;
mod blocks;
mod decoding;
mod ends;
mod engine;
mod fleet;
mod mooncake;
mod outcome;
mod percentiles;
mod random;
mod replica;
mod report;
mod request;
mod route;
mod run;
mod sequence;
mod step;
mod sweep;
mod table;

pub use arrivals::{Arrivals, Length, synthetic};
pub use azure::read_azure;
pub use ends::{Figures, ReportEnds};
pub use engine::{AtEnd, Built, Replica};
pub use fleet::{Batching, Fleet, Pool, Preemption, Refusal, Settings, Transfer};
pub use mooncake::read_mooncake;
pub use outcome::{Outcome, ReplicaUse, Served, State};
pub use percentiles::Percentiles;
pub use report::{Objectives, Report, report};
pub use request::{Request, Trace, read_trace};
pub use route::Routing;
pub use run::{Progress, simulate};
pub use step::{Load, StepTime};
pub use sweep::{Point, sweep};
pub use table::Tabulated;
