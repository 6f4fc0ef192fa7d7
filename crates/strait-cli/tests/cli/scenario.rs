//! What a scenario changes, and what it gets wrong.

use crate::{refused, strait};
use serde_json::Value;

const CN: [&str; 7] = ["cost", "hour", "h20", "--place", "CN", "--on", "2026-11-20"];

/// A scenario of two H20 prices, the later one from a day on.
fn written(folder: &std::path::Path, text: &str) -> String {
    let file = folder.join("mine.toml");
    std::fs::write(&file, format!("id = \"mine\"\n\n{text}")).unwrap();
    file.to_str().unwrap().to_owned()
}

fn price(args: &[&str]) -> Value {
    let said = strait(&[&CN[..], args, &["--json"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let answer: Value = serde_json::from_str(&said.out).unwrap();
    answer["cost"][0]["price"]["result"].clone()
}

#[test]
fn a_stated_price_comes_before_the_scenario_s_and_each_names_its_place() {
    let folder = tempfile::tempdir().unwrap();
    // Chips and places go by any of their names.
    let file = written(
        folder.path(),
        "[[price]]\nchip = \"NVIDIA H20\"\nplace = \"China\"\nusd = 20000\n",
    );
    let scenario = ["--scenario", &file];
    let fixed = price(&scenario);
    assert_eq!(fixed["usd"]["value"], 20_000.0);
    assert_eq!(fixed["rests_on"][0]["place"]["line"], 3);
    assert_eq!(fixed["rests_on"][0]["place"]["file"], file.as_str());
    let stated = price(&[&scenario[..], &["--price", "h20=5000"]].concat());
    assert_eq!(stated["usd"]["value"], 5_000.0);
    assert_eq!(
        stated["rests_on"][0]["place"],
        serde_json::json!({ "file": "--price" })
    );
    let twice = ["--price", "h20=5000", "--price", "nvidia-h20-96gb=7000"];
    refused(
        &[&CN[..], &twice].concat(),
        &["--price `nvidia-h20-96gb=7000` is a second price of nvidia-h20-96gb, after 5000"],
    );
}

#[test]
fn an_empty_scenario_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, "# nothing yet\n").unwrap();
    refused(
        &[&CN[..], &["--scenario", file.to_str().unwrap()]].concat(),
        &["mine.toml", "the scenario is empty", "leave `--scenario` out"],
    );
}

#[test]
fn a_price_that_could_change_nothing_is_refused_with_its_line() {
    let of =
        |chip: &str, place: &str| format!("[[price]]\nchip = \"{chip}\"\nplace = \"{place}\"\nusd = 9000\n");
    for (text, words) in [
        (
            of("h2o", "CN"),
            ["mine.toml:3: no chip `h2o`", "did you mean `h20`"],
        ),
        (
            of("h20", "Chnia"),
            ["mine.toml:3: `place` is `Chnia`, which is no country", "`China`"],
        ),
        (
            of("h20", "CN-GS"),
            [
                "mine.toml:3: `place` is `CN-GS`, which is no country",
                "a price holds in a country",
            ],
        ),
        (
            of("h20", "HK"),
            [
                "mine.toml:3: `place` is `HK`, where chips have the prices of CN",
                "place = \"CN\"",
            ],
        ),
        (
            of("h20", "CN") + &of("nvidia-h20-96gb", "China"),
            [
                "mine.toml:7: `nvidia-h20-96gb` has a second price in CN",
                "the first is in",
            ],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = written(folder.path(), &text);
        refused(&[&CN[..], &["--scenario", &file]].concat(), &words);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), &of("h2o", "CN"));
    for command in [
        &["brief", "h20", "--to", "CN"][..],
        &["market", "run", "--draws", "20"],
    ] {
        refused(
            &[command, &["--scenario", &file]].concat(),
            &["mine.toml:3: no chip `h2o`"],
        );
    }
}

#[test]
fn a_brief_lists_what_the_user_assumed_and_tries_the_user_s_price() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(
        folder.path(),
        "[[figure]]\nchip = \"h20\"\nfigure = \"memory.bandwidth\"\nvalue = 2000\n\n\
         [[price]]\nchip = \"h20\"\nplace = \"CN\"\nusd = 9000\n",
    );
    let page = folder.path().join("page.html");
    let args = [
        "brief",
        "h20",
        "--to",
        "CN",
        "--on",
        "2026-11-20",
        "--known",
        "2026-11-20",
        "--json",
    ];
    let out = ["--scenario", &file, "--out", page.to_str().unwrap()];
    let said = strait(&[&args[..], &out].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let brief: Value = serde_json::from_str(&said.out).unwrap();
    let weak = |path: &str| {
        let all = brief["weak"].as_array().unwrap();
        let found = all
            .iter()
            .find(|w| w["of"] == "nvidia-h20-96gb" && w["path"].as_str().unwrap().starts_with(path));
        found.unwrap_or_else(|| panic!("no {path} in {all:#?}")).clone()
    };
    let bandwidth = weak("memory.bandwidth");
    assert_eq!(
        (&bandwidth["grade"], &bandwidth["source"]),
        (&"assumed".into(), &"user".into())
    );
    assert_eq!(bandwidth["place"]["line"], 3);
    let price = weak("price ");
    assert_eq!(price["place"]["line"], 8);
    // Ten percent of the price moves its worth by about as much.
    assert!(
        !price["effect"].as_str().unwrap().contains("no ratio moves"),
        "{price}"
    );
}

#[test]
fn a_figure_that_changes_on_a_day_holds_where_a_day_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(
        folder.path(),
        "[[figure]]\nchip = \"h20\"\nfigure = \"power.tdp\"\nvalue = 800\nfrom = \"2026-11\"\n",
    );
    let power = |day: &str| {
        let mut args = CN;
        args[6] = day;
        let said = strait(&[&args[..], &["--scenario", &file, "--json"]].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        let answer: Value = serde_json::from_str(&said.out).unwrap();
        answer["cost"][0].to_string()
    };
    let plain = |day: &str| {
        let mut args = CN;
        args[6] = day;
        let answer: Value = serde_json::from_str(&strait(&[&args[..], &["--json"]].concat()).out).unwrap();
        answer["cost"][0].to_string()
    };
    assert_eq!(power("2026-10-31"), plain("2026-10-31"));
    assert_ne!(power("2026-11-01"), plain("2026-11-01"));
    // A list of chips asks for no day.
    refused(
        &["chips", "h20", "--scenario", &file],
        &["mine.toml:3: `power.tdp` of `h20` changes from 2026-11, and no day is asked for"],
    );
}

#[test]
fn an_answer_says_what_scenario_it_was_made_under() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(
        folder.path(),
        "[[figure]]\nchip = \"h20\"\nfigure = \"memory.bandwidth\"\nvalue = 2000\n",
    );
    for args in [&["chips", "h20"][..], &["rules", "list"], &["validate", "cost"]] {
        let under = [args, &["--scenario", &file]].concat();
        let said = strait(&under);
        assert!(
            said.out.contains("scenario mine"),
            "{args:?}: {}{}",
            said.out,
            said.err
        );
        let said = strait(&[&under[..], &["--json"]].concat());
        let answer: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(answer["strait"]["scenario"], "mine", "{args:?}");
    }
}
