//! The serving simulation: small cases worked out by hand, and what must hold of every case.

use proptest::prelude::*;
use strait::figure::{Gigabytes, GigabytesPerSecond, Quantity, Seconds};
use strait::perf::simulation::{
    Arrivals, Batching, Fleet, Length, Load, Objectives, Outcome, Pool, Preemption, Request, Routing,
    Settings, State, StepTime, Tabulated, Trace, Transfer, read_azure, read_mooncake, read_trace, report,
    simulate, sweep, synthetic,
};

/// Seconds of a step: a constant, and so much a prompt token, a prompt key, a decoding sequence, a decode key.
struct Linear {
    fixed: f64,
    token: f64,
    prompt_key: f64,
    decode: f64,
    key: f64,
}

const TEN_MS: Linear = Linear {
    fixed: 0.010,
    token: 0.001,
    prompt_key: 0.0,
    decode: 0.0,
    key: 0.0,
};
/// About an 8B model on one H100.
const LIFELIKE: Linear = Linear {
    fixed: 0.006,
    token: 30e-6,
    prompt_key: 1e-9,
    decode: 40e-6,
    key: 50e-9,
};

impl StepTime for Linear {
    fn time(&self, l: &Load) -> Seconds {
        Seconds::of(
            self.fixed
                + self.token * f64::from(l.prompt_tokens)
                + self.prompt_key * l.prompt_keys as f64
                + self.decode * f64::from(l.decodes)
                + self.key * l.decode_keys as f64,
        )
    }
}

fn request(arrival: f64, input: u32, output: u32, parts: &[u64]) -> Request {
    Request {
        arrival: Seconds::of(arrival),
        input,
        output,
        parts: parts.into(),
    }
}

fn pool(step: &dyn StepTime, replicas: u32, blocks: u64) -> Pool<'_> {
    Pool {
        replicas,
        blocks,
        sequences: 256,
        batching: Batching::Chunked { tokens: 2048 },
        step,
    }
}

fn alone<'a>(step: &'a dyn StepTime, replicas: u32, blocks: u64) -> Fleet<'a> {
    Fleet {
        pool: pool(step, replicas, blocks),
        decodes: None,
    }
}

/// One token of cache is one gigabyte, so that transfers are easy to work out.
fn settings() -> Settings {
    Settings {
        block: 4,
        watermark: 0.0,
        ..Settings::new(Gigabytes::of(1.0))
    }
}

fn run(trace: &Trace, fleet: &Fleet<'_>, settings: &Settings) -> Outcome {
    simulate(trace, fleet, settings, &mut |_| true).expect("a fleet that can serve")
}

fn close(found: Option<Seconds>, expected: f64) {
    let found = found.expect("a time").get();
    assert!(
        (found - expected).abs() < 1e-9,
        "{found} where {expected} was worked out"
    );
}

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

fn drawn(seed: u64, count: usize, rate: f64) -> Trace {
    let arrivals = Arrivals { rate, variation: 1.0 };
    let length = |mean, variation| Length { mean, variation };
    synthetic(seed, count, arrivals, length(300.0, 1.0), length(60.0, 0.8))
}

#[test]
fn far_apart_requests_take_what_one_takes_alone() {
    let trace = drawn(3, 30, 0.001);
    let found = run(&trace, &alone(&LIFELIKE, 1, 100_000), &settings());
    for (r, of) in trace.requests.iter().zip(&found.served) {
        let mut ttft = 0.0;
        let mut done = 0;
        while done < r.input {
            let chunk = (r.input - done).min(2048);
            ttft += LIFELIKE.time(&Load::prompt(chunk, done, false)).get();
            done += chunk;
        }
        close(of.queue, 0.0);
        assert!((of.ttft.unwrap().get() - ttft).abs() < 1e-9);
        let decode = |i: u32| Load {
            decodes: 1,
            decode_keys: u64::from(r.input + i),
            ..Load::default()
        };
        let steps: f64 = (1..r.output).map(|i| LIFELIKE.time(&decode(i)).get()).sum();
        if r.output > 1 {
            let tpot = of.tpot.unwrap().get();
            assert!((tpot - steps / f64::from(r.output - 1)).abs() < 1e-9);
        }
    }
}

#[test]
fn more_replicas_never_serve_less() {
    let trace = drawn(5, 400, 60.0);
    let limits = Objectives {
        ttft: Some(Seconds::of(0.2)),
        tpot: Some(Seconds::of(0.012)),
    };
    let mut before = 0.0;
    for replicas in [1, 2, 4, 8] {
        let found = report(
            &run(&trace, &alone(&LIFELIKE, replicas, 2000), &settings()),
            &limits,
        );
        assert_eq!(found.finished, 400);
        assert!(
            found.goodput >= before * 0.99,
            "{replicas}: {} after {before}",
            found.goodput
        );
        before = found.goodput;
    }
    assert!(before > 10.0, "eight replicas are enough: {before}");
}

