//! The catalog as shipped, and what it says of files that are wrong.

mod across_files;
mod figures;
mod names;
mod own_chip;
mod rates;
mod stacks;

use strait::catalog::{Catalog, Chip};
use strait::data::{DataSet, Problems};
use strait::figure::Quantity;
use strait::scenario::Scenario;

pub(crate) fn shipped() -> Catalog {
    match Catalog::load(&DataSet::embedded(), &Scenario::default()) {
        Ok(catalog) => catalog,
        Err(problems) => panic!("{problems}"),
    }
}

/// The largest rate x lowest width over a chip's rows: what total processing performance is at least.
pub(crate) fn product(chip: &Chip) -> f64 {
    let products = chip
        .peaks
        .iter()
        .map(|p| p.rate.value.get() * p.input_bits.low.get());
    products.fold(0.0, f64::max)
}

pub(crate) const OWN: &str = r#"id = "acme-one"
name = "Acme One"
vendor = "acme"
form = "module"
figures_from = { source = "user", grade = "recalled" }
[[peak]]
engine = "tensor"
rows = [
  { format = "fp16", input_bits = 16, tera_ops = 100 },
  { format = "fp8", input_bits = 8, tera_ops = 200 },
]
[[die]]
name = "die"
count = 1
role = "compute"
logic = true
transistor = "non_planar"
area = { value = 400, unit = "mm2" }
[memory]
bandwidth = { value = 2000, unit = "GB/s" }
[power]
tdp = { value = 400, unit = "W" }
"#;

pub(crate) fn own(text: &str) -> Result<Chip, Problems> {
    shipped().read_chip("mine.toml", text)
}

#[test]
fn every_variant_and_every_figure_loads() {
    let catalog = shipped();
    let stacks = catalog.iter().filter(|c| !c.is_accelerator()).count();
    assert_eq!((catalog.iter().count(), stacks), (125, 8));
    let figures: Vec<_> = catalog.iter().flat_map(Chip::figures).collect();
    let others: usize = figures.iter().map(|f| f.alternatives.len()).sum();
    let facts: usize = catalog.iter().map(|c| c.fact_disputes.len()).sum();
    assert_eq!((figures.len(), others, facts), (1460, 108, 28));
    assert!(figures.iter().all(|f| catalog.sources.get(&f.source).is_some()));
}

#[test]
fn makers_have_countries() {
    let catalog = shipped();
    let country = |name: &str| {
        let chip = catalog.resolve(name).unwrap().chip;
        let foundry = chip.dies.first().and_then(|d| catalog.foundry_country(d));
        (
            catalog.designer_country(chip).map(str::to_owned),
            foundry.map(str::to_owned),
        )
    };
    let pair = |a: &str, b: &str| (Some(a.to_owned()), Some(b.to_owned()));
    assert_eq!(country("h20"), pair("US", "TW"));
    assert_eq!(country("910c"), pair("CN", "CN"));
    assert_eq!(country("p800"), (Some("CN".into()), None));
}
