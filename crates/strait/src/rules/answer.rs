//! A verdict written out: trace, margins, what is missing.

pub(crate) mod again;
pub(crate) mod aspect;
pub(crate) mod codified;
pub(crate) mod conditions;
pub(crate) mod engine;
pub(crate) mod explain;
pub(crate) mod figures;
pub(crate) mod flips;
pub(crate) mod margins;
pub(crate) mod needs;
pub(crate) mod party;
pub(crate) mod summary;
pub(crate) mod trace;
pub(crate) mod verdict;
