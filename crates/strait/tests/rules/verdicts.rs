//! The verdicts derived by hand in `data/validation/verdicts.csv`, on the shipped data.
//!
//! A row marked `pending` is one on which engine and derivation differ and the derivation stands; it fails here as
//! soon as the engine agrees, so that none stays marked unseen.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources, read_table};
use strait::rules::{ExporterRole, Knower, LawBook, Listed, Segment, Transaction, Verdict};
use strait::scenario::Scenario;

/// One row; an empty column is the default said at the head of the file, or not compared.
#[derive(Deserialize)]
struct Row {
    chip: String,
    to: String,
    on: jiff::civil::Date,
    known: jiff::civil::Date,
    classification: String,
    paragraph: Option<String>,
    license: String,
    review: Option<String>,
    cn_state: String,
    why: Option<String>,
    citation: String,
    from: Option<String>,
    hq: Option<String>,
    parent: Option<String>,
    segment: Option<Segment>,
    listed: Option<Listed>,
    owned: Option<f64>,
    exporter: Option<String>,
    known_to: Option<Knower>,
    codified: Option<String>,
    jurisdiction: Option<String>,
    exceptions: Option<String>,
    levies: Option<String>,
    supply_effect: Option<String>,
    hypothetical: Option<String>,
    pending: Option<String>,
    note: Option<String>,
}

impl Row {
    fn transaction(&self, chip: &strait::catalog::Chip) -> Transaction {
        let mut tx = Transaction::new(chip.id.clone(), &self.to, self.on, self.known);
        if let Some(from) = &self.from {
            tx.from = Some(from.clone());
        }
        tx.headquarters.clone_from(&self.hq);
        tx.parent.clone_from(&self.parent);
        tx.segment = self.segment.unwrap_or(tx.segment);
        tx.listed = self.listed.unwrap_or(tx.listed);
        tx.owned_by_listed_percent = self.owned;
        tx.known_to = self.known_to.unwrap_or(tx.known_to);
        tx.codified = self.codified.as_deref() == Some("yes");
        tx.exporter = match self.exporter.as_deref() {
            Some("foundry") => ExporterRole::Foundry,
            Some("osat") => ExporterRole::Osat,
            None => ExporterRole::Seller,
            Some(other) => panic!("no exporter role `{other}`"),
        };
        tx
    }

    /// What differs, one line each.
    fn differences(&self, verdict: &Verdict) -> Vec<String> {
        let json = serde_json::to_value(verdict).unwrap();
        let mut wrong = Vec::new();
        let mut expect = |what: &str, expected: Option<&str>, found: Option<&str>| {
            if expected != found {
                wrong.push(format!(
                    "{what} is `{}`, by hand `{}`",
                    found.unwrap_or(""),
                    expected.unwrap_or("")
                ));
            }
        };
        let us = &json["us"];
        expect(
            "classification",
            Some(&self.classification),
            us["classification"].as_str(),
        );
        expect("paragraph", self.paragraph.as_deref(), us["paragraph"].as_str());
        expect("license", Some(&self.license), us["license"].as_str());
        expect("review", self.review.as_deref(), us["review"].as_str());
        expect("cn.state", Some(&self.cn_state), json["cn"]["state"].as_str());
        if let Some(why) = &self.why {
            let found = verdict.us.why.iter().find(|id| *id == why).map(String::as_str);
            expect("why", Some(why), found);
        } else if self.license == "none_found" {
            expect("why", None, verdict.us.why.first().map(String::as_str));
        }
        for (what, expected, found) in [
            ("jurisdiction", &self.jurisdiction, &us["jurisdiction"]),
            ("supply_effect", &self.supply_effect, &json["supply_effect"]),
        ] {
            if expected.is_some() {
                expect(what, expected.as_deref(), found.as_str());
            }
        }
        if self.exceptions.is_some() {
            let offered: BTreeSet<_> = verdict.us.exceptions.iter().map(|e| e.id.as_str()).collect();
            let offered = match offered.is_empty() {
                true => "none".to_owned(),
                false => offered.into_iter().collect::<Vec<_>>().join(";"),
            };
            expect("exceptions", self.exceptions.as_deref(), Some(&offered));
        }
        for levy in self.levies.iter().flat_map(|l| l.split(';')) {
            let (id, expected) = levy.split_once(':').expect("a levy is written `id:yes`");
            let found = us["levies"].as_array().unwrap().iter().find(|l| l["id"] == id);
            let found = found.map_or("no", |l| l["applies"].as_str().unwrap());
            expect(&format!("levy {id}"), Some(expected), Some(found));
        }
        if let Some(expected) = &self.hypothetical {
            let found = if verdict.hypothetical { "yes" } else { "no" };
            expect("hypothetical", Some(expected), Some(found));
        }
        wrong
    }
}

#[test]
fn the_engine_agrees_with_every_verdict_derived_by_hand() {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap_or_else(|p| panic!("{p}"));
    let book = LawBook::load(&data, &Scenario::default(), &sources).unwrap_or_else(|p| panic!("{p}"));
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
    let rows = read_table::<Row>(data.get("validation/verdicts.csv").unwrap()).unwrap();
    let mut wrong = Vec::new();
    for (place, row) in &rows {
        let at = format!("{place} {} to {} on {}", row.chip, row.to, row.on);
        let chip = match catalog.resolve(&row.chip) {
            Ok(resolved) => resolved.chip,
            Err(_) if row.pending.is_some() => continue,
            Err(error) => panic!("{at}: {error}"),
        };
        let foundry = chip.dies.iter().find_map(|d| catalog.foundry_country(d));
        let tx = row.transaction(chip);
        let verdict = book
            .check(chip, catalog.designer_country(chip), foundry, &tx)
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        let differences = row.differences(&verdict);
        match (&row.pending, differences.is_empty()) {
            (Some(_), true) => wrong.push(format!("{at}: agrees now; take `pending` away")),
            (None, false) => wrong.extend(
                differences
                    .iter()
                    .map(|d| format!("{at}: {d} ({})", row.citation)),
            ),
            (Some(_), false) => assert!(row.note.is_some(), "{at}: a pending row says why in `note`"),
            (None, true) => {}
        }
        let steps: BTreeSet<_> = verdict.trace.iter().map(|t| t.step).collect();
        assert_eq!(steps.len(), 11, "{place}: every step leaves a trace line");
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_verdicts_cover_chips_days_and_places() {
    let data = DataSet::embedded();
    let rows = read_table::<Row>(data.get("validation/verdicts.csv").unwrap()).unwrap();
    let distinct = |of: fn(&Row) -> String| rows.iter().map(|(_, r)| of(r)).collect::<BTreeSet<_>>().len();
    assert!(rows.len() >= 140, "{} rows", rows.len());
    assert!(distinct(|r| r.chip.clone()) >= 12);
    assert!(distinct(|r| r.on.to_string()) >= 8);
    assert!(distinct(|r| r.to.clone()) >= 3);
    // Every row says from what it was derived, and none is asked twice.
    let mut asked = BTreeMap::new();
    for (place, row) in &rows {
        assert!(!row.citation.is_empty(), "{place}: no citation");
        let deal = format!(
            "{} {} {} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            row.chip,
            row.to,
            row.on,
            row.known,
            row.from,
            row.hq,
            row.parent,
            row.segment,
            row.listed,
            row.owned,
            row.exporter,
            row.known_to,
            row.codified
        );
        if let Some(before) = asked.insert(deal, place.line) {
            panic!("{place}: asked already in line {}", before.unwrap_or_default());
        }
    }
}
