//! What pieces come to together: rows, errors, changes against a baseline, and how the command ends.

use super::baseline::{Answered, Baseline, Change};
use super::cells::RowError;
use super::progress::Progress;
use super::writer::Format;
use crate::Exit;
use crate::output;
use crate::view::days;
use std::collections::BTreeSet;
use strait::rules::LawBook;

/// What one piece of a chunk came to.
pub(super) struct Piece {
    pub(super) text: Vec<u8>,
    pub(super) rules: BTreeSet<String>,
    pub(super) errors: Vec<RowError>,
    pub(super) stale: Stale,
    /// For the baseline: every row that could be told apart.
    pub(super) met: Vec<Met>,
}

/// A row as the baseline meets it.
pub(super) enum Met {
    Answered(Box<Answered>),
    /// Name and cells of a row that has no answer.
    Bad(String, String),
}

/// Rows past the day through which the law has been read.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Stale {
    pub(super) rows: u64,
    pub(super) days: i64,
}

/// What all pieces came to.
#[derive(Default)]
pub(super) struct Totals {
    pub(super) rows: u64,
    begun: bool,
    pub(super) rules: BTreeSet<String>,
    pub(super) errors: Vec<RowError>,
    pub(super) stale: Stale,
    pub(super) changes: Vec<Change>,
}

impl Totals {
    /// The piece's text without the comma that leads the very first row.
    pub(super) fn joined<'a>(&mut self, format: Format, text: &'a [u8]) -> &'a [u8] {
        if self.begun || format == Format::Csv || text.is_empty() {
            return text;
        }
        self.begun = true;
        &text[1..]
    }

    pub(super) fn add(
        &mut self,
        piece: Piece,
        baseline: Option<&mut Baseline<'_>>,
        file: &str,
        progress: &Progress,
    ) {
        for wrong in &piece.errors {
            progress.beside(&wrong.told(file));
        }
        self.errors.extend(piece.errors);
        self.rules.extend(piece.rules);
        self.stale.rows += piece.stale.rows;
        self.stale.days = self.stale.days.max(piece.stale.days);
        if let Some(baseline) = baseline {
            for met in piece.met {
                match met {
                    Met::Answered(now) => self.changes.extend(baseline.compare(*now)),
                    Met::Bad(id, asked) => baseline.pass_over(&id, &asked),
                }
            }
        }
    }

    /// Says on standard error what the answers do not, and how the command ends.
    pub(super) fn tell(&self, file: &str, law: &LawBook, strict: bool) -> Exit {
        for change in &self.changes {
            output::remark(&change.line(file));
        }
        if self.stale.rows > 0 {
            output::remark(&format!(
                "the law has been read through {}: {} asked of later days, the latest {} after it",
                law.verified_through(),
                rows(self.stale.rows),
                days(self.stale.days)
            ));
        }
        if !self.errors.is_empty() {
            output::remark(&format!(
                "{} of {} could not be answered; the others are done",
                self.errors.len(),
                rows(self.rows)
            ));
            return Exit::BadInput;
        }
        if !self.changes.is_empty() {
            output::remark(&format!(
                "{} not as in the baseline",
                rows(self.changes.len() as u64)
            ));
            return Exit::Differs;
        }
        if strict && self.stale.rows > 0 {
            return Exit::Stale;
        }
        Exit::Answered
    }
}

fn rows(n: u64) -> String {
    format!("{n} {}", if n == 1 { "row" } else { "rows" })
}
