//! Subsidies on the China side: they forbid nothing and make domestic chips cheaper to run.

use super::engine::Asked;
use super::{Segment, Site, Step, Subsidy, Ternary};
use crate::scenario::Side;

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
