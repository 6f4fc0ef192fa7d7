//! The words of the closed vocabularies, as files and output write them.

use crate::rules::{
    ChinaState, Classification, Jurisdiction, LevyKind, License, Review, SupplyEffect, Ternary,
};

impl Classification {
    /// Every class, in the order of the vocabulary.
    pub const ALL: [Self; 7] = [
        Self::Outside3A090,
        Self::A,
        Self::B,
        Self::C,
        Self::ComputerA,
        Self::ComputerB,
        Self::Unknown,
    ];

    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outside3A090 => "outside_3a090",
            Self::A => "3A090.a",
            Self::B => "3A090.b",
            Self::C => "3A090.c",
            Self::ComputerA => "4A090.a",
            Self::ComputerB => "4A090.b",
            Self::Unknown => "unknown",
        }
    }
}

impl Review {
    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::PresumptionOfDenial => "presumption_of_denial",
            Self::CaseByCase => "case_by_case",
            Self::CaseByCaseIfConditions => "case_by_case_if_conditions",
            Self::PresumptionOfApproval => "presumption_of_approval",
            Self::NotStated => "not_stated",
            Self::Unknown => "unknown",
        }
    }

    /// Strictness, least strict first; what is not known counts as stricter than any policy but denial.
    pub fn strictness(self) -> u8 {
        match self {
            Self::NotStated => 0,
            Self::PresumptionOfApproval => 1,
            Self::CaseByCase => 2,
            Self::CaseByCaseIfConditions => 3,
            Self::Unknown => 4,
            Self::PresumptionOfDenial => 5,
        }
    }
}

impl License {
    /// Whether one is needed, or an exception in its place.
    pub fn is_needed(self) -> bool {
        matches!(self, Self::Required | Self::ExceptionAvailable)
    }

    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::ExceptionAvailable => "exception_available",
            Self::NoneFound => "none_found",
            Self::NotSubject => "not_subject",
            Self::NotInForce => "not_in_force",
            Self::Unknown => "unknown",
        }
    }
}

impl Jurisdiction {
    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Presumed => "presumed",
            Self::Unknown => "unknown",
        }
    }
}

impl ChinaState {
    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Discouraged => "discouraged",
            Self::Conditional => "conditional",
            Self::Quota => "quota",
            Self::Banned => "banned",
            Self::Unknown => "unknown",
        }
    }
}

impl SupplyEffect {
    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Licensed => "licensed",
            Self::Quota => "quota",
            Self::Open => "open",
            Self::NotBound => "not_bound",
        }
    }
}

impl LevyKind {
    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::RevenueShare => "revenue_share",
            Self::ImportDuty => "import_duty",
        }
    }
}

impl Ternary {
    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}
