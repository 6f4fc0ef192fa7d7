//! The words and numbers every part of the law uses.

pub(crate) mod countries;
pub(crate) mod exact;
pub(crate) mod limit;
pub(crate) mod names;
pub(crate) mod vocabulary;
