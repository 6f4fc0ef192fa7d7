//! Traces and models that `strait run serve` reads, and what it refuses.

use super::AZURE;
use crate::{flat, refused, strait_in};
use serde_json::Value;
use std::fs;

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
    let told = flat(&said.err);
    for words in [
        "bad.csv:3",
        "`ContextTokens` is `many`",
        "a whole number of tokens",
    ] {
        assert!(told.contains(words), "no `{words}` in {told}");
    }
    refused(
        &["run", "serve", "llama-3.1-80b", "--on", "h100-sxm", "--rate", "1"],
        &["no model is called `llama-3.1-80b`", "llama-3.1-8"],
    );
    refused(
        &["run", "serve", "llama-3.1-8b", "--on", "h100-sxm"],
        &["--trace <FILE>|--rate <RATE,RATE>"],
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
        &["--tp 5 does not divide the 32 heads"],
    );
    refused(
        &["run", "serve", "llama-3.1-8b", "--on", "h100-sxm", "--rate=-1"],
        &["a number above zero"],
    );
}

#[test]
fn a_simulation_that_memory_would_not_hold_or_of_nothing_is_refused() {
    let line = |more: &str| format!("run serve llama-3.1-8b --on h100-sxm {more}");
    for (more, wants) in [
        ("--rate 1 --requests 100000000", "from 1 to 5,000,000"),
        ("--rate 1 --requests 0", "from 1 to 5,000,000"),
        ("--trace any.csv --first 0", "from 1 to 5,000,000"),
        ("--rate 1 --replicas 0", "0 is not in 1..=100000"),
        ("--rate 1 --ep 2 --tp 2", "Llama 3.1 8B has none"),
    ] {
        refused(&line(more).split(' ').collect::<Vec<_>>(), &[wants]);
    }
}

#[test]
fn a_replica_takes_two_nodes_only_where_one_does_not_hold_the_model() {
    let chips = |model: &str| {
        let args = [
            "run",
            "serve",
            model,
            "--on",
            "h100-sxm",
            "--rate",
            "0.5",
            "--requests",
            "20",
            "--json",
        ];
        let v = crate::json(&args[..9]);
        v["strait"]["chips_a_replica"].as_u64().unwrap()
    };
    assert_eq!(chips("llama-3.1-405b"), 8);
    assert_eq!(chips("deepseek-v3"), 16);
}

#[test]
fn a_model_is_a_config_json_too_and_a_broken_one_is_refused() {
    let at = tempfile::tempdir().unwrap();
    let config = |kv: u32| {
        format!(
            r#"{{"model_type":"llama","hidden_size":4096,"num_hidden_layers":32,"num_attention_heads":32,
"num_key_value_heads":{kv},"intermediate_size":14336,"vocab_size":128256}}"#
        )
    };
    fs::write(at.path().join("config.json"), config(8)).unwrap();
    fs::write(at.path().join("broken.json"), config(64)).unwrap();
    let served = |model| {
        let args = [
            "run",
            "serve",
            model,
            "--on",
            "h100-sxm",
            "--rate",
            "2",
            "--requests",
            "20",
            "--json",
        ];
        strait_in(at.path(), &args)
    };
    let ttft = |model| {
        let said = served(model);
        assert_eq!(said.code, 0, "{}", said.err);
        let v: Value = serde_json::from_str(&said.out).unwrap();
        v["simulation"]["ttft"]["p50"].as_f64().unwrap()
    };
    assert!((ttft("config.json") - ttft("llama-3.1-8b")).abs() < 1e-12);
    let said = served("broken.json");
    assert_eq!(said.code, 2);
    let text = flat(&said.err);
    assert!(
        text.contains("broken.json:2") && text.contains("`num_key_value_heads` is `64`"),
        "{text}"
    );
}
