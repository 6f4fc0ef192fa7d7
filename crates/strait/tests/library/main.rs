//! The library as a whole: the catalog and the brief on the shipped data, spoiled files, and how modules depend.

mod brief;
mod catalog;
mod layers;
mod loaders_mutated;
