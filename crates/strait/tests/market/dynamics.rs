//! The market over time, on the shipped data: what must hold on every path.

mod answers;
mod cards;
mod claims;
mod fit;
mod outputs;
mod paths;
mod scenarios;
mod stocks;
mod supply;
pub(crate) mod world;
