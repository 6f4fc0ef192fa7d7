//! Load of the busiest rank of experts, of a training step.

use super::job;
use crate::shipped::{chip, model, world};
use strait::figure::{Quantity, Ratio};
use strait::perf::training::{Breadth, Effort, Fixed, Step};

fn step(name: &str, expert: u32, load: Option<f64>) -> Step {
    let perf = match load {
        Some(load) => world().perf.clone().with_imbalance(Ratio::of(load)),
        None => world().perf.clone(),
    };
    let mut job = job(model(name), 64, 4096, 128);
    job.arithmetic = strait::catalog::Format::Fp16;
    let fixed = Fixed {
        expert: Some(expert),
        ..Fixed::default()
    };
    let found = perf.search_training(
        chip("h200"),
        &job,
        &fixed,
        Breadth::Narrow,
        Effort::Pruned,
        &|_, _| true,
    );
    found.known().unwrap_or_else(|| panic!("{name}")).steps[0]
}

#[test]
fn a_heavier_load_of_experts_never_trains_faster() {
    let seconds = |load| step("qwen3-30b-a3b", 8, load).seconds.get();
    let fitted = world().perf.training_fit().fit.imbalance;
    // Without a load the exchange is of the mean; products are those of the fitted load.
    assert!(seconds(Some(1.0)) < seconds(None) && seconds(None) <= seconds(Some(fitted)));
    let times: Vec<f64> = [1.0, fitted, 1.5, 2.0, 4.0]
        .map(|load| seconds(Some(load)))
        .to_vec();
    assert!(times.windows(2).all(|w| w[1] > w[0]), "{times:?}");
    // Beside the experts a step has attention, norms and the optimiser: twice the load is less than twice the time.
    assert!(times[3] < 2.0 * times[0], "{times:?}");
}

#[test]
fn a_load_says_nothing_where_one_chip_has_all_experts_or_there_are_none() {
    for name in ["qwen3-30b-a3b", "llama-3.1-8b"] {
        assert_eq!(step(name, 1, Some(1.0)), step(name, 1, Some(3.0)), "{name}");
    }
}
