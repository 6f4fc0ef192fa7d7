//! The quarterly market: one path of 36 quarters, one likelihood, what buyers meet.

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;
use std::hint::black_box;
use strait::brief::{Knowledge, Library};
use strait::data::DataSet;
use strait::market::dynamics::{Detail, Fit, MONTHS, Path, Run, read};
use strait::scenario::Scenario;

fn benches(c: &mut Criterion) {
    let library =
        Library::load(&DataSet::embedded(), &Scenario::default()).expect("the shipped data are sound");
    let known = Knowledge::of(date(2026, 11, 23));
    let env = library.environment(known).expect("the shipped scenario is sound");
    let run = Run {
        env: &env,
        priors: &library.dynamics.priors,
        posterior: &library.dynamics.posterior,
        held: &[],
        seed: 1,
    };
    let (theta, shocks) = (run.theta(0), run.shocks(0));
    c.bench_function("one path of 36 quarters", |b| {
        b.iter(|| Path::simulate(black_box(&env), black_box(&theta), &shocks, MONTHS))
    });
    let path = Path::simulate(&env, &theta, &shocks, MONTHS);
    for (named, detail) in [("totals", Detail::Totals), ("everything", Detail::Everything)] {
        c.bench_function(&format!("what is kept of a path, {named}"), |b| {
            b.iter(|| read(black_box(&path), &env, detail))
        });
    }
    let ensemble = run.ensemble(250, Detail::Everything, |_| true);
    let quarters: Vec<_> = (0..ensemble.quarters.len()).map(|q| q..q + 1).collect();
    c.bench_function("bands of every variable and quarter, 250 paths", |b| {
        b.iter(|| {
            let bands = (0..ensemble.variables.len()).map(|v| ensemble.bands(black_box(v), &quarters));
            bands.collect::<Vec<_>>()
        })
    });
    let fit = Fit::new(&library.dynamics.priors, &env, &library.dynamics.observed);
    c.bench_function("one likelihood", |b| {
        b.iter(|| fit.log_likelihood(black_box(&theta)))
    });
    c.bench_function("what buyers meet", |b| {
        b.iter(|| library.environment(black_box(known)))
    });
}

criterion_group!(all, benches);
criterion_main!(all);
