//! `strait validate perf --rows`: reported rows of training, of inference, of both, and broken ones.

use crate::{flat, strait_in};
use serde_json::Value;
use std::fs;
use std::path::Path;

const INFERENCE: &str = "id,model,chip,n_chips,precision,phase,input_len,output_len,batch_or_concurrency,parallelism,ttft_ms,ttft_stat,\
    tpot_ms,tpot_stat,tput_tok_s_per_chip,tput_kind,engine,notes";

fn scored(at: &Path, text: &str) -> Value {
    fs::write(at.join("rows.csv"), text).unwrap();
    let said = strait_in(
        at,
        &[
            "validate",
            "perf",
            "--rows",
            "rows.csv",
            "--out",
            "lines.csv",
            "--json",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

fn counted(found: &Value, why: &str) -> u64 {
    let all = found["unpredicted"].as_array().unwrap();
    let of = |u: &&Value| u["why"].as_str().unwrap().contains(why);
    all.iter().filter(of).map(|u| u["n"].as_u64().unwrap()).sum()
}

#[test]
fn rows_of_inference_are_scored_or_told_why_not() {
    let at = tempfile::tempdir().unwrap();
    let found = scored(
        at.path(),
        &format!(
            "{INFERENCE}\n\
             x,Llama-3.3-70B,H100-80GB-SXM,2,fp8,mixed,1024,1024,offline max load,TP2,,,,,1900,output,TensorRT-LLM 1.0,\n\
             y,llama-3.1-70b,H100-80GB-SXM,2,fp8,mixed,a set,1024,offline max load,TP2,,,,,1900,output,TensorRT-LLM 1.0,\n\
             z,llama-3.1-70b,h100-sxm,2,fp8,mixed,1024,1024,offline max load,TP2,,,,,1900,output,TensorRT-LLM 1.0,\n\
             short,llama-3.1-70b,h100-sxm\n"
        ),
    );
    assert_eq!(found["scores"][0]["phase"], "throughput");
    assert_eq!(found["scores"][0]["n"], 2);
    assert!(found["scores"][0]["mape"].as_f64().unwrap() < 60.0, "{found}");
    assert_eq!(counted(&found, "lengths of prompts"), 1);
    assert_eq!(counted(&found, "3 cells where the header has 18"), 1);
}

#[test]
fn rows_of_training_are_scored_by_chip_precision_and_plan() {
    let at = tempfile::tempdir().unwrap();
    let found = scored(at.path(), include_str!("../fixtures/rows/training.csv"));
    let scores = found["scores"].as_array().unwrap();
    let of = |chip: &str, precision: &str, regime: &str| {
        let is = |s: &&Value| s["chip"] == chip && s["precision"] == precision && s["regime"] == regime;
        scores
            .iter()
            .find(is)
            .unwrap_or_else(|| panic!("{chip} {precision} {regime}: {found}"))
    };
    let all = of("all", "all", "plan given");
    assert_eq!(all["n"], 4);
    assert!(all["mape"].as_f64().unwrap() < 12.0, "{all}");
    assert_eq!(of("nvidia-h100-sxm", "amp_fp8", "plan given")["n"], 1);
    let mut keys: Vec<&String> = all.as_object().unwrap().keys().collect();
    keys.sort();
    let mut named = [
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
        "coverage90",
    ];
    named.sort_unstable();
    assert_eq!(keys, named);
    assert!(scores.iter().all(|s| s["phase"] == "training"));
    assert_eq!(counted(&found, "`GPT3-5B` is not among those"), 1);
    assert_eq!(counted(&found, "is not known by that name"), 1);
    let lines = fs::read_to_string(at.path().join("lines.csv")).unwrap();
    assert!(lines.starts_with("id,phase,regime,chip,precision,engine,measured,computed,low,high\n"));
    assert_eq!(lines.lines().count(), 5);
}

#[test]
fn a_file_with_the_columns_of_both_is_read_row_by_row() {
    let at = tempfile::tempdir().unwrap();
    let found = scored(
        at.path(),
        &format!(
            "{INFERENCE},global_batch_seqs,seq_len,tp,pp,microbatch,recompute,iter_time_s,source\n\
             x,llama-3.1-70b,h100-sxm,2,fp8,mixed,1024,1024,offline max load,TP2,,,,,1900,output,,,,,,,,,,\n\
             t,megatron-gpt-22b,a100-sxm-80gb,8,fp16,,,,,,,,,,,,,,4,2048,8,1,4,full,1.42,arXiv 2205.05198 Table 5\n"
        ),
    );
    let phases: Vec<&str> = found["scores"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["phase"].as_str().unwrap())
        .collect();
    assert!(
        phases.contains(&"throughput") && phases.contains(&"training"),
        "{found}"
    );
    assert_eq!(found["unpredicted"], Value::Array(Vec::new()), "{found}");
}

#[test]
fn a_header_of_neither_layout_is_told_what_it_lacks() {
    let at = tempfile::tempdir().unwrap();
    fs::write(
        at.path().join("other.csv"),
        "id,model,chip,n_chips,mfu_pct\nx,a,b,1,1\n",
    )
    .unwrap();
    let said = strait_in(at.path(), &["validate", "perf", "--rows", "other.csv"]);
    assert_eq!(said.code, 2);
    let text = flat(&said.err);
    for named in [
        "`precision`, `global_batch_seqs`, `seq_len`, one of `iter_time_s`, `tokens_per_s_per_chip`, `tflops_per_chip`",
        "`phase`, `input_len`, `output_len`, `batch_or_concurrency`, one of `ttft_ms`, `tpot_ms`, `tput_tok_s_per_chip`",
    ] {
        assert!(text.contains(named), "{text}");
    }
    assert!(!text.contains("`chip`"), "{text}");
}
