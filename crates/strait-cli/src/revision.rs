//! Short hashes of what was read, so that a later run can tell that something else stands there now.

use crate::input::Inputs;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use strait::rules::LawBook;
use strait::scenario::Scenario;

/// Twelve hexadecimal digits by instrument, over everything that decides: where its file lies is no part of it.
pub(crate) fn of(law: &LawBook) -> BTreeMap<String, String> {
    law.instruments()
        .iter()
        .map(|i| (i.id.clone(), short(i)))
        .collect()
}

/// Twelve hexadecimal digits over program, data and a scenario: what a file that goes on with a run is kept under.
pub(crate) fn of_all(inputs: &Inputs, scenario: &Scenario) -> String {
    short(&(env!("CARGO_PKG_VERSION"), inputs.data.version(), scenario))
}

/// Twelve hexadecimal digits over everything a value holds.
pub(crate) fn short(value: &impl Serialize) -> String {
    let text = serde_json::to_vec(value).expect("plain values");
    let mut digits = String::with_capacity(12);
    for byte in &Sha256::digest(text)[..6] {
        write!(digits, "{byte:02x}").expect("to a string");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use strait::data::DataSet;

    #[test]
    fn any_file_of_the_data_and_the_scenario_make_another_revision() {
        let inputs = |data: DataSet| Inputs {
            data,
            scenario: Scenario::default(),
        };
        let plain = inputs(DataSet::embedded());
        let same = of_all(&plain, &plain.scenario);
        assert_eq!(same, of_all(&inputs(DataSet::embedded()), &Scenario::default()));
        // A price enters a fit through what buyers meet, not through observations or priors.
        let other = inputs(DataSet::embedded().with("market/prices.csv", "id\n"));
        assert_ne!(same, of_all(&other, &other.scenario));
        let named = Scenario::read("s.toml", "id = \"s\"\n").expect("a scenario");
        assert_ne!(same, of_all(&plain, &named));
    }
}
