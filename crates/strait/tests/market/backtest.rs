//! The backtest shows nobody what was not public, counts horizons and scores as said, and runs on the shipped data.

mod knowledge;
mod made;
mod scored;
