//! Short hashes of what was read, so that a later run can tell that something else stands there now.

use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use strait::rules::LawBook;

/// Twelve hexadecimal digits by instrument, over everything that decides: where its file lies is no part of it.
pub(crate) fn of(law: &LawBook) -> BTreeMap<String, String> {
    law.instruments()
        .iter()
        .map(|i| (i.id.clone(), short(i)))
        .collect()
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