#[test]
fn a_sweep_does_not_depend_on_the_threads() {
    let trace = drawn(7, 200, 10.0);
    let rates = [2.0, 5.0, 10.0, 20.0, 40.0];
    let on = |threads| {
        let table = Tabulated::over(&LIFELIKE);
        let fleet = alone(&table, 2, 600);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let found = pool.install(|| {
            sweep(
                &trace,
                &fleet,
                &settings(),
                &Objectives::default(),
                &rates,
                &|_| true,
            )
        });
        serde_json::to_string(&found.unwrap()).unwrap()
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn an_interrupted_run_reports_what_it_has() {
    let trace = drawn(9, 2000, 1000.0);
    let found = simulate(&trace, &alone(&LIFELIKE, 1, 500), &settings(), &mut |_| false).unwrap();
    assert!(found.interrupted);
    let found = report(&found, &Objectives::default());
    assert!(found.unfinished > 0);
    assert_eq!(found.finished + found.rejected + found.unfinished, 2000);
}

#[test]
fn a_table_is_near_what_it_stands_for() {
    let table = Tabulated::over(&LIFELIKE);
    for tokens in [0u32, 1, 7, 100, 777, 2048, 9000] {
        for before in [0u32, 5, 300, 4000] {
            for decodes in [0u32, 1, 13, 200] {
                for context in [1u64, 90, 1500, 40_000] {
                    let mut load = Load {
                        decodes,
                        decode_keys: u64::from(decodes) * context,
                        ..Load::default()
                    };
                    if tokens > 0 {
                        load.add(&Load::prompt(tokens, before, true));
                    }
                    if load.is_empty() {
                        continue;
                    }
                    let (exact, near) = (LIFELIKE.time(&load).get(), table.time(&load).get());
                    assert!((near / exact - 1.0).abs() < 0.01, "{load:?}: {near} for {exact}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_request_is_accounted_for(
        seed in 0u64..1000, count in 1usize..60, rate in 0.5f64..200.0, blocks in 20u64..400, replicas in 1u32..4,
        apart: bool, swap: bool, chunked: bool, routing in 0usize..3, shared in 0u64..4,
    ) {
        let mut trace = drawn(seed, count, rate);
        trace.part = 16;
        for (i, r) in trace.requests.iter_mut().enumerate() {
            // Prompts with a common start and ends of their own.
            let own = 1000 * (i as u64 + 1);
            r.parts = (0..u64::from(r.input) / 16).map(|k| if k < shared * 4 { k } else { own + k }).collect();
        }
        let s = Settings {
            preemption: if swap {
                Preemption::Swap { rate: GigabytesPerSecond::of(1e4) }
            } else {
                Preemption::Recompute
            },
            routing: [Routing::RoundRobin, Routing::LeastLoaded, Routing::PrefixAware][routing],
            watermark: 0.05,
            ..settings()
        };
        let mut fleet = alone(&LIFELIKE, replicas, blocks);
        fleet.pool.batching =
            if chunked { Batching::Chunked { tokens: 256 } } else { Batching::Separate { tokens: 256 } };
        if apart {
            let transfer = Transfer { rate: GigabytesPerSecond::of(1e5), latency: Seconds::of(0.001) };
            fleet.decodes = Some((fleet.pool, transfer));
        }
        let found = run(&trace, &fleet, &s);
        prop_assert_eq!(found.served.len(), count);
        let mut latencies = 0.0;
        let (mut input, mut output, mut preempted) = (0, 0, 0);
        for (r, of) in trace.requests.iter().zip(&found.served) {
            let blocks_of_it = (r.input + r.output).div_ceil(4);
            let fits = u64::from(blocks_of_it) <= blocks;
            prop_assert_eq!(of.state, if fits { State::Finished } else { State::Rejected });
            if !fits {
                continue;
            }
            let (queue, ttft, latency) = (of.queue.unwrap(), of.ttft.unwrap(), of.latency.unwrap());
            prop_assert!(Seconds::of(0.0) <= queue && queue < ttft && ttft <= latency);
            latencies += latency.get();
            input += u64::from(r.input);
            output += u64::from(r.output);
            preempted += u64::from(of.preemptions);
        }
        let sum = |of: fn(&strait::perf::simulation::ReplicaUse) -> u64| found.replicas.iter().map(of).sum::<u64>();
        prop_assert_eq!(sum(|r| r.output_tokens), output);
        prop_assert_eq!(sum(|r| r.preemptions), preempted);
        let computed = sum(|r| r.prompt_tokens) + sum(|r| r.found_tokens);
        prop_assert!(computed >= input);
        if preempted == 0 {
            prop_assert_eq!(computed, input);
        }
        for r in &found.replicas {
            prop_assert!(r.cache_most <= 1.0 && r.busy <= 1.0 + 1e-9);
        }
        // Little's law, exact over a whole run: requests in the system are arrivals times their time in it.
        let area = found.mean_in_system * found.span.get();
        prop_assert!((area - latencies).abs() <= 1e-6 * latencies.max(1.0), "{} {}", area, latencies);
        let again = run(&trace, &fleet, &s);
        prop_assert_eq!(found, again);
    }
}

const AZURE: &str = "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 18:15:50.9951690,396,109";

#[test]
fn azure_traces_are_read_as_published() {
    let trace = read_azure("conv.csv", AZURE).unwrap();
    assert_eq!(trace.requests.len(), 2);
    assert_eq!((trace.requests[1].input, trace.requests[1].output), (396, 109));
    assert!((trace.requests[1].arrival.get() - 4.314_579).abs() < 1e-9);
    assert_eq!(read_trace("conv.csv", AZURE).unwrap(), trace);
    // The traces of 2024 write an offset.
    let later = AZURE.replace("6805900,", "6805900+00:00,");
    assert_eq!(read_azure("conv.csv", &later).unwrap().requests.len(), 2);
}

#[test]
fn mooncake_traces_are_read_as_published() {
    let text = "{\"timestamp\": 27482, \"input_length\": 6955, \"output_length\": 52, \"hash_ids\": [46, 47]}\n\
                {\"timestamp\": 30535, \"input_length\": 6472, \"output_length\": 26, \"hash_ids\": [46, 2366]}\n";
    let trace = read_trace("toolagent.jsonl", text).unwrap();
    assert_eq!(trace.part, 512);
    assert!((trace.requests[1].arrival.get() - 3.053).abs() < 1e-9);
    assert_eq!(*trace.requests[1].parts, [46, 2366]);
}

#[test]
fn a_bad_line_is_told_with_its_field() {
    let azure = |from: &str, to: &str| {
        let e = read_azure("t.csv", &AZURE.replace(from, to)).unwrap_err();
        (e.to_string(), e.help.unwrap_or_default())
    };
    let (message, help) = azure("396", "-3");
    assert_eq!(message, "t.csv:3: `ContextTokens` is `-3`");
    assert_eq!(help, "a whole number of tokens, one or more, was expected");
    assert_eq!(azure("109", "0").0, "t.csv:3: `GeneratedTokens` is `0`");
    assert_eq!(
        azure("2023-11-16 18:15:50.9951690", "soon").0,
        "t.csv:3: `TIMESTAMP` is `soon`"
    );
    let (message, _) = azure("GeneratedTokens", "GeneratedToken");
    assert!(
        message.contains("column `GeneratedTokens` is missing; the file has `GeneratedToken`"),
        "{message}"
    );
    assert!(azure("396,109", "396").0.starts_with("t.csv:3: not a CSV record"));

    let good = "{\"timestamp\": 1, \"input_length\": 5, \"output_length\": 2}\n";
    let mooncake = |line: &str| {
        let e = read_mooncake("t.jsonl", &format!("{good}{line}")).unwrap_err();
        (e.to_string(), e.help.unwrap_or_default())
    };
    let (message, help) = mooncake("{\"timestamp\": 1, \"input_length\": \"5\", \"output_length\": 2}");
    assert_eq!(message, "t.jsonl:2: `input_length` is `\"5\"`");
    assert_eq!(help, "a whole number of tokens, one or more, was expected");
    assert_eq!(
        mooncake("{\"timestamp\": -1, \"input_length\": 5, \"output_length\": 2}").0,
        "t.jsonl:2: `timestamp` is `-1`"
    );
    assert_eq!(
        mooncake("{\"timestamp\": 1, \"input_length\": 5}").0,
        "t.jsonl:2: `output_length` is missing"
    );
    let (message, help) = mooncake("{\"timestamp\": 1, \"input_lenght\": 5, \"output_length\": 2}");
    assert_eq!(
        (message.as_str(), help.as_str()),
        (
            "t.jsonl:2: unknown field `input_lenght`",
            "is `input_length` meant?"
        )
    );
    assert!(
        mooncake("{\"timestamp\": 1,")
            .0
            .starts_with("t.jsonl:2: not a JSON object"),
        "cut short"
    );
    assert!(read_trace("t.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n").is_err());
}

#[test]
fn drawn_requests_have_the_asked_rate_and_means() {
    let arrivals = Arrivals {
        rate: 4.0,
        variation: 2.0,
    };
    let trace = synthetic(
        1,
        20_000,
        arrivals,
        Length {
            mean: 1155.0,
            variation: 1.0,
        },
        Length {
            mean: 211.0,
            variation: 0.0,
        },
    );
    assert!((trace.rate() / 4.0 - 1.0).abs() < 0.05, "{}", trace.rate());
    let mean = trace.requests.iter().map(|r| f64::from(r.input)).sum::<f64>() / 20_000.0;
    assert!((mean / 1155.0 - 1.0).abs() < 0.03, "{mean}");
    assert!(trace.requests.iter().all(|r| r.output == 211));
    let gaps: Vec<f64> = trace
        .requests
        .windows(2)
        .map(|w| (w[1].arrival - w[0].arrival).get())
        .collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let variance = gaps.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
    assert!((variance.sqrt() / mean - 2.0).abs() < 0.1);
    assert!((trace.at_rate(9.0).rate() - 9.0).abs() < 1e-9);
}
