//! Operators of a layer's feed-forward part.

use super::lower::{See, Stack, collective, gemm, plain, sum};
use super::{Item, Part, Role, StepBatch, Work};
use crate::perf::ops::collective::Kind;
use crate::perf::ops::grouped_gemm::{GroupedGemm, Routing, Tokens};
use crate::perf::ops::pointwise::Pointwise;
use crate::perf::ops::{Cache, Call};
use crate::perf::{Experts, Feed};

/// Operators of `count` feed-forward parts of a kind over the rows of one attention replica.
pub(super) fn feed(s: &Stack<'_>, kind: Feed, count: f64, batch: &StepBatch, see: &mut See<'_>) {
    let rows = batch.rows();
    match (kind, s.model.experts) {
        (Feed::Experts, Some(e)) => experts(s, &e, count, batch, see),
        _ => {
            let tensor = f64::from(s.spread.tensor);
            dense(
                s,
                f64::from(s.model.inner) / tensor,
                s.model.gated,
                count,
                rows,
                see,
            );
            sum(s, count, batch, see);
        }
    }
}

fn dense(s: &Stack<'_>, inner: f64, gated: bool, count: f64, rows: f64, see: &mut See<'_>) {
    let hidden = f64::from(s.model.hidden);
    let (part, role, precision) = (Part::Feed, Role::Feed, s.formats.feed);
    let (name, width) = if gated {
        ("gate and up", 2.0 * inner)
    } else {
        ("up", inner)
    };
    gemm(see, part, role, name, count, (rows, width, hidden), precision);
    let activation = if gated {
        Pointwise::gated_activation(rows, inner, s.formats.wide())
    } else {
        Pointwise::activation(rows, inner, s.formats.wide())
    };
    plain(see, part, "activation", count, activation);
    gemm(see, part, role, "down", count, (rows, hidden, inner), precision);
}

fn experts(s: &Stack<'_>, e: &Experts, count: f64, batch: &StepBatch, see: &mut See<'_>) {
    let rows = batch.rows();
    let hidden = f64::from(s.model.hidden);
    let (tensor, data, stage) = (
        f64::from(s.spread.tensor),
        f64::from(s.spread.data),
        f64::from(s.spread.stage()),
    );
    let all = f64::from(e.count);
    let part = Part::Experts;
    gemm(
        see,
        part,
        Role::Wide,
        "router",
        count,
        (rows, all, hidden),
        s.formats.head(),
    );
    plain(
        see,
        part,
        "choice of experts",
        count,
        Pointwise::softmax(rows, all, 4.0),
    );
    if e.shared > 0 {
        let inner = f64::from(e.shared) * f64::from(e.width) / tensor;
        dense(s, inner, true, count, rows, see);
    }
    let stream = e.stream(hidden);
    let narrowed = (e.narrowed > 0).then_some(Role::Feed);
    let (weights, wide) = (s.formats.feed, s.formats.wide());
    if let Some(role) = narrowed {
        // Every chip needs the whole of what its experts read.
        let shape = (rows, stream, hidden);
        gemm(see, part, role, "narrowed for the experts", count, shape, weights);
    }
    let tokens = rows * data;
    if data > 1.0 {
        exchange(s, e, count, tokens, batch, see);
    }
    let ranks = f64::from(s.spread.experts);
    let grouped = GroupedGemm {
        tokens,
        hidden: stream,
        inner: f64::from(e.width),
        chosen: f64::from(e.per_token),
        experts: all,
        tensor: stage / ranks,
        expert_ranks: ranks,
        matrices: 3.0,
        routing: s.mixture.routing,
        given: Tokens::Shared,
        walks_all: s.mixture.walks_all,
        precision: s.formats.experts,
        cache: Cache::Cold,
    };
    let work = Work::Call(Call::GroupedGemm(grouped));
    see(Item {
        name: "experts",
        part,
        role: Role::Experts,
        count,
        work,
    });
    if let Some(role) = narrowed {
        plain(
            see,
            part,
            "norm of their sum",
            count,
            Pointwise::norm(rows, stream, wide),
        );
        let shape = (rows, hidden, stream);
        gemm(see, part, role, "widened again", count, shape, weights);
    }
    // Attention replicas get their tokens back summed; otherwise shared and routed experts are summed together.
    sum(s, count, batch, see);
}

/// Tokens to the experts and back where attention is replicated: all to all, each token to the ranks of its
/// choices, or gathered by all and summed back, whichever moves less. Beyond the scale-up domain a token crosses the
/// network once to each domain it reaches. Where an imbalance is given, all wait for the busiest rank, which receives so
/// many times the mean, but each token once; under chance the mean is sent, and `links` of the engine has the waiting.
fn exchange(s: &Stack<'_>, e: &Experts, count: f64, tokens: f64, batch: &StepBatch, see: &mut See<'_>) {
    let hidden = e.stream(f64::from(s.model.hidden));
    let (data, ranks) = (f64::from(s.spread.data), f64::from(s.spread.experts));
    let narrow = s.formats.experts.activation;
    let chosen = f64::from(e.per_token);
    let reach = |among: f64| among * (1.0 - (1.0 - 1.0 / among).powf(chosen));
    let (spread_over, stride) = (f64::from(s.spread.stage()), f64::from(s.spread.tensor));
    let beyond = spread_over > f64::from(s.domain);
    let copies = if beyond {
        let domains = reach((spread_over / f64::from(s.domain)).ceil());
        // Routing by groups keeps a token's choices to so many of them.
        if e.groups > 0 {
            domains.min(f64::from(e.groups))
        } else {
            domains
        }
    } else {
        reach(ranks)
    };
    let group = [data, stride];
    if copies < data {
        let of_prompts = batch.prompts * batch.tokens / batch.rows();
        let open = if beyond { 1.0 - s.hidden * of_prompts } else { 1.0 };
        let busiest = match s.mixture.routing {
            Routing::Loaded { busiest } => busiest.min(data / copies).max(1.0),
            _ => 1.0,
        };
        // A rank sends its own tokens once to each that they reach.
        let sent = busiest * open * tokens / data * copies * hidden;
        collective(see, "dispatch", count, Kind::AllToAll, group, sent * narrow);
        collective(
            see,
            "combine",
            count,
            Kind::AllToAll,
            group,
            sent * s.formats.wide(),
        );
    } else {
        let whole = tokens * hidden;
        collective(
            see,
            "gather tokens",
            count,
            Kind::AllGather,
            group,
            whole * narrow,
        );
        collective(
            see,
            "sum back",
            count,
            Kind::ReduceScatter,
            group,
            whole * s.formats.wide(),
        );
    }
}
