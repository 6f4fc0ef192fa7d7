//! One file a command.

pub(crate) mod accuracy;
pub(crate) mod backtest;
pub(crate) mod brief;
pub(crate) mod calibrate;
pub(crate) mod calibrate_market;
pub(crate) mod check;
pub(crate) mod chips;
pub(crate) mod claims;
pub(crate) mod cost;
pub(crate) mod cost_published;
pub(crate) mod data;
mod elsewhere;
pub(crate) mod equilibrium;
pub(crate) mod equilibrium_files;
pub(crate) mod market;
pub(crate) mod nearest;
pub(crate) mod operators;
pub(crate) mod power;
pub(crate) mod published;
pub(crate) mod rows;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod serving;
mod supply;
pub(crate) mod training;
pub(crate) mod validate;
mod validated_runs;
