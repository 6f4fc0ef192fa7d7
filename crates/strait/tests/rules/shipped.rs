//! The shipped catalog and law, read once for all tests.

use std::sync::LazyLock;
use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources};
use strait::rules::LawBook;
use strait::scenario::Scenario;

pub(crate) static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap_or_else(|p| panic!("{p}"))
});

pub(crate) static BOOK: LazyLock<LawBook> = LazyLock::new(|| {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap_or_else(|p| panic!("{p}"));
    LawBook::load(&data, &Scenario::default(), &sources).unwrap_or_else(|p| panic!("{p}"))
});
