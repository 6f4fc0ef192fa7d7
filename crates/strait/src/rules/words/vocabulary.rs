//! The closed vocabularies of a verdict; none of the words is "legal" or "clear".

use serde::{Deserialize, Serialize};

/// Yes, no or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Ternary {
    Yes,
    No,
    Unknown,
}

/// Whether the item is subject to the EAR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Jurisdiction {
    Yes,
    No,
    /// A presumption holds (foreign direct product); never plain `required`.
    Presumed,
    Unknown,
}

/// Classification among the paragraphs modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Classification {
    #[serde(rename = "outside_3a090")]
    Outside3A090,
    #[serde(rename = "3A090.a")]
    A,
    #[serde(rename = "3A090.b")]
    B,
    #[serde(rename = "3A090.c")]
    C,
    #[serde(rename = "4A090.a")]
    ComputerA,
    #[serde(rename = "4A090.b")]
    ComputerB,
    #[serde(rename = "unknown")]
    Unknown,
}

/// License requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum License {
    Required,
    ExceptionAvailable,
    /// None found among the instruments modelled.
    NoneFound,
    NotSubject,
    /// Before the first instrument.
    NotInForce,
    Unknown,
}

/// How an application is reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Review {
    PresumptionOfDenial,
    CaseByCase,
    CaseByCaseIfConditions,
    PresumptionOfApproval,
    NotStated,
    Unknown,
}

/// State on the China side for the buyer asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ChinaState {
    None,
    Discouraged,
    Conditional,
    Quota,
    Banned,
    Unknown,
}

/// What `market` reads of a verdict: what the supplier can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplyEffect {
    /// Not obtainable (denial presumed, banned).
    Blocked,
    /// Only under a license that may or may not come.
    Licensed,
    /// Up to a quota.
    Quota,
    /// Freely.
    Open,
    /// The rule does not bind this supplier inside this market.
    NotBound,
    /// The license is unknown, or none is needed and the state on the China side is unknown; `market` counts the
    /// first as a license that may or may not come, the second as guidance nobody has stated.
    Unknown,
}

impl SupplyEffect {
    /// What license and review policy leave the supplier: the US side alone.
    pub fn of_license(license: License, review: Option<Review>) -> Self {
        match (license, review) {
            (License::Required, Some(Review::PresumptionOfDenial)) => Self::Blocked,
            (License::Required | License::ExceptionAvailable, _) => Self::Licensed,
            (License::Unknown, _) => Self::Unknown,
            (License::NoneFound | License::NotSubject | License::NotInForce, _) => Self::Open,
        }
    }

    /// The same with the China side taken out, for whoever counts its state apart: where that side alone bars a sale or
    /// may bar it, what the US side leaves (`us`); otherwise what is left as it stands.
    #[must_use]
    pub fn beside(self, china: ChinaState, us: Self) -> Self {
        match (china, self) {
            (ChinaState::Banned, Self::Blocked) | (ChinaState::Unknown, Self::Unknown) => us,
            (_, left) => left,
        }
    }
}

/// Kind of levy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum LevyKind {
    RevenueShare,
    ImportDuty,
}

/// The order of evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Step {
    Jurisdiction,
    Metrics,
    Classification,
    Requirement,
    Letters,
    EndUse,
    Exceptions,
    Review,
    Levies,
    Prohibitions,
    China,
}
