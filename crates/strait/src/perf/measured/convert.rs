//! Columns of a measured table to typed rows.

use super::line::{Line, Unread};
use super::{Harness, Records, Row};
use crate::catalog::ChipId;
use crate::data::Problem;
use crate::perf::ops::attention_decode::Decode;
use crate::perf::ops::attention_prefill::Prefill;
use crate::perf::ops::collective::{Collective, Kind};
use crate::perf::ops::custom_all_reduce::CustomAllReduce;
use crate::perf::ops::gemm::Gemm;
use crate::perf::ops::grouped_gemm::{GroupedGemm, Routing, Tokens};
use crate::perf::ops::mla::{LatentDecode, LatentPrefill};
use crate::perf::ops::{Arithmetic, Cache, Call, Precision};
use std::collections::BTreeMap;

/// Rows that were read and have no model, by reason.
pub type Skipped = BTreeMap<String, usize>;

/// How the reason of a record that cannot be read begins.
pub const UNREAD: &str = "could not be read";

/// Latent attention as the tables measure it: DeepSeek-V3's widths.
const LATENT: (f64, f64, f64, f64) = (192.0, 128.0, 576.0, 512.0);

/// The typed rows of a file's records.
///
/// # Errors
/// The first column that is missing, with the file and the nearest name.
/// A table of an unknown kind, a system without a chip and a record that cannot be read are no error: they are
/// counted in `skipped`, records of one file and column together under the line of the first.
pub fn rows(records: &Records, harness: &Harness, skipped: &mut Skipped) -> Result<Vec<Row>, Problem> {
    let mut skip = |why: String, n: usize| *skipped.entry(why).or_default() += n;
    let Some(chip) = harness.systems.get(&records.system) else {
        skip(
            format!("system `{}` is mapped to no chip", records.system),
            records.len(),
        );
        return Ok(Vec::new());
    };
    let Some(convert) = converter(&records.table) else {
        skip(format!("table `{}` has no model", records.table), records.len());
        return Ok(Vec::new());
    };
    let mut rows = Vec::with_capacity(records.len());
    let mut unread: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (at, cells) in records.cells.chunks(records.columns.len().max(1)).enumerate() {
        let line = Line { records, cells, at };
        match typed(&line, chip, convert, harness) {
            Ok(Ok(row)) => rows.push(row),
            Ok(Err(why)) => skip(why, 1),
            Err(Unread::Table(problem)) => return Err(problem),
            Err(Unread::Cell { column, message }) => unread.entry(column).or_insert((message, 0)).1 += 1,
        }
    }
    for (message, n) in unread.into_values() {
        let like = if n > 1 { ", and others of that column" } else { "" };
        skip(format!("{UNREAD}: {message}{like}"), n);
    }
    if let Some((line, wrong)) = records.malformed.first() {
        let n = records.malformed.len();
        let like = if n > 1 { ", and others like it" } else { "" };
        skip(format!("{UNREAD}: {}:{line}: {wrong}{like}", records.file), n);
    }
    Ok(rows)
}

/// The row of a record, or why none has a model.
fn typed(
    line: &Line<'_>,
    chip: &ChipId,
    convert: Convert,
    harness: &Harness,
) -> Result<Result<Row, String>, Unread> {
    let engine = line.text("framework")?.to_owned();
    let version = line.text_or("version", "").to_owned();
    let seconds = line.seconds("latency")?;
    Ok(match convert(line, harness, &engine, &version)? {
        Converted::Call(precision, call) => Ok(Row {
            system: line.records.system.clone(),
            chip: chip.clone(),
            engine,
            version,
            precision,
            call,
            seconds,
        }),
        Converted::Unknown(why) => Err(why),
    })
}

