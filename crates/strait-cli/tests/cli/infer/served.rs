//! Measured runs of serving: what a fit rests on, and how they are scored.

use crate::strait_in;
use std::fs;

const RUNS: &str = "id,silicon_data_source,backend,backend_version,model_path,system,precision,mode,isl,osl,gemm_quant_mode,\
moe_quant_mode,batch_size,tp_size,pp_size,attention_dp_size,moe_tp_size,moe_ep_size,silicon_ttft_ms,silicon_tpot_ms
a,db-dump/x; silicon_concurrency=4,vllm,1,meta-llama/Llama-3.1-70B,h100_sxm,fp8,agg,1024,1024,fp8,fp8,4,4,1,,1,1,110,10.5
b,db-dump/x; silicon_concurrency=64,vllm,1,meta-llama/Llama-3.1-70B,h100_sxm,fp8,agg,1024,1024,fp8,fp8,64,4,1,,1,1,300,19.5
c,db-dump/x; silicon_concurrency=4,vllm,1,meta-llama/Llama-3.1-70B,our_server,fp8,agg,1024,1024,fp8,fp8,4,4,1,,1,1,110,10.5
";

#[test]
fn a_fit_of_engines_says_what_its_spreads_rest_on() {
    let at = tempfile::tempdir().unwrap();
    fs::write(at.path().join("runs.csv"), RUNS).unwrap();
    let said = strait_in(at.path(), &["calibrate", "serving", "--measured", "."]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("within_tpot"), "{}", said.out);
    assert!(
        said.err.contains("without --operators DIR the spreads"),
        "{}",
        said.err
    );
}

#[test]
fn a_broken_record_of_served_runs_is_counted_with_its_line() {
    let at = tempfile::tempdir().unwrap();
    fs::write(at.path().join("runs.csv"), format!("{RUNS}d,one too few\n")).unwrap();
    let said = strait_in(at.path(), &["validate", "perf", "--measured", ".", "--json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("could not be read: ") && said.out.contains("runs.csv:5: 2 fields"),
        "{}",
        said.out
    );
}

#[test]
fn serving_runs_of_a_folder_are_scored() {
    let at = tempfile::tempdir().unwrap();
    fs::create_dir(at.path().join("serving")).unwrap();
    fs::write(at.path().join("serving/runs.csv"), RUNS).unwrap();
    let args = [
        "validate",
        "perf",
        "--measured",
        ".",
        "--json",
        "--out",
        "lines.csv",
    ];
    let said = strait_in(at.path(), &args);
    assert_eq!(said.code, 0, "{}", said.err);
    let v: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let first = v["scores"][0].as_object().unwrap();
    let keys: Vec<&str> = first.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "phase",
            "chip",
            "precision",
            "engine",
            "regime",
            "shapes",
            "n",
            "mape",
            "medape",
            "bias",
            "coverage90"
        ]
    );
    let tpot = v["scores"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["phase"] == "tpot" && s["engine"] == "VLLM");
    assert_eq!(tpot.unwrap()["n"], 2);
    assert!(tpot.unwrap()["mape"].as_f64().unwrap() < 40.0, "{tpot:?}");
    assert!(
        v["unpredicted"][0]["why"]
            .as_str()
            .unwrap()
            .contains("`our_server`")
    );
    let lines = fs::read_to_string(at.path().join("lines.csv")).unwrap();
    assert_eq!(lines.lines().count(), 3);
    let mapped: Vec<&str> = args
        .iter()
        .copied()
        .chain(["--map", "our_server=h200-sxm"])
        .collect();
    let said = strait_in(at.path(), &mapped);
    assert!(said.out.contains("nvidia-h200-sxm"), "{}", said.out);
}
