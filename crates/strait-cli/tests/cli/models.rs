//! `strait models`, and `docs/models.md`, which shows what it prints.
//!
//! `STRAIT_UPDATE_DOCS=1 cargo test -p strait-cli --test cli models` writes the page anew.

use crate::{flat, json, strait, strait_in};
use std::fs;
use std::path::Path;
use strait::perf::models::family_names;

#[test]
fn the_page_shows_what_the_command_prints() {
    let shown = |line: &str| {
        let said = strait(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(said.code, 0, "{}", said.err);
        format!(
            "`strait {line}`:\n\n```text\n{}\n```\n",
            said.out.trim_matches('\n')
        )
    };
    let families: Vec<String> = family_names().map(|name| format!("`{name}`")).collect();
    let page = format!(
        "{HEAD}{}.\n{BETWEEN}{}\n{}",
        families.join(", "),
        shown("models --stated"),
        shown("models deepseek-v3")
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/models.md");
    if std::env::var_os("STRAIT_UPDATE_DOCS").is_some() {
        fs::write(&path, &page).expect("the page written");
        return;
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == page,
        "docs/models.md is not what the command prints: read the difference, and where it is right write it anew:\n  \
         STRAIT_UPDATE_DOCS=1 cargo test -p strait-cli --test cli models"
    );
}

const HEAD: &str = "# Models

Written by a test (`crates/strait-cli/tests/cli/models.rs`), which fails where the command prints something else.

A model is a file of `data/models/` or any Hugging Face `config.json`, given by its path wherever a model is named. Its fields
give widths, layers and experts in one typed form (`strait::perf::Model`); parameters, cache and arithmetic are counted from it:

| count | how |
|---|---|
| parameters | every matrix and table; norms and biases, below 0.1 %, are left out |
| active | what a token passes: experts it is sent to, shared ones, both embeddings |
| cache of a token | keys and values of every layer that caches, or its latent with an indexer's key; windows and chunks keep no more than they span, linear attention a state in 32 bits |
| FLOP of a token | 2 a parameter that multiplies (no input embedding), 2 heads (d_qk + d_v) an attended token and layer, 2 heads d an earlier token of an indexer |
| FLOP of a trained token | three forward passes, causal attention at the mean of what a token sees; nothing computed again |

`model_type` may be ";

const BETWEEN: &str = "
Models that also see are read by their `text_config`: the vision part is not counted. Not read, with the reason given: families
with state-space layers (Mamba hybrids: `jamba`, `bamba`, `falcon_h1`, `nemotron_h`, `granitemoehybrid` ...), whose operators no
model here has. Training computes sparse latent attention as all pairs, as its warm-up does; its model FLOP count the chosen tokens
alone.

## Beside published counts
Of `data/validation/models.csv`. Counts are as printed in their sources, most of them rounded, active ones often to one digit;
`recalled` are those that were written from memory and not looked up again. Parameters from the headers of published weights differ
by norms and biases alone. Families without a shipped model are held to their published totals by
`crates/strait/tests/perf/models/families.rs` and `configs.rs` beside it, where it stands of each where its file was read.

";

#[test]
fn a_model_is_counted_by_name_or_file() {
    let v = json(&["models", "llama-3.1-8b", "--context", "1000"]);
    let counts = &v["models"][0]["counts"];
    assert_eq!(counts["context"], 1000);
    assert_eq!(counts["parameters"], 8_029_995_008_u64);
    let formats = counts["formats"].as_array().unwrap();
    let bf16 = formats.iter().find(|f| f["format"] == "bf16").unwrap();
    assert_eq!(bf16["token"], 131_072.0);
    assert!((bf16["weights"].as_f64().unwrap() - 16.06).abs() < 0.01);
    assert!((bf16["sequence"].as_f64().unwrap() - 0.131_072).abs() < 1e-9);
    assert_eq!(v["models"][0]["stated"][0]["of"], "parameters");
    let all = json(&["models"]);
    assert!(all["models"].as_array().unwrap().len() > 40);
    let at = tempfile::tempdir().unwrap();
    fs::write(
        at.path().join("config.json"),
        r#"{"model_type":"minimax_m2","hidden_size":3072,"intermediate_size":1536,"num_hidden_layers":62,"num_attention_heads":48,
        "num_key_value_heads":8,"head_dim":128,"num_local_experts":256,"num_experts_per_tok":8,"vocab_size":200064}"#,
    )
    .unwrap();
    let said = strait_in(at.path(), &["models", "config.json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let text = flat(&said.out);
    assert!(
        text.contains("229 B") && text.contains("8 of 256 x 1536"),
        "{text}"
    );
    for (args, wants) in [
        (vec!["models", "lama-3.1-8b"], "`llama-3.1-8b`"),
        (
            vec!["models", "config.json", "--stated"],
            "no published count of this model",
        ),
    ] {
        let said = strait_in(at.path(), &args);
        assert_eq!(said.code, 2);
        assert!(flat(&said.err).contains(wants), "{}", said.err);
    }
}
