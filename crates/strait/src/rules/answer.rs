//! A verdict written out: trace, margins, what is missing.

pub(crate) mod engine;
pub(crate) mod explain;
pub(crate) mod margins;
pub(crate) mod needs;
pub(crate) mod summary;
pub(crate) mod verdict;
