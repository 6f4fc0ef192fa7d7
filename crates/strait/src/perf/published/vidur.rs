//! vidur's profiled layers: linear layers and attention of real models on A100 and A40, all-reduce and
//! send-receive on A100.

use super::{PublishedRow, Publisher, Work};
use crate::catalog::ChipId;
use crate::data::Problem;
use crate::figure::Place;
use crate::perf::measured::{Cell, Records};
use crate::perf::ops::attention_decode::Decode;
use crate::perf::ops::attention_prefill::Prefill;
use crate::perf::ops::collective::{Collective, Kind};
use crate::perf::ops::gemm::Gemm;
use crate::perf::ops::point_to_point::PointToPoint;
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::ops::{Arithmetic, Cache, Call, Precision};

const A100: &str = "nvidia-a100-sxm-80gb";
const A100_PAIR: &str = "nvidia-a100-pcie-80gb";
const A40: &str = "nvidia-a40";

#[derive(Clone, Copy)]
enum Table {
    Layers,
    Attention,
    AllReduce,
    SendReceive,
}

/// The chip and the kind of table a file's name means.
fn table(name: &str) -> Option<(&'static str, Table)> {
    let stem = name.split('.').next()?;
    Some(match stem {
        "vidur_a100_mlp" => (A100, Table::Layers),
        "vidur_a40_mlp" => (A40, Table::Layers),
        "a100_dgx_all_reduce" => (A100, Table::AllReduce),
        "a100_pairwise_nvlink_all_reduce" => (A100_PAIR, Table::AllReduce),
        "a100_dgx_send_recv" => (A100, Table::SendReceive),
        "a100_pairwise_nvlink_send_recv" => (A100_PAIR, Table::SendReceive),
        _ if stem.starts_with("a100_") && stem.ends_with("_attention") => (A100, Table::Attention),
        _ => return None,
    })
}

/// Whether a file's name is one of theirs.
#[must_use]
pub fn vidur_table(file: &str) -> bool {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    table(name).is_some()
}

struct Line<'a> {
    records: &'a Records,
    cells: &'a [Cell],
    row: usize,
}

impl Line<'_> {
    fn number(&self, column: &str) -> Result<Option<f64>, Problem> {
        let at = self.records.columns.iter().position(|c| c == column);
        let problem = |message: String| {
            let place = Place::line(&self.records.file, self.row);
            Problem::at(place, message).help("the column holds numbers in vidur's published tables")
        };
        let Some(cell) = at.and_then(|at| self.cells.get(at)) else {
            return Err(problem(format!("column `{column}` is missing")));
        };
        match cell {
            Cell::Empty => Ok(None),
            Cell::Number(n) if n.is_finite() => Ok(Some(*n)),
            other => Err(problem(format!(
                "row {}: column `{column}` is `{other:?}`",
                self.row
            ))),
        }
    }

    fn needed(&self, column: &str) -> Result<f64, Problem> {
        Ok(self.number(column)?.unwrap_or(0.0))
    }

    fn truth(&self, column: &str) -> bool {
        let at = self.records.columns.iter().position(|c| c == column);
        matches!(at.and_then(|at| self.cells.get(at)), Some(Cell::Text(t)) if t.eq_ignore_ascii_case("true"))
    }

    /// Median time of an operator in seconds, where it was timed.
    fn median(&self, operator: &str) -> Result<Option<f64>, Problem> {
        let ms = self.number(&format!("time_stats.{operator}.median"))?;
        Ok(ms.filter(|ms| *ms > 0.0).map(|ms| ms * 1e-3))
    }
}

/// The rows of one table; `None` where its name is none of theirs. Collectives that leave a node or a link
/// are passed over: they measure a network that the chip does not tell.
///
/// # Errors
/// The first column that is missing, and the first value that is no number.
pub fn read_vidur(records: &Records) -> Option<Result<Vec<PublishedRow>, Problem>> {
    let name = records.file.rsplit(['/', '\\']).next()?;
    let (chip, table) = table(name)?;
    let mut found = Vec::new();
    let width = records.columns.len().max(1);
    for (at, cells) in records.cells.chunks(width).enumerate() {
        let line = Line {
            records,
            cells,
            row: at + 1,
        };
        let timed = match table {
            Table::Layers => layers(&line),
            Table::Attention => attention(&line),
            Table::AllReduce => exchange(&line, "all_reduce"),
            Table::SendReceive => exchange(&line, "send_recv"),
        };
        let timed = match timed {
            Ok(timed) => timed,
            Err(problem) => return Some(Err(problem)),
        };
        found.extend(
            timed
                .into_iter()
                .map(|(operator, shape, work, seconds)| PublishedRow {
                    publisher: Publisher::Vidur,
                    chip: ChipId(chip.to_owned()),
                    operator,
                    shape,
                    work,
                    seconds,
                    by_host: false,
                }),
        );
    }
    Some(Ok(found))
}

