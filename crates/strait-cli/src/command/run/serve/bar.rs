//! A bar that says how far a run is.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

/// How far it is, on standard error, for people only.
pub(in crate::command::run) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(in crate::command::run) fn new(all: u64, what: &str) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let style =
            ProgressStyle::with_template(&format!("{{bar:30}} {{pos}} of {{len}} {what} · {{eta}} left"))
                .expect("a template that can be read");
        Self(Some(ProgressBar::new(all).with_style(style)))
    }

    pub(in crate::command::run) fn at(&self, done: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(done);
        }
    }

    /// Of a number that is known only later.
    pub(in crate::command::run) fn of(&self, done: u64, all: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(all);
            bar.set_position(done);
        }
    }

    pub(in crate::command::run) fn done(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
