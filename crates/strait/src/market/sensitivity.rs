//! What moves an answer, and what was learnt from whom: pure functions of a function.
//!
//! - [`sobol_indices`]: parts of the answer's variance, first-order and total, over independent inputs on the unit cube;
//! - [`tornado`]: one input at a time between two of its values;
//! - [`data_worth`]: which input, were it published, would narrow the answer most, from draws already made;
//! - [`shapley`]: an effect split over causes with their interactions.
//!
//! Points are scrambled Sobol' points that depend on seed and index alone, so threads change nothing.

mod direction_numbers;
mod indices;
mod points;
mod shapley;
mod tornado;
mod worth;

pub use indices::{Index, Indices, sobol_indices};
pub use points::{MAX_DIMENSIONS, SobolPoints};
pub use shapley::{Interaction, MAX_CAUSES, Part, Split, shapley};
pub use tornado::{Bar, Factor, tornado};
pub use worth::{Worth, data_worth};

/// What cannot be worked out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SensitivityError {
    /// More inputs or causes than there are points or runs for.
    #[error("{found} {what}; at most {most} can be taken")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// As given.
        found: usize,
        /// Greatest number.
        most: usize,
    },
    /// A list too short, or of another length than its neighbour.
    #[error("{0}")]
    Length(String),
}
