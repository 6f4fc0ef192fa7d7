//! Cost: answers computed by hand on hand-made data, fleets, and the shipped prices.

mod answers;
mod data;
mod fleet;
mod hand_made;
mod hours;
mod prices;
