//! `strait cost`

use crate::{json, refused, strait, strait_in};
use serde_json::Value;

const DAY: [&str; 4] = ["--on", "2026-11-20", "--known", "2026-11-23"];

fn with_day<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [args, &DAY].concat()
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap_or_else(|| panic!("a number, not {v}"))
}

#[test]
fn an_hour_is_told_in_both_currencies_with_its_parts_and_rows() {
    let v = json(&with_day(&[
        "cost", "hour", "h20", "h100-sxm", "--place", "CN,CN-GS",
    ]));
    let rows = v["cost"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    let h20 = &rows[0];
    let (usd, cny) = (
        number(&h20["in_use"]["usd"]["value"]),
        number(&h20["in_use"]["cny"]["value"]),
    );
    let rate = number(&v["about"]["fx"]["cny_per_usd"]);
    assert!((cny / usd / rate - 1.0).abs() < 1e-12);
    let hour = &h20["owned"]["result"];
    let parts = hour["parts"].as_object().unwrap();
    let sum: f64 = parts.values().map(number).sum();
    assert!((sum / number(&hour["total"]["value"]) - 1.0).abs() < 1e-9);
    assert_eq!(
        h20["price"]["result"]["levies"][0]["instrument"],
        "us-revenue-share-2025-08"
    );
    assert!(
        hour["rests_on"]
            .as_array()
            .unwrap()
            .iter()
            .all(|r| r["place"]["line"].as_u64() > Some(0))
    );
    // Gansu's industrial tariff is below the country's.
    let tariff = |row: &Value| number(&row["owned"]["result"]["basis"]["tariff"]["value"]);
    assert!(tariff(&rows[2]) < tariff(&rows[0]));
    assert_eq!(v["about"]["stale_days"], 43);
}

#[test]
fn a_tighter_limit_costs_more_and_a_lawful_list_says_what_it_left_out() {
    let of = |tpot: &str| {
        let args = [
            "cost",
            "tokens",
            "h100-sxm",
            "--place",
            "Frankfurt",
            "--tpot",
            tpot,
        ];
        let v = json(&with_day(&args));
        let row = &v["cost"]["rows"][0];
        assert_eq!(row["place"], "DE-HE");
        let owned = &row["tokens"]["result"]["owned"];
        let usd = |part: &str| number(&owned[part]["usd"]["value"]);
        // A request of 1024 and 512 tokens is paid for by both.
        let both = usd("input") * 2.0 + usd("output");
        assert!((both / usd("output_bears_all") - 1.0).abs() < 1e-9);
        usd("output_bears_all")
    };
    assert!(of("0.03") > of("0.1"));
    let args = ["cost", "tokens", "h20,h100-sxm", "--place", "CN,DE", "--lawful"];
    let v = json(&with_day(&args));
    let left: Vec<&str> = v["cost"]["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["chip"].as_str().unwrap())
        .collect();
    assert_eq!(left, ["nvidia-h20-96gb", "nvidia-h100-sxm"]);
}

#[test]
fn flop_and_tokens_of_one_run_cost_the_same() {
    let run = |amount: &[&str]| {
        let args = [
            "cost",
            "train",
            "h100-sxm",
            "--model",
            "llama-3.1-8b",
            "--place",
            "US",
            "--cluster",
            "64",
        ];
        json(&with_day(&[&args, amount].concat()))["cost"][0]["run"]["result"].clone()
    };
    let tokens = run(&["--tokens", "1e12"]);
    let flop = number(&tokens["flop"]).to_string();
    let same = run(&["--flop", &flop]);
    let usd = |run: &Value| number(&run["owned"]["usd"]["value"]);
    assert!((usd(&same) / usd(&tokens) - 1.0).abs() < 1e-9);
    let hours = number(&tokens["chip_hours"]["value"]);
    assert!((number(&tokens["time"]["value"]) * 64.0 / hours - 1.0).abs() < 1e-9);
    assert!(
        number(&tokens["energy"]["value"]) / hours > 0.4,
        "kWh a chip-hour"
    );
}

#[test]
fn a_budget_below_one_chip_buys_no_fleet() {
    let args = ["cost", "fleet", "h20", "--place", "CN", "--budget", "100"];
    let said = strait(&with_day(&args));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(
        said.out
            .contains("The limits leave room for no whole unit of any chip."),
        "{}",
        said.out
    );
}

#[test]
fn a_fleet_keeps_its_limits_and_tells_when_none_can() {
    let args = [
        "cost",
        "fleet",
        "h20",
        "ascend-910b1",
        "h200",
        "--place",
        "CN",
        "--budget",
        "20e6",
        "--power",
        "1",
        "--available",
        "h200=64",
        "--stopped",
        "h200",
    ];
    let v = json(&with_day(&args));
    let plan = &v["cost"]["fleet"]["result"];
    assert!(number(&plan["purchase"]["usd"]["value"]) <= 20e6 && number(&plan["power"]) <= 1000.0);
    let rate = number(&plan["rate"]["value"]);
    let alone = v["cost"]["alone"].as_array().unwrap();
    assert_eq!(alone.len(), 3);
    assert!(alone.iter().all(|a| number(&a["plan"]["rate"]["value"]) <= rate));
    let stopped = &v["cost"]["stopped"]["fleet"]["result"];
    assert!(number(&stopped["rate"]["value"]) <= rate);
    let short = [
        "cost", "fleet", "h20", "--place", "CN", "--budget", "1000", "--demand", "1e6",
    ];
    let said = strait(&with_day(&short));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(
        said.out.contains("No fleet under these limits meets the demand"),
        "{}",
        said.out
    );
}

#[test]
fn a_chip_without_a_price_is_compared_by_what_is_known() {
    let args = [
        "cost",
        "compare",
        "ascend-910c",
        "gb200",
        "--place",
        "CN",
        "--workload",
        "dense-pretraining",
        "--matching",
        "72",
    ];
    let v = json(&with_day(&args));
    let row = &v["cost"][0];
    let known = &row["comparison"]["result"];
    assert!(known["per_dollar"].is_null() && number(&known["per_watt"]["value"]) > 0.0);
    assert!(
        row["missing"][0]["fact"]
            .as_str()
            .unwrap()
            .contains("price of nvidia-gb200")
    );
    let priced = [&args[..], &["--price", "gb200=90000"]].concat();
    let v = json(&with_day(&priced));
    let known = &v["cost"][0]["comparison"]["result"];
    assert!(number(&known["per_dollar"]["value"]) > 0.0);
    let tie = number(&known["tie_price"]["usd"]["value"]);
    // At the price at which it ties, it ties.
    let tied = format!("ascend-910c={tie}");
    let v = json(&with_day(&[&priced[..], &["--price", &tied]].concat()));
    let ratio = number(&v["cost"][0]["comparison"]["result"]["per_dollar"]["value"]);
    assert!((ratio - 1.0).abs() < 1e-9, "{ratio}");
}

#[test]
fn rows_go_to_a_file() {
    let at = tempfile::tempdir().unwrap();
    let args = with_day(&["cost", "hour", "h20", "--place", "CN", "--out", "hours.csv"]);
    let said = strait_in(at.path(), &args);
    assert_eq!(said.code, 0, "{}", said.err);
    let text = std::fs::read_to_string(at.path().join("hours.csv")).unwrap();
    assert!(
        text.starts_with("chip,place,supply,price_usd,price_usd_low,price_usd_high,price_cny,"),
        "{text}"
    );
    assert!(
        text.lines()
            .nth(1)
            .unwrap()
            .starts_with("nvidia-h20-96gb,CN,blocked,11000,10000,12000,")
    );
    let said = strait_in(
        at.path(),
        &with_day(&["cost", "hour", "h20", "--place", "CN", "--out", "hours.txt"]),
    );
    assert_eq!(said.code, 2);
    assert!(said.out.is_empty() && !at.path().join("hours.txt").exists());
}

#[test]
fn bad_input_is_told() {
    let hour = |more: &[&'static str]| [&["cost", "hour", "h20"][..], more].concat();
    refused(&hour(&[]), &["--place"]);
    refused(&hour(&["--place", "Bejing"]), &["no place `Bejing`", "`Beijing`"]);
    refused(
        &hour(&["--place", "CN", "--pue", "0.5"]),
        &["`pue` is 0.5", "1 or more"],
    );
    refused(
        &hour(&["--place", "CN", "--utilisation", "2"]),
        &["`utilisation` is 2", "0.01 to 1"],
    );
    refused(
        &hour(&["--place", "CN", "--price", "h20"]),
        &["--price `h20`", "h200=27000"],
    );
    refused(
        &hour(&["--place", "CN", "--on", "2021-12-31"]),
        &["lies before the data begin"],
    );
    let tokens = |more: &[&'static str]| [&["cost", "tokens", "h20", "--place", "CN"][..], more].concat();
    refused(
        &tokens(&["--workload", "chad"]),
        &["`chad`", "did you mean `chat`"],
    );
    refused(
        &tokens(&["--workload", "dense-pretraining"]),
        &["is training", "cost train"],
    );
    refused(
        &tokens(&["--model", "llama-3.1-80b"]),
        &["no model is called `llama-3.1-80b`"],
    );
    let fleet = |more: &[&'static str]| [&["cost", "fleet", "h20"][..], more].concat();
    refused(
        &fleet(&["--place", "CN"]),
        &["nothing limits the fleet", "--budget"],
    );
    refused(&fleet(&["--place", "CN,DE", "--power", "1"]), &["names 2 places"]);
    refused(
        &fleet(&["--place", "CN", "--power", "1", "--held", "h20=x"]),
        &["--held `h20=x`"],
    );
    refused(
        &["cost", "train", "h20", "--place", "CN", "--model", "llama-3.1-8b"],
        &["--tokens"],
    );
}
