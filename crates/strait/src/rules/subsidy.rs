//! Subsidies on the China side: they forbid nothing and make domestic chips cheaper to run.

use super::engine::Asked;
use super::{Confidence, Limit, Segment, Site, Step, Ternary};
use crate::scenario::Side;
use serde::{Deserialize, Serialize};

/// Kind of subsidy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SubsidyKind {
    Electricity,
}

/// Public money that makes one maker's chips cheaper to run than another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubsidyRow {
    /// Kind.
    pub kind: SubsidyKind,
    /// Least share of the base taken off, as a fraction; absent where not reported.
    pub rate_low: Option<Limit>,
    /// Most.
    pub rate_high: Limit,
    /// What it is taken off.
    pub base: String,
    /// Price of a kWh after it, CNY, as reported.
    pub price_cny_per_kwh: Option<Limit>,
    /// Provinces, by name.
    pub places: Vec<String>,
    /// Country whose designers' chips qualify.
    pub designers: String,
    /// Further conditions, in words.
    #[serde(default)]
    pub conditions: Vec<String>,
}

/// Public money for running this chip where the buyer puts it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subsidy {
    /// Instrument id.
    pub id: String,
    /// Kind.
    pub kind: SubsidyKind,
    /// Least share taken off, a fraction as decimal text; `None` where not reported.
    pub rate_low: Option<String>,
    /// Most.
    pub rate_high: String,
    /// What it is taken off.
    pub base: String,
    /// Price of a kWh after it, CNY, as reported.
    pub price_cny_per_kwh: Option<String>,
    /// Provinces.
    pub places: Vec<String>,
    /// Whether it applies: `unknown` while its conditions are not shown.
    pub applies: Ternary,
    /// Conditions still to be shown.
    pub conditions: Vec<String>,
    /// How sure the report is.
    pub confidence: Option<Confidence>,
}

/// Subsidies for running this chip where the buyer puts it. They hang on conditions nobody has stated,
/// so they never apply for certain.
pub(crate) fn subsidies(asked: &mut Asked<'_>, site: Site) -> Vec<Subsidy> {
    let tx = asked.tx;
    let in_data_center =
        asked.chip.is_accelerator() && asked.datacenter() != Some(false) && tx.segment != Segment::Consumer;
    if site != Site::Mainland || asked.to != "CN" || !in_data_center {
        return Vec::new();
    }
    let book = asked.book;
    let mut found = Vec::new();
    for instrument in book.instruments.iter().filter(|i| i.side == Side::Cn) {
        let held = instrument.binds_on(tx.on, tx.known, false);
        for row in &instrument.subsidy {
            if !held.is_possible() || asked.designer != Some(row.designers.as_str()) {
                continue;
            }
            let places = row.places.join(", ");
            asked.trace(
                Step::China,
                Some((instrument, "")),
                format!(
                    "up to {} of the {} taken off in {places}",
                    row.rate_high.0, row.base
                ),
            );
            asked.cite(instrument, "");
            found.push(Subsidy {
                id: instrument.id.clone(),
                kind: row.kind,
                rate_low: row.rate_low.map(|rate| rate.0.to_string()),
                rate_high: row.rate_high.0.to_string(),
                base: row.base.clone(),
                price_cny_per_kwh: row.price_cny_per_kwh.map(|price| price.0.to_string()),
                places: row.places.clone(),
                applies: if row.conditions.is_empty() {
                    held
                } else {
                    Ternary::Unknown
                },
                conditions: row.conditions.clone(),
                confidence: instrument.confidence,
            });
        }
    }
    found
}
