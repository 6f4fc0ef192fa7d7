//! The load of experts as an input.

use crate::{json, strait};

#[test]
fn a_load_of_experts_is_an_input_and_is_named() {
    let asked = |more: &str| {
        let line = format!("run infer deepseek-v3 --on h200 --tp 1 --dp 8 --ep 8 --users 256{more}");
        json(&line.split(' ').collect::<Vec<_>>())["chips"][0]["ways"][0].clone()
    };
    let [chance, even, uneven] = ["", " --imbalance 1", " --imbalance 2"].map(asked);
    let number = |way: &serde_json::Value, name: &str| way[name].as_f64().unwrap();
    assert_eq!(number(&even, "busiest_rank_over_mean"), 1.0);
    assert_eq!(number(&uneven, "busiest_rank_over_mean"), 2.0);
    assert!((1.05..1.3).contains(&number(&chance, "busiest_rank_over_mean")));
    for name in ["tpot_s", "ttft_s"] {
        assert!(number(&even, name) < number(&chance, name) && number(&chance, name) < number(&uneven, name));
    }
    let text = strait(&[
        "run",
        "infer",
        "deepseek-v3",
        "--on",
        "h200",
        "--tp",
        "8",
        "--ep",
        "8",
        "--users",
        "8",
        "--imbalance",
        "1.5",
    ]);
    let said = text.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("The busiest rank of experts gets 1.50 times the mean"),
        "{said}"
    );
    for (line, wants) in [
        ("run infer llama-3.1-8b --on h20 --imbalance 2", "has none"),
        (
            "run serve llama-3.1-8b --on h20 --rate 1 --imbalance 2",
            "has none",
        ),
        (
            "run train llama-3.1-8b --on h20 --chips 8 --batch 8 --imbalance 2",
            "has none",
        ),
        (
            "run infer deepseek-v3 --on h20 --imbalance 0.5",
            "from 1 (balanced)",
        ),
        (
            "run serve llama-3.1-8b --on h20 --rate 1 --tp 8 --ep 8",
            "--ep 8 deals experts to ranks, and Llama 3.1 8B has none",
        ),
    ] {
        let output = strait(&line.split(' ').collect::<Vec<_>>());
        let said = output
            .err
            .replace('│', " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert_eq!(output.code, 2, "{line}: {said}");
        assert!(said.contains(wants), "{line}: {said}");
    }
}

#[test]
fn ranks_of_experts_slow_a_served_mixture_by_their_load() {
    let asked = |more: &str| {
        let line = format!("run serve qwen3-30b-a3b --on h100-sxm --tp 4 --requests 200 --rate 4{more}");
        let v = json(&line.split(' ').collect::<Vec<_>>());
        (
            v["simulation"]["tpot"]["p50"].as_f64(),
            v["strait"]["imbalance"].clone(),
        )
    };
    let [shared, even, uneven] = ["", " --ep 4 --imbalance 1", " --ep 4 --imbalance 3"].map(asked);
    assert!(uneven.0.unwrap() > even.0.unwrap());
    assert!(shared.0.unwrap() > 0.0 && shared.1.is_null());
    assert_eq!(uneven.1, 3.0);
}
