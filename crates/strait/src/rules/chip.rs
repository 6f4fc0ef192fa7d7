//! A chip as the law measures it.

pub(crate) mod amount;
pub(crate) mod item;
pub(crate) mod metric;
pub(crate) mod metrics;
pub(crate) mod variant;
