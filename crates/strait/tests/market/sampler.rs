//! The sampler finds known densities within Monte Carlo error, whatever the threads and wherever it was stopped.

use std::sync::atomic::{AtomicBool, Ordering};
use strait::market::Stream;
use strait::market::sampler::diagnostics::convergence;
use strait::market::sampler::{Outcome, Sampler, SamplerError, Settings, Target};

/// Means 1, −2, 0; standard deviations 1, 10, 0.1; correlations 0.9 of the first two, −0.5 of the last two given nothing
/// else: written by its conditional factors, so that moments are known without inverting anything.
struct Correlated;

impl Target for Correlated {
    fn dimensions(&self) -> usize {
        3
    }
    fn log_density(&self, x: &[f64]) -> f64 {
        let a = x[0] - 1.0;
        let b = ((x[1] + 2.0) / 10.0 - 0.9 * a) / (1.0_f64 - 0.81).sqrt();
        let c = (x[2] / 0.1 + 0.5 * (x[1] + 2.0) / 10.0) / 0.75_f64.sqrt();
        -0.5 * (a * a + b * b + c * c)
    }
}

/// The twisted normal of Haario, Saksman and Tamminen (1999): x₁ of variance 100, x₂ bent by 0.03·(x₁² − 100).
struct Banana;

impl Target for Banana {
    fn dimensions(&self) -> usize {
        2
    }
    fn log_density(&self, x: &[f64]) -> f64 {
        -x[0] * x[0] / 200.0 - 0.5 * (x[1] + 0.03 * (x[0] * x[0] - 100.0)).powi(2)
    }
}

/// A density with a wall and a step: x > 0, and twice as dense below 1.
struct Steps;

impl Target for Steps {
    fn dimensions(&self) -> usize {
        1
    }
    fn log_density(&self, x: &[f64]) -> f64 {
        match x[0] {
            x if x <= 0.0 || x >= 3.0 => f64::NEG_INFINITY,
            x if x < 1.0 => 2.0_f64.ln(),
            _ => 0.0,
        }
    }
}

fn normal_start(n: usize, spread: f64) -> impl Fn(&mut Stream) -> Vec<f64> {
    move |s: &mut Stream| (0..n).map(|_| spread * s.normal()).collect()
}

fn run(target: &dyn Target, start: &dyn Fn(&mut Stream) -> Vec<f64>, settings: &Settings) -> Sampler {
    let mut sampler = Sampler::new(settings.clone(), target, start).expect("a start");
    let end = sampler.run(target, &AtomicBool::new(false), &mut |_| ());
    assert_eq!(end, Ok(Outcome::Done));
    sampler
}

/// Mean of `f` over the draws lies within four Monte Carlo standard errors of `want`.
fn holds(sampler: &Sampler, what: &str, want: f64, f: impl Fn(&[f64]) -> f64) {
    let chains: Vec<Vec<f64>> = sampler
        .chains()
        .iter()
        .map(|c| c.draws().map(&f).collect())
        .collect();
    let all = chains.concat();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;
    let found = convergence(&chains);
    assert!(found.r_hat < 1.02 && found.bulk_ess > 300.0, "{what}: {found:?}");
    let error = (variance / found.bulk_ess.min(found.tail_ess)).sqrt();
    assert!(
        (mean - want).abs() < 4.0 * error,
        "{what}: {mean} for {want}, standard error {error}"
    );
    assert!(error < 0.15 * variance.sqrt(), "{what}: too few draws to tell");
}

#[test]
fn a_correlated_normal_of_unequal_spreads() {
    let settings = Settings {
        seed: 4,
        warm_up: 1_500,
        steps: 5_000,
        thin: 2,
        ..Settings::default()
    };
    let found = run(&Correlated, &normal_start(3, 3.0), &settings);
    holds(&found, "mean of the first", 1.0, |x| x[0]);
    holds(&found, "mean of the second", -2.0, |x| x[1]);
    holds(&found, "variance of the second", 100.0, |x| (x[1] + 2.0).powi(2));
    holds(&found, "covariance", 9.0, |x| (x[0] - 1.0) * (x[1] + 2.0));
    holds(&found, "covariance of the last two", -0.5, |x| {
        (x[1] + 2.0) * x[2]
    });
    let moves = found.chains()[0].moves();
    assert!(
        moves.second_taken > 0 && moves.difference_taken > 0 && moves.normal_taken > 0,
        "{moves:?}"
    );
}

