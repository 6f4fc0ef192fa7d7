//! What the files say: instruments, their rows, and the law of a day.

pub(crate) mod alike;
pub(crate) mod as_of;
pub(crate) mod book;
pub(crate) mod bounds;
pub(crate) mod changes;
mod checks;
pub(crate) mod condition;
pub(crate) mod day;
pub(crate) mod definition;
pub(crate) mod error;
pub(crate) mod history;
pub(crate) mod instrument;
pub(crate) mod live;
pub(crate) mod rows;
pub(crate) mod scope;
pub(crate) mod verified;
