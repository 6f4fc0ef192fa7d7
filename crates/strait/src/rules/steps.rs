//! The steps of a verdict, in the order the law takes them.

pub(crate) mod cases;
pub(crate) mod china;
pub(crate) mod classify;
pub(crate) mod decide;
pub(crate) mod end_use;
pub(crate) mod exceptions;
pub(crate) mod findings;
pub(crate) mod jurisdiction;
pub(crate) mod letters;
pub(crate) mod levies;
pub(crate) mod line;
pub(crate) mod logic;
pub(crate) mod open;
pub(crate) mod requirement;
pub(crate) mod review;
pub(crate) mod subsidy;
