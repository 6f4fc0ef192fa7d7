//! Charts as SVG text, drawn by plotters; each takes plain numbers and knows nothing of chips or law.
//!
//! Colours of lines and text follow the page (`currentColor`), so that one picture serves light, dark
//! and paper. The numbers stand in a table beside each chart; title and description are inside the SVG.

mod alone;
mod bars;
mod canvas;
mod lanes;
mod stack;

pub(crate) use bars::{Bar, Group, bars};
pub(crate) use lanes::{Lane, Span, Tone, lanes};
pub(crate) use stack::{Row, stack};

/// A finished chart: the picture, and the numbers it was drawn from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chart {
    /// What it shows.
    pub(crate) title: String,
    /// Height in SVG units; all charts are equally wide.
    pub(crate) height: u32,
    /// The picture, for a page whose colours it takes; empty where there is nothing to draw.
    pub(crate) svg: String,
    /// A head and a row a bar, span or part, unrounded.
    pub(crate) numbers: Vec<Vec<String>>,
}

/// A row of cells.
fn cells<const N: usize>(of: [&str; N]) -> Vec<String> {
    of.map(str::to_owned).to_vec()
}
