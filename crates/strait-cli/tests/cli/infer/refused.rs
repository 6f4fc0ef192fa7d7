//! Plans of `run infer` that contradict the model or themselves, and those that do not.

use crate::{json, refused};
use std::fs;

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

#[test]
fn a_plan_that_no_chip_could_run_is_refused_with_what_is_wrong() {
    for (line, wants) in [
        (
            "run infer llama-3.1-8b --on h100-sxm --pp 33",
            "more stages than Llama 3.1 8B has layers: 32",
        ),
        (
            "run infer llama-3.1-405b --on h100-sxm --tp 8 --chips 4",
            "takes 8 chips, --chips says that there are 4",
        ),
        (
            "run infer llama-3.1-70b --on h100-sxm --tp 5",
            "--tp 5 does not divide the 64 heads",
        ),
        (
            "run infer llama-3.1-8b --on h100-sxm --ep 8",
            "--ep 8 deals experts to ranks, and Llama 3.1 8B has none",
        ),
        (
            "run infer deepseek-v3 --on h200 --tp 8 --ep 3",
            "--ep 3 does not divide --tp x --dp, which is 8",
        ),
        (
            "run infer mixtral-8x7b --on h200 --tp 16 --ep 16",
            "more ranks than Mixtral 8x7B has experts: 8",
        ),
        (
            "run infer llama-3.1-8b --on h100-sxm --users 99999999999",
            "from 1 to 4,294,967,295",
        ),
    ] {
        refused(&words(line), &[wants]);
    }
    // The last of each that can be run.
    let ways = |line: &str| json(&words(line))["chips"][0]["ways"][0].clone();
    assert_eq!(
        ways("run infer llama-3.1-8b --on h100-sxm --pp 32 --users 32")["pipeline"],
        32
    );
    assert_eq!(
        ways("run infer llama-3.1-405b --on h100-sxm --tp 8 --chips 8 --users 1")["tensor"],
        8
    );
}

#[test]
fn replicas_of_a_dense_model_go_each_its_own_way() {
    let of = |line: &str| json(&words(line))["chips"][0]["ways"][0].clone();
    let one = of("run infer llama-3.1-8b --on h100-sxm --tp 1 --users 2");
    let eight = of("run infer llama-3.1-8b --on h100-sxm --dp 8 --users 16");
    assert_eq!(eight["experts"], 1);
    for name in ["ttft_s", "tpot_s", "tokens_per_s_per_chip"] {
        let ratio = eight[name].as_f64().unwrap() / one[name].as_f64().unwrap();
        assert!((ratio - 1.0).abs() < 1e-9, "{name}: {ratio}");
    }
    // Those of a mixture wait for each other.
    let mixture = of("run infer mixtral-8x7b --on h100-sxm --dp 8 --users 16");
    assert_eq!(mixture["experts"], 8);
}

#[test]
fn a_model_too_large_for_a_node_is_shared_over_two() {
    let v = json(&words("run infer deepseek-v3 --on h100-sxm --tp 16 --users 1,16"));
    let ways = v["chips"][0]["ways"].as_array().unwrap();
    assert_eq!(ways.len(), 2);
    assert!(ways.iter().all(|way| way["tensor"] == 16), "{v}");
}

#[test]
fn a_chip_of_the_users_own_may_be_called_anything() {
    let at = tempfile::tempdir().unwrap();
    let path = at.path().join("mine.toml");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/chips/nvidia/l40s.toml");
    let text = fs::read_to_string(file).unwrap();
    let renamed = text.replacen("id = \"nvidia-l40s\"", "id = \"my-card\"", 1);
    assert_ne!(renamed, text);
    fs::write(&path, renamed).unwrap();
    let v = json(&[
        "run",
        "infer",
        "llama-3.1-8b",
        "--on",
        path.to_str().unwrap(),
        "--users",
        "1",
    ]);
    assert_eq!(v["chips"][0]["chip"], "my-card", "{v}");
}
