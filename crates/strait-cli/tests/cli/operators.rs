//! `strait validate perf --measured` and `strait calibrate`

use crate::{strait, strait_in};
use std::fs;
use std::path::Path;

const HEAD: &str = "framework,version,gemm_dtype,m,n,k,latency\n";

/// A folder of one table of two engines on a system the data know, one on a system they do not.
fn folder(at: &Path) {
    let mut table = String::from(HEAD);
    for m in [1, 16, 256, 4096] {
        for n in [1024, 8192] {
            for k in [2048, 8192] {
                // Roughly an H100: 6 us, 2.6 TB/s, 650 TFLOP/s.
                let flop = 2.0 * f64::from(m) * f64::from(n) * f64::from(k);
                let bytes = 2.0 * f64::from(n) * f64::from(k);
                let ms = 6e-3 + (flop / 650e9).max(bytes / 2.6e9);
                table.push_str(&format!(
                    "A,1,bfloat16,{m},{n},{k},{ms}\nB,2,bfloat16,{m},{n},{k},{}\n",
                    ms * 1.1
                ));
            }
        }
    }
    fs::write(at.join("h100_sxm.gemm.csv"), &table).unwrap();
    fs::write(at.join("our_server.gemm.csv"), &table).unwrap();
    fs::write(at.join("h100_sxm.sampling.csv"), "framework,latency\nA,1\n").unwrap();
}

