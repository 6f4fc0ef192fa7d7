//! The law: dated instruments as data, shapes of rule as Rust, a verdict with trace and margin.

mod book;
mod china;
mod classify;
mod conclude;
mod condition;
mod deal;
mod diff;
mod engine;
mod error;
mod facts;
mod history;
mod instrument;
mod jurisdiction;
mod logic;
mod metrics;
mod open;
mod places;
mod region;
mod review;
mod rows;
mod scope;
mod timeline;
mod transaction;
mod us;
mod variant;
mod verdict;

pub use book::LawBook;
pub use deal::read_deal;
pub use diff::{InstrumentChange, LawDiff, Moment, Part, PartChange, Turned};
pub use error::RulesError;
pub use facts::{BadFact, Fact, read_condition, read_day, read_percent, read_share, read_word, read_yes_no};
pub use instrument::{
    Cite, Confidence, Dates, Instrument, InstrumentForm, Phase, Quote, Reading, Replaces, State, StatusRow,
    Verified,
};
pub use metrics::metrics;
pub use places::{Places, UnknownPlace};
pub use region::Region;
pub use review::{Check, ConditionCheck};
pub use rows::{
    ChinaRow, ClassifyRow, Condition, ConditionRow, DealFact, EndUseRow, ExceptionRow, FactName, Items,
    JurisdictionRow, LevyRow, Limit, MetricName, PracticeRow, PresumeRow, ProductRow, ProhibitionRow,
    RedFlagRow, RequireRow, ReviewRow, Trigger, ZItemRow,
};
pub use scope::OutOfScope;
pub use timeline::{TimelineEvent, Upcoming, Watched};
pub use transaction::{Channel, ExporterRole, Knower, Listed, Segment, Site, Transaction, Use};
pub use verdict::{
    Bound, Branch, ChinaState, ChinaVerdict, Citation, Classification, ExceptionOffer, Jurisdiction, Levy,
    LevyKind, License, Margin, Metric, Metrics, OtherEccn, Practice, Prohibition, Review, Step, SupplyEffect,
    Ternary, TraceLine, UsVerdict, Verdict,
};
