//! `strait run train`: one step, chips side by side, sweeps, and files of them.

use crate::{flat, json, refused, strait, strait_in};
use std::fs;

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

/// The same but for rounding.
fn near(a: f64, b: f64) {
    assert!((a / b - 1.0).abs() < 1e-9, "{a} is not {b}");
}

const SWEEP: &str = "run train llama-3.1-8b --on h20,h100 --chips 16,32 --batch 64,128";

#[test]
fn chips_sizes_and_batches_are_each_answered_as_alone() {
    let v = json(&words(SWEEP));
    let points = v["points"].as_array().unwrap();
    let keys: Vec<_> = points
        .iter()
        .map(|p| {
            let of = |name: &str| p[name].as_u64().unwrap();
            (p["chip"].as_str().unwrap(), of("chips"), of("batch"))
        })
        .collect();
    let (h20, h100) = ("nvidia-h20-96gb", "nvidia-h100-sxm");
    let all = [h20, h100]
        .map(|chip| [(16, 64), (16, 128), (32, 64), (32, 128)].map(|(chips, batch)| (chip, chips, batch)));
    assert_eq!(keys, all.concat());
    for p in points {
        let (chip, chips, batch) = (p["chip"].as_str().unwrap(), &p["chips"], &p["batch"]);
        let line = format!("run train llama-3.1-8b --on {chip} --chips {chips} --batch {batch}");
        assert_eq!(json(&words(&line))["points"][0], *p, "{line}");
    }
}

#[test]
fn every_figure_has_its_interval_and_joules_are_watts_over_rate() {
    let v = json(&words(SWEEP));
    for p in v["points"].as_array().unwrap() {
        let of = |name: &str| p[name].as_f64().unwrap();
        for name in [
            "step_s",
            "tokens_per_s",
            "tokens_per_s_per_chip",
            "mfu",
            "hfu",
            "chip_watts",
            "wall_watts_per_chip",
            "joules_per_token",
        ] {
            let [low, value, high] = ["_low", "", "_high"].map(|end| of(&format!("{name}{end}")));
            assert!(
                0.0 < low && low < value && value < high,
                "{name}: {low} {value} {high}"
            );
        }
        let tokens = of("batch") * 4096.0;
        near(of("tokens_per_s") * of("step_s"), tokens);
        near(of("tokens_per_s_low") * of("step_s_high"), tokens);
        near(
            of("joules_per_token") * of("tokens_per_s_per_chip"),
            of("wall_watts_per_chip"),
        );
        // A node adds its host, fans and losses; a chip is neither idle nor above its board.
        assert!(of("wall_watts_per_chip") > of("chip_watts"));
        let board = if p["chip"] == "nvidia-h100-sxm" {
            700.0
        } else {
            550.0
        };
        assert!(
            of("chip_watts") > 0.2 * board && of("chip_watts_high") <= board,
            "{p}"
        );
        assert!(of("mfu_high") <= 1.0);
    }
}

#[test]
fn traffic_names_its_links_and_its_algorithm() {
    for (line, topology, between) in [
        (
            "--on tpu-v5p --chips 64 --tp 8",
            "torus of 3 axes in cubes of 4",
            None,
        ),
        ("--on mi300x --chips 64 --tp 8", "mesh of 8", None),
        (
            "--on gaudi2 --chips 64 --tp 16",
            "mesh of 8 over 21 of 24 ports",
            Some("halving"),
        ),
    ] {
        let line = format!("run train llama-3.1-70b --batch 64 --pp 1 --explain {line}");
        let v = json(&words(&line));
        let operators = v["points"][0]["operators"].as_array().unwrap();
        let sent = operators
            .iter()
            .find(|o| o["name"] == "tensor-parallel traffic")
            .unwrap();
        assert_eq!(sent["topology"], topology);
        assert!(sent["algorithm"].is_string());
        assert_eq!(sent.get("between_servers").and_then(|b| b.as_str()), between);
    }
}