#[test]
fn a_measured_folder_is_scored() {
    let at = tempfile::tempdir().unwrap();
    folder(at.path());
    let said = strait_in(
        at.path(),
        &[
            "validate",
            "perf",
            "--measured",
            ".",
            "--json",
            "--out",
            "calls.csv",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let v: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let keys: Vec<&String> = v.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["strait", "scores", "unpredicted"]);
    let first = v["scores"][0].as_object().unwrap();
    let keys: Vec<&String> = first.keys().collect();
    assert_eq!(
        keys,
        [
            "operator",
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
    let best = v["scores"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["engine"] == "best" && s["regime"] == "all" && s["shapes"] == "grid")
        .unwrap();
    assert_eq!(
        (best["n"].as_u64(), best["chip"].as_str()),
        (Some(16), Some("nvidia-h100-sxm"))
    );
    assert!(best["mape"].as_f64().unwrap() < 60.0, "{best}");
    let why: Vec<&str> = v["unpredicted"]
        .as_array()
        .unwrap()
        .iter()
        .map(|u| u["why"].as_str().unwrap())
        .collect();
    assert_eq!(
        why,
        [
            "system `our_server` is mapped to no chip",
            "table `sampling` has no model"
        ]
    );
    let csv = fs::read_to_string(at.path().join("calls.csv")).unwrap();
    assert!(
        csv.starts_with(
            "operator,chip,precision,engine,regime,shapes,call,measured_ms,computed_ms,low_ms,high_ms\n"
        ),
        "{csv}"
    );
    // Every row of both engines, and the faster of each shape.
    assert_eq!(csv.lines().count(), 1 + 3 * 16);
    assert!(
        csv.contains("gemm,nvidia-h100-sxm,bf16,A,over_20us,real,m=4096 n=8192 k=8192,"),
        "{csv}"
    );
}

#[test]
fn a_chip_never_measured_is_mapped_by_hand() {
    let at = tempfile::tempdir().unwrap();
    folder(at.path());
    let args = [
        "validate",
        "perf",
        "--measured",
        ".",
        "--map",
        "our_server=h20",
        "--json",
    ];
    let said = strait_in(at.path(), &args);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("nvidia-h20-96gb"), "{}", said.out);
}

#[test]
fn a_fit_is_written_read_back_and_the_same_again() {
    let at = tempfile::tempdir().unwrap();
    folder(at.path());
    fs::create_dir_all(at.path().join("mine/perf")).unwrap();
    for out in ["mine/perf/operators.toml", "again.toml"] {
        let said = strait_in(
            at.path(),
            &[
                "calibrate",
                "--measured",
                ".",
                "--map",
                "our_server=h20",
                "--sample",
                "16",
                "--out",
                out,
            ],
        );
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let text = fs::read_to_string(at.path().join("mine/perf/operators.toml")).unwrap();
    assert_eq!(text, fs::read_to_string(at.path().join("again.toml")).unwrap());
    assert!(
        text.contains("seed    = 1") && text.contains("[[engine]]"),
        "{text}"
    );
    let said = strait_in(
        at.path(),
        &["validate", "perf", "--measured", ".", "--data", "mine"],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("gemm"), "{}", said.out);
}

#[test]
fn what_cannot_be_read_is_told() {
    let at = tempfile::tempdir().unwrap();
    let refused = |file: &str, text: &str, words: &[&str]| {
        fs::write(at.path().join(file), text).unwrap();
        let said = strait_in(at.path(), &["validate", "perf", "--measured", "."]);
        assert_eq!(said.code, 2, "{}", said.out);
        let flat = said
            .err
            .replace(['│', '\n'], " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        for word in words {
            assert!(flat.contains(word), "no `{word}` in {flat}");
        }
        fs::remove_file(at.path().join(file)).unwrap();
    };
    refused(
        "l40s.gemm.csv",
        "framework,version,gemm_dtype,m,n,latency\nA,1,bf16,1,2,0.1\n",
        &["l40s.gemm.csv:1", "column `k` is missing"],
    );
    // No other row is left.
    refused(
        "l40s.gemm.csv",
        &format!("{HEAD}A,1,bf16,1,2,x,0.1\n"),
        &[
            "no row of `.` can be used",
            "l40s.gemm.csv:2",
            "column `k` is `x`",
        ],
    );
    refused(
        "l40s.gemm.parquet",
        "no parquet",
        &["l40s.gemm.parquet", "not a Parquet table"],
    );
    let said = strait_in(at.path(), &["validate", "perf", "--measured", "."]);
    assert!(
        said.code == 2 && said.err.contains("holds no measured table"),
        "{}",
        said.err
    );
    let said = strait(&["validate", "cost", "--measured", "."]);
    assert_eq!(said.code, 2);
}

#[test]
fn a_bad_row_is_counted_with_its_line_and_the_others_are_scored() {
    let at = tempfile::tempdir().unwrap();
    folder(at.path());
    let path = at.path().join("h100_sxm.gemm.csv");
    let mut table = fs::read_to_string(&path).unwrap();
    table.push_str("\nA,1,bfloat16,1,2,x,0.1\nA,1,bfloat16,1\n");
    let last = table.lines().count();
    fs::write(&path, table).unwrap();
    let said = strait_in(at.path(), &["validate", "perf", "--measured", ".", "--json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let v: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(v["scores"].as_array().is_some_and(|s| !s.is_empty()));
    let why: Vec<(&str, u64)> = v["unpredicted"]
        .as_array()
        .unwrap()
        .iter()
        .map(|u| (u["why"].as_str().unwrap(), u["n"].as_u64().unwrap()))
        .collect();
    let wrong = |line: usize, what: &str| format!("could not be read: h100_sxm.gemm.csv:{line}: {what}");
    let word = wrong(last - 1, "column `k` is `x`, not a number");
    let short = wrong(last, "4 fields where the header has 7");
    assert!(why.contains(&(&word, 1)) && why.contains(&(&short, 1)), "{why:?}");
}

#[test]
fn a_folder_in_which_no_system_is_known_is_refused_with_an_example() {
    let at = tempfile::tempdir().unwrap();
    folder(at.path());
    fs::remove_file(at.path().join("h100_sxm.gemm.csv")).unwrap();
    fs::remove_file(at.path().join("h100_sxm.sampling.csv")).unwrap();
    for command in [&["validate", "perf"][..], &["calibrate"]] {
        let said = strait_in(at.path(), &[command, &["--measured", "."]].concat());
        assert_eq!(said.code, 2, "{}", said.out);
        for word in [
            "mapped to a chip",
            "`our_server`",
            "--map our_server=",
            "`h100_sxm`",
        ] {
            assert!(said.err.contains(word), "no {word}: {}", said.err);
        }
    }
}

#[test]
fn a_mapped_system_without_a_table_is_refused_with_those_there_are() {
    let at = tempfile::tempdir().unwrap();
    folder(at.path());
    let map = ["--measured", ".", "--map", "our_servr=h100-sxm"];
    for command in [&["validate", "perf"][..], &["calibrate"]] {
        let said = strait_in(at.path(), &[command, &map].concat());
        assert_eq!(said.code, 2, "{}", said.out);
        for word in ["`our_servr`", "did you mean `our_server`?", "no table"] {
            assert!(said.err.contains(word), "no {word}: {}", said.err);
        }
    }
}

#[test]
fn a_chip_of_the_users_own_is_mapped_by_its_file() {
    let at = tempfile::tempdir().unwrap();
    folder(at.path());
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/chips/nvidia/h20-96gb.toml");
    let own = fs::read_to_string(shipped)
        .unwrap()
        .replacen("nvidia-h20-96gb", "nvidia-ours", 1);
    fs::write(at.path().join("chip.toml"), own).unwrap();
    let map = ["--map", "our_server=./chip.toml"];
    for command in [
        &["validate", "perf", "--measured", ".", "--json"][..],
        &["calibrate", "--measured", ".", "--sample", "16"],
    ] {
        let said = strait_in(at.path(), &[command, &map].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.out.contains("\"nvidia-ours\""), "{}", said.out);
    }
}

#[test]
fn a_fit_to_ones_own_tables_laid_over_the_data_answers() {
    let at = tempfile::tempdir().unwrap();
    folder(at.path());
    fs::remove_file(at.path().join("h100_sxm.gemm.csv")).unwrap();
    fs::create_dir_all(at.path().join("mine/perf")).unwrap();
    let map = ["--measured", ".", "--map", "our_server=h100-sxm"];
    let fit = ["--sample", "16", "--out", "mine/perf/operators.toml"];
    let said = strait_in(at.path(), &[&["calibrate"][..], &map, &fit].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("kept as they were"), "{}", said.err);
    let text = fs::read_to_string(at.path().join("mine/perf/operators.toml")).unwrap();
    assert!(text.contains("source  = \"user\""), "{text}");

    let infer = [
        "run",
        "infer",
        "llama-3.1-8b",
        "--on",
        "h100",
        "--tp",
        "1",
        "--users",
        "8",
    ];
    let infer = [&infer[..], &["--data", "mine"]].concat();
    let said = strait_in(at.path(), &infer);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        !said.out.contains("NaN") && !said.out.contains("inf "),
        "{}",
        said.out
    );

    let score = ["validate", "perf", "--json", "--data", "mine"];
    let said = strait_in(at.path(), &[&score[..], &map].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let v: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    for score in v["scores"].as_array().unwrap() {
        assert!(score["coverage90"].as_f64().unwrap() > 0.0, "{score}");
    }

    // A fit that lacks operators, as calibration wrote before, or that holds no number is refused.
    let decode = "operator  = \"attention_decode\"";
    let sets = text.split("\n[[set]]\n").filter(|set| !set.starts_with(decode));
    let few = sets.collect::<Vec<_>>().join("\n[[set]]\n");
    for (broken, word) in [
        (few, "no `[[set]]` of operator `attention_decode`"),
        (
            text.replacen("between = ", "between = nan #", 1),
            "`between` is `NaN`",
        ),
    ] {
        fs::write(at.path().join("mine/perf/operators.toml"), broken).unwrap();
        let said = strait_in(at.path(), &infer);
        assert_eq!(said.code, 2, "{}", said.out);
        let flat = said.err.replace(['│', '\n'], " ");
        let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(word), "no {word}: {flat}");
    }
}
