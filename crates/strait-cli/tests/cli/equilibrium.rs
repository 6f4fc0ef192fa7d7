//! `strait market equilibrium`

use crate::{flat, json, strait, strait_in};
use serde_json::Value;

const TABLE: &str = "product,firm,nest,price,share,quota
A1,one,us,1.01,0.05,
A2,one,us,1.41,0.04,
B1,two,us,1.26,0.38,
C1,three,cn,1.70,0.07,
";

/// Runs on [`TABLE`] in a folder of its own.
fn of_table(args: &[&str]) -> crate::Said {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("my.csv"), TABLE).unwrap();
    let fixed = [
        "market",
        "equilibrium",
        "my.csv",
        "--price-coefficient",
        "-2",
        "--nest-correlation",
        "0.6",
    ];
    strait_in(folder.path(), &[&fixed[..], args].concat())
}

fn read(said: &crate::Said) -> Value {
    assert_eq!(said.code, 0, "{}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

#[test]
fn a_table_answers_prices_substitution_and_each_change() {
    let changes = [
        "--ban", "A1", "--merge", "one,two", "--levy", "two=0.25", "--quota", "B1=0.2",
    ];
    let said = of_table(&changes);
    assert_eq!(said.code, 0, "{}", said.err);
    insta::assert_snapshot!(said.out);
    let v = read(&of_table(&[&changes[..], &["--json"]].concat()));
    assert_eq!(v["second_order"], true);
    let cases = v["counterfactuals"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    let gains: f64 = cases[0]["comparison"]["firms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| number(&f["gains"]))
        .sum();
    assert!((gains + number(&cases[0]["comparison"]["outside_gains"]) - 1.0).abs() < 1e-9);
    let b1 = |case: &Value| {
        let of = case["comparison"]["products"].as_array().unwrap().iter();
        of.clone().find(|p| p["id"] == "B1").unwrap().clone()
    };
    assert!(number(&b1(&cases[1])["price"]) > 0.0, "a merger raises prices");
    let passed = number(&b1(&cases[2])["pass_through"]);
    assert!(passed > 0.0 && passed < 1.0, "{passed}");
    assert!(number(&b1(&cases[3])["shadow_price"]) > 0.0);
    for case in cases {
        assert!(number(&case["after"]["residual"]) < 1e-11 && case["second_order"] == true);
    }
}

#[test]
fn changes_can_be_made_together_and_written_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("my.csv"), TABLE).unwrap();
    let args = [
        "market",
        "equilibrium",
        "my.csv",
        "--price-coefficient",
        "-2",
        "--ban",
        "A1",
        "--levy",
        "two=0.25",
        "--together",
        "--out",
        "rows.csv",
        "--json",
    ];
    let said = strait_in(folder.path(), &args);
    let v = read(&said);
    assert_eq!(v["counterfactuals"].as_array().unwrap().len(), 1);
    let rows = std::fs::read_to_string(folder.path().join("rows.csv")).unwrap();
    assert!(
        rows.starts_with("case,product,variable,other,value\nbase,A1,price,,1.01\n"),
        "{rows}"
    );
    assert!(
        rows.contains(
            "\"A1 cannot be had, a levy of 25 % is taken on the revenue of two\",B1,pass_through,,"
        )
    );
}

#[test]
fn bad_input_is_told_with_its_place() {
    for (args, words) in [
        (
            &["--ban", "A3"][..],
            &["`A3` is no product of the market", "`A1`"][..],
        ),
        (
            &["--merge", "one,tow"],
            &["`tow` is no firm of the market", "`two`"],
        ),
        (&["--merge", "one"], &["names no two firms"]),
        (
            &["--levy", "tow=0.1"],
            &["`tow` is no product or firm of the market", "`two`"],
        ),
        (&["--levy", "two"], &["`--levy two` is no name with a number"]),
        (
            &["--levy", "two=1.5"],
            &["levy of `B1` is `1.5`", "from 0 to below 1"],
        ),
        (&["--quota", "B1=0"], &["quota of `B1` is `0`", "above zero"]),
    ] {
        let said = of_table(args);
        assert_eq!(said.code, 2, "{args:?}");
        for word in words {
            assert!(flat(&said.err).contains(word), "{args:?}: {}", said.err);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("bad.csv"),
        "product,firm,prise,share\nA1,one,1,0.1\n",
    )
    .unwrap();
    let said = strait_in(
        folder.path(),
        &["market", "equilibrium", "bad.csv", "--price-coefficient", "-2"],
    );
    assert_eq!(said.code, 2);
    let told = flat(&said.err);
    assert!(
        told.contains("bad.csv:1") && told.contains("did you mean `price`?"),
        "{told}"
    );
    std::fs::write(folder.path().join("good.csv"), TABLE).unwrap();
    let said = strait_in(folder.path(), &["market", "equilibrium", "good.csv"]);
    assert_eq!(said.code, 2);
    assert!(flat(&said.err).contains("--price-coefficient"), "{}", said.err);
}

#[test]
fn chinas_market_tells_who_gains_and_what_is_assumed() {
    let args = [
        "market",
        "equilibrium",
        "--on",
        "2025-08-15",
        "--known",
        "2026-11-23",
        "--ban",
        "h20",
        "--levy",
        "nvidia=0.25",
    ];
    let v = json(&args);
    let [ban, levy] = &v["counterfactuals"].as_array().unwrap()[..] else {
        panic!()
    };
    let firms = ban["comparison"]["firms"].as_array().unwrap();
    let gains: f64 = firms.iter().map(|f| number(&f["gains_at_given_prices"])).sum();
    assert!((gains + number(&ban["comparison"]["outside_gains_at_given_prices"]) - 1.0).abs() < 1e-9);
    let h20 = levy["comparison"]["products"].as_array().unwrap().iter();
    let h20 = h20
        .clone()
        .find(|p| p["id"].as_str().unwrap().starts_with("nvidia-h20"))
        .unwrap();
    // Of a good with next to no share nearly all is passed on; its seller's other goods gain by it, so that it may be a
    // little more.
    let passed = number(&h20["pass_through"]);
    assert!(passed > 0.0 && passed < 1.01, "{h20}");
    for case in [ban, levy] {
        assert!(number(&case["after"]["residual"]) < 1e-11);
        assert!(number(&case["draws"]) > 30.0);
    }
    for p in v["market"]["demand"].as_array().unwrap() {
        let grade = if p["assumed"] == true {
            "assumed"
        } else {
            "derived"
        };
        assert_eq!(p["grade"], grade, "{p}");
        assert!(number(&p["after"][0]) < number(&p["after"][1]), "{p}");
    }
    // The market over time stands beside it.
    let goods = v["market"]["over_time"]["goods"].as_array().unwrap();
    assert!(
        goods
            .iter()
            .any(|g| g["good"] == "huawei" && number(&g["units"]["value"]) > 1e4)
    );
    let said = strait(&[&args[..], &["--case", "without-guidance"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let told = flat(&said.out);
    assert!(
        told.contains("assumed") && told.contains("without the China side"),
        "{}",
        said.out
    );
}
