//! The files of `data/`: embedded in the binary, overlaid file by file by a user's folder.

mod grades;
mod orphans;
mod overlay;
mod problem;
mod raw;
mod set;
mod sources;
mod table;

pub use grades::{FigureGrades, figure_grades};
pub use orphans::orphan_sources;
pub(crate) use problem::line_of;
pub use problem::{Problem, Problems, nearest};
pub use raw::{RawAlternative, RawFact, RawFigure, RawState, Reader};
pub use set::{DataFile, DataSet};
pub use sources::load_sources;
pub(crate) use sources::{RawSource, source_fault, source_registered};
pub(crate) use table::Sheet;
pub use table::read_table;
