//! How a model scales over chips and what users see under load.

use super::{inference, model, replica, setup, world};
use strait::perf::inference::{
    Client, Demand, Formats, Intake, Limits, Memory, Spread, Steps, Waits, best, frontier, within,
};
use strait::perf::ops::Precision;

#[test]
fn every_shipped_model_is_timed_on_some_spread_of_eight() {
    for model in world().perf.models() {
        let setup = setup(&model.id.0, "b200", Spread::ONE);
        let demand = Demand::new(512.0, 128.0);
        let found = best(inference(), &setup, 8, &demand, &Limits::NONE);
        match found {
            Ok(Some(chosen)) => assert!(chosen.operating.per_chip > 0.0, "{}", model.id),
            other => assert!(model.parameters() > 400_000_000_000, "{}: {other:?}", model.id),
        }
    }
}

#[test]
fn chips_that_share_a_matrix_hold_their_part_of_it() {
    let of = |spread| Memory::of(model("deepseek-v3"), &Formats::all(Precision::FP8, 1.0), &spread);
    let (one, eight) = (of(Spread::ONE), of(Spread::tensor(8)));
    assert!((one.weights / eight.weights - 8.0).abs() < 0.01);
    // A latent is needed whole on every chip.
    assert!((one.token - eight.token).abs() < 1e-9);
    let apart = of(Spread {
        tensor: 1,
        data: 8,
        experts: 8,
        pipeline: 1,
    });
    assert!(apart.weights > eight.weights && apart.weights < one.weights);
    // 61 layers of 512 + 64 bytes.
    assert!((one.token - 61.0 * 576.0).abs() < 1e-9, "{}", one.token);
}

#[test]
fn users_see_what_load_cache_and_drafts_do() {
    let r = replica("llama-3.1-70b", "h100-sxm", Spread::tensor(4));
    let demand = Demand::new(2048.0, 512.0);
    let ways = frontier(&r, &demand);
    assert!(ways.len() > 4);
    for pair in ways.windows(2) {
        assert!(
            pair[1].tpot > pair[0].tpot && pair[1].ttft > pair[0].ttft,
            "{pair:?}"
        );
    }
    let at = |demand: &Demand| r.at(demand, 16.0);
    let plain = at(&demand);
    let cached = at(&Demand {
        cached: 0.75,
        ..demand
    });
    assert!(cached.ttft < plain.ttft && cached.tpot < plain.tpot);
    let drafted = at(&Demand {
        drafted: 3.0,
        accepted: 1.8,
        ..demand
    });
    assert!(drafted.tpot < 0.75 * plain.tpot && drafted.tpot > plain.tpot / 2.8);
    let chunked = at(&Demand {
        step_tokens: 512.0,
        ..demand
    });
    // Small chunks read the weights again and again.
    assert!(chunked.ttft > plain.ttft);
}

#[test]
fn a_plan_within_limits_keeps_them_and_a_looser_one_serves_no_less() {
    let setup = setup("llama-3.1-70b", "h200", Spread::ONE);
    let demand = Demand::new(1024.0, 1024.0);
    let mut last = 0.0;
    for tpot in [0.008, 0.012, 0.02, 0.05, f64::INFINITY] {
        let limits = Limits { ttft: 3.0, tpot };
        let found = best(inference(), &setup, 8, &demand, &limits).unwrap();
        let Some(chosen) = found else { continue };
        assert!(limits.keep(&chosen.operating));
        assert!(
            chosen.operating.per_chip >= 0.98 * last,
            "{tpot}: {}",
            chosen.operating.per_chip
        );
        last = chosen.operating.per_chip;
        let r = replica("llama-3.1-70b", "h200", chosen.replica.steps.spread());
        assert_eq!(within(&r, &demand, &limits, 0.0), Some(chosen.operating));
    }
    assert!(last > 0.0);
}

#[test]
fn a_first_round_of_all_users_delays_first_tokens_and_frees_later_ones() {
    let r = replica("qwen3-32b", "h100-sxm", Spread::tensor(2));
    let steps = Steps::of(&r.steps, &Demand::new(2048.0, 256.0), 64.0);
    let seen = |rounds| {
        let client = Client {
            rounds,
            ..Client::STEADY
        };
        let waits = Waits::of(&steps.demand, 64.0, &client, &Intake::default());
        steps.seen_by(&r.software, &client, &waits)
    };
    let (once, often) = (seen(1.0), steps.seen(&r.software));
    assert!(once.ttft > 3.0 * often.ttft, "{once:?} {often:?}");
    assert!(once.tpot < often.tpot);
}
