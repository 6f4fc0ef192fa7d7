//! The market: equilibria, quarters, paths over time, their backtest, and the methods under them.

mod backtest;
mod data;
mod dynamics;
mod equilibrium;
mod quarter;
mod sampler;
mod sensitivity;
