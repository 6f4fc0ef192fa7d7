//! Questions over many verdicts: days, moves, arithmetic.

pub(crate) mod arithmetic;
pub(crate) mod diff;
pub(crate) mod nearest;
pub(crate) mod sentences;
pub(crate) mod timeline;
pub(crate) mod what_if;
