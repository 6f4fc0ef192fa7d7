//! The catalog as shipped.

use strait::catalog::Catalog;
use strait::data::DataSet;
use strait::scenario::Scenario;

fn shipped() -> Catalog {
    match Catalog::load(&DataSet::embedded(), &Scenario::default()) {
        Ok(catalog) => catalog,
        Err(problems) => panic!("{problems}"),
    }
}

#[test]
fn every_variant_loads() {
    let catalog = shipped();
    assert_eq!(catalog.iter().count(), 113);
}