#[test]
fn a_file_has_a_row_a_point_with_plan_and_memory_or_why_there_is_none() {
    let at = tempfile::tempdir().unwrap();
    let line = "run train llama-3.1-70b --on h20 --chips 8,64 --batch 512 --json --out steps.csv";
    let said = strait_in(at.path(), &words(line));
    assert_eq!(said.code, 0, "{}", said.err);
    let v: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let text = fs::read_to_string(at.path().join("steps.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    let cell = |row: usize, name: &str| {
        let at = head
            .iter()
            .position(|h| h == name)
            .unwrap_or_else(|| panic!("no column {name}"));
        rows[row][at].to_owned()
    };
    // Eight chips hold no 70B with its optimiser.
    assert!(cell(0, "why").starts_with("no plan fits"), "{text}");
    assert_eq!(
        (cell(0, "tokens_per_s"), cell(0, "tensor")),
        (String::new(), String::new())
    );
    assert_eq!(cell(1, "why"), "");
    let point = &v["points"][1];
    let number = |name: &str| cell(1, name).parse::<f64>().unwrap();
    for name in [
        "tokens_per_s",
        "tokens_per_s_low",
        "tokens_per_s_high",
        "mfu",
        "hfu",
    ] {
        near(number(name), point[name].as_f64().unwrap());
    }
    let best = &point["training"]["steps"][0];
    for name in ["tensor", "pipeline", "data", "chunks", "microbatch"] {
        assert_eq!(number(name), best["plan"][name].as_f64().unwrap(), "{name}");
    }
    let chips = number("tensor") * number("context") * number("pipeline") * number("data");
    assert_eq!(chips, 64.0);
    near(number("memory_gb"), best["memory"]["total"].as_f64().unwrap());
    assert!(number("memory_gb") <= number("usable_gb"));
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_is_told_by_the_name() {
    let at = tempfile::tempdir().unwrap();
    let line = format!("{SWEEP} --out steps.parquet");
    let said = strait_in(at.path(), &words(&line));
    assert_eq!(said.code, 0, "{}", said.err);
    let bytes = fs::read(at.path().join("steps.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}

#[test]
fn a_narrow_search_says_so_and_a_wide_one_is_no_slower() {
    let line = "run train llama-3.1-8b --on h100 --chips 16 --batch 16 --sequence 32768";
    let narrow = strait(&words(line));
    let said = flat(&narrow.out);
    assert!(said.contains("The search is narrow"), "{said}");
    assert!(said.contains("is not known without running it"), "{said}");
    assert!(said.contains("J a trained token"), "{said}");
    let line = format!("{line} --wide");
    let wide = strait(&words(&line));
    assert!(!wide.out.contains("narrow"), "{}", wide.out);
    let seconds = |line: &str| json(&words(line))["points"][0]["step_s"].as_f64().unwrap();
    assert!(seconds(&line) <= seconds(line.trim_end_matches(" --wide")));
}

#[test]
fn one_that_cannot_be_answered_does_not_hide_the_others() {
    let line = "run train llama-3.1-8b --on h20,ascend-910b2c --chips 16 --batch 64";
    let said = strait(&words(line));
    assert_eq!(said.code, 0, "{}", said.err);
    let text = flat(&said.out);
    assert!(
        text.contains(
            "16 huawei-ascend-910b2c, 64 sequences: unknown: memory bandwidth of huawei-ascend-910b2c"
        ),
        "{text}"
    );
    assert!(text.contains("The fastest plan of each"), "{text}");
    // Alone it is refused, with what is missing.
    refused(
        &words("run train llama-3.1-8b --on ascend-910b2c --chips 16 --batch 64"),
        &["unknown: memory bandwidth of huawei-ascend-910b2c"],
    );
    let none = strait(&words(
        "run train llama-3.1-70b --on h20,h100 --chips 8 --batch 64",
    ));
    assert_eq!(none.code, 3, "{}", none.out);
}

#[test]
fn a_file_of_no_known_form_is_refused_before_the_search() {
    for (name, words) in [
        ("steps.txt", "neither a CSV nor a Parquet file"),
        ("nowhere/steps.csv", "there is no folder `nowhere`"),
    ] {
        let line = format!("{SWEEP} --out {name}");
        refused(&self::words(&line), &[words]);
    }
}