#[test]
fn a_banana() {
    let settings = Settings {
        seed: 9,
        warm_up: 2_000,
        steps: 20_000,
        thin: 5,
        ..Settings::default()
    };
    let found = run(&Banana, &normal_start(2, 5.0), &settings);
    holds(&found, "mean along", 0.0, |x| x[0]);
    holds(&found, "mean across", 0.0, |x| x[1]);
    holds(&found, "variance along", 100.0, |x| x[0] * x[0]);
    // Var x₂ = 1 + 0.03²·2·100².
    holds(&found, "variance across", 19.0, |x| x[1] * x[1]);
}

#[test]
fn walls_and_steps() {
    let settings = Settings {
        seed: 2,
        warm_up: 500,
        steps: 5_000,
        thin: 2,
        ..Settings::default()
    };
    let found = run(&Steps, &|s: &mut Stream| vec![3.0 * s.uniform()], &settings);
    holds(&found, "mass below the step", 0.5, |x| {
        f64::from(u8::from(x[0] < 1.0))
    });
}

#[test]
fn stopped_and_taken_up_again_is_never_stopped() {
    let settings = Settings {
        seed: 5,
        warm_up: 230,
        steps: 300,
        thin: 3,
        block: 40,
        ..Settings::default()
    };
    let whole = run(&Banana, &normal_start(2, 5.0), &settings);
    let mut parts = Sampler::new(settings, &Banana, &normal_start(2, 5.0)).unwrap();
    let mut stops = 0;
    loop {
        let cancel = AtomicBool::new(false);
        let mut blocks = 0;
        // The third block of every run is under way when it is stopped, and lost.
        let end = parts.run(&Banana, &cancel, &mut |_| {
            blocks += 1;
            cancel.store(blocks == 2, Ordering::Relaxed);
        });
        parts = serde_json::from_str(&serde_json::to_string(&parts).unwrap()).unwrap();
        stops += 1;
        if end == Ok(Outcome::Done) {
            break;
        }
    }
    assert!(stops > 3);
    assert_eq!(
        serde_json::to_string(&parts).unwrap(),
        serde_json::to_string(&whole).unwrap()
    );
    assert!((parts.progress() - 1.0).abs() < 1e-12);
}

#[test]
fn threads_change_nothing() {
    let settings = Settings {
        seed: 5,
        warm_up: 200,
        steps: 300,
        ..Settings::default()
    };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| serde_json::to_string(&run(&Correlated, &normal_start(3, 3.0), &settings)).unwrap())
    };
    assert_eq!(on(1), on(2));
    let other = Settings {
        seed: 6,
        ..settings.clone()
    };
    assert_ne!(
        run(&Correlated, &normal_start(3, 3.0), &other).values(0),
        run(&Correlated, &normal_start(3, 3.0), &settings).values(0)
    );
}

#[test]
fn what_cannot_be_run_is_said() {
    let one = Settings {
        chains: 1,
        ..Settings::default()
    };
    assert_eq!(
        Sampler::new(one, &Steps, &normal_start(1, 1.0))
            .unwrap_err()
            .to_string(),
        "`chains` is 1; at least 2 is needed"
    );
    let nowhere = Sampler::new(Settings::default(), &Steps, &|_: &mut Stream| vec![-1.0]);
    assert_eq!(
        nowhere.unwrap_err(),
        SamplerError::NoStart { chain: 0, tried: 20 }
    );
    let mut two = Sampler::new(Settings::default(), &Banana, &normal_start(2, 1.0)).unwrap();
    let wrong = two.run(&Steps, &AtomicBool::new(false), &mut |_| ());
    assert!(matches!(wrong, Err(SamplerError::Checkpoint(_))));
}
