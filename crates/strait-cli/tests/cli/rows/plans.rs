//! Training rows by how much of their plan they give.

use super::{counted, line, scored};
use std::fs;

pub(super) const HEAD: &str = "id,model,chip,n_chips,precision,global_batch_seqs,seq_len,tp,pp,cp,ep,vpp,microbatch,recompute,zero,\
    tokens_per_s_per_chip,source,notes";

/// Llama 3.1 70B on 64 A100 without tensor or pipeline groups: only with weights shared out does it fit.
fn sharded(id: &str, zero: &str, source: &str, notes: &str) -> String {
    format!("{id},llama-3.1-70b,A100-80GB-SXM,64,bf16,64,8192,1,1,1,,1,1,full,{zero},331,{source},{notes}\n")
}

#[test]
fn sharding_that_a_row_does_not_say_is_searched_and_a_plan_without_experts_is_whole() {
    let at = tempfile::tempdir().unwrap();
    let rows = [
        sharded("open", "", "", ""),
        sharded("column", "3", "", ""),
        sharded("word", "ZeRO-3", "", ""),
        sharded("notes", "", "torchtitan", "FSDP2 weights sharded"),
        sharded("none", "5", "", ""),
    ];
    let found = scored(at.path(), &format!("{HEAD}\n{}", rows.concat()));
    let lines = fs::read_to_string(at.path().join("lines.csv")).unwrap();
    for (id, regime) in [
        ("open", "plan searched"),
        ("column", "plan given"),
        ("word", "plan given"),
        ("notes", "plan given"),
    ] {
        assert!(
            lines.contains(&format!("{id},training,{regime},")),
            "{id}: {lines}"
        );
        // 331 tokens/s a chip were published: 24.7 s.
        let [seconds, ..] = line(at.path(), &format!("{id} training"));
        assert!((seconds / 24.75).ln().abs() < 0.2, "{id}: {seconds}");
    }
    assert_eq!(counted(&found, "`zero` is `5`"), 1, "{found}");
    assert_eq!(counted(&found, "no plan fits"), 0, "{found}");
}

#[test]
fn recomputation_of_the_softwares_choice_is_searched_where_a_plan_does_not_fit_without() {
    let at = tempfile::tempdir().unwrap();
    let rows = "x,llama-3.1-8b,H100-80GB-SXM,8,bf16,16,8192,1,1,1,,1,2,selective,3,6667,torchtitan,\n";
    let found = scored(at.path(), &format!("{HEAD}\n{rows}"));
    assert_eq!(found["scores"][0]["regime"], "plan searched", "{found}");
    let [seconds, ..] = line(at.path(), "x training");
    assert!((seconds / 2.457).ln().abs() < 0.35, "{seconds}");
}
