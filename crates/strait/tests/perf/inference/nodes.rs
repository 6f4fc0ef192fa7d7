//! Matrices shared over more than a node: sums inside first, then over the network.

use super::{inference, replica, setup, system};
use strait::perf::inference::{Demand, Limits, Replica, Setup, Spread, StepBatch, best, spreads};

/// Seconds of a step, and of its collectives without their launches.
fn seconds(r: &Replica<'_>, sequences: f64) -> [f64; 2] {
    let time = r.steps.step(&StepBatch::decodes(sequences, 2048.0));
    [time.work() + time.launch, time.communication()]
}

#[test]
fn sums_over_two_nodes_take_longer_than_in_one_of_the_same_chips() {
    let wide = Spread::tensor(16);
    let two = replica("llama-3.1-70b", "h100-sxm", wide);
    let mut setup = setup("llama-3.1-70b", "h100-sxm", wide);
    assert_eq!(setup.system.domain, 8);
    setup.system.domain = 16;
    let one = inference().replica(&setup).unwrap();
    let half = replica("llama-3.1-70b", "h100-sxm", Spread::tensor(8));
    for sequences in [1.0, 16.0, 256.0] {
        let [two, one, half] = [&two, &one, &half].map(|r| seconds(r, sequences));
        // Of few tokens a second launch is what a second node costs, as hops cost alike.
        assert!(two[0] > 1.01 * one[0], "{sequences}: {two:?} {one:?}");
        assert!(
            two[1] >= one[1] && two[1] > half[1],
            "{sequences}: {two:?} {half:?}"
        );
    }
    assert!(seconds(&two, 4096.0)[1] > 1.5 * seconds(&one, 4096.0)[1]);
    // The more adapters carry, the sooner a sum of many tokens ends.
    let mut wired = Setup {
        spread: wide,
        ..super::setup("llama-3.1-70b", "h100-sxm", wide)
    };
    wired.system.out *= 2.0;
    let wired = inference().replica(&wired).unwrap();
    assert!(seconds(&wired, 4096.0)[1] < seconds(&two, 4096.0)[1]);
}

#[test]
fn a_search_shares_matrices_over_nodes_only_where_nothing_else_holds_the_model() {
    let beyond = |of: &str, on: &str, chips: u32| {
        let setup = setup(of, on, Spread::ONE);
        let domain = setup.system.domain;
        spreads(&setup, chips).iter().any(|s| s.tensor > domain)
    };
    assert!(!beyond("llama-3.1-405b", "h100-sxm", 16));
    assert!(!beyond("deepseek-v3", "h100-sxm", 16));
    // Eight experts deal to eight chips; 47 billion weights do not fit those.
    let mut small = setup("mixtral-8x7b", "h100-sxm", Spread::ONE);
    small.system.usable = 4e9;
    let demand = Demand::new(256.0, 64.0);
    let plan = |chips| best(inference(), &small, chips, &demand, &Limits::NONE);
    assert!(plan(8).is_err());
    let found = plan(16).unwrap().unwrap();
    assert_eq!(found.replica.steps.spread(), Spread::tensor(16));
    assert_eq!(system("h100-sxm").domain, 8);
}
