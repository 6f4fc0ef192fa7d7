//! How long a brief takes once the data are loaded, and how long loading takes.

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;
use std::hint::black_box;
use strait::brief::{self, Library, Question};
use strait::data::DataSet;
use strait::rules::Transaction;
use strait::scenario::Scenario;

fn benches(c: &mut Criterion) {
    let data = DataSet::embedded();
    c.bench_function("load everything", |b| {
        b.iter(|| Library::load(black_box(&data), &Scenario::default()))
    });
    let library = Library::load(&data, &Scenario::default()).expect("the shipped data are sound");
    let chip = library
        .catalog
        .resolve("h20")
        .expect("the catalog has it")
        .chip
        .clone();
    let known = date(2026, 11, 23);
    let question = Question {
        asked: "h20".into(),
        transaction: Transaction::new(chip.id.clone(), "CN", date(2026, 11, 20), known),
        chip,
        by_family: true,
        siblings: Vec::new(),
        rivals: None,
    };
    c.bench_function("brief h20 to CN", |b| {
        b.iter(|| brief::write(black_box(&library), black_box(&question)))
    });
}

criterion_group!(all, benches);
criterion_main!(all);
