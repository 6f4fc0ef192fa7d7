//! The shipped prices, tariffs and parameters: they load, and published owning costs are compared.

use strait::cost::CostModel;
use strait::data::{DataSet, load_sources};
use strait::scenario::Scenario;

#[test]
fn the_shipped_data_are_sound() {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap_or_else(|problems| panic!("{problems}"));
    CostModel::load(&data, &Scenario::default(), &sources).unwrap_or_else(|problems| panic!("{problems}"));
}
