//! What an instrument was on a day, as known on a day.

use super::{Instrument, State, StatusRow, Ternary};
use crate::figure::When;
use jiff::civil::Date;

/// The state that covers a day, and whether the dates are exact enough to be sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) state: State,
    pub(crate) certain: bool,
}

impl Instrument {
    /// The status row that holds on `on` for somebody who knows what was public on `known`.
    pub fn state_at(&self, on: Date, known: Date) -> Option<State> {
        self.standing(on, known).map(|s| s.state)
    }

    pub(crate) fn standing(&self, on: Date, known: Date) -> Option<Standing> {
        let rows = self.status.iter().map(toml::Spanned::get_ref);
        rows.filter(|row| row.known_from.last() <= known && covers(row, on).is_possible())
            .max_by_key(|row| (row.known_from, covers(row, on) == Ternary::Yes))
            .map(|row| Standing {
                state: row.state,
                certain: covers(row, on) == Ternary::Yes,
            })
    }

    /// Whether it binds on that day: in force, or standing in the code where `codified` is asked.
    pub(crate) fn binds_on(&self, on: Date, known: Date, codified: bool) -> Ternary {
        match self.standing(on, known) {
            Some(standing) => {
                let binding = match standing.state {
                    State::InForce => true,
                    State::CodifiedNotEnforced => codified,
                    _ => false,
                };
                match (binding, standing.certain) {
                    (true, false) => Ternary::Unknown,
                    (binding, _) => binding.into(),
                }
            }
            None => Ternary::No,
        }
    }

    /// Days on which something about it changes, with what.
    pub(crate) fn boundaries(&self) -> impl Iterator<Item = When> + '_ {
        let rows = self.status.iter().map(toml::Spanned::get_ref);
        let status = rows.flat_map(|r| [Some(r.from), r.until]);
        let inner = self
            .require
            .iter()
            .map(|r| [r.from, r.until])
            .chain(self.exception.iter().map(|r| [r.from, r.until]))
            .flatten();
        status.chain(inner).flatten()
    }
}

/// `[from, until)` with imprecise ends.
fn covers(row: &StatusRow, on: Date) -> Ternary {
    let begun = Ternary::from(row.from.on_or_before(on));
    let over = row.until.map_or(Ternary::No, |u| u.on_or_before(on).into());
    begun.and(over.negate())
}

/// Whether a row with its own dates holds on a day; an imprecise end counts from its last day.
pub(crate) fn within(from: Option<When>, until: Option<When>, on: Date) -> bool {
    from.is_none_or(|f| f.last() <= on) && until.is_none_or(|u| on < u.last())
}
