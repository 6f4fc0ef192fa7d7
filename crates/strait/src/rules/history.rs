//! What an instrument was on a day, as known on a day.

use super::{Instrument, State, StatusRow, Ternary};
use crate::figure::When;
use jiff::civil::Date;

impl Instrument {
    /// The status row that holds on `on` for somebody who knows what was public on `known`.
    pub fn state_at(&self, on: Date, known: Date) -> Option<State> {
        let rows = self.status.iter().map(toml::Spanned::get_ref);
        rows.filter(|row| row.known_from.last() <= known && covers(row, on).is_possible())
            .max_by_key(|row| (row.known_from, covers(row, on) == Ternary::Yes))
            .map(|row| row.state)
    }

    /// Whether it binds on that day: in force, or standing in the code where `codified` is asked.
    pub(crate) fn binds_on(&self, on: Date, known: Date, codified: bool) -> Ternary {
        let binding = |row: &StatusRow| match row.state {
            State::InForce => true,
            State::CodifiedNotEnforced => codified,
            _ => false,
        };
        let rows = self.status.iter().map(toml::Spanned::get_ref);
        let mut possible: Vec<(&StatusRow, Ternary)> = rows
            .filter(|row| row.known_from.last() <= known)
            .map(|row| (row, covers(row, on)))
            .filter(|(_, covered)| covered.is_possible())
            .collect();
        possible.sort_by_key(|(row, covered)| (std::cmp::Reverse(row.known_from), *covered != Ternary::Yes));
        // Rows known last come first. One that covers the day only perhaps leaves it to those before it,
        // and where they say otherwise, open.
        let mut perhaps: Option<Ternary> = None;
        for (row, covered) in possible {
            let says = Ternary::from(binding(row));
            let together = match perhaps {
                Some(before) if before != says => Ternary::Unknown,
                _ => says,
            };
            if covered == Ternary::Yes {
                return together;
            }
            perhaps = Some(together);
        }
        // Before the first row that covers the day for certain, nothing binds.
        match perhaps {
            Some(Ternary::Yes | Ternary::Unknown) => Ternary::Unknown,
            _ => Ternary::No,
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
