//! A short hash of what each instrument says, so that a later run can tell a new law from a corrected file.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use strait::rules::LawBook;

/// Twelve hexadecimal digits by instrument, over everything that decides: where its file lies is no part of it.
pub(crate) fn of(law: &LawBook) -> BTreeMap<String, String> {
    let hash = |instrument| {
        let text = serde_json::to_vec(instrument).expect("plain values");
        let mut digits = String::with_capacity(12);
        for byte in &Sha256::digest(text)[..6] {
            write!(digits, "{byte:02x}").expect("to a string");
        }
        digits
    };
    law.instruments()
        .iter()
        .map(|i| (i.id.clone(), hash(i)))
        .collect()
}
