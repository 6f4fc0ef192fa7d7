//! One file a command.

//BRIEF pub(crate) mod brief;
pub(crate) mod check;
pub(crate) mod chips;
//BRIEF pub(crate) mod data;
pub(crate) mod rules;
pub(crate) mod validate;
