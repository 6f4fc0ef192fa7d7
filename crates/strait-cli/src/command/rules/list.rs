//! `strait rules list`.

use crate::args::{ListArgs, SideArg};
use crate::input::today;
use crate::view::{Page, Section, Table, word};
use serde_json::{Value, json};
use strait::rules::{AsOf, Instrument, Knower, LawBook};
use strait::scenario::Side;

/// The instruments that pass every filter, with their state on the day.
pub(super) fn run(law: &LawBook, args: &ListArgs) -> (Page, Value) {
    let as_of = AsOf {
        on: args.on.unwrap_or_else(today),
        known: args.known.unwrap_or_else(today),
        known_to: args.known_to.unwrap_or(Knower::Public),
        codified: false,
    };
    let side = args.side.map(|side| match side {
        SideArg::Us => Side::Us,
        SideArg::Cn => Side::Cn,
    });
    let passes = |i: &&Instrument| {
        side.is_none_or(|side| i.side == side)
            && args.form.is_none_or(|form| i.form == form)
            && args.status.is_none_or(|s| i.state_as_of(as_of) == Some(s))
    };
    let mut table = Table::new(
        "Instruments",
        &["id", "form", "state", "title", "grade", "written in"],
    );
    let mut facts = Vec::new();
    for i in law.instruments().iter().filter(passes) {
        let state = i.state_as_of(as_of);
        table.row([
            i.id.clone(),
            word(&i.form),
            state.map_or("–", strait::rules::State::words).to_owned(),
            i.title.clone(),
            i.grade.to_string(),
            i.place.to_string(),
        ]);
        facts.push(json!({
            "id": i.id, "side": i.side, "form": i.form, "title": i.title, "state": state,
            "cite": i.cite.short(), "grade": i.grade, "place": i.place,
        }));
    }
    table.note = Some("a dash: nothing was known of it then".to_owned());
    let mut section = Section::default();
    let of = law.instruments().len();
    let count = match table.rows.len() {
        all if all == of => format!("{of} instruments"),
        some => format!("{some} of {of} instruments"),
    };
    section.table(table);
    let page = Page {
        title: format!("{count}, read through {}", law.verified_through()),
        subtitle: format!("state on {}, as known on {}", as_of.on, as_of.known),
        sections: vec![section],
    };
    (page, Value::Array(facts))
}
