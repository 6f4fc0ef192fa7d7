//! Plans given to `run train` that contradict the model, the job or themselves.

use super::words;
use crate::{json, refused, strait};

#[test]
fn a_plan_that_would_be_left_alone_in_part_is_refused() {
    let job = "run train llama-3.1-8b --on h100-sxm --chips 16 --batch 16";
    for (flags, wants) in [
        (
            "--ep 8",
            "--ep 8 deals experts to ranks, and Llama 3.1 8B has none",
        ),
        ("--chunks 4 --pp 1", "--pp 1 makes one stage"),
        ("--chunks 9 --pp 4", "is more than the 32 layers"),
        ("--pp 33", "is more than the 32 layers"),
        ("--microbatch 3", "--microbatch 3 does not divide --batch 16"),
        ("--tp 3", "--tp 3 does not divide the 32 heads"),
        (
            "--tp 8 --pp 4",
            "--tp x --cp x --pp is 32, which does not divide --chips 16",
        ),
        ("--cp 3", "--cp 3 does not divide --sequence 4096"),
    ] {
        refused(&words(&format!("{job} {flags}")), &[wants]);
    }
    refused(
        &words("run train deepseek-v3 --on h100-sxm --chips 1024 --batch 1024 --ep 48"),
        &["--ep 48 does not divide the chips of a stage"],
    );
    // Chunks of any number of stages leave one stage out.
    let v = json(&words(&format!("{job} --chunks 4 --tp 1")));
    let plan = &v["points"][0]["training"]["steps"][0]["plan"];
    assert_eq!(plan["chunks"], 4, "{v}");
    assert!(plan["pipeline"].as_u64().unwrap() > 1, "{v}");
}

#[test]
fn no_sequence_is_computed_that_was_not_asked_for() {
    // Of 16 sequences 4 replicas have 4 each: a microbatch of 8 would compute 32.
    let said = strait(&words(
        "run train llama-3.1-8b --on h100-sxm --chips 16 --batch 16 --tp 4 --pp 1 --microbatch 8",
    ));
    assert_eq!(said.code, 3, "{}", said.out);
    let v = json(&words(
        "run train llama-3.1-8b --on h100-sxm --chips 16 --batch 16 --tp 4 --pp 1 --microbatch 4 --recompute full",
    ));
    assert_eq!(v["points"][0]["training"]["steps"][0]["microbatches"], 1, "{v}");
}
