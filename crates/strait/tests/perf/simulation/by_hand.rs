//! Small cases worked out by hand.

use super::{TEN_MS, alone, close, pool, request, run, settings};
use strait::figure::{GigabytesPerSecond, Quantity, Seconds};
use strait::perf::simulation::{Batching, Fleet, Preemption, Routing, Settings, Trace, Transfer};

#[test]
fn two_requests_worked_out_by_hand() {
    // 0–20 ms: prompt of the first. 20–50: its second token beside the prompt of the other. 50–60: both.
    let trace = Trace::new(vec![request(0.0, 10, 3, &[]), request(0.015, 20, 2, &[])], 0);
    let found = run(&trace, &alone(&TEN_MS, 1, 1000), &settings());
    close(found.served[0].ttft, 0.020);
    close(found.served[0].tpot, 0.020);
    close(found.served[0].latency, 0.060);
    close(found.served[1].queue, 0.005);
    close(found.served[1].ttft, 0.035);
    close(found.served[1].tpot, 0.010);
    close(Some(found.span), 0.060);
    let of = &found.replicas[0];
    assert_eq!((of.steps, of.prompt_tokens, of.output_tokens), (3, 30, 5));
}

#[test]
fn without_chunks_a_prompt_stops_the_others() {
    // 0–20: first prompt. 20–50: second prompt alone. 50–60, 60–70: decodes; the second ends at 60.
    let trace = Trace::new(vec![request(0.0, 10, 3, &[]), request(0.015, 20, 2, &[])], 0);
    let mut fleet = alone(&TEN_MS, 1, 1000);
    fleet.pool.batching = Batching::Separate { tokens: 16 };
    let found = run(&trace, &fleet, &settings());
    close(found.served[0].latency, 0.070);
    close(found.served[1].ttft, 0.035);
    close(found.served[1].latency, 0.045);
}

#[test]
fn a_prompt_is_cut_to_what_the_budget_leaves() {
    // Budget 16: 10 of the first prompt and 6 of the second (26 ms), then one decode and the last 14 (24 ms).
    let trace = Trace::new(vec![request(0.0, 10, 2, &[]), request(0.0, 20, 1, &[])], 0);
    let mut fleet = alone(&TEN_MS, 1, 1000);
    fleet.pool.batching = Batching::Chunked { tokens: 16 };
    let found = run(&trace, &fleet, &settings());
    close(found.served[0].ttft, 0.026);
    close(found.served[0].latency, 0.050);
    close(found.served[1].ttft, 0.050);
    assert_eq!(found.served[1].tpot, None, "one token has no time between tokens");
}

#[test]
fn a_full_cache_costs_the_one_admitted_last() {
    // Six blocks of four tokens; each request comes to fourteen tokens, four blocks. 26 ms for both prompts and
    // 10 for each of four decodes; at the sixth token the second loses its three blocks. The first ends at 76 ms,
    // then 13 tokens are computed again in 23 ms.
    let trace = Trace::new(vec![request(0.0, 8, 6, &[]), request(0.0, 8, 6, &[])], 0);
    let found = run(&trace, &alone(&TEN_MS, 1, 6), &settings());
    close(found.served[0].latency, 0.076);
    close(found.served[1].latency, 0.099);
    assert_eq!((found.served[0].preemptions, found.served[1].preemptions), (0, 1));
    assert_eq!(found.replicas[0].prompt_tokens, 8 + 8 + 13);
    assert_eq!(found.replicas[0].output_tokens, 12);

    // Moved to the host instead: twelve tokens at 1200 GB/s are 10 ms, out and back.
    let swap = Settings {
        preemption: Preemption::Swap {
            rate: GigabytesPerSecond::of(1200.0),
        },
        ..settings()
    };
    let found = run(&trace, &alone(&TEN_MS, 1, 6), &swap);
    close(found.served[0].latency, 0.086);
    close(found.served[1].latency, 0.106);
    assert_eq!(found.replicas[0].prompt_tokens, 16);
}

#[test]
fn a_pool_for_prompts_hands_its_caches_to_one_that_decodes() {
    // Prompt 0–20 ms; ten tokens at 1000 GB/s and 5 ms of latency until 35; two decodes until 55.
    let trace = Trace::new(vec![request(0.0, 10, 3, &[])], 0);
    let transfer = Transfer {
        rate: GigabytesPerSecond::of(1000.0),
        latency: Seconds::of(0.005),
    };
    let fleet = Fleet {
        pool: pool(&TEN_MS, 1, 100),
        decodes: Some((pool(&TEN_MS, 2, 100), transfer)),
    };
    let found = run(&trace, &fleet, &settings());
    close(found.served[0].ttft, 0.020);
    close(found.served[0].latency, 0.055);
    let roles: Vec<_> = found
        .replicas
        .iter()
        .map(|r| (r.role, r.finished, r.steps))
        .collect();
    assert_eq!(roles, [("prompts", 0, 1), ("decodes", 1, 2), ("decodes", 0, 0)]);
}

#[test]
fn parts_of_prompts_are_found_but_for_the_last_token() {
    let trace = Trace::new(
        vec![
            request(0.0, 20, 1, &[1, 2]),
            request(1.0, 22, 1, &[1, 2, 3]),
            request(2.0, 16, 1, &[1, 2]),
            request(3.0, 20, 1, &[9, 2]),
        ],
        8,
    );
    let found = run(&trace, &alone(&TEN_MS, 1, 100), &settings());
    let cached: Vec<u32> = found.served.iter().map(|r| r.cached).collect();
    // The third has both parts cached and must compute one token at least; a part counts behind the same start only.
    assert_eq!(cached, [0, 16, 8, 0]);
    close(found.served[1].ttft, 0.016);
    let off = Settings {
        prefix_cache: false,
        ..settings()
    };
    assert!(
        run(&trace, &alone(&TEN_MS, 1, 100), &off)
            .served
            .iter()
            .all(|r| r.cached == 0)
    );
}

#[test]
fn requests_that_share_a_prompt_go_where_it_is_cached() {
    let requests = (0..40u32).map(|i| {
        let group = u64::from(i % 4);
        request(f64::from(i) * 2.0, 40, 2, &[group * 10, group * 10 + 1])
    });
    let trace = Trace::new(requests.collect(), 16);
    let with = |routing| {
        let s = Settings {
            routing,
            ..settings()
        };
        run(&trace, &alone(&TEN_MS, 3, 100), &s)
            .served
            .iter()
            .filter(|r| r.cached > 0)
            .count()
    };
    assert_eq!(with(Routing::PrefixAware), 36, "all but the first of each group");
    assert!(with(Routing::RoundRobin) < 36);
}
