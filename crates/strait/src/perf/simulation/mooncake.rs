//! Mooncake's request traces (FAST 2025): one JSON object a line, `timestamp` in milliseconds, lengths in
//! tokens, and `hash_ids` that name the prompt's parts of 512 tokens.

use super::{Request, Trace};
use crate::data::{Problem, nearest};
use crate::figure::{Place, Quantity, Seconds};
use serde_json::{Map, Value};

/// Tokens that one of `hash_ids` stands for.
const PART: u32 = 512;
const FIELDS: [&str; 4] = ["timestamp", "input_length", "output_length", "hash_ids"];

/// Reads a trace as published; blank lines are passed over, `hash_ids` may be absent.
///
/// # Errors
/// The first line that does not fit: what field, what stands there, what was expected. A field that is not
/// among the published ones is an error too: traces of other makers count time in other units.
pub fn read_mooncake(file: &str, text: &str) -> Result<Trace, Problem> {
    let mut requests = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let place = Place::line(file, at + 1);
        requests.push(request(line).map_err(|(message, help)| Problem::at(place, message).help(help))?);
    }
    Ok(Trace::new(requests, PART))
}

type Wrong = (String, String);

fn request(line: &str) -> Result<Request, Wrong> {
    let value: Value = serde_json::from_str(line).map_err(|e| {
        (
            format!("not a JSON object: {e}"),
            "one object a line was expected".to_owned(),
        )
    })?;
    let Value::Object(fields) = value else {
        return Err((
            "not a JSON object".to_owned(),
            "one object a line was expected".to_owned(),
        ));
    };
    if let Some(other) = fields.keys().find(|k| !FIELDS.contains(&k.as_str())) {
        let near = nearest(other, FIELDS.into_iter());
        let help = near.first().map_or_else(
            || format!("the fields of the layout are {}", FIELDS.join(", ")),
            |near| format!("is `{near}` meant?"),
        );
        return Err((format!("unknown field `{other}`"), help));
    }
    let input = tokens(&fields, "input_length")?;
    let parts = match fields.get("hash_ids") {
        None => Box::default(),
        Some(Value::Array(ids)) => ids
            .iter()
            .map(|id| id.as_u64().ok_or_else(|| wrong(&fields, "hash_ids", IDS)))
            .collect::<Result<_, _>>()?,
        Some(_) => return Err(wrong(&fields, "hash_ids", IDS)),
    };
    Ok(Request {
        arrival: Seconds::of(milliseconds(&fields)? / 1e3),
        input,
        output: tokens(&fields, "output_length")?,
        parts,
    })
}

const IDS: &str = "a list of whole numbers";

fn wrong(fields: &Map<String, Value>, name: &str, expected: &str) -> Wrong {
    let message = match fields.get(name) {
        None => format!("`{name}` is missing"),
        Some(found) => format!("`{name}` is `{found}`"),
    };
    (message, format!("{expected} was expected"))
}

fn milliseconds(fields: &Map<String, Value>) -> Result<f64, Wrong> {
    let found = fields.get("timestamp").and_then(Value::as_f64);
    found
        .filter(|t| t.is_finite() && *t >= 0.0)
        .ok_or_else(|| wrong(fields, "timestamp", "a number of milliseconds, zero or more,"))
}

fn tokens(fields: &Map<String, Value>, name: &str) -> Result<u32, Wrong> {
    let found = fields.get(name).and_then(Value::as_u64);
    found
        .and_then(|n| u32::try_from(n).ok())
        .filter(|n| (1..=100_000_000).contains(n))
        .ok_or_else(|| wrong(fields, name, "a whole number of tokens, one or more,"))
}
