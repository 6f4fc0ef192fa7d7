//! Answers as JSON: `{"strait":{…},"rows":[…],"errors":[…]}`, one row a line.

use super::ask::Row;
use super::baseline::Change;
use super::cells::RowError;
use serde::Serialize;
use strait::rules::{LawBook, Summary};

/// What a row says of itself; the fields of its [`Summary`] follow in the same object. The baseline of a
/// later run reads both back.
#[derive(Serialize)]
struct Label<'a> {
    id: Option<&'a str>,
    line: u64,
    /// The row's own cells.
    asked: &'a str,
}

/// Appends one row, led by what sets it apart from the row before.
pub(super) fn row(out: &mut Vec<u8>, row: &Row<'_>, found: &Summary<'_>) {
    out.extend_from_slice(b",\n");
    let label = Label {
        id: (!row.id.is_empty()).then_some(row.id.as_str()),
        line: row.line,
        asked: &row.asked,
    };
    serde_json::to_writer(&mut *out, &label).expect("plain values into memory");
    // Two objects become one: the first one's closing brace goes, the second one's opening becomes a comma.
    out.pop();
    let joint = out.len();
    serde_json::to_writer(&mut *out, found).expect("plain values into memory");
    out[joint] = b',';
}

/// What stands before the rows.
pub(super) fn head(about: &impl Serialize) -> String {
    format!("{{\"strait\":{},\n\"rows\":[", plain(about))
}

/// What stands after them.
pub(super) fn tail(errors: &[RowError], changes: Option<&[Change]>, law: &LawBook) -> String {
    let changes = changes.map_or_else(String::new, |c| format!(",\n\"changes\":{}", plain(&c)));
    format!(
        "\n],\n\"errors\":{}{changes},\n\"scope\":{},\n\"instruments\":{}}}\n",
        plain(&errors),
        plain(&law.scope()),
        plain(&crate::revision::of(law))
    )
}

fn plain(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain values")
}
