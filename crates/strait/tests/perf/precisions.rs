//! Precisions from FP32 to FP4: what each costs on a chip, and what a chip cannot.

use super::shipped::{chip, model, world};
use strait::catalog::Format;
use strait::figure::{Outcome, Quantity};
use strait::perf::inference::{Demand, Formats, Operating, Setup, Spread};
use strait::perf::ops::{Arithmetic, Device, End, Precision};
use strait::perf::training::{Breadth, Effort, Fixed, Job, Kernel, Recipe, Step, Trained};

fn device(name: &str) -> Device {
    world()
        .perf
        .inference()
        .system(chip(name), End::Middle)
        .unwrap()
        .device
}

fn served(on: &str, precision: &str, users: f64) -> Result<Operating, String> {
    let inference = world().perf.inference();
    let setup = Setup {
        model: model("llama-3.1-8b"),
        formats: Formats::named(precision).unwrap(),
        spread: Spread::ONE,
        system: inference.system(chip(on), End::Middle).unwrap(),
        engine: None,
    };
    let replica = inference
        .replica(&setup)
        .map_err(|n| format!("{}: {}", n[0].fact, n[0].why))?;
    Ok(replica.at(&Demand::new(2048.0, 128.0), users))
}

#[test]
fn a_chip_computes_what_its_file_gives_peaks_of() {
    let a100 = device("a100");
    assert_eq!(a100.peak(Arithmetic::Tensor32), 156e12);
    assert_eq!(a100.peak(Arithmetic::Bits32), 19.5e12);
    assert_eq!(a100.peak(Arithmetic::Int4), 1248e12);
    let names: Vec<_> = a100.precisions().iter().map(|p| p.name).collect();
    assert!(
        names.contains(&"tf32") && names.contains(&"int4_wo") && !names.contains(&"fp8"),
        "{names:?}"
    );
    for p in Precision::ALL {
        for on in ["a100", "h100-sxm", "b200", "ascend-910c", "mi300x", "l20"] {
            let can = device(on).precisions().contains(&p);
            assert_eq!(served(on, p.name, 1.0).is_ok(), can, "{on} {}", p.name);
        }
    }
    let refused = served("a100", "fp8", 1.0).unwrap_err();
    assert!(refused.contains("the nearest first, int8, int8_wo"), "{refused}");
    let refused = served("ascend-910c", "tf32", 1.0).unwrap_err();
    assert!(refused.contains("the nearest first, fp32, bf16"), "{refused}");
}

#[test]
fn narrower_is_faster_and_weights_alone_save_no_arithmetic() {
    for on in ["a100", "h100-sxm", "b200"] {
        let tpot = |p| served(on, p, 4.0).map(|o| o.tpot).unwrap_or(f64::INFINITY);
        let chain = ["fp32", "tf32", "bf16", "int8_wo", "int4_wo"].map(tpot);
        assert!(chain.windows(2).all(|w| w[1] < w[0]), "{on}: {chain:?}");
        let ttft = |p| served(on, p, 1.0).unwrap().ttft;
        // FP32 runs at a fraction of the peak: prompts, which multiply, are far slower.
        assert!(
            ttft("fp32") > 2.0 * ttft("tf32") && ttft("tf32") > 1.2 * ttft("bf16"),
            "{on}"
        );
        assert!(
            ttft("int4_wo") > 0.9 * ttft("bf16"),
            "{on}: {} {}",
            ttft("int4_wo"),
            ttft("bf16")
        );
        // Weights of 4.25 bits unpack as those of 4 do, and are read no faster.
        assert!(tpot("mxfp4_wo") >= tpot("int4_wo"), "{on}");
    }
    // The whole of an 8B model is read a token: 32 GB at 3.35 TB/s.
    let least = 4.0 * (8.03e9 - 4096.0 * 128_256.0) / 3.35e12;
    assert!(served("h100-sxm", "fp32", 1.0).unwrap().tpot > least);
}

#[test]
fn what_ascend_unpacks_passes_through_memory() {
    let ascend = device("ascend-910c");
    assert!((ascend.unpacking - 0.85).abs() < 1e-12 && device("h100-sxm").unpacking == 0.0);
    // At best 1.48 times as fast as 16 bits, of a product that reads weights alone (arXiv 2601.16536).
    let gain = |on| {
        let of = |p| served(on, p, 1.0).unwrap().tpot;
        of("bf16") / of("int4_wo")
    };
    let (there, here) = (gain("ascend-910c"), gain("h100-sxm"));
    assert!((1.0..1.48).contains(&there), "{there}");
    assert!(here > there, "{here} {there}");
    // INT8 arithmetic takes its weights as they are.
    let of = |p| served("ascend-910c", p, 1.0).unwrap().tpot;
    assert!(of("int8") < of("int8_wo"));
}

fn trained(recipe: Recipe) -> Step {
    let job = Job {
        model: model("llama-3.1-8b"),
        chips: 32,
        sequence: 4096,
        batch: 64,
        arithmetic: recipe.products(),
        attention: Kernel::Fused,
        gradient_bytes: recipe.gradient_bytes(),
        trained: Trained::All,
    };
    let perf = &world().perf;
    let go = |_, _| true;
    match perf.search_training(
        chip("h100-sxm"),
        &job,
        &Fixed::default(),
        Breadth::Narrow,
        Effort::Pruned,
        &go,
    ) {
        Outcome::Known(found) => found.steps[0],
        Outcome::Unknown(needs) => panic!("{needs:?}"),
    }
}

#[test]
fn training_in_32_bits_holds_twice_and_multiplies_at_its_own_peak() {
    let [fp32, tf32, bf16] = [Recipe::Fp32, Recipe::Tf32, Recipe::Bf16].map(trained);
    assert!(fp32.seconds > tf32.seconds && tf32.seconds > bf16.seconds);
    for step in [fp32, tf32, bf16] {
        assert!(step.mfu <= step.hfu && step.hfu.get() < 1.0, "{step:?}");
    }
    // FP32 and TF32 differ in arithmetic alone: 67 and 495 TFLOP/s.
    assert!(fp32.achieved.get() < 67.0 && tf32.achieved.get() < 495.0);
    assert!(tf32.achieved.get() > 3.0 * fp32.achieved.get());
    assert!(Recipe::of(&Precision::of("int8").unwrap()).is_none());
    for recipe in Recipe::ALL {
        assert_eq!(Recipe::of(&Precision::of(recipe.name()).unwrap()), Some(recipe));
    }
    let lacking = Recipe::Tf32.missing(chip("ascend-910c")).unwrap();
    assert!(
        lacking.why.ends_with("it trains in fp32, bf16"),
        "{}",
        lacking.why
    );
    assert_eq!(Recipe::Fp32.products(), Format::Fp32);
}
