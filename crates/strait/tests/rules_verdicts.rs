//! The verdicts derived by hand in `data/validation/verdicts.csv`, on the shipped data.

use serde::Deserialize;
use serde_json::Value;
use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources, read_table};
use strait::rules::{LawBook, Transaction};
use strait::scenario::Scenario;

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
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

#[test]
fn the_engine_agrees_with_every_verdict_derived_by_hand() {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap_or_else(|p| panic!("{p}"));
    let book = LawBook::load(&data, &Scenario::default(), &sources).unwrap_or_else(|p| panic!("{p}"));
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
    let rows = read_table::<Row>(data.get("validation/verdicts.csv").unwrap()).unwrap();
    assert!(rows.len() >= 60, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (place, row) in &rows {
        let chip = catalog.resolve(&row.chip).unwrap().chip;
        let foundry = chip.dies.iter().find_map(|d| catalog.foundry_country(d));
        let tx = Transaction::new(chip.id.clone(), &row.to, row.on, row.known);
        let verdict = book
            .check(chip, catalog.designer_country(chip), foundry, &tx)
            .unwrap();
        let json = serde_json::to_value(&verdict).unwrap();
        let mut expect = |what: &str, expected: Option<&str>, found: Option<&str>| {
            if expected != found {
                wrong.push(format!(
                    "{place} {} to {} on {}: {what} is {found:?}, by hand {expected:?}",
                    row.chip, row.to, row.on
                ));
            }
        };
        expect(
            "classification",
            Some(&row.classification),
            text(&json["us"]["classification"]),
        );
        expect(
            "paragraph",
            row.paragraph.as_deref(),
            text(&json["us"]["paragraph"]),
        );
        expect("license", Some(&row.license), text(&json["us"]["license"]));
        expect("review", row.review.as_deref(), text(&json["us"]["review"]));
        expect("cn.state", Some(&row.cn_state), text(&json["cn"]["state"]));
        if let Some(why) = &row.why {
            let found = verdict.us.why.iter().find(|id| *id == why).map(String::as_str);
            expect("why", Some(why), found);
        } else if row.license == "none_found" {
            expect("why", None, verdict.us.why.first().map(String::as_str));
        }
        let steps: std::collections::BTreeSet<_> = verdict.trace.iter().map(|t| t.step).collect();
        assert_eq!(steps.len(), 11, "{place}: every step leaves a trace line");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
