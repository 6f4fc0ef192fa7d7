//! What a `config.json` may say of its layers, tables inside it, and what is refused with a reason.

use super::config;
use strait::perf::models::read_config;
use strait::perf::{Mixer, Model};

const GLM: &str = r#"{"model_type":"glm_moe_dsa","hidden_size":64,"num_hidden_layers":4,"num_attention_heads":4,
"q_lora_rank":16,"kv_lora_rank":16,"qk_nope_head_dim":8,"qk_rope_head_dim":8,"v_head_dim":8,"index_n_heads":2,
"index_head_dim":8,"index_topk":32,"intermediate_size":64,"moe_intermediate_size":16,"n_routed_experts":4,
"num_experts_per_tok":2,"n_shared_experts":1,"first_k_dense_replace":1,"vocab_size":128}"#;

const MPT: &str = r#"{"model_type":"mpt","d_model":4096,"n_heads":32,"n_layers":32,"expansion_ratio":4,"max_seq_len":2048,
"learned_pos_emb":true,"vocab_size":50432,"attn_config":{"attn_type":"multihead_attention"}}"#;

const LING: &str = r#"{"model_type":"bailing_moe","hidden_size":2048,"intermediate_size":1408,"moe_intermediate_size":1408,
"num_experts":64,"num_shared_experts":2,"num_attention_heads":16,"num_experts_per_tok":6,"num_hidden_layers":28,
"num_key_value_heads":4,"first_k_dense_replace":0,"vocab_size":126464}"#;

fn with(text: &str, fields: &str) -> Model {
    config(&text.replace("\"vocab_size\"", &format!("{fields},\"vocab_size\"")))
}

fn refused(text: &str) -> String {
    let problems = read_config("m/config.json", text).expect_err("refused");
    let first = &problems.0[0];
    format!("{first} | {}", first.help.clone().unwrap_or_default())
}

#[test]
fn layers_that_an_indexer_serves_may_be_called_sparse() {
    let sparse = |n: usize| {
        format!(
            "\"layer_types\":[{}]",
            ["\"deepseek_sparse_attention\""; 4][..n].join(",")
        )
    };
    let (plain, named) = (config(GLM), with(GLM, &sparse(4)));
    assert_eq!(plain.blocks, named.blocks);
    assert_eq!(plain.latent, named.latent);
    assert_eq!(plain.parameters(), named.parameters());
    // A family without an indexer has no such layer.
    let dense = GLM.replace("glm_moe_dsa", "deepseek_v3");
    let dense = dense.replace("\"vocab_size\"", &format!("{},\"vocab_size\"", sparse(4)));
    let text = refused(&dense);
    assert!(text.contains("deepseek_sparse_attention"), "{text}");
    assert!(
        refused(&GLM.replace("\"vocab_size\"", &format!("{},\"vocab_size\"", sparse(3))))
            .contains("3 layers of 4")
    );
}

#[test]
fn mpt_keeps_positions_and_key_heads_as_its_attention_says() {
    let with = |fields: &str| config(&MPT.replace("\"multihead_attention\"", fields));
    let learned = config(MPT);
    assert_eq!((learned.positions, learned.kv_heads), (2048, 32));
    // As the file of mosaicml/mpt-7b has it.
    let alibi = with(r#""multihead_attention","alibi":true,"alibi_bias_max":8"#);
    assert_eq!(alibi.positions, 0);
    assert_eq!(learned.parameters() - alibi.parameters(), 2048 * 4096);
    assert_eq!(
        with(r#""multihead_attention","alibi":false,"rope":true"#).positions,
        0
    );
    let grouped = with(r#""grouped_query_attention","kv_n_heads":8"#);
    assert_eq!(
        grouped.kv_elements_per_token() * 4,
        learned.kv_elements_per_token()
    );
    assert_eq!(with(r#""multiquery_attention""#).kv_heads, 1);
    let text = refused(&MPT.replace(
        "\"multihead_attention\"",
        r#""grouped_query_attention","kv_n_heads":"8""#,
    ));
    assert!(text.contains("`kv_n_heads` of `attn_config`"), "{text}");
}

#[test]
fn windows_may_be_spelt_in_letters() {
    let text = r#"{"model_type":"exaone4","hidden_size":64,"num_hidden_layers":10,"num_attention_heads":4,
        "intermediate_size":64,"sliding_window":16,"vocab_size":128}"#;
    let count = |m: &Model| {
        let full = m.blocks.iter().filter(|b| b.mixer == Mixer::Full);
        full.map(|b| b.count).sum::<u32>()
    };
    // Layers 4, 8 and the last, which sees all whatever its letter.
    assert_eq!(count(&with(text, r#""sliding_window_pattern":"LLLG""#)), 3);
    assert_eq!(count(&with(text, r#""sliding_window_pattern":4"#)), 2);
    let other = text.replace(
        "\"vocab_size\"",
        r#""sliding_window_pattern":"LLXG","vocab_size""#,
    );
    assert!(refused(&other).contains("`sliding_window_pattern` is `LLXG`"));
}

#[test]
fn shared_experts_have_the_width_that_the_file_gives() {
    let (same, wider) = (
        config(LING),
        with(LING, "\"moe_shared_expert_intermediate_size\":2816"),
    );
    let shared = 28 * 2 * 3 * 2048 * 1408;
    assert_eq!(wider.parameters() - same.parameters(), shared);
    let odd = LING.replace(
        "\"vocab_size\"",
        "\"moe_shared_expert_intermediate_size\":2000,\"vocab_size\"",
    );
    assert!(refused(&odd).contains("`moe_shared_expert_intermediate_size` is `2000`"));
}

#[test]
fn numbers_that_are_not_finite_do_not_hide_the_reason() {
    let text =
        "{\"model_type\":\"nemotron_h\",\n\"time_step_limit\":[0.0,Infinity],\"low\":-Infinity,\"odd\":NaN}";
    let reason = refused(text);
    assert!(reason.contains("state-space (Mamba) layers"), "{reason}");
    // A word inside a text stays what it is, and lines stay where they were.
    let text = "{\"a\":\"\\\"Infinity\",\"b\":[Infinity],\n\"model_type\":\"Infinity \"}";
    let reason = refused(text);
    assert!(
        reason.contains("m/config.json:2") && reason.contains("`Infinity `"),
        "{reason}"
    );
    assert!(refused("{\"a\":Infinit}").contains("not JSON"));
}

#[test]
fn families_with_what_is_not_modelled_are_refused_with_what_that_is() {
    for (kind, what) in [
        ("gemma4_text", "global_head_dim"),
        ("mimo_v2_flash", "swa_num_key_value_heads"),
        ("step3p7", "attention_other_setting"),
        ("deepseek_v4", "compress_ratios"),
        ("minimax_m3_vl", "sparse_attention_config"),
        ("glm5_next_text", "residual streams"),
    ] {
        let text = refused(&format!("{{\"model_type\":\"{kind}\"}}"));
        assert!(text.contains(kind) && text.contains(what), "{kind}: {text}");
    }
}
