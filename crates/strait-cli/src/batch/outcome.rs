//! What a row's answer keeps of a verdict: the fields that decide, without trace and margins.

use jiff::civil::Date;
use serde::Serialize;
use strait::rules::{
    ChinaState, Classification, Jurisdiction, License, Review, SupplyEffect, Ternary, Verdict,
};

/// A levy and whether it applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct LevyFound {
    /// Instrument.
    pub(crate) id: String,
    /// Yes or unknown; one that does not apply is left out.
    pub(crate) applies: Ternary,
}

/// The answer to one row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Outcome {
    pub(crate) chip: String,
    pub(crate) to: String,
    pub(crate) on: Date,
    pub(crate) known: Date,
    pub(crate) classification: Classification,
    pub(crate) paragraph: Option<String>,
    pub(crate) jurisdiction: Jurisdiction,
    pub(crate) license: License,
    pub(crate) review: Option<Review>,
    /// License exceptions that could be used.
    pub(crate) exceptions: Vec<String>,
    pub(crate) levies: Vec<LevyFound>,
    pub(crate) cn_state: ChinaState,
    pub(crate) supply_effect: SupplyEffect,
    /// Instruments that decide, US before China.
    pub(crate) why: Vec<String>,
    /// Missing facts.
    pub(crate) needs: Vec<String>,
    pub(crate) stale_days: i64,
    pub(crate) hypothetical: bool,
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        let us = verdict.us;
        let mut why = us.why;
        for id in verdict.cn.why {
            if !why.contains(&id) {
                why.push(id);
            }
        }
        Self {
            chip: verdict.chip,
            to: verdict.to,
            on: verdict.on,
            known: verdict.known,
            classification: us.classification,
            paragraph: us.paragraph,
            jurisdiction: us.jurisdiction,
            license: us.license,
            review: us.review,
            exceptions: us.exceptions.into_iter().map(|e| e.id).collect(),
            levies: us
                .levies
                .into_iter()
                .filter(|levy| levy.applies != Ternary::No)
                .map(|levy| LevyFound {
                    id: levy.id,
                    applies: levy.applies,
                })
                .collect(),
            cn_state: verdict.cn.state,
            supply_effect: verdict.supply_effect,
            why,
            needs: verdict.needs.into_iter().map(|need| need.fact).collect(),
            stale_days: verdict.stale_days,
            hypothetical: verdict.hypothetical,
        }
    }
}
