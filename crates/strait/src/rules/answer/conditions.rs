//! Conditions of review policies and license exceptions: how each stands, and how it is stated.

use crate::rules::steps::findings::Shown;
use crate::rules::{Check, ConditionRow, DealFact, Findings};
use serde::{Serialize, Serializer};
use std::fmt;

/// One condition of a review policy or exception; never passed by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionCheck {
    /// Short name under which a deal file's `[conditions]` and `--condition` may state it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The flags that state it; none where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// Instrument id.
    pub instrument: String,
    /// Paragraph.
    pub paragraph: String,
    /// What must be so.
    pub what: String,
    /// How it stands.
    pub state: Check,
}

impl ConditionCheck {
    pub(crate) fn of(shown: &Shown<'_>) -> Self {
        Self {
            id: shown.row.id.clone(),
            flag: flag(shown.row),
            instrument: shown.by.id.clone(),
            paragraph: shown.row.paragraph.clone(),
            what: shown.row.what.clone(),
            state: shown.state,
        }
    }

    /// Its short name: the id, else the flag that states it, else the paragraph.
    pub fn key(&self) -> &str {
        let flag = || self.flag.as_deref().map(|flag| flag.trim_start_matches('-'));
        self.id.as_deref().or_else(flag).unwrap_or(&self.paragraph)
    }
}

impl Check {
    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Needs => "needs",
        }
    }
}

/// The flags that state a fact a condition reads.
fn fact_flag(fact: DealFact) -> &'static str {
    match fact {
        DealFact::ChinaToUsTppPercent => "--china-to-us-tpp",
        DealFact::UsLaboratory => "--us-laboratory",
        DealFact::RemoteUsers => "--remote-users",
        DealFact::NotifiedDaysBefore => "--notified-days-before",
        DealFact::Quantity => "--quantity",
        DealFact::Headquarters => "--hq, --parent",
        DealFact::NoPart744 => "--listed, --military, --supercomputer",
    }
}

/// How a condition is stated on the command line.
pub(crate) fn flag(row: &ConditionRow) -> Option<String> {
    match (row.field, &row.id) {
        (Some(fact), _) => Some(fact_flag(fact).to_owned()),
        (None, Some(id)) => Some(format!("--condition {id}=yes")),
        (None, None) => None,
    }
}

/// A condition by its short name, in a line: `review us_supply: needs`, `NAC notified-days-before: pass`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// `review`, or the exception's id.
    pub of: &'a str,
    /// Its short name.
    pub key: &'a str,
    /// How it stands.
    pub state: Check,
}

impl fmt::Display for Standing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.of, self.key, self.state.name())
    }
}

impl Serialize for Standing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Every condition of the review policy and of the exceptions offered, each once.
pub(crate) fn standings<'a>(found: &Findings<'a>) -> Vec<Standing<'a>> {
    let review = found.checks.iter().map(|shown| ("review", shown));
    let offered = found.offered.iter().map(|(of, shown)| (of.id.as_str(), shown));
    let mut all: Vec<Standing<'a>> = Vec::new();
    for (of, shown) in review.chain(offered) {
        let one = Standing {
            of,
            key: key(shown.row),
            state: shown.state,
        };
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn key(row: &ConditionRow) -> &str {
    match (&row.id, row.field) {
        (Some(id), _) => id,
        (None, Some(fact)) => fact_flag(fact).trim_start_matches('-'),
        (None, None) => &row.paragraph,
    }
}
