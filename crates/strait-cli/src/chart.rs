//! Charts as SVG text, drawn by plotters; each takes plain numbers and knows nothing of chips or law.
//!
//! Colours of lines and text follow the page (`currentColor`), so that one picture serves light, dark
//! and paper. The numbers stand in a table beside each chart; title and description are inside the SVG.

mod bars;
mod canvas;
mod lanes;
mod stack;

pub(crate) use bars::{Bar, Group, bars};
pub(crate) use lanes::{Lane, Span, Tone, lanes};
pub(crate) use stack::{Row, stack};