enum Converted {
    Call(&'static str, Call),
    Unknown(String),
}

type Convert = fn(&Line<'_>, &Harness, &str, &str) -> Result<Converted, Unread>;

fn converter(table: &str) -> Option<Convert> {
    Some(match table {
        "gemm" => gemm,
        "context_attention" => prefill,
        "generation_attention" => decode,
        "context_mla" => latent_prefill,
        "generation_mla" => latent_decode,
        "moe" => experts,
        "nccl" => collective,
        "custom_allreduce" => custom_all_reduce,
        _ => return None,
    })
}

fn unknown_precision(word: &str) -> Converted {
    Converted::Unknown(format!("precision `{word}` has no model"))
}

fn gemm(line: &Line<'_>, harness: &Harness, _: &str, _: &str) -> Result<Converted, Unread> {
    let word = line.text("gemm_dtype")?;
    let Some(precision) = Precision::of(word) else {
        return Ok(unknown_precision(word));
    };
    let call = Gemm {
        m: line.positive("m")?,
        n: line.positive("n")?,
        k: line.positive("k")?,
        precision,
        cache: Cache::Warm {
            copies: harness.gemm_copies,
        },
    };
    Ok(Converted::Call(precision.name, Call::Gemm(call)))
}

/// Short name of what attention multiplies and what its cache holds.
fn attention_precision(arithmetic: &str, cached: &str) -> Option<(&'static str, Arithmetic, f64)> {
    match (Precision::of(arithmetic)?.name, Precision::of(cached)?.name) {
        ("bf16", "bf16") => Some(("bf16", Arithmetic::Bits16, 2.0)),
        ("bf16", "fp8") => Some(("bf16_kv8", Arithmetic::Bits16, 1.0)),
        ("fp8", "fp8") => Some(("fp8", Arithmetic::Float8, 1.0)),
        _ => None,
    }
}

fn prefill(line: &Line<'_>, _: &Harness, _: &str, _: &str) -> Result<Converted, Unread> {
    let (word, cached) = (line.text("attn_dtype")?, line.text("kv_cache_dtype")?);
    let Some((name, arithmetic, kv_bytes)) = attention_precision(word, cached) else {
        return Ok(unknown_precision(&format!("{word} over {cached}")));
    };
    let head_dim = line.positive("head_dim")?;
    let call = Prefill {
        batch: line.positive("batch_size")?,
        tokens: line.positive("isl")?,
        cached: line.size("step")?,
        heads: line.positive("num_heads")?,
        kv_heads: line.positive("num_key_value_heads")?,
        head_dim,
        value_dim: head_dim,
        window: line.window(),
        arithmetic,
        kv_bytes,
        cache: Cache::Warm { copies: 1 },
    };
    Ok(Converted::Call(name, Call::AttentionPrefill(call)))
}

fn decode(line: &Line<'_>, _: &Harness, _: &str, _: &str) -> Result<Converted, Unread> {
    let (word, cached) = (line.text("attn_dtype")?, line.text("kv_cache_dtype")?);
    let Some((name, _, kv_bytes)) = attention_precision(word, cached) else {
        return Ok(unknown_precision(&format!("{word} over {cached}")));
    };
    let call = Decode {
        batch: line.positive("batch_size")?,
        context: line.size("step")? + 1.0,
        heads: line.positive("num_heads")?,
        kv_heads: line.positive("num_key_value_heads")?,
        head_dim: line.positive("head_dim")?,
        window: line.window(),
        kv_bytes,
        cache: Cache::Warm { copies: 1 },
    };
    Ok(Converted::Call(name, Call::AttentionDecode(call)))
}

fn latent_prefill(line: &Line<'_>, _: &Harness, _: &str, _: &str) -> Result<Converted, Unread> {
    let (word, cached) = (line.text("mla_dtype")?, line.text("kv_cache_dtype")?);
    let Some((name, arithmetic, kv_bytes)) = attention_precision(word, cached) else {
        return Ok(unknown_precision(&format!("{word} over {cached}")));
    };
    let call = LatentPrefill {
        batch: line.positive("batch_size")?,
        tokens: line.positive("isl")?,
        heads: line.positive("num_heads")?,
        query_dim: LATENT.0,
        value_dim: LATENT.1,
        arithmetic,
        kv_bytes,
        cache: Cache::Warm { copies: 1 },
    };
    Ok(Converted::Call(name, Call::MlaPrefill(call)))
}

fn latent_decode(line: &Line<'_>, _: &Harness, _: &str, _: &str) -> Result<Converted, Unread> {
    let (word, cached) = (line.text("mla_dtype")?, line.text("kv_cache_dtype")?);
    let Some((name, arithmetic, kv_bytes)) = attention_precision(word, cached) else {
        return Ok(unknown_precision(&format!("{word} over {cached}")));
    };
    let call = LatentDecode {
        batch: line.positive("batch_size")?,
        context: line.size("step")? + 1.0,
        heads: line.positive("num_heads")?,
        latent_dim: LATENT.2,
        value_dim: LATENT.3,
        arithmetic,
        kv_bytes,
        cache: Cache::Warm { copies: 1 },
    };
    Ok(Converted::Call(name, Call::MlaDecode(call)))
}

fn experts(line: &Line<'_>, harness: &Harness, engine: &str, version: &str) -> Result<Converted, Unread> {
    let word = line.text("moe_dtype")?;
    let Some(precision) = Precision::of(word) else {
        return Ok(unknown_precision(word));
    };
    let kernel = line.text_or("kernel_source", "");
    let (hidden, inner, chosen) = (
        line.positive("hidden_size")?,
        line.positive("inter_size")?,
        line.positive("topk")?,
    );
    let routing = match line.text("distribution")? {
        "balanced" | "uniform" => Routing::Balanced,
        "power_law_1.01" => Routing::Skewed,
        "power_law_1.2" => Routing::Steep,
        other => return Ok(Converted::Unknown(format!("distribution `{other}` has no model"))),
    };
    let gated = !(kernel.contains("nongated") || harness.ungated(hidden, inner, chosen));
    let call = GroupedGemm {
        tokens: line.positive("num_tokens")?,
        hidden,
        inner,
        chosen,
        experts: line.positive("num_experts")?,
        tensor: line.positive("moe_tp_size")?,
        expert_ranks: line.positive("moe_ep_size")?,
        matrices: if gated { 3.0 } else { 2.0 },
        routing,
        given: if harness.local_tokens(engine, version) {
            Tokens::Local
        } else {
            Tokens::Shared
        },
        // Triton kernels walk over every choice of every token; `vllm_fused_moe` is one of them.
        walks_all: kernel.contains("triton") && !kernel.contains("oaitriton") || kernel == "vllm_fused_moe",
        precision,
        cache: Cache::Warm { copies: 1 },
    };
    Ok(Converted::Call(precision.name, Call::GroupedGemm(call)))
}

fn collective(line: &Line<'_>, _: &Harness, _: &str, _: &str) -> Result<Converted, Unread> {
    let word = line.text("nccl_dtype")?;
    let Some(precision) = Precision::of(word) else {
        return Ok(unknown_precision(word));
    };
    let kind = match line.text("op_name")? {
        "all_reduce" => Kind::AllReduce,
        "all_gather" => Kind::AllGather,
        "reduce_scatter" => Kind::ReduceScatter,
        "alltoall" | "all_to_all" => Kind::AllToAll,
        other => return Ok(Converted::Unknown(format!("collective `{other}` has no model"))),
    };
    let call = Collective {
        kind,
        chips: line.positive("num_gpus")?,
        stride: 1.0,
        bytes: line.message("message_size")? * precision.activation,
    };
    Ok(Converted::Call("any", Call::Collective(call)))
}

fn custom_all_reduce(line: &Line<'_>, _: &Harness, _: &str, _: &str) -> Result<Converted, Unread> {
    let word = line.text("allreduce_dtype")?;
    let Some(precision) = Precision::of(word) else {
        return Ok(unknown_precision(word));
    };
    let call = CustomAllReduce {
        chips: line.positive("num_gpus")?,
        bytes: line.message("message_size")? * precision.activation,
    };
    Ok(Converted::Call("any", Call::CustomAllReduce(call)))
}
