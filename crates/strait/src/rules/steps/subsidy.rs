//! Subsidies on the China side: they forbid nothing and make domestic chips cheaper to run.

use crate::rules::chip::item::Item;
use crate::rules::deal::ask::Ask;
use crate::rules::law::day::LawDay;
use crate::rules::law::live::Live;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::line::What;
use crate::rules::{Confidence, Limit, Segment, Site, Step, Ternary};
use crate::rules::{SubsidyKind, SubsidyRow};
use serde::Serialize;

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

/// Subsidies for running this chip where the buyer puts it.
pub(crate) fn decide<'a>(day: &'a LawDay<'a>, ask: &Ask<'a>, item: &Item<'a>, out: &mut Findings<'a>) {
    let in_data_center =
        item.chip.is_accelerator() && item.datacenter != Some(false) && ask.tx.segment != Segment::Consumer;
    if ask.site != Site::Mainland || ask.to.code != "CN" || !in_data_center {
        return;
    }
    for live in &day.subsidy {
        if item.designer == Some(live.row.designers.as_str()) {
            out.found(Step::China, live.by, "", What::Subsidised(live.row));
            out.subsidies.push(live);
        }
    }
}

/// One subsidy written out. While conditions nobody has stated stand, it never applies for certain.
pub(crate) fn subsidy(live: &Live<'_, SubsidyRow>) -> Subsidy {
    let row = live.row;
    let text = |limit: &Limit| limit.0.to_string();
    Subsidy {
        id: live.by.id.clone(),
        kind: row.kind,
        rate_low: row.rate_low.as_ref().map(text),
        rate_high: text(&row.rate_high),
        base: row.base.clone(),
        price_cny_per_kwh: row.price_cny_per_kwh.as_ref().map(text),
        places: row.places.clone(),
        applies: match row.conditions.is_empty() {
            true => live.held,
            false => Ternary::Unknown,
        },
        conditions: row.conditions.clone(),
        confidence: live.by.confidence,
    }
}
