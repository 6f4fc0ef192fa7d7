//! One instrument of law or guidance: a rule, letter, proclamation, bill or report of practice, as its file says it.

use crate::figure::{Grade, Place, When};
use crate::rules::law::rows::{
    ChinaRow, ClassifyRow, EndUseRow, ExceptionRow, JurisdictionRow, LevyRow, PracticeRow, PresumeRow,
    ProductRow, ProhibitionRow, RedFlagRow, RequireRow, ReviewRow, ZItemRow,
};
use crate::scenario::Side;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum InstrumentForm {
    Regulation,
    Letter,
    Guidance,
    UnpublishedGuidance,
    Statement,
    Proclamation,
    Bill,
    Practice,
}

impl InstrumentForm {
    /// Whether anybody may read the text: no press report of guidance, and no mere event.
    pub fn is_published(self) -> bool {
        !matches!(self, Self::UnpublishedGuidance | Self::Practice)
    }

    /// The word used in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Regulation => "regulation",
            Self::Letter => "letter",
            Self::Guidance => "guidance",
            Self::UnpublishedGuidance => "unpublished_guidance",
            Self::Statement => "statement",
            Self::Proclamation => "proclamation",
            Self::Bill => "bill",
            Self::Practice => "practice",
        }
    }
}

/// What an instrument is at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A bill, or a rule put out for comment.
    Proposed,
    /// Said or published, not yet in force.
    Announced,
    /// In force, compliance not due yet.
    ComplianceLater,
    /// In force.
    InForce,
    /// Stayed.
    Suspended,
    /// Stands in the code, not enforced.
    CodifiedNotEnforced,
    /// Taken back or replaced.
    Rescinded,
    /// Ended by its own terms.
    Expired,
    /// Nobody has said which way it went.
    Unresolved,
}

impl State {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Announced => "announced",
            Self::ComplianceLater => "in force, compliance later",
            Self::InForce => "in force",
            Self::Suspended => "suspended",
            Self::CodifiedNotEnforced => "codified, not enforced",
            Self::Rescinded => "rescinded",
            Self::Expired => "expired",
            Self::Unresolved => "unresolved",
        }
    }
}

/// One row of the history: `[from, until)` is when it holds, `known_from` when the public could know.
/// A row known later replaces the earlier one for the days both cover.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRow {
    /// State.
    pub state: State,
    /// First day.
    pub from: When,
    /// First day it no longer holds.
    pub until: Option<When>,
    /// First day the public could know.
    pub known_from: When,
    /// First day the addressee of a letter knew; as the public where absent.
    pub known_to_addressee: Option<When>,
    /// Remark.
    pub note: Option<String>,
}

/// How sure one may be that a reported, unpublished instrument exists and says this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The text is public, or the issuer confirmed it.
    High,
    /// A named outlet with sources of its own, relayed alike by several others.
    Medium,
    /// One weak report, one read only at second hand, or reports that differ.
    Low,
}

/// A part of an instrument that took effect on a day of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its day.
    pub on: When,
    /// What began then.
    pub what: String,
}

/// The instrument's own dates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dates {
    /// First day the public could know.
    pub known_from: Option<When>,
    /// First day the addressee of a letter knew.
    pub known_to_addressee: Option<When>,
    /// Publication.
    pub published: Option<When>,
    /// Entry into force.
    pub effective: Option<When>,
    /// Day from which it must be complied with, where later.
    pub compliance: Option<When>,
    /// The first day it no longer holds.
    pub ends: Option<When>,
    /// Parts that took effect on days of their own.
    pub phases: Vec<Phase>,
}

/// Formal citation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Cite {
    pub fr: Option<String>,
    pub fr_doc: Option<String>,
    pub rin: Option<String>,
    pub cfr: Option<String>,
    pub other: Option<String>,
}

impl Cite {
    /// The shortest usual form.
    pub fn short(&self) -> Option<&str> {
        [&self.fr, &self.cfr, &self.other, &self.fr_doc]
            .into_iter()
            .find_map(|c| c.as_deref())
    }
}

/// A short quotation of a public-domain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Quote {
    pub paragraph: String,
    pub text: String,
}

/// Where the text leaves a choice: the one taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Reading {
    pub id: String,
    pub question: String,
    pub ours: String,
    pub other: String,
    pub grade: Grade,
    #[serde(default)]
    pub flips: Vec<String>,
}

/// What was compared with what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Verified {
    pub on: When,
    pub against: String,
    pub grade: Grade,
}

/// An instrument named by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Replaces {
    pub id: String,
    pub what: String,
}

/// One instrument as its file says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Instrument {
    pub id: String,
    pub title: String,
    pub authority: String,
    pub form: InstrumentForm,
    /// Whom it binds.
    pub binds: String,
    /// What it says, in own words.
    pub summary: String,
    #[serde(default)]
    pub cite: Cite,
    pub source: Spanned<String>,
    pub grade: Grade,
    /// How sure one may be that it exists and says this; for texts nobody outside has seen.
    pub confidence: Option<Confidence>,
    /// Instruments it takes the place of.
    #[serde(default)]
    pub replaces: Vec<Replaces>,
    /// Instruments whose effect it stays.
    #[serde(default)]
    pub stays: Vec<String>,
    /// Instruments over which its rows prevail where both speak.
    #[serde(default)]
    pub over: Vec<String>,
    pub dates: Dates,
    #[serde(default)]
    pub status: Vec<Spanned<StatusRow>>,
    #[serde(default)]
    pub classify: Vec<ClassifyRow>,
    #[serde(default)]
    pub require: Vec<RequireRow>,
    #[serde(default)]
    pub review: Vec<ReviewRow>,
    #[serde(default)]
    pub exception: Vec<ExceptionRow>,
    #[serde(default)]
    pub product: Vec<ProductRow>,
    #[serde(default)]
    pub end_use: Vec<EndUseRow>,
    #[serde(default)]
    pub levy: Vec<LevyRow>,
    #[serde(default)]
    pub prohibition: Vec<ProhibitionRow>,
    #[serde(default)]
    pub jurisdiction: Vec<JurisdictionRow>,
    #[serde(default)]
    pub presume: Vec<PresumeRow>,
    #[serde(default)]
    pub china: Vec<ChinaRow>,
    #[serde(default)]
    pub subsidy: Vec<crate::rules::SubsidyRow>,
    #[serde(default)]
    pub practice: Vec<PracticeRow>,
    #[serde(default)]
    pub z_item: Vec<ZItemRow>,
    #[serde(default)]
    pub red_flag: Vec<RedFlagRow>,
    #[serde(default)]
    pub quote: Vec<Quote>,
    #[serde(default)]
    pub reading: Vec<Reading>,
    #[serde(default)]
    pub verified: Vec<Verified>,
    /// Whose it is; from the folder.
    #[serde(skip_deserializing, default = "us")]
    pub side: Side,
    /// Where its file is.
    #[serde(skip_deserializing, default)]
    pub place: Place,
}

fn us() -> Side {
    Side::Us
}
