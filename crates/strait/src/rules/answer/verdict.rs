//! What the law says of a transaction: the JSON contract of `strait check`.
//!
//! Vocabularies are closed; a verdict never says "legal" or "clear".

use crate::figure::Need;
use crate::rules::{
    ChinaState, Classification, Jurisdiction, LevyKind, License, Metrics, Review, Step, SupplyEffect, Ternary,
};
use jiff::civil::Date;

use serde::Serialize;

/// The kind of bound a margin is measured to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The value lies below the bound.
    Below,
    /// The value is at or above the bound.
    AtOrAbove,
    /// The interval straddles it.
    Straddles,
}

/// Distance to one bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Margin {
    /// Which bound (`3A090.b.1 tpp`).
    pub bound: String,
    /// Instrument id it stands in.
    pub instrument: String,
    /// The limit, exact.
    pub limit: String,
    /// The value, exact.
    pub value: String,
    /// Limit minus value; negative above.
    pub slack: String,
    /// Which side.
    pub to: Bound,
}

/// Candidates for the classification outside the paragraphs modelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherEccn {
    /// Candidates (`3A991`, `5A992`).
    pub candidates: Vec<String>,
    /// Always false today: strait does not determine them.
    pub determined: bool,
}

/// A levy that comes with the transaction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Levy {
    /// Instrument id.
    pub id: String,
    /// Kind.
    pub kind: LevyKind,
    /// Rate as a fraction (0.15), decimal text.
    pub rate: String,
    /// What it is taken of.
    pub base: String,
    /// Whether it applies.
    pub applies: Ternary,
    /// Whether any text codifies it.
    pub codified: bool,
    /// On what conditions.
    pub conditions: Vec<String>,
}

/// A prohibition beside the license requirement (general prohibition 10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prohibition {
    /// Instrument or provision id.
    pub id: String,
    /// Whom it binds.
    pub binds: String,
    /// What it says.
    pub what: String,
}

/// What happened, told apart from the law: licenses granted, shipments.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Practice {
    /// Instrument or event id.
    pub id: String,
    /// When.
    pub when: String,
    /// What.
    pub what: String,
    /// Source id.
    pub source: String,
    /// Grade.
    pub grade: crate::figure::Grade,
}

/// One way an unresolved question may come out, with its consequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// The question.
    pub question: String,
    /// The way it comes out.
    #[serde(rename = "if")]
    pub if_: String,
    /// License on that branch.
    pub license: License,
    /// Why.
    pub why: String,
}

/// One line of the trace; every step leaves at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TraceLine {
    /// Step.
    pub step: Step,
    /// Instrument, where one speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
    /// Paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<String>,
    /// What was found.
    pub found: String,
}

/// A citation behind the verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Citation {
    /// Instrument id (its file is `data/rules/<side>/<id without side>.toml`).
    pub instrument: String,
    /// Title.
    pub title: String,
    /// Formal citation, where there is one (`88 FR 73458`).
    pub cite: Option<String>,
    /// Paragraphs relied on.
    pub paragraphs: Vec<String>,
    /// Form of the instrument (`regulation`, `letter`, `guidance` …).
    pub form: String,
    /// Source id.
    pub source: String,
    /// Grade.
    pub grade: crate::figure::Grade,
}

/// The US side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsVerdict {
    /// Subject to the EAR?
    pub jurisdiction: Jurisdiction,
    /// On what basis.
    pub basis: Vec<String>,
    /// Classification.
    pub classification: Classification,
    /// Exact limb (`3A090.b.2`).
    pub paragraph: Option<String>,
    /// Classifications still possible where it is unknown.
    pub possible: Vec<Classification>,
    /// Elsewhere on the list.
    pub other_eccn: Option<OtherEccn>,
    /// Items of other ECCNs that hold such a circuit (`5A992.z`), for a host, server or rack.
    pub z_items: Vec<String>,
    /// License requirement.
    pub license: License,
    /// Instrument ids that decide it.
    pub why: Vec<String>,
    /// Review policy; `None` where no license is needed.
    pub review: Option<Review>,
    /// Conditions of the review policy, each shown, failed or still to be shown.
    pub review_conditions: Vec<crate::rules::ConditionCheck>,
    /// License exceptions that could be used, each with conditions still to meet.
    pub exceptions: Vec<ExceptionOffer>,
    /// Levies.
    pub levies: Vec<Levy>,
    /// Prohibitions beside the license.
    pub prohibitions: Vec<Prohibition>,
    /// Margins to every bound.
    pub margins: Vec<Margin>,
    /// Unresolved branches.
    pub branches: Vec<Branch>,
}

/// A license exception and its checklist.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExceptionOffer {
    /// `NAC` or `ACA`.
    pub id: String,
    /// Provision.
    pub paragraph: String,
    /// Days of notification before the shipment, where one is due.
    pub notification_days: Option<u32>,
    /// Conditions the exporter must meet, each shown or still to be shown.
    pub conditions: Vec<crate::rules::ConditionCheck>,
}

/// The China side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChinaVerdict {
    /// Segment.
    pub segment: crate::rules::Segment,
    /// Site.
    pub site: crate::rules::Site,
    /// State.
    pub state: ChinaState,
    /// Units allowed, where a quota is reported (chips, per buyer or in all as `quota_of` says).
    pub quota: Option<f64>,
    /// What the quota counts.
    pub quota_of: Option<String>,
    /// Instrument ids.
    pub why: Vec<String>,
    /// What the rows behind the state leave open or add, in words.
    pub notes: Vec<String>,
    /// Whether every instrument behind the state can be read; false where one is reported guidance.
    pub published: Option<bool>,
    /// Worst grade of the instruments relied on.
    pub grade: Option<crate::figure::Grade>,
    /// How sure one may be that they exist and say this, worst of them.
    pub confidence: Option<crate::rules::Confidence>,
    /// Subsidies for running the chip there.
    pub subsidies: Vec<crate::rules::Subsidy>,
}

/// What a careful exporter looks twice at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RedFlag {
    /// Instrument id.
    pub instrument: String,
    /// Provision.
    pub paragraph: String,
    /// What it says.
    pub what: String,
}

/// The whole answer of `strait check`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Variant taken.
    pub chip: String,
    /// Destination.
    pub to: String,
    /// Day.
    pub on: Date,
    /// Day of knowledge.
    pub known: Date,
    /// Whose knowledge it is.
    pub known_to: crate::rules::Knower,
    /// Whether the chip was not yet announced that day.
    pub hypothetical: bool,
    /// Metrics.
    pub metrics: Metrics,
    /// US side.
    pub us: UsVerdict,
    /// China side.
    pub cn: ChinaVerdict,
    /// For `market`.
    pub supply_effect: SupplyEffect,
    /// Practice beside law.
    pub practice: Vec<Practice>,
    /// Red flags raised by the facts stated.
    pub red_flags: Vec<RedFlag>,
    /// Missing facts.
    pub needs: Vec<Need>,
    /// Defaults used.
    pub assumed: Vec<String>,
    /// Until when the law has been read.
    pub verified_through: Date,
    /// Families read through an earlier day than the one asked.
    pub stale: Vec<crate::rules::Stale>,
    /// Days past it, the most of the families.
    pub stale_days: i64,
    /// Trace.
    pub trace: Vec<TraceLine>,
    /// Citations.
    pub citations: Vec<Citation>,
}
