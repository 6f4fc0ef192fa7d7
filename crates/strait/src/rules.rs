//! The law: dated instruments as data, shapes of rule as Rust, a verdict with trace and margin.

mod amount;
mod arithmetic;
mod ask;
mod book;
mod bounds;
mod changes;
mod china;
mod classify;
mod condition;
mod countries;
mod day;
mod deal;
mod decide;
mod definition;
mod diff;
mod end_use;
mod engine;
mod error;
mod exact;
mod exceptions;
mod explain;
mod facts;
mod findings;
mod history;
mod instrument;
mod item;
mod jurisdiction;
mod letters;
mod levies;
mod logic;
mod margins;
mod metrics;
mod nearest;
mod needs;
mod places;
mod region;
mod requirement;
mod review;
mod rows;
mod scope;
mod sentences;
mod subsidy;
mod summary;
mod timeline;
mod transaction;
mod variant;
mod verdict;
mod verified;
mod what_if;
mod words;

pub use amount::{Amount, Interval};
pub use arithmetic::{
    Arithmetic, Comparison, DensitySum, DieRow, End, HeadlinePair, Input, Other, OtherReading, PeakRow,
    RateSum, ReadAs, TppSum, VariantSums,
};
pub use book::LawBook;
pub use bounds::RuleKind;
pub use day::{AsOf, LawDay};
pub use deal::read_deal;
pub use definition::Definition;
pub use diff::{InstrumentChange, LawDiff, Moment, Part, PartChange, Turned};
pub use error::RulesError;
pub use facts::{BadFact, Fact, read_condition, read_day, read_percent, read_share, read_word, read_yes_no};
pub use findings::Findings;
pub use instrument::{
    Cite, Confidence, Dates, Instrument, InstrumentForm, Phase, Quote, Reading, Replaces, State, StatusRow,
    Verified,
};
pub use item::Item;
pub use metrics::metrics;
pub use nearest::{Change, Edge, Lever, LeverNow, NearestChanges, NearestRule, Reach, Relation, Target};
pub use places::{Places, UnknownPlace};
pub use region::Region;
pub use review::{Check, ConditionCheck};
pub use rows::{
    ChinaRow, ClassifyRow, Condition, ConditionRow, DealFact, EndUseRow, ExceptionRow, FactName, Items,
    JurisdictionRow, LevyRow, Limit, MetricName, PracticeRow, PresumeRow, ProductRow, ProhibitionRow,
    RedFlagRow, RequireRow, ReviewRow, Trigger, ZItemRow,
};
pub use scope::OutOfScope;
pub use subsidy::{Subsidy, SubsidyKind, SubsidyRow};
pub use summary::{LevyFound, Summary};
pub use timeline::{TimelineEvent, Upcoming, Watched};
pub use transaction::{Channel, ExporterRole, Knower, Listed, Segment, Site, Transaction, Use};
pub use verdict::{
    Bound, Branch, ChinaState, ChinaVerdict, Citation, Classification, ExceptionOffer, Jurisdiction, Levy,
    LevyKind, License, Margin, Metric, Metrics, OtherEccn, Practice, Prohibition, RedFlag, Review, Step,
    SupplyEffect, Ternary, TraceLine, UsVerdict, Verdict,
};
pub use verified::{Family, Stale};
pub use what_if::{Maker, Turn, WhatIf, WhatIfPart};
