//! Rows more than twice off are listed with the reason.

use super::{INFERENCE, scored};
use crate::strait_in;

#[test]
fn figures_more_than_twice_off_are_listed_one_by_one_with_the_reason() {
    let at = tempfile::tempdir().unwrap();
    let row = |id: &str, chip: &str, tpot: f64, rate: f64| {
        format!("{id},llama-3.1-70b,{chip},4,fp8,mixed,1024,1024,16,TP4,,,{tpot},mean,{rate},output,,\n")
    };
    // About 13 ms and 310 tokens/s a chip are computed.
    let rows = [
        row("fair", "h100-sxm", 13.0, 310.0),
        row("slow", "h100-sxm", 60.0, 310.0),
        row("fast", "h200-sxm", 1.0, 4000.0),
        row("", "h200-sxm", 1.0, 4000.0),
    ];
    let found = scored(at.path(), &format!("{INFERENCE}\n{}", rows.concat()));
    let far = found["far"].as_array().unwrap();
    let of = |id: &str, phase: &str| far.iter().find(|f| f["id"] == id && f["phase"] == phase);
    assert_eq!(far.len(), 5, "{found}");
    let slow = of("slow", "tpot").unwrap();
    assert!(slow["ratio"].as_f64().unwrap() < 0.5, "{slow}");
    assert_eq!(slow["why"], "no other row tells");
    // Another row of the chip lies off alike: that tells.
    let fast = of("fast", "throughput").unwrap();
    assert!(
        fast["why"]
            .as_str()
            .unwrap()
            .contains("its other rows come out at"),
        "{fast}"
    );
    // A row without an id is called by its number.
    assert!(of("row 4", "tpot").is_some(), "{found}");
    let said = strait_in(at.path(), &["validate", "perf", "--rows", "rows.csv"]);
    let text = crate::flat(&said.out);
    assert!(text.contains("Wrong by more than a factor of two:"), "{text}");
    assert!(
        text.contains("slow on nvidia-h100-sxm, tpot: computed 0."),
        "{text}"
    );
}
