//! Named engines beside the best of all, captured graphs and warm caches.

use super::{setup, world};
use strait::perf::inference::{Demand, Inference, Mode, Operating, Setup};

fn ways(inference: &Inference, engine: Option<&str>, of: &str, on: &str) -> Vec<Operating> {
    let setup = Setup {
        engine,
        ..setup(of, on)
    };
    let r = inference.replica(&setup).unwrap();
    let demands = [
        Demand::new(128.0, 4096.0),
        Demand::new(1024.0, 1024.0),
        Demand::new(4000.0, 1.0),
    ];
    let users = [1.0, 8.0, 64.0];
    demands
        .iter()
        .flat_map(|demand| users.map(|users| r.at(demand, users)))
        .collect()
}

/// Its kernels are each shape's fastest, its host's part is typical: an engine whose host is quicker may gain a little.
#[test]
fn no_engine_is_much_faster_than_best_kernels_under_a_typical_host() {
    let inference = world().perf.inference();
    for (of, on) in [
        ("llama-3.1-8b", "h100-sxm"),
        ("qwen3-30b-a3b", "h200"),
        ("llama-3.1-8b", "ascend-910c"),
    ] {
        let fastest = ways(inference, None, of, on);
        let versions = inference.kernels.versions();
        assert_eq!(
            versions.keys().copied().collect::<Vec<_>>(),
            ["SGLang", "TRTLLM", "VLLM"]
        );
        for engine in versions.keys() {
            for (best, way) in fastest.iter().zip(ways(inference, Some(engine), of, on)) {
                // A request's time outside the model is 22 to 104 ms by engine, 30 ms typically.
                assert!(
                    best.ttft <= 1.25 * way.ttft + 0.02 && best.tpot <= 1.15 * way.tpot,
                    "{engine}: {way:?} beside {best:?}"
                );
            }
        }
    }
}

#[test]
fn captured_graphs_and_warm_caches_never_slow_a_step() {
    let plain = world().perf.inference();
    let run = |mode| world().perf.clone().run_as(mode);
    let eager = run(Mode {
        eager: true,
        ..Mode::default()
    });
    let warm = run(Mode {
        warm: true,
        ..Mode::default()
    });
    for engine in [None, Some("TRTLLM"), Some("VLLM")] {
        let at = |inference: &Inference| ways(inference, engine, "llama-3.1-8b", "h100-sxm");
        let (cold, eager, warm) = (at(plain), at(eager.inference()), at(warm.inference()));
        assert!(
            eager[0].tpot > 1.01 * cold[0].tpot,
            "{:?} {:?}",
            eager[0],
            cold[0]
        );
        for ((c, e), w) in cold.iter().zip(&eager).zip(&warm) {
            assert!(e.tpot >= c.tpot && w.tpot <= c.tpot && w.ttft <= c.ttft);
        }
        assert!(warm[0].tpot < cold[0].tpot, "{:?} {:?}", warm[0], cold[0]);
    }
}
