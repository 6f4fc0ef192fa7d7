//! What is told where no fit is of the day of knowledge or an earlier one: unknown, with what would decide it.

use crate::args::Global;
use crate::input::Inputs;
use crate::text::Layout;
use crate::view::{Page, Section, need as told};
use crate::{Exit, output, text};
use jiff::civil::Date;
use miette::Result;
use serde_json::json;
use strait::figure::Need;

/// Tells that an answer called `title` is unknown, which is an answer.
pub(crate) fn unknown(
    need: &Need,
    title: &str,
    inputs: &Inputs,
    known: Date,
    global: &Global,
) -> Result<Exit> {
    if global.json {
        let about = output::About::new(inputs.made(), json!({ "known": known }));
        output::print_json(&json!({ "strait": about, "unknown": { "needs": [need] } }))?;
        return Ok(Exit::Answered);
    }
    let mut section = Section::new("Unknown");
    section.items("What would decide it:", vec![told(need)]);
    let page = Page {
        title: title.to_owned(),
        subtitle: format!(
            "as known on {known} · strait {} · data {}",
            env!("CARGO_PKG_VERSION"),
            inputs.data.version()
        ),
        sections: vec![section],
    };
    output::print(&text::page(&page, Layout::of_stdout(true)))?;
    Ok(Exit::Answered)
}
