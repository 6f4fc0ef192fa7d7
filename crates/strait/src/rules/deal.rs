//! A transaction as asked: its facts, places and the defaults taken.

pub(crate) mod ask;
pub(crate) mod assumed;
pub(crate) mod facts;
pub(crate) mod file;
pub(crate) mod places;
pub(crate) mod region;
pub(crate) mod transaction;
