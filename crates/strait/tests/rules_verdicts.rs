//! The verdicts derived by hand in `data/validation/verdicts.csv`, on the shipped data.

use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources, read_table};
use strait::rules::{LawBook, Transaction};
use strait::scenario::Scenario;

#[test]
fn loads() {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap_or_else(|p| panic!("{p}"));
    LawBook::load(&data, &Scenario::default(), &sources).unwrap_or_else(|p| panic!("{p}"));
}
