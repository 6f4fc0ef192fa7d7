//! `strait run serve`

use crate::{json, refused, strait, strait_in};
use serde_json::Value;
use std::fs;

const AZURE: &str = "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n\
                     2023-11-16 18:15:50.9951690,396,109\r\n2023-11-16 18:15:51.2224670,879,55";

#[test]
fn a_trace_is_served_and_written_request_by_request() {
    let at = tempfile::tempdir().unwrap();
    fs::write(at.path().join("conv.csv"), AZURE).unwrap();
    let args = |out| {
        [
            "run",
            "serve",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--trace",
            "conv.csv",
            "--sla-ttft",
            "0.5",
            "--sla-tpot",
            "0.05",
            "--json",
            "--out",
            out,
        ]
    };
    let said = strait_in(at.path(), &args("rows.csv"));
    assert_eq!(said.code, 0, "{}", said.err);
    let v: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(v["simulation"]["finished"], 3);
    assert_eq!(v["simulation"]["good_share"], 1.0);
    assert_eq!(v["strait"]["chip"], "nvidia-h100-sxm");
    assert!(v["strait"]["trace"].is_string() && v["strait"]["seed"].is_null());
    assert!(v["energy"]["wall_per_output_token"].as_f64().unwrap() > 0.0);
    let ttft = v["simulation"]["ttft"]["p50"].as_f64().unwrap();
    assert!((0.001..0.2).contains(&ttft), "{ttft}");
    let rows = fs::read_to_string(at.path().join("rows.csv")).unwrap();
    let lines: Vec<&str> = rows.lines().collect();
    assert_eq!(
        lines[0],
        "request,arrival_s,input,output,state,replica,cached,preemptions,queue_s,ttft_s,tpot_s,latency_s"
    );
    assert!(
        lines[1].starts_with("0,0,374,44,finished,0,0,0,0,"),
        "{}",
        lines[1]
    );
    assert_eq!(lines.len(), 4);
    // Equal input, equal bytes.
    assert_eq!(strait_in(at.path(), &args("rows.csv")).out, said.out);
    let said = strait_in(at.path(), &args("rows.parquet"));
    if cfg!(feature = "parquet") {
        assert_eq!(said.code, 0, "{}", said.err);
        let bytes = fs::read(at.path().join("rows.parquet")).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    }
    let said = strait_in(at.path(), &args("rows.xlsx"));
    assert_eq!(said.code, 2);
    assert!(!at.path().join("rows.xlsx").exists());
}

#[test]
fn rates_make_a_goodput_curve() {
    let v = json(&[
        "run",
        "serve",
        "llama-3.1-8b",
        "--on",
        "h20",
        "--rate",
        "1,4,400",
        "--requests",
        "120",
        "--sla-ttft",
        "1",
        "--sla-tpot",
        "0.03",
    ]);
    let sweep = v["sweep"].as_array().unwrap();
    assert_eq!(sweep.len(), 3);
    let good = |i: usize| sweep[i]["report"]["good_share"].as_f64().unwrap();
    assert!(good(0) > 0.95, "an idle chip meets its objectives: {}", good(0));
    assert!(good(2) < good(0), "a flooded one does not");
    assert_eq!(v["strait"]["seed"], 1);
}

#[test]
fn prompts_and_decoding_may_stand_on_different_chips() {
    let v = json(&[
        "run",
        "serve",
        "llama-3.1-8b",
        "--on",
        "h100-sxm",
        "--decode-on",
        "h20",
        "--decode-replicas",
        "2",
        "--rate",
        "5",
        "--requests",
        "60",
    ]);
    let roles: Vec<&str> = v["simulation"]["replicas"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["prompts", "decodes", "decodes"]);
    assert_eq!(v["simulation"]["finished"], 60);
    assert_eq!(v["strait"]["decode"]["chip"], "nvidia-h20-96gb");
}

#[test]
fn the_page_names_times_and_replicas() {
    let said = strait(&[
        "run",
        "serve",
        "llama-3.1-8b",
        "--on",
        "h100-sxm",
        "--rate",
        "2",
        "--requests",
        "20",
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    for words in [
        "time to first token",
        "p99",
        "1 replica of 1 chip",
        "J an output token",
        "No limit was given",
    ] {
        assert!(
            said.out.replace('\n', " ").contains(words),
            "no `{words}` in\n{}",
            said.out
        );
    }
}

#[test]
fn bad_input_is_told() {
    let at = tempfile::tempdir().unwrap();
    fs::write(at.path().join("bad.csv"), AZURE.replace("396", "many")).unwrap();
    let said = strait_in(
        at.path(),
        &[
            "run",
            "serve",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--trace",
            "bad.csv",
        ],
    );
    assert_eq!(said.code, 2);
    let flat = crate::flat(&said.err);
    for words in [
        "bad.csv:3",
        "`ContextTokens` is `many`",
        "a whole number of tokens",
    ] {
        assert!(flat.contains(words), "no `{words}` in {flat}");
    }
    refused(
        &["run", "serve", "llama-3.1-80b", "--on", "h100-sxm", "--rate", "1"],
        &["no model is called `llama-3.1-80b`", "llama-3.1-8"],
    );
    refused(
        &["run", "serve", "llama-3.1-8b", "--on", "h100-sxm"],
        &["--trace"],
    );
    refused(
        &[
            "run",
            "serve",
            "llama-3.1-405b",
            "--on",
            "h100-sxm",
            "--tp",
            "1",
            "--rate",
            "1",
        ],
        &["weights of", "do not fit"],
    );
    refused(
        &[
            "run",
            "serve",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--tp",
            "5",
            "--rate",
            "1",
        ],
        &["a split of", "5 chips"],
    );
    refused(
        &["run", "serve", "llama-3.1-8b", "--on", "h100-sxm", "--rate=-1"],
        &["a number above zero"],
    );
}
