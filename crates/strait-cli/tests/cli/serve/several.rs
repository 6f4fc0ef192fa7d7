//! Several chips or rates of `strait run serve`.

use crate::{flat, json, strait};

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
fn chips_are_compared_on_the_same_requests() {
    let ask =
        "run serve llama-3.1-70b --on h200-sxm,h20,ascend-910b2c --rate 2 --requests 80 --sla-tpot 0.05";
    let args: Vec<&str> = ask.split(' ').collect();
    let v = json(&args);
    let sweep = v["sweep"].as_array().unwrap();
    let chips: Vec<&str> = sweep.iter().map(|p| p["chip"].as_str().unwrap()).collect();
    assert_eq!(chips, ["nvidia-h200-sxm", "nvidia-h20-96gb"]);
    // One rate is what the chip alone is asked, not the trace stretched to it.
    let alone = json(
        &ask.replace("h200-sxm,h20,ascend-910b2c", "h20")
            .split(' ')
            .collect::<Vec<_>>(),
    );
    assert_eq!(sweep[1]["report"], alone["simulation"]);
    assert_eq!(sweep[1]["ends"], alone["interval90"]);
    assert_eq!(v["unanswered"][0]["chip"], "huawei-ascend-910b2c");
    let why = v["unanswered"][0]["why"].as_str().unwrap();
    assert!(why.contains("memory bandwidth"), "{why}");
    let said = strait(&args);
    let told = flat(&said.out);
    for words in [
        "served by several chips",
        "Not answered:",
        "1 replica of 1 chip in FP8",
    ] {
        assert!(told.contains(words), "no `{words}` in {told}");
    }
    let none = strait(
        &"run serve llama-3.1-8b --on ascend-910b2c,ascend-910b2c --rate 2"
            .split(' ')
            .collect::<Vec<_>>(),
    );
    assert_eq!(none.code, 3, "{}", none.out);
}
