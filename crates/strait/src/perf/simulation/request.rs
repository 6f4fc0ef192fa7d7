//! Requests to be served, and the traces they come in.

use super::{read_azure, read_mooncake};
use crate::data::Problem;
use crate::figure::{Quantity, Seconds};

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// When it arrives, since the first of the trace.
    pub arrival: Seconds,
    /// Prompt tokens, one or more.
    pub input: u32,
    /// Output tokens, one or more.
    pub output: u32,
    /// Names of the prompt's parts of [`Trace::part`] tokens: two requests whose first names agree have
    /// these tokens in common. Empty where the trace tells nothing.
    pub parts: Box<[u64]>,
}

/// Requests in order of arrival.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    /// The requests.
    pub requests: Vec<Request>,
    /// Tokens of one named part of a prompt.
    pub part: u32,
}

impl Trace {
    /// Sorts by arrival and counts time from the first.
    #[must_use]
    pub fn new(mut requests: Vec<Request>, part: u32) -> Self {
        requests.sort_by(|a, b| a.arrival.get().total_cmp(&b.arrival.get()));
        let first = requests.first().map_or(0.0, |r| r.arrival.get());
        for request in &mut requests {
            request.arrival = Seconds::of(request.arrival.get() - first);
        }
        Self { requests, part }
    }

    /// Requests a second from the first to the last; zero where all come at once.
    #[must_use]
    pub fn rate(&self) -> f64 {
        let span = self.requests.last().map_or(0.0, |r| r.arrival.get());
        if span > 0.0 {
            (self.requests.len() - 1) as f64 / span
        } else {
            0.0
        }
    }

    /// The first `n` requests.
    #[must_use]
    pub fn first(mut self, n: usize) -> Self {
        self.requests.truncate(n);
        self
    }

    /// The same requests with gaps stretched so that they come at `rate` a second; unchanged where all come
    /// at once.
    #[must_use]
    pub fn at_rate(mut self, rate: f64) -> Self {
        let stretch = self.rate() / rate;
        if stretch > 0.0 && stretch.is_finite() {
            for request in &mut self.requests {
                request.arrival = request.arrival * stretch;
            }
        }
        self
    }
}

/// Reads a trace in either published layout, told apart by its first character: JSON Lines begin with `{`.
///
/// # Errors
/// The first line that does not fit, with file, line, field and what was expected.
pub fn read_trace(file: &str, text: &str) -> Result<Trace, Problem> {
    let trace = if text.trim_start().starts_with('{') {
        read_mooncake(file, text)?
    } else {
        read_azure(file, text)?
    };
    if trace.requests.is_empty() {
        return Err(Problem::in_file(file, "the trace holds no request").help(LAYOUTS));
    }
    Ok(trace)
}

/// What can be read, for messages.
pub(super) const LAYOUTS: &str = "a trace is CSV with the columns TIMESTAMP, ContextTokens and GeneratedTokens (Azure), \
     or one JSON object a line with timestamp in ms, input_length, output_length and hash_ids (Mooncake)";
