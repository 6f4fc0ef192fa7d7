//! The law: dated instruments as data, shapes of rule as Rust, a verdict with trace and margin.

mod transaction;
mod verdict;

pub use transaction::{Channel, ExporterRole, Listed, Segment, Site, Transaction, Use};
pub use verdict::{
    Bound, Branch, ChinaState, ChinaVerdict, Citation, Classification, ExceptionOffer, Jurisdiction, Levy,
    LevyKind, License, Margin, Metric, Metrics, OtherEccn, Practice, Prohibition, Review, Step, SupplyEffect,
    Ternary, TraceLine, UsVerdict, Verdict,
};
