//! What must hold of every case.

use super::{LIFELIKE, alone, close, drawn, run, settings};
use proptest::prelude::*;
use strait::figure::{GigabytesPerSecond, Quantity, Seconds};
use strait::perf::simulation::{
    Batching, Load, Objectives, Preemption, Routing, Settings, State, StepTime, Tabulated, Transfer, report,
    simulate, sweep,
};

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
    let rates = [Some(2.0), Some(5.0), None, Some(20.0), Some(40.0)];
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
fn a_sweep_serves_a_trace_as_it_comes_too() {
    let trace = drawn(7, 200, 10.0);
    let fleet = alone(&LIFELIKE, 2, 600);
    let (settings, none) = (settings(), Objectives::default());
    let found = sweep(&trace, &fleet, &settings, &none, &[None, Some(40.0)], &|_| true).unwrap();
    let alone = simulate(&trace, &fleet, &settings, &mut |_| true).unwrap();
    assert_eq!(found[0].report, report(&alone, &none));
    assert!(found[1].report.arrival_rate > found[0].report.arrival_rate);
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
