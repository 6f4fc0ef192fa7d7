//! The law: dated instruments as data, shapes of rule as Rust, a verdict with trace and margin.

mod book;
mod china;
mod classify;
mod condition;
mod deal;
mod engine;
mod error;
mod history;
mod instrument;
mod logic;
mod metrics;
mod places;
mod region;
mod review;
mod timeline;
mod transaction;
mod us;
mod variant;
mod verdict;

pub use book::LawBook;
pub use deal::read_deal;
pub use error::RulesError;
pub use instrument::{
    ChinaRow, Cite, ClassifyRow, Condition, Dates, EndUseRow, ExceptionRow, FactName, Instrument,
    InstrumentForm, Items, JurisdictionRow, LevyRow, Limit, MetricName, PracticeRow, PresumeRow, ProductRow,
    ProhibitionRow, Quote, Reading, Replaces, RequireRow, ReviewCondition, ReviewRow, State, StatusRow,
    Trigger, Verified,
};
pub use metrics::metrics;
pub use places::{Places, UnknownPlace};
pub use region::Region;
pub use timeline::{TimelineEvent, Upcoming};
pub use transaction::{Channel, ExporterRole, Listed, Segment, Site, Transaction, Use};
pub use verdict::{
    Bound, Branch, Check, ChinaState, ChinaVerdict, Citation, Classification, ConditionCheck, ExceptionOffer,
    Jurisdiction, Levy, LevyKind, License, Margin, Metric, Metrics, OtherEccn, Practice, Prohibition, Review,
    Step, SupplyEffect, Ternary, TraceLine, UsVerdict, Verdict,
};
