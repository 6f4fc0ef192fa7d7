//! The verdict itself, a line each.

use super::super::Table;
use super::super::number::word;
use strait::rules::Verdict;

/// What was found, a line each.
pub(super) fn summary(verdict: &Verdict) -> Table {
    let mut table = Table::new("Verdict", &["", ""]);
    let us = &verdict.us;
    let mut put = |what: &str, says: String| table.row([what.to_owned(), says]);
    put(
        "subject to the EAR",
        match us.basis.as_slice() {
            [] => word(&us.jurisdiction),
            basis => format!("{}: {}", word(&us.jurisdiction), basis.join("; ")),
        },
    );
    let mut class = word(&us.classification);
    if let Some(limb) = &us.paragraph {
        class = format!("{class}, by {limb}");
    }
    if !us.possible.is_empty() {
        class = format!(
            "{class}; possible: {}",
            us.possible.iter().map(word).collect::<Vec<_>>().join(", ")
        );
    }
    put("classification", class);
    if let Some(other) = &us.other_eccn {
        let determined = if other.determined {
            ""
        } else {
            " (not determined here)"
        };
        put(
            "elsewhere on the list",
            format!("{}{determined}", other.candidates.join(", ")),
        );
    }
    put("US license", because(word(&us.license), &us.why));
    put("review policy", word(&us.review));
    put(
        "buyer, site",
        format!("{}, {}", word(&verdict.cn.segment), word(&verdict.cn.site)),
    );
    let how = match (verdict.cn.published, verdict.cn.confidence) {
        (Some(true), _) => " (published)".to_owned(),
        (Some(false), Some(sure)) => format!(" (reported, confidence {})", word(&sure)),
        (Some(false), None) => " (reported)".to_owned(),
        (None, _) => String::new(),
    };
    let state = format!("{}{how}", word(&verdict.cn.state));
    put("China side", because(state, &verdict.cn.why));
    if let Some(quota) = verdict.cn.quota {
        let of = verdict.cn.quota_of.as_deref().unwrap_or("chips");
        put(
            "quota reported",
            format!("{} {of}", super::super::number::given(quota)),
        );
    }
    if !verdict.cn.notes.is_empty() {
        put("which means", verdict.cn.notes.join("; "));
    }
    for subsidy in &verdict.cn.subsidies {
        let price = subsidy
            .price_cny_per_kwh
            .as_ref()
            .map_or_else(String::new, |price| format!(", to about {price} CNY a kWh"));
        let rate = subsidy.rate_high.parse().unwrap_or(f64::NAN) * 100.0;
        put(
            "subsidy reported",
            format!(
                "up to {} % of the {}{price}, if {} ({})",
                super::super::number::given(rate),
                subsidy.base,
                subsidy.conditions.join(" and "),
                subsidy.id
            ),
        );
    }
    put("what is left to the supplier", word(&verdict.supply_effect));
    if verdict.hypothetical {
        put("hypothetical", "the chip was not announced that day".into());
    }
    table.sources = super::sources(verdict);
    table
}

/// `required — us-letter-x`.
fn because(says: String, why: &[String]) -> String {
    match why {
        [] => says,
        why => format!("{says} — {}", why.join(", ")),
    }
}
