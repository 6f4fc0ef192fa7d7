//! A line on standard error that says how far a batch is, for people only.

use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

/// Nothing where standard error is no terminal.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    /// `size` is the file's bytes, where known.
    pub(super) fn new(size: Option<u64>) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let style =
            |template: &str| ProgressStyle::with_template(template).expect("a template that a test reads");
        let bar = match size {
            Some(size) => ProgressBar::new(size).with_style(style(WITH_SIZE)),
            None => ProgressBar::no_length().with_style(style(WITHOUT_SIZE)),
        };
        Self(Some(bar))
    }

    /// After a chunk: rows done so far and bytes read so far.
    pub(super) fn at(&self, rows: u64, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.set_message(format!("{rows} rows"));
            bar.set_position(bytes);
        }
    }

    /// A line of its own beside the progress.
    pub(super) fn beside(&self, text: &str) {
        match &self.0 {
            Some(bar) => bar.suspend(|| output::remark(text)),
            None => output::remark(text),
        }
    }

    /// Wipes the line, so that what follows stands alone.
    pub(super) fn done(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

const WITH_SIZE: &str = "{bar:30} {percent:>3} % · {msg} · {eta} left";
const WITHOUT_SIZE: &str = "{spinner} {msg} · {elapsed}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_can_be_read() {
        for template in [WITH_SIZE, WITHOUT_SIZE] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
