//! `strait run serve`

mod refused;
mod several;

use crate::{json, strait, strait_in};
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
        "request,arrival_s,input,output,state,replica,cached,preemptions,queue_s,ttft_s,ttft_s_low,ttft_s_high,tpot_s,\
         tpot_s_low,tpot_s_high,latency_s,latency_s_low,latency_s_high"
    );
    for line in &lines[1..] {
        let cells: Vec<f64> = line.split(',').skip(9).map(|c| c.parse().unwrap()).collect();
        for of in cells.chunks(3) {
            assert!(of[1] < of[0] && of[0] < of[2], "{line}");
        }
    }
    assert!(lines[1].starts_with("0,0,374,44,finished,0,0,0,"), "{}", lines[1]);
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
fn the_mean_step_is_explained() {
    let ask = "run serve llama-3.1-8b --on h100-sxm --decode-on h20 --decode-replicas 1 --rate 3 --requests 60 --explain";
    let v = json(&ask.split(' ').collect::<Vec<_>>());
    let kinds = v["operators"].as_array().unwrap();
    let of = |i: usize, name: &str| kinds[i][name].as_str().unwrap();
    assert_eq!((of(0, "role"), of(0, "chip")), ("prompts", "nvidia-h100-sxm"));
    assert_eq!((of(1, "role"), of(1, "chip")), ("decodes", "nvidia-h20-96gb"));
    let limits = |i: usize| -> Vec<(&str, &str)> {
        let lines = kinds[i]["lines"].as_array().unwrap().iter();
        lines
            .map(|l| (l["name"].as_str().unwrap(), l["limit"].as_str().unwrap()))
            .collect()
    };
    assert!(limits(0).contains(&("gate and up", "compute")), "{:?}", limits(0));
    assert!(
        limits(1).contains(&("gate and up", "memory_bandwidth")),
        "{:?}",
        limits(1)
    );
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
fn an_isolated_request_takes_what_one_user_of_run_infer_sees() {
    for (model, tensor) in [("llama-3.1-8b", "1"), ("llama-3.1-70b", "4")] {
        let engine = ["--engine", "vllm"];
        for more in [&engine[..0], &engine[..]] {
            let serve = [
                "run",
                "serve",
                model,
                "--on",
                "h100-sxm",
                "--tp",
                tensor,
                "--rate",
                "0.001",
                "--requests",
                "3",
                "--input-tokens",
                "1024",
                "--output-tokens",
                "1024",
                "--length-variation",
                "0",
            ];
            let infer = [
                "run", "infer", model, "--on", "h100-sxm", "--tp", tensor, "--users", "1",
            ];
            let served = json(&[&serve, more].concat());
            let way = &json(&[&infer, more].concat())["chips"][0]["ways"][0];
            for (name, of) in [("ttft", "ttft_s"), ("tpot", "tpot_s")] {
                let found = served["simulation"][name]["p50"].as_f64().unwrap();
                let ratio = found / way[of].as_f64().unwrap();
                assert!((0.95..1.05).contains(&ratio), "{model} {name}: {ratio}");
            }
        }
    }
}

#[test]
fn a_simulation_has_its_interval() {
    let ask = "run serve llama-3.1-8b --on h100-sxm --rate 4 --requests 60 --sla-ttft 1 --sla-tpot 0.05";
    let args: Vec<&str> = ask.split(' ').collect();
    let v = json(&args);
    let (found, ends) = (&v["simulation"], &v["interval90"]);
    for name in ["ttft", "tpot", "latency"] {
        for of in ["mean", "p50", "p99"] {
            let at = |v: &Value| v[name][of].as_f64().unwrap();
            assert!(
                at(&ends["low"]) < at(found) && at(found) < at(&ends["high"]),
                "{name} {of}"
            );
        }
    }
    let rate = |v: &Value| v["throughput"].as_f64().unwrap();
    assert!(rate(&ends["low"]) <= rate(found) && rate(found) <= rate(&ends["high"]));
    let energy = |end: &str| {
        v["energy"][format!("wall_per_output_token{end}")]
            .as_f64()
            .unwrap()
    };
    assert!(energy("_low") < energy("") && energy("") < energy("_high"));
    let wider = json(
        &ask.replace("h100-sxm", "ascend-910c")
            .split(' ')
            .collect::<Vec<_>>(),
    );
    assert!(wider["strait"]["within90"][1].as_f64() > v["strait"]["within90"][1].as_f64());
    let flat = crate::flat(&strait(&args).out);
    for words in ["Engine: the best of", "90 %", "Intervals hold nine of ten"] {
        assert!(flat.contains(words), "no `{words}` in {flat}");
    }
    let at = tempfile::tempdir().unwrap();
    let ask = "run serve llama-3.1-8b --on h100-sxm --rate 1,20 --requests 60 --out rates.csv --engine sglang --eager";
    let said = strait_in(at.path(), &ask.split(' ').collect::<Vec<_>>());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        crate::flat(&said.out).contains("Engine: SGLang (0.5.10"),
        "{}",
        said.out
    );
    let rows = fs::read_to_string(at.path().join("rates.csv")).unwrap();
    assert!(
        rows.starts_with("chip,chips,rate,throughput,throughput_low,throughput_high,goodput,"),
        "{rows}"
    );
}

#[test]
fn requests_arrive_at_the_rate_they_come_at() {
    let v = json(&[
        "run",
        "serve",
        "llama-3.1-8b",
        "--on",
        "h100-sxm",
        "--rate",
        "50",
        "--requests",
        "400",
        "--input-tokens",
        "2000",
        "--output-tokens",
        "300",
    ]);
    // Not by how long the fleet takes to answer the last.
    let rate = v["simulation"]["arrival_rate"].as_f64().unwrap();
    assert!((43.0..57.0).contains(&rate), "{rate}");
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
        "first token",
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