type Timed = (&'static str, String, Work, f64);

/// Linear layers and what stands between them, of one model, split and number of tokens, in 16 bits.
fn layers(line: &Line<'_>) -> Result<Vec<Timed>, Problem> {
    let (tokens, split) = (
        line.needed("num_tokens")?,
        line.needed("num_tensor_parallel_workers")?,
    );
    let (heads, kv_heads) = (line.needed("n_head")?, line.needed("n_kv_head")?);
    let (hidden, inner) = (line.needed("n_embd")?, line.needed("n_expanded_embd")?);
    let gated = line.truth("use_gated_mlp");
    let width = hidden / heads;
    let (own, own_kv) = (heads / split, (kv_heads / split).max(1.0));
    let product = |n: f64, k: f64| {
        Work::Call(Call::Gemm(Gemm {
            m: tokens,
            n,
            k,
            precision: Precision::BF16,
            cache: Cache::Cold,
        }))
    };
    let own_inner = inner / split;
    let act = if gated {
        Pointwise::gated_activation(tokens, own_inner, 2.0)
    } else {
        Pointwise::activation(tokens, own_inner, 2.0)
    };
    let up = if gated { 2.0 * own_inner } else { own_inner };
    let works: [(&'static str, Work); 10] = [
        ("emb", Work::Pointwise(Pointwise::embedding(tokens, hidden, 2.0))),
        (
            "input_layernorm",
            Work::Pointwise(Pointwise::norm(tokens, hidden, 2.0)),
        ),
        (
            "post_attention_layernorm",
            Work::Pointwise(Pointwise::norm(tokens, hidden, 2.0)),
        ),
        ("attn_pre_proj", product((own + 2.0 * own_kv) * width, hidden)),
        (
            "attn_rope",
            Work::Pointwise(Pointwise::rotary(tokens, (own + own_kv) * width, 2.0)),
        ),
        ("attn_post_proj", product(hidden, own * width)),
        ("mlp_up_proj", product(up, hidden)),
        ("mlp_act", Work::Pointwise(act)),
        ("mlp_down_proj", product(hidden, own_inner)),
        ("add", Work::Pointwise(Pointwise::add(tokens, hidden, 2.0))),
    ];
    let mut found = Vec::new();
    for (operator, work) in works {
        if let Some(seconds) = line.median(operator)? {
            let shape = format!("{tokens} tokens, hidden {hidden}, inner {inner}, split {split}");
            found.push((operator, shape, work, seconds));
        }
    }
    Ok(found)
}

fn attention(line: &Line<'_>) -> Result<Vec<Timed>, Problem> {
    let split = line.needed("num_tensor_parallel_workers")?;
    let (all, heads) = (line.needed("n_q_head")?, line.needed("n_q_head")? / split);
    let kv_heads = (line.needed("n_kv_head")? / split).max(1.0);
    let head_dim = line.needed("n_embd")? / all;
    let (batch, tokens) = (line.needed("batch_size")?, line.needed("prefill_chunk_size")?);
    let cached = line.needed("kv_cache_size")?;
    let cache = Cache::Warm { copies: 1 };
    let mut found = Vec::new();
    if tokens > 0.0
        && let Some(seconds) = line.median("attn_prefill")?
    {
        // The kernel met every query with every key, before it or after (docs/accuracy.md has the evidence): as many
        // pairs as a causal call that begins half a chunk later.
        let call = Prefill {
            batch,
            tokens,
            cached: cached + 0.5 * tokens,
            heads,
            kv_heads,
            head_dim,
            value_dim: head_dim,
            window: f64::INFINITY,
            arithmetic: Arithmetic::Bits16,
            kv_bytes: 2.0,
            cache,
        };
        let shape = format!("{batch} x {tokens} tokens after {cached}");
        found.push((
            "attn_prefill",
            shape,
            Work::Call(Call::AttentionPrefill(call)),
            seconds,
        ));
    }
    if tokens == 0.0
        && let Some(seconds) = line.median("attn_decode")?
    {
        let call = Decode {
            batch,
            context: cached + 1.0,
            heads,
            kv_heads,
            head_dim,
            window: f64::INFINITY,
            kv_bytes: 2.0,
            cache,
        };
        let shape = format!("{batch} sequences over {cached} tokens");
        found.push((
            "attn_decode",
            shape,
            Work::Call(Call::AttentionDecode(call)),
            seconds,
        ));
    }
    Ok(found)
}

/// Collectives among chips of one node that share a link; `size` is in bytes.
fn exchange(line: &Line<'_>, operator: &'static str) -> Result<Vec<Timed>, Problem> {
    let (chips, node) = (line.needed("num_workers")?, line.needed("devices_per_node")?);
    let whole = line.needed("max_devices_per_node")?;
    let bytes = line.needed("size")?;
    // Four chips of a node with bridges between pairs talk over the host.
    let bridged = whole < 8.0 && chips > 2.0;
    let Some(seconds) = line
        .median(operator)?
        .filter(|_| chips <= node && !bridged && bytes > 0.0)
    else {
        return Ok(Vec::new());
    };
    let work = if operator == "all_reduce" {
        Work::Call(Call::Collective(Collective {
            kind: Kind::AllReduce,
            chips,
            stride: 1.0,
            bytes,
        }))
    } else {
        Work::Send(PointToPoint { bytes })
    };
    Ok(vec![(
        operator,
        format!("{bytes} bytes among {chips}"),
        work,
        seconds,
    )])
}
