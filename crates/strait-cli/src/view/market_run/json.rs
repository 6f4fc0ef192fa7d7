//! A market run as JSON.

use super::Shown;
use super::against::COMPARED;
use super::dates::dates;
use super::tables::positions;
use super::tables::years;
use crate::output::About;
use serde_json::{Map, Value, json};
use strait::market::dynamics::{Band, Ensemble};

pub(crate) fn market_json(facts: &Shown<'_>, about: &About) -> Value {
    let ensemble = |e: &Ensemble| -> Value {
        let (quarters, years) = (positions(facts), years(facts));
        let spans: Vec<_> = years.iter().map(|(_, over)| over.clone()).collect();
        e.variables
            .iter()
            .enumerate()
            .map(|(v, variable)| {
                let by: Map<String, Value> = quarters
                    .iter()
                    .map(|q| (e.quarters[*q].to_string(), json!(e.band(v, *q))))
                    .collect();
                let bands = years.iter().zip(e.bands(v, &spans));
                let over: Map<String, Value> = bands.map(|((named, _), band)| (named.clone(), json!(band))).collect();
                json!({ "variable": variable.name, "region": variable.region, "unit": variable.unit, "quarters": by, "years": over })
            })
            .collect()
    };
    let sufficient = |e: &Ensemble| -> Value {
        dates(e)
            .into_iter()
            .map(|(words, early, middle, late, never)| {
                json!({ "definition": words, "p05": early, "median": middle, "p95": late, "not_by_2030": never })
            })
            .collect()
    };
    let mut out = json!({ "strait": about, "scenario": { "id": facts.label, "title": facts.title, "provisions": facts.provisions, "published": facts.beside },
        "posterior": facts.fitted, "assumed": facts.assumed, "left_out": facts.left_out,
        "variables": ensemble(facts.ensemble), "self_sufficiency": sufficient(facts.ensemble), "self_sufficiency_rests_on": facts.memory });
    if let Some((label, other)) = facts.against {
        let years = years(facts);
        let rows: Vec<Value> = COMPARED
            .iter()
            .flat_map(|v| years.iter().map(move |y| (v, y)))
            .filter_map(|(v, (named, over))| {
                let less = facts.ensemble.less(other, *v, over)?;
                let year = facts.ensemble.quarters[over.start].year;
                Some(json!({ "variable": v.name, "region": v.region, "year": year, "quarters": named, "difference": less.amount,
                    "more_in": less.more }))
            })
            .collect();
        out["against"] = json!({ "scenario": label, "provisions": facts.provisions_against, "variables": ensemble(other), "self_sufficiency": sufficient(other),
            "differences": rows });
        if let Some(us) = &facts.us {
            let over = |e: &Ensemble| us.over_china(e, true).map(Band::of);
            out["against"]["us_over_china"] =
                json!({ "us": us, "scenario": over(facts.ensemble), "other": over(other) });
        }
    }
    if let Some(causes) = &facts.extra.causes {
        out["causes"] = json!(causes.by);
        out["causes"]["good"] = json!(causes.good);
        out["causes"]["months"] = json!(causes.months.to_string());
    }
    if let Some(refusal) = &facts.extra.refusal {
        out["diversion"] = json!(refusal.by);
        out["diversion"]["good"] = json!(refusal.good);
        out["diversion"]["months"] = json!(refusal.months.to_string());
    }
    if let Some(inputs) = &facts.extra.inputs {
        out["inputs"] = json!(inputs);
    }
    if let Some(moved) = &facts.extra.sensitivity {
        out["sensitivity"] = json!({ "answer": moved.answer, "base": moved.by.base, "parameters": moved.by.moved,
            "data": moved.data });
    }
    out
}
