//! Rows that contradict themselves.

use super::plans::HEAD;
use super::{INFERENCE, counted, scored};

#[test]
fn rows_that_contradict_themselves_are_counted_with_the_cell() {
    let at = tempfile::tempdir().unwrap();
    let row = |id: &str, chips: u32, spread: &str, tpot: &str, rate: &str| {
        format!(
            "{id},llama-3.1-70b,h100-sxm,{chips},fp8,mixed,1024,1024,16,{spread},,,{tpot},,{rate},output,,\n"
        )
    };
    let rows = [
        row("group", 1, "TP4", "20", ""),
        row("stages", 2, "TP2 PP2", "20", ""),
        row("bad", 4, "TP4", "-6", ""),
        row("word", 4, "TP4", "fast", "500"),
        row("enough", 4, "TP4", "20", ""),
    ];
    let found = scored(at.path(), &format!("{INFERENCE}\n{}", rows.concat()));
    assert_eq!(
        counted(&found, "spread `TP4` takes 4 chips, and the row has 1"),
        1
    );
    assert_eq!(counted(&found, "spread `TP2 PP2` takes 4 chips"), 1);
    assert_eq!(counted(&found, "`tpot_ms` is `-6`, where a number above zero"), 1);
    assert_eq!(found["scores"][0]["n"], 1, "{found}");
    assert!(
        found["taken"]
            .to_string()
            .contains("`tpot_ms` is no number above zero: left out")
    );
    let at = tempfile::tempdir().unwrap();
    let row = |tp: &str| format!("x,llama-3.1-8b,h100-sxm,8,bf16,16,8192,{tp},1,1,,1,1,full,1,6667,,\n");
    let found = scored(at.path(), &format!("{HEAD}\n{}{}", row("-2"), row("16")));
    assert_eq!(counted(&found, "`tp` is `-2`"), 1, "{found}");
    assert_eq!(counted(&found, "takes 16 chips, and the row has 8"), 1, "{found}");
}
