//! What became of a row, in JSON and in one line for people.

use serde::Serialize;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FieldChange {
    pub(super) field: &'static str,
    pub(super) old: String,
    pub(super) new: String,
    /// Instruments that this field rests on, then or now, and that say something else on the other side.
    pub(super) instruments: Vec<String>,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Became {
    /// Decided otherwise.
    Changed,
    /// Not in the baseline.
    New,
    /// Only in the baseline.
    Gone,
}

/// One row that differs from the baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    pub(super) became: Became,
    /// Line of the row; that of the baseline's file where it is gone.
    pub(super) line: Option<u64>,
    /// The user's own name of the row, or what it asks.
    pub(super) row: String,
    pub(super) fields: Vec<FieldChange>,
    /// Instruments that cause the change; where a row is new or gone, those behind its answer.
    pub(super) instruments: Vec<String>,
}

impl Change {
    /// One line for people.
    pub(crate) fn line(&self, file: &str) -> String {
        let place = self.line.map_or_else(String::new, |line| match self.became {
            Became::Gone => String::new(),
            _ => format!("{file}:{line}: "),
        });
        let row = &self.row;
        let behind = by(&self.instruments);
        match self.became {
            Became::New => format!("{place}{row}: new, not in the baseline ({behind})"),
            Became::Gone => format!("{row}: gone, only in the baseline ({behind})"),
            Became::Changed => format!("{place}{row}: {}", fields(&self.fields)),
        }
    }
}

fn by(instruments: &[String]) -> String {
    match instruments {
        [] => "no instrument is named".to_owned(),
        ids => format!("by {}", ids.join(", ")),
    }
}

/// Fields in order, each run of those with the same cause followed by it.
fn fields(fields: &[FieldChange]) -> String {
    let runs = fields.chunk_by(|a, b| a.instruments == b.instruments);
    let told: Vec<String> = runs
        .map(|run| {
            let turns: Vec<String> = run
                .iter()
                .map(|f| format!("{} {} → {}", f.field, f.old, f.new))
                .collect();
            format!("{} ({})", turns.join("; "), by(&run[0].instruments))
        })
        .collect();
    told.join("; ")
}
