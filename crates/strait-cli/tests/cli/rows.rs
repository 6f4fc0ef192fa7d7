//! `strait validate perf --rows`: reported rows of training, of inference, of both, and broken ones.

mod far;
mod plans;
mod refused;

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

/// Computed, low and high of the lines written, by id and phase.
fn lines(at: &Path) -> Vec<(String, [f64; 3])> {
    let text = fs::read_to_string(at.join("lines.csv")).unwrap();
    let of = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let numbers = [7, 8, 9].map(|n: usize| cells[n].parse().unwrap());
        (format!("{} {}", cells[0], cells[1]), numbers)
    };
    text.lines().skip(1).map(of).collect()
}

fn line(at: &Path, key: &str) -> [f64; 3] {
    let all = lines(at);
    all.iter()
        .find(|l| l.0 == key)
        .unwrap_or_else(|| panic!("{key}: {all:?}"))
        .1
}

#[test]
fn columns_called_needed_are_enough_and_what_is_taken_is_said() {
    let at = tempfile::tempdir().unwrap();
    let found = scored(
        at.path(),
        "model,chip,n_chips,precision,phase,input_len,output_len,batch_or_concurrency,ttft_ms,tpot_ms,tput_tok_s_per_chip\n\
         llama-3.1-8b,h100-sxm,1,fp8,mixed,1024,1024,16,60,6,2500\n",
    );
    assert_eq!(lines(at.path()).len(), 3, "{found}");
    let taken = found["taken"].to_string();
    for column in ["ttft_stat", "tpot_stat", "tput_kind"] {
        assert!(taken.contains(&format!("`{column}` is not said")), "{taken}");
    }
}

#[test]
fn all_there_are_is_more_than_a_thousand_users_in_formats_of_no_other_table() {
    let at = tempfile::tempdir().unwrap();
    scored(
        at.path(),
        &format!(
            "{INFERENCE}\n\
             r,Llama-3.1-8B,H100-80GB-SXM,1,fp8,mixed,128,4096,offline max load,TP1,,,,,14325,output,TensorRT-LLM 1.0,\n"
        ),
    );
    let [computed, ..] = line(at.path(), "r throughput");
    // 7,154 with a cache of 16 bits and 1,024 users.
    assert!((computed / 14325.0).ln().abs() < 0.3, "{computed}");
}

#[test]
fn a_chip_counted_in_dies_is_the_chip_and_remarks_in_brackets_name_none() {
    let at = tempfile::tempdir().unwrap();
    let rest = "mean,48.69,mean";
    let found = scored(
        at.path(),
        &format!(
            "{INFERENCE}\n\
             die,Qwen3-235B-A22B,\"Ascend-910C die (Atlas A3, 64 GB)\",16,w8a8,mixed,3584,1536,144,TP4 DP4 EP,4720,{rest},172.61,output,vLLM-Ascend,\n\
             chip,Qwen3-235B-A22B,Ascend-910C (somewhere),8,w8a8,mixed,3584,1536,144,TP2 DP4 EP,4720,{rest},345.22,output,vLLM-Ascend,\n\
             dies,DeepSeek-R1,\"Ascend-910C (package, 2 dies)\",160,int8,decode,1024,1024,128 per NPU,EP320 (dies),,,46.8,mean,2733,output,CloudMatrix-Infer,\"1 MTP token, 70% acceptance assumed\"\n\
             odd,Qwen3-235B-A22B,Ascend-910C die,3,w8a8,mixed,3584,1536,144,TP2,,{rest},172,output,vLLM-Ascend,\n"
        ),
    );
    for phase in ["ttft", "tpot", "throughput"] {
        let [die, chip] = ["die", "chip"].map(|id| line(at.path(), &format!("{id} {phase}")));
        assert_eq!(die, chip, "{phase}");
    }
    assert_eq!(
        counted(&found, "no whole number of huawei-ascend-910c"),
        1,
        "{found}"
    );
    let [decoding, low, high] = line(at.path(), "dies throughput");
    assert!(low < 2733.0 && 2733.0 < high, "{decoding} {low} {high}");
}

#[test]
fn rows_of_benchmarks_and_prompts_alone_are_scored_with_the_family_in_the_interval() {
    let at = tempfile::tempdir().unwrap();
    scored(
        at.path(),
        &format!(
            "{INFERENCE}\n\
             amd,Llama-2-70B (MLPerf),MI300X,8,fp8,mixed,benchmark dataset,~273 (measured TOKENS_PER_SAMPLE),Offline,,,,,,3481.8,output,vllm rocm,\n\
             own,Llama-2-70B (MLPerf),H100-80GB-SXM,8,fp8,mixed,benchmark dataset,~273 (measured TOKENS_PER_SAMPLE),Offline,,,,,,3000,output,TensorRT,\n\
             h20,DeepSeek-R1,H20-96GB,8,fp8,prefill,4096,1,,TP8,,,,,2062.5,input,SGLang,\n\
             mtp,DeepSeek-R1,H20-96GB,16,fp8,decode,4096,1536,32 per GPU,DP16+EP16,,,,,675,output,SGLang 0.5.2 + Ant patches,MTP 1 draft step\n"
        ),
    );
    let wide = |id: &str| {
        let [computed, _, high] = line(at.path(), &format!("{id} throughput"));
        high / computed
    };
    assert!(
        wide("amd") > 1.05 * wide("own"),
        "{} {}",
        wide("amd"),
        wide("own")
    );
    assert!(wide("h20") > 1.0 && wide("mtp") > 1.0);
}

#[test]
fn a_remark_in_brackets_after_a_chip_is_left_aside_in_training_too() {
    let at = tempfile::tempdir().unwrap();
    let row =
        |id: &str, chip: &str| format!("{id},llama-3.1-8b,{chip},8,bf16,16,8192,1,1,1,,1,1,full,3,6667,,\n");
    let found = scored(
        at.path(),
        &format!(
            "{}\n{}{}{}",
            plans::HEAD,
            row("plain", "H100-80GB-SXM"),
            row("remark", "H100-80GB-SXM (DGX)"),
            row("atlas", "Ascend-910B (Atlas 800T A2 NPUs)")
        ),
    );
    assert_eq!(
        line(at.path(), "plain training"),
        line(at.path(), "remark training")
    );
    assert_eq!(counted(&found, "is not known by that name"), 0, "{found}");
}
