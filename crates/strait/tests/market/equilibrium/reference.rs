//! The reference tables.

use std::collections::BTreeMap;
use strait::data::{DataFile, read_table};

/// A file of `fixtures/equilibrium`.
macro_rules! table {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/equilibrium/", $name))
    };
}
pub(crate) use table;

/// Rows of a table, by market.
pub(crate) fn by_market<T: serde::de::DeserializeOwned>(
    text: &str,
    market: impl Fn(&T) -> &str,
) -> BTreeMap<String, Vec<T>> {
    let mut out: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for row in rows(text) {
        out.entry(market(&row).to_owned()).or_default().push(row);
    }
    out
}

pub(crate) fn rows<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    let file = DataFile {
        path: "reference.csv",
        text,
    };
    read_table::<T>(file)
        .unwrap()
        .into_iter()
        .map(|(_, row)| row)
        .collect()
}

/// A product of S1 or S2 in equilibrium.
#[derive(serde::Deserialize)]
pub(crate) struct Row {
    pub(crate) market: String,
    pub(crate) product: String,
    pub(crate) firm: String,
    pub(crate) nest: String,
    pub(crate) x: f64,
    pub(crate) xi: f64,
    pub(crate) effective_cost: f64,
    pub(crate) eq_price: f64,
    pub(crate) eq_share: f64,
    pub(crate) own_elasticity: f64,
    pub(crate) profit_per_capita: f64,
}

/// An elasticity of one product's share in another's price.
#[derive(serde::Deserialize)]
pub(crate) struct Elasticity {
    pub(crate) market: String,
    pub(crate) of_share_j: String,
    pub(crate) wrt_price_k: String,
    pub(crate) elasticity: f64,
}

/// A diversion ratio.
#[derive(serde::Deserialize)]
pub(crate) struct Ratio {
    pub(crate) from_j: String,
    #[serde(rename = "to_k_(j=j:outside)")]
    pub(crate) to_k: String,
    pub(crate) diversion: f64,
}

#[track_caller]
pub(crate) fn near(found: f64, want: f64, tolerance: f64, what: &str) {
    assert!((found - want).abs() <= tolerance, "{what}: {found} {want}");
}
