//! The law: dated instruments as data, shapes of rule as Rust, a verdict with trace and margin.

mod answer;
mod chip;
mod deal;
mod law;
mod steps;
mod survey;
mod words;

pub use answer::aspect::Aspect;
pub use answer::codified::CodifiedText;
pub use answer::conditions::{ConditionCheck, Standing};
pub use answer::summary::{Flagged, LevyFound, RestsOn, Summary};
pub use answer::verdict::{
    Bound, Branch, ChinaVerdict, Citation, ExceptionOffer, Levy, Margin, OtherEccn, Practice, Prohibition,
    RedFlag, TraceLine, UsVerdict, Verdict,
};
pub use chip::amount::{Amount, Interval};
pub use chip::item::Item;
pub use chip::metric::{Metric, Metrics};
pub use chip::metrics::metrics;
pub use deal::facts::Fact;
pub use deal::file::read_deal;
pub use deal::places::{Places, UnknownPlace};
pub use deal::read::{
    BadFact, agree, read_condition, read_countries, read_day, read_percent, read_share, read_yes_no,
};
pub use deal::region::Region;
pub use deal::transaction::{Channel, ExporterRole, Knower, Listed, Segment, Site, Transaction, Use};
pub use deal::word::read_word;
pub use law::as_of::AsOf;
pub use law::book::LawBook;
pub use law::bounds::RuleKind;
pub use law::day::LawDay;
pub use law::definition::Definition;
pub use law::error::RulesError;
pub use law::instrument::{
    Cite, Confidence, Dates, Instrument, InstrumentForm, Phase, Quote, Reading, Replaces, State, StatusRow,
    Verified,
};
pub use law::rows::{
    ChinaRow, ClassifyRow, Condition, ConditionRow, DealFact, EndUseRow, Except, ExceptionRow, FactName,
    Items, JurisdictionRow, LevyRow, MetricName, PracticeRow, PresumeRow, ProductRow, ProhibitionRow,
    RedFlagRow, RequireRow, ReviewRow, SubsidyKind, SubsidyRow, Trigger, ZItemRow,
};
pub use law::scope::OutOfScope;
pub use law::verified::{Family, Stale};
pub use steps::findings::Findings;
pub use steps::review::Check;
pub use steps::subsidy::Subsidy;
pub use survey::arithmetic::{
    Arithmetic, Comparison, DensitySum, DieRow, End, HeadlinePair, Input, Other, OtherReading, PeakRow,
    RateSum, ReadAs, TppSum, VariantSums,
};
pub use survey::diff::{InstrumentChange, LawDiff, PartChange, Turned};
pub use survey::nearest::{
    Change, Edge, Lever, LeverNow, NearestChanges, NearestRule, Reach, Relation, Target,
};
pub use survey::part::{Moment, Part};
pub use survey::timeline::TimelineEvent;
pub use survey::upcoming::Upcoming;
pub use survey::watched::{AspectChange, Watched};
pub use survey::what_if::{Maker, Turn, WhatIf, WhatIfPart};
pub use words::limit::Limit;
pub use words::vocabulary::{
    ChinaState, Classification, Jurisdiction, LevyKind, License, Review, Step, SupplyEffect, Ternary,
};
