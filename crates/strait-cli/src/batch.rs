//! Many transactions at once: a parts file in, one line of answer a row out, with memory that does not
//! grow with the file.
//!
//! Lines are read in chunks; a chunk's rows are decided and written out by all threads, piece by piece,
//! and the pieces joined in the order of the file, so that the output never depends on the threads.

mod ask;
mod baseline;
mod cells;
mod column;
mod csv;
mod json;
mod lines;
mod object;
mod parts;
mod progress;
mod run;
mod sarif;
mod split;
mod totals;
mod writer;

pub(crate) use ask::Asker;
pub(crate) use baseline::{Answered, Baseline, Change};
pub(crate) use lines::Chunk;
pub(crate) use parts::{Parts, PartsFormat};
pub(crate) use run::run;
pub(crate) use writer::Format;
