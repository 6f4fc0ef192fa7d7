//! `strait run infer`, and `strait validate perf` of serving runs and reported rows

mod experts;
mod served;

use crate::{json, strait, strait_in};
use std::fs;

#[test]
fn a_sweep_trades_speed_for_a_user_against_tokens_a_chip() {
    let v = json(&[
        "run",
        "infer",
        "llama-3.1-70b",
        "--on",
        "h100-sxm,h20",
        "--tp",
        "4",
    ]);
    let chips = v["chips"].as_array().unwrap();
    assert_eq!(chips.len(), 2);
    for chip in chips {
        let ways = chip["ways"].as_array().unwrap();
        assert!(ways.len() > 4, "{chip}");
        let number = |i: usize, name: &str| ways[i][name].as_f64().unwrap();
        for i in 1..ways.len() {
            assert!(number(i, "interactivity") < number(i - 1, "interactivity"));
            assert!(number(i, "ttft_s") > number(i - 1, "ttft_s"));
        }
        assert!(number(ways.len() - 2, "tokens_per_s_per_chip") > 5.0 * number(0, "tokens_per_s_per_chip"));
    }
    // One user at a time waits for memory alone: the H20 has more bandwidth than the H100.
    let first = |i: usize| chips[i]["ways"][0]["tpot_s"].as_f64().unwrap();
    assert!(first(1) < first(0));
    for chip in chips {
        assert_eq!(chip["precision"], "fp8");
        assert!(chip["within90"][1].as_f64().unwrap() > 1.0);
    }
}

