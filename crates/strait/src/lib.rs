//! strait answers what export control means for an AI accelerator: may it be shipped there on a
//! day, what does it do, what does it cost, who would buy it, and which figures the answer rests on.
//!
//! Modules depend one way, along the flow; `tests/library/layers.rs` fails when one does not:
//!
//! ```text
//! figure ─► data ─► scenario ─► catalog ─┬─► rules ────────┬─► market ─► brief
//!                                        └─► perf ─► cost ─┘
//! ```
//!
//! The library never prints, never reads the environment and never asks the clock: the day asked
//! and the day of knowledge are arguments.

pub mod brief;
pub mod catalog;
pub mod cost;
pub mod data;
pub mod figure;
pub mod market;
pub mod perf;
pub mod rules;
pub mod scenario;
