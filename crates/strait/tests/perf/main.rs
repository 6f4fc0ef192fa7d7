//! Performance: operators and their fits, models, serving, training and power.

mod assumed_device;
mod collectives;
mod counts;
mod crossovers;
mod energy;
mod inference;
mod makers;
mod models;
mod operator_bytes;
mod operator_fit;
mod operator_fit_laid;
mod operator_physics;
mod origins;
mod physics;
mod precisions;
mod published;
mod serving_errors;
mod serving_left_out;
mod serving_plans;
mod shipped;
mod simulation;
mod training;
