//! What a scenario changes in the law. Bounds and words stay text: `rules` reads them when it applies them.

use super::placed;
use crate::figure::{Place, When};
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// Whose instruments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// United States.
    Us,
    /// China.
    Cn,
}

/// Instruments left out or switched on, bounds moved, limbs added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleChanges {
    /// Ids of instruments treated as if they did not exist.
    pub without: Vec<String>,
    /// Sides whose every instrument is treated so.
    pub without_side: Vec<Side>,
    /// Ids of proposed instruments treated as in force.
    pub with: Vec<String>,
    /// From when these are in force; always, where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_from: Option<When>,
    /// Bounds moved.
    #[serde(rename = "bound")]
    pub bounds: Vec<BoundChange>,
    /// Limbs added to a classification table.
    #[serde(rename = "limb")]
    pub limbs: Vec<LimbChange>,
}

/// The same as a scenario's file writes it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRules {
    without: Vec<String>,
    without_side: Vec<Side>,
    with: Vec<String>,
    with_from: Option<When>,
    bound: Vec<Spanned<BoundChange>>,
    limb: Vec<Spanned<LimbChange>>,
}

impl RawRules {
    /// Every change told where it is written.
    pub(super) fn placed(self, file: &str, text: &str) -> RuleChanges {
        RuleChanges {
            without: self.without,
            without_side: self.without_side,
            with: self.with,
            with_from: self.with_from,
            bounds: placed(file, text, self.bound, |c| &mut c.written),
            limbs: placed(file, text, self.limb, |c| &mut c.written),
        }
    }
}

/// How a metric is compared with a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Comparator {
    /// At least.
    Ge,
    /// Above.
    Gt,
    /// Below.
    Lt,
    /// At most.
    Le,
}

impl Comparator {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ge => "ge",
            Self::Gt => "gt",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

/// One bound of one paragraph moved; the comparator stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundChange {
    /// Instrument id.
    pub instrument: String,
    /// Paragraph of the row; of a levy, which has none, its kind.
    pub paragraph: String,
    /// Metric (`tpp`).
    pub metric: String,
    /// Comparator of the bound meant.
    pub comparator: Comparator,
    /// The bound as it stands; needed where the paragraph has several that differ.
    pub from: Option<String>,
    /// The bound instead, a decimal number as text.
    pub to: String,
    /// Where it is written.
    #[serde(skip)]
    pub written: Place,
}

/// A limb added to a classification table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimbChange {
    /// Instrument whose table it joins.
    pub instrument: String,
    /// Its label, shown as the paragraph.
    pub paragraph: String,
    /// Class it gives (`3A090.a`).
    pub result: String,
    /// All must hold.
    pub when: Vec<LimbCondition>,
    /// The paragraph it is read before; after every other where absent. The first that holds wins.
    pub before: Option<String>,
    /// Where it is written.
    #[serde(skip)]
    pub written: Place,
}

/// One condition of a limb, written as in an instrument's file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct LimbCondition {
    pub metric: Option<String>,
    pub fact: Option<String>,
    pub is: Option<bool>,
    pub ge: Option<String>,
    pub gt: Option<String>,
    pub lt: Option<String>,
    pub le: Option<String>,
}