fn asked(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

#[test]
fn every_answer_has_its_interval_and_one_nobody_measured_a_wider() {
    let args = asked("run infer llama-3.1-70b --on h100-sxm,h20,ascend-910c --tp 8 --users 8");
    let v = json(&args);
    let chips = v["chips"].as_array().unwrap();
    let mut widths = Vec::new();
    for chip in chips {
        let way = &chip["ways"][0];
        for name in [
            "ttft_s",
            "tpot_s",
            "interactivity",
            "tokens_per_s_per_chip",
            "requests_per_s",
            "chip_watts",
            "wall_watts_per_chip",
            "joules_per_output_token",
        ] {
            let of = |end: &str| way[format!("{name}{end}")].as_f64().unwrap();
            assert!(of("_low") < of("") && of("") < of("_high"), "{name} {way}");
        }
        widths.push(way["tpot_s_high"].as_f64().unwrap() / way["tpot_s"].as_f64().unwrap());
    }
    assert!(widths[2] > 1.1 * widths[0], "{widths:?}");
    assert_eq!(chips[2]["chip"], "huawei-ascend-910c");
    assert_eq!(chips[0]["operators_measured"], true);
    assert_eq!(chips[2]["operators_measured"], false);
    let said = strait(&args);
    let flat = crate::flat(&said.out);
    for words in [
        "90 %",
        "huawei-ascend-910c: times to a first token within a factor of",
        "no kernel of this one was among those measured",
        "No engine was measured on chips of this maker",
    ] {
        assert!(flat.contains(words), "no `{words}` in {flat}");
    }
}

#[test]
fn the_engine_and_its_versions_stand_beside_the_figures() {
    for (engine, words) in [
        ("best", "Engine: the best of SGLang (0.5.10"),
        ("trtllm", "Engine: TRTLLM (1.0.0"),
    ] {
        let args = [
            "run",
            "infer",
            "llama-3.1-8b",
            "--on",
            "ascend-910c",
            "--users",
            "4",
            "--engine",
            engine,
        ];
        let flat = crate::flat(&strait(&args).out);
        assert!(flat.contains(words), "{flat}");
        let v = json(&args);
        let name = if engine == "best" { "best" } else { "TRTLLM" };
        assert_eq!(v["strait"]["software"]["engine"], name);
        assert!(v["strait"]["software"]["versions"]["TRTLLM"][0].is_string());
        assert_eq!(v["chips"][0]["engine_measured"], false);
        if engine == "trtllm" {
            assert!(
                flat.contains("TRTLLM was never measured on chips of this maker"),
                "{flat}"
            );
        }
    }
    let at = |more: &[&str]| {
        let plain = asked("run infer llama-3.1-8b --on h100-sxm --tp 1 --users 1");
        let v = json(&[&plain, more].concat());
        v["chips"][0]["ways"][0]["tpot_s"].as_f64().unwrap()
    };
    assert!(at(&["--eager"]) > at(&[]));
    assert!(at(&["--cache", "warm"]) < at(&["--cache", "cold"]));
}

#[test]
fn limits_are_held_against_users_that_were_asked_for() {
    let line = "run infer llama-3.1-70b --on h20 --tp 4 --ttft 0.1 --users 8";
    let said = strait(&asked(line));
    assert_eq!(said.code, 3, "{}", said.out);
    assert!(said.out.contains("misses the limit"), "{}", said.out);
    let said = strait(&asked(
        "run infer llama-3.1-70b --on h20 --tp 4 --ttft 1 --users 8,100000",
    ));
    assert_eq!(said.code, 0, "{}", said.out);
    let flat = crate::flat(&said.out);
    assert!(
        flat.contains("kept") && flat.contains("100000 users do not fit a replica"),
        "{flat}"
    );
}

#[test]
fn a_side_without_an_end_is_said_in_words() {
    let args = asked("run infer llama-3.1-70b --on mtt-s4000 --users 8");
    let said = strait(&args);
    assert!(
        !said.out.contains("inf ") && !said.out.contains("NaN"),
        "{}",
        said.out
    );
    assert!(crate::flat(&said.out).contains("or more"), "{}", said.out);
    let all = strait(&asked(
        "run infer llama-3.1-8b --on h100-sxm --tp 1 --users 8 --output-tokens 1 --input-tokens 500",
    ));
    assert_eq!(all.code, 0, "{}", all.err);
    let v = json(&asked(
        "run infer llama-3.1-8b --on h100-sxm --tp 1 --users 8 --output-tokens 1 --input-tokens 500 --tpot 0.000001",
    ));
    let way = &v["chips"][0]["ways"][0];
    assert!(way["tpot_s"].is_null() && way["interactivity"].is_null(), "{way}");
    assert_eq!(way["keeps_limits"], true);
    assert!(way["ttft_s"].as_f64().unwrap() > 0.0);
}

#[test]
fn chips_that_no_replica_fits_on_are_left_idle_and_said() {
    let said = strait(&asked(
        "run infer llama-3.1-405b --on h100-sxm --chips 60 --output-tokens 256",
    ));
    assert_eq!(said.code, 0, "{}", said.out);
    assert!(crate::flat(&said.out).contains("idle"), "{}", said.out);
    let v = json(&asked(
        "run infer llama-3.1-70b --on h20 --chips 8 --input-tokens 1024 --output-tokens 512 --tpot 0.1",
    ));
    let ways = v["chips"][0]["ways"].as_array().unwrap();
    let rates: Vec<f64> = ways
        .iter()
        .map(|w| w["tokens_per_s_per_chip"].as_f64().unwrap())
        .collect();
    assert!(rates.windows(2).all(|pair| pair[1] > pair[0]), "{rates:?}");
}

#[test]
fn limits_choose_a_plan_and_none_is_told() {
    let at = tempfile::tempdir().unwrap();
    let args = |tpot| {
        let all = "run infer deepseek-v3 --on b200 --chips 8 --input-tokens 2000 --output-tokens 500 --ttft 3 --json";
        let mut args: Vec<&str> = all.split(' ').collect();
        args.extend(["--tpot", tpot, "--out", "ways.csv"]);
        args
    };
    let said = strait_in(at.path(), &args("0.05"));
    assert_eq!(said.code, 0, "{}", said.err);
    let v: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let ways = v["chips"][0]["ways"].as_array().unwrap();
    assert!(
        ways.iter()
            .all(|w| w["tpot_s"].as_f64().unwrap() <= 0.05 && w["ttft_s"].as_f64().unwrap() <= 3.0)
    );
    let table = fs::read_to_string(at.path().join("ways.csv")).unwrap();
    assert_eq!(table.lines().count(), ways.len() + 1);
    assert!(table.starts_with(
        "chip,tensor,data,experts,pipeline,users,keeps_limits,ttft_s,ttft_s_low,ttft_s_high,tpot_s,"
    ));
    let said = strait_in(at.path(), &args("0.0001"));
    assert_eq!(said.code, 3, "{}", said.out);
    assert!(
        said.out.contains("no plan on these chips keeps the limits"),
        "{}",
        said.out
    );
}

#[test]
fn operators_are_shown_with_what_binds_them() {
    let said = strait(&[
        "run",
        "infer",
        "gpt-oss-120b",
        "--on",
        "h100-sxm",
        "--tp",
        "2",
        "--users",
        "32",
        "--engine",
        "vllm",
        "--explain",
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    for words in [
        "experts",
        "memory bandwidth",
        "all-reduce",
        "bound by",
        "A decoding step on",
        "TP2",
    ] {
        assert!(said.out.contains(words), "no `{words}` in\n{}", said.out);
    }
}

#[test]
fn an_exchange_names_its_links_and_its_algorithm() {
    let line = "run infer llama-3.1-70b --on mi300x,h100-sxm --tp 8 --users 8 --explain";
    let words: Vec<&str> = line.split(' ').collect();
    let v = json(&words);
    for (at, topology) in [(0, "mesh of 8"), (1, "summing switch")] {
        let operators = v["chips"][at]["steps"][1]["operators"].as_array().unwrap();
        let of = |name: &str| operators.iter().find(|o| o["name"] == name).unwrap();
        assert_eq!(of("all-reduce")["topology"], topology);
        let algorithm = of("all-reduce")["algorithm"].as_str().unwrap();
        assert!(["one_shot", "two_shots"].contains(&algorithm), "{algorithm}");
        assert!(of("head").get("topology").is_none());
    }
    let said = strait(&words);
    assert!(said.out.contains(", mesh of 8)"), "{}", said.out);
    // Stages in two servers send over the network.
    let line = "run infer llama-3.1-405b --on h100-sxm --tp 8 --pp 2 --users 8 --explain";
    let v = json(&line.split(' ').collect::<Vec<_>>());
    let operators = v["chips"][0]["steps"][1]["operators"].as_array().unwrap();
    let sent = operators.iter().find(|o| o["name"] == "stage to stage").unwrap();
    assert_eq!(sent["topology"], "network");
}

#[test]
fn explained_steps_are_those_of_prompts_and_of_decoding_each_on_its_chip() {
    let line = "run infer llama-3.1-8b --on h100-sxm --decode-on h20 --tp 1 --chips 4 --users 1,8 \
                --input-tokens 20000 --output-tokens 100 --explain";
    let v = json(&asked(line));
    let steps = v["chips"][0]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 2);
    let (prompt, decode) = (&steps[0], &steps[1]);
    assert_eq!(
        (&prompt["step"], &prompt["chip"]),
        (&"prompt".into(), &"nvidia-h100-sxm".into())
    );
    assert_eq!(
        (&decode["step"], &decode["chip"]),
        (&"decode".into(), &"nvidia-h20-96gb".into())
    );
    // A prompt is computed in whole steps of at most 8,192 tokens; the parts make the prompt.
    let (tokens, parts) = (
        prompt["tokens"].as_f64().unwrap(),
        prompt["parts"].as_f64().unwrap(),
    );
    assert!(
        (tokens * parts - 20000.0).abs() < 1.0 && tokens <= 8192.0,
        "{prompt}"
    );
    assert_eq!(decode["users"], 8.0);
    assert_eq!(decode["sequences"], 8.0);
    assert_eq!(decode["cached"], 20050.0);
    let has = |step: &serde_json::Value, name: &str| {
        step["operators"]
            .as_array()
            .unwrap()
            .iter()
            .any(|o| o["name"] == name)
    };
    assert!(
        has(prompt, "attention over prompts") && !has(prompt, "attention of new tokens"),
        "{prompt}"
    );
    assert!(has(decode, "attention of new tokens"), "{decode}");
    let said = strait(&asked(line));
    let flat = crate::flat(&said.out);
    for words in [
        "A prompt on nvidia-h100-sxm",
        "With 8 users of a replica: one of the 3 steps of a prompt, 6667 tokens",
        "A decoding step on nvidia-h20-96gb",
        "With 8 users of a replica: 8 sequences in the step, each with 1 new token, 20050 tokens in all",
    ] {
        assert!(flat.contains(words), "no `{words}` in\n{}", said.out);
    }
    // An answer of one token has no decoding step.
    let line = "run infer llama-3.1-8b --on h100-sxm --tp 1 --users 1 --output-tokens 1 --explain";
    let v = json(&asked(line));
    let steps = v["chips"][0]["steps"].as_array().unwrap();
    assert!(steps.len() == 1 && steps[0]["step"] == "prompt", "{steps:?}");
    assert!(!strait(&asked(line)).out.contains("A decoding step"));
}

#[test]
fn without_graphs_a_step_waits_for_its_host_and_says_what_that_rests_on() {
    let line = "run infer llama-3.1-8b --on h100-sxm --tp 1 --precision bf16 --users 1,256 \
                --input-tokens 128 --output-tokens 8";
    let tpot = |v: &serde_json::Value, at: usize, end: &str| {
        v["chips"][0]["ways"][at][format!("tpot_s{end}").as_str()]
            .as_f64()
            .unwrap()
    };
    let graphs = json(&asked(line));
    let eager = json(&asked(&format!("{line} --eager")));
    // SGLang on one user's tokens without graphs: 8.23 and 9.28 ms (pull request 1401).
    let one = tpot(&eager, 0, "");
    assert!((0.0082..0.0097).contains(&one), "{one}");
    assert!(one > 1.2 * tpot(&graphs, 0, ""));
    // Its end is that of the slowest host, beyond what graphs leave.
    assert!(tpot(&eager, 0, "_high") > 0.0117, "{}", tpot(&eager, 0, "_high"));
    // A chip that is busy for longer hides it.
    assert!(tpot(&eager, 1, "") < 1.05 * tpot(&graphs, 1, ""));
    assert_eq!(eager["strait"]["software"]["host_us_per_kernel"][1], 29.0);
    assert!(graphs["strait"]["software"].get("host_us_per_kernel").is_none());
    let flat = crate::flat(&strait(&asked(&format!("{line} --eager"))).out);
    assert!(flat.contains("29 us each (15 to 40"), "{flat}");
}

#[test]
fn pools_may_stand_on_different_chips() {
    let v = json(&[
        "run",
        "infer",
        "llama-3.1-70b",
        "--on",
        "h100-sxm",
        "--decode-on",
        "h20",
        "--tp",
        "4",
        "--tpot",
        "0.04",
    ]);
    let way = &v["chips"][0]["ways"][0];
    assert_eq!(way["chip"], "nvidia-h100-sxm for prompts, nvidia-h20-96gb");
    assert!(way["prompt_replicas"].as_u64().unwrap() >= 1 && way["replicas"].as_u64().unwrap() >= 1);
    assert!(way["tpot_s"].as_f64().unwrap() <= 0.04);
    assert!(way["ttft_s_low"].as_f64().unwrap() < way["ttft_s"].as_f64().unwrap());
    let v = json(&asked(
        "run infer llama-3.1-70b --on h100-sxm --decode-on h20 --tp 4 --users 1,16,64",
    ));
    let users = v["chips"][0]["ways"].as_array().unwrap();
    let users: Vec<f64> = users.iter().map(|w| w["users"].as_f64().unwrap()).collect();
    assert_eq!(users, [1.0, 16.0, 64.0]);
}

#[test]
fn wrong_inference_flags_are_told() {
    for (args, words) in [
        ("run infer llama-4 --on h100-sxm", "no model is called"),
        (
            "run infer llama-3.1-8b --on h100-sxm --drafted 2 --accepted 3",
            "no more tokens are kept",
        ),
        ("run infer llama-3.1-8b --on h100-sxm --cached 1", "below 1"),
    ] {
        let said = strait(&args.split(' ').collect::<Vec<_>>());
        assert_eq!(said.code, 2, "{args}: {}", said.out);
        assert!(said.err.contains(words), "{args}: {}", said.err);
    }
    let said = strait(
        &"run infer llama-3.1-70b --on h100-sxm --tp 5"
            .split(' ')
            .collect::<Vec<_>>(),
    );
    assert_eq!(said.code, 3);
    assert!(said.out.contains("must divide the model's heads"), "{}", said.out);
}
