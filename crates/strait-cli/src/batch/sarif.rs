//! Answers as SARIF 2.1.0, for code-scanning pages: one result a row that needs attention.
//!
//! The instruments relied on are the tool's rules. Results are kept aside until the last row is decided,
//! since the rules stand before them.

use super::ask::Row;
use super::cells::RowError;
use crate::view::word;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use strait::figure::{SourceId, Sources};
use strait::rules::{Instrument, LawBook, License, Summary};

/// Where the schema stands that a test validates against.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Rule of a verdict that rests on no instrument: facts are missing, or nothing was found.
const NO_INSTRUMENT: &str = "strait-no-instrument";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'a str,
    kind: &'static str,
    level: &'static str,
    message: Text<'a>,
    locations: [Location<'a>; 1],
    partial_fingerprints: Fingerprints<'a>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Physical<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'a> {
    artifact_location: Artifact<'a>,
    region: Region,
}

#[derive(Serialize)]
struct Artifact<'a> {
    uri: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
}

#[derive(Serialize)]
struct Fingerprints<'a> {
    #[serde(rename = "straitRow/v1")]
    row: &'a str,
}

#[derive(Serialize)]
struct Properties<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    asked: &'a str,
    verdict: &'a Summary<'a>,
}

/// Writes results; keeps which instruments they name.
pub(super) struct SarifRows<'a> {
    uri: &'a str,
    /// Also rows in which nothing was found.
    all: bool,
    out: Vec<u8>,
    pub(super) rules: BTreeSet<String>,
}

impl<'a> SarifRows<'a> {
    pub(super) fn new(uri: &'a str, all: bool) -> Self {
        Self {
            uri,
            all,
            out: Vec::new(),
            rules: BTreeSet::new(),
        }
    }

    pub(super) fn row(&mut self, row: &Row<'_>, found: &Summary<'_>) {
        let (kind, level) = match found.license {
            License::Required => ("fail", "error"),
            License::Unknown => ("fail", "warning"),
            License::ExceptionAvailable => ("fail", "note"),
            _ if !self.all => return,
            License::NoneFound => ("pass", "none"),
            License::NotSubject | License::NotInForce => ("notApplicable", "none"),
        };
        let rule = found.why.first().copied().unwrap_or(NO_INSTRUMENT);
        for id in found.why.iter().copied().chain([rule]) {
            if !self.rules.contains(id) {
                self.rules.insert(id.to_owned());
            }
        }
        let result = SarifResult {
            rule_id: rule,
            kind,
            level,
            message: Text {
                text: &message(found),
            },
            locations: [Location {
                physical_location: Physical {
                    artifact_location: Artifact { uri: self.uri },
                    region: Region { start_line: row.line },
                },
            }],
            partial_fingerprints: Fingerprints {
                row: &fingerprint(row),
            },
            properties: Properties {
                id: &row.id,
                asked: &row.asked,
                verdict: found,
            },
        };
        self.out.extend_from_slice(b",\n");
        serde_json::to_writer(&mut self.out, &result).expect("plain values into memory");
    }

    pub(super) fn finish(self) -> (Vec<u8>, BTreeSet<String>) {
        (self.out, self.rules)
    }
}

fn message(found: &Summary<'_>) -> String {
    let mut text = format!(
        "{} to {} on {}: license {}",
        found.chip,
        found.to,
        found.on,
        word(&found.license)
    );
    if let Some(review) = found.review {
        write!(text, ", review {}", word(&review)).expect("to a string");
    }
    write!(text, "; classification {}", word(&found.classification)).expect("to a string");
    if let Some(limb) = found.paragraph {
        write!(text, " ({limb})").expect("to a string");
    }
    write!(text, "; China side {}.", word(&found.cn_state)).expect("to a string");
    if !found.exceptions.is_empty() {
        write!(text, " Exceptions to consider: {}.", found.exceptions.join(", ")).expect("to a string");
    }
    if !found.why.is_empty() {
        write!(text, " By {}.", found.why.join(", ")).expect("to a string");
    }
    if let Some(codified) = &found.codified_text {
        let differs = codified.differs.replace('_', " ");
        write!(text, " The codified text, not enforced, would make it {differs}.").expect("to a string");
    }
    if !found.needs.is_empty() {
        write!(text, " Would decide: {}.", found.needs.join(", ")).expect("to a string");
    }
    text
}

/// The same row in another place of the file, or in another file, keeps its fingerprint.
fn fingerprint(row: &Row<'_>) -> String {
    let name = if row.id.is_empty() { &row.asked } else { &row.id };
    let hash = Sha256::digest(name.as_bytes());
    let mut text = String::with_capacity(16);
    for byte in &hash[..8] {
        write!(text, "{byte:02x}").expect("to a string");
    }
    text
}

/// What stands before the results: the tool with its rules.
pub(super) fn head(
    about: &impl Serialize,
    rules: &BTreeSet<String>,
    law: &LawBook,
    sources: &Sources,
    errors: &[RowError],
    uri: &str,
) -> String {
    let rules: Vec<serde_json::Value> = rules
        .iter()
        .map(|id| match law.instrument(id) {
            Some(instrument) => rule(instrument, sources),
            None => json!({
                "id": id, "name": "no instrument",
                "shortDescription": { "text": "No instrument decides; the message says which facts would." },
            }),
        })
        .collect();
    let notices: Vec<serde_json::Value> = errors
        .iter()
        .map(|e| {
            json!({
                "level": "error", "message": { "text": format!("{}: {}", e.field, e.message) },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": uri }, "region": { "startLine": e.line } } }],
            })
        })
        .collect();
    let head = json!({
        "$schema": SCHEMA, "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "strait", "version": env!("CARGO_PKG_VERSION"), "semanticVersion": env!("CARGO_PKG_VERSION"),
                "shortDescription": { "text": "What export control means for an AI accelerator; no legal advice." },
                "rules": rules } },
            "invocations": [{ "executionSuccessful": errors.is_empty(), "toolExecutionNotifications": notices }],
            "properties": { "strait": about },
        }],
    });
    let mut text = head.to_string();
    // The results follow inside the run.
    text.truncate(text.len() - "}]}".len());
    text.push_str(",\"results\":[");
    text
}

/// What stands after them.
pub(super) const TAIL: &str = "\n]}]}\n";

fn rule(instrument: &Instrument, sources: &Sources) -> serde_json::Value {
    let mut rule = json!({
        "id": instrument.id,
        "name": instrument.cite.short().unwrap_or(&instrument.id),
        "shortDescription": { "text": instrument.title },
        "fullDescription": { "text": instrument.summary },
        "properties": { "form": instrument.form, "grade": instrument.grade, "binds": instrument.binds },
    });
    let source = sources.get(&SourceId(instrument.source.get_ref().clone()));
    if let Some(url) = source.and_then(|s| s.url.as_deref()) {
        rule["helpUri"] = url.into();
    }
    rule
}

/// A path as the reference SARIF wants: forward slashes, and nothing but the characters of a URI.
pub(super) fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("to a string");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("parts/a b.csv"), "parts/a%20b.csv");
        assert_eq!(uri("/tmp/teile-ä.csv"), "file:///tmp/teile-%C3%A4.csv");
        assert_eq!(uri("a:b.csv"), "a%3Ab.csv");
    }
}
