//! Time of a verdict on one core: the threshold step alone, every step, and the whole written out.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources};
use strait::rules::{AsOf, Findings, Item, LawBook, Transaction};
use strait::scenario::Scenario;

fn verdicts(c: &mut Criterion) {
    let data = DataSet::embedded();
    let sources = load_sources(&data).expect("sources");
    let scenario = Scenario::default();
    let book = LawBook::load(&data, &scenario, &sources).expect("law");
    let catalog = Catalog::load(&data, &scenario).expect("catalog");
    let on = jiff::civil::date(2026, 2, 1);
    for name in ["h20", "h100", "h200", "a10", "mi308x", "ascend-910c"] {
        let chip = catalog.resolve(name).expect("chip").chip;
        let item = Item::new(chip, catalog.designer_country(chip), Some("TW"));
        let tx = Transaction::new(chip.id.clone(), "CN", on, on);
        let day = book.day(AsOf::of(&tx)).expect("a day");
        let mut found = Findings::default();
        c.bench_function(&format!("rules/threshold/{name}"), |b| {
            b.iter(|| day.threshold(black_box(&item), &mut found));
        });
        c.bench_function(&format!("rules/transaction/{name}"), |b| {
            b.iter(|| day.decide(black_box(&item), black_box(&tx), &mut found));
        });
        c.bench_function(&format!("rules/written_out/{name}"), |b| {
            b.iter(|| black_box(day.explain(&item, &tx, &found)));
        });
    }
    let as_of = AsOf::of(&Transaction::new(
        catalog.resolve("h20").expect("chip").chip.id.clone(),
        "CN",
        on,
        on,
    ));
    c.bench_function("rules/day", |b| b.iter(|| black_box(book.day(black_box(as_of)))));
}

criterion_group!(benches, verdicts);
criterion_main!(benches);
