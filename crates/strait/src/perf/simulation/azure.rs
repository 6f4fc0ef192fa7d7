//! Azure's LLM inference traces (Splitwise, ISCA 2024; `AzurePublicDataset`): `TIMESTAMP`, `ContextTokens`,
//! `GeneratedTokens`.

use super::request::LAYOUTS;
use super::{Request, Trace};
use crate::data::{Problem, nearest};
use crate::figure::{Place, Quantity, Seconds};
use jiff::civil::DateTime;

const COLUMNS: [&str; 3] = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"];

/// Reads a trace of the code or the conversation service as published.
///
/// # Errors
/// A column that is missing; the first field that does not fit, with its line.
pub fn read_azure(file: &str, text: &str) -> Result<Trace, Problem> {
    // Published with line ends of two characters, which the reader's count of lines does not expect.
    let text = text.replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|e| malformed(file, &e))?.clone();
    let mut at = [0; 3];
    for (at, name) in at.iter_mut().zip(COLUMNS) {
        *at = heads.iter().position(|h| h == name).ok_or_else(|| {
            let near = nearest(name, heads.iter());
            let near = near
                .first()
                .map_or_else(String::new, |n| format!("; the file has `{n}`"));
            Problem::in_file(file, format!("column `{name}` is missing{near}")).help(LAYOUTS)
        })?;
    }
    let mut requests = Vec::new();
    let mut first: Option<DateTime> = None;
    for record in reader.records() {
        let record = record.map_err(|e| malformed(file, &e))?;
        let line = record.position().map(|p| p.line() as usize);
        let place = Place {
            file: file.to_owned(),
            line,
        };
        let field = |column: usize| record.get(at[column]).unwrap_or_default();
        let wrong = |column: usize, expected: &str| {
            Problem::at(
                place.clone(),
                format!("`{}` is `{}`", COLUMNS[column], field(column)),
            )
            .help(format!("{expected} was expected"))
        };
        // The traces of 2024 add an offset that is always zero.
        let written = field(0);
        let time = written.strip_suffix("+00:00").unwrap_or(written);
        let time: DateTime = time
            .parse()
            .map_err(|_| wrong(0, "a time such as `2023-11-16 18:15:46.6805900`"))?;
        let since = time.duration_since(*first.get_or_insert(time));
        let count = |column: usize| -> Result<u32, Problem> {
            match field(column).parse() {
                Ok(n @ 1..=100_000_000) => Ok(n),
                _ => Err(wrong(column, "a whole number of tokens, one or more,")),
            }
        };
        requests.push(Request {
            arrival: Seconds::of(since.as_secs_f64()),
            input: count(1)?,
            output: count(2)?,
            parts: Box::default(),
        });
    }
    Ok(Trace::new(requests, 0))
}

fn malformed(file: &str, error: &csv::Error) -> Problem {
    let line = error.position().map(|p| p.line() as usize);
    let place = Place {
        file: file.to_owned(),
        line,
    };
    Problem::at(place, format!("not a CSV record: {error}")).help(LAYOUTS)
}
