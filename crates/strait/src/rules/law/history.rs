//! What an instrument was on a day, as known on a day.

use crate::figure::When;
use crate::rules::{AsOf, ConditionRow, Instrument, Knower, State, StatusRow, Ternary};
use jiff::civil::Date;

/// The state that covers a day, and whether the dates are exact enough to be sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    state: State,
    certain: bool,
}

impl Instrument {
    /// The status row that holds on `on` for somebody who knows what was public on `known`.
    pub fn state_at(&self, on: Date, known: Date) -> Option<State> {
        self.state_as_of(AsOf {
            on,
            known,
            known_to: Knower::Public,
            codified: false,
        })
    }

    /// The state on a day as known on a day, to the public or to a letter's addressee.
    pub fn state_as_of(&self, as_of: AsOf) -> Option<State> {
        self.standing(as_of).map(|s| s.state)
    }

    fn standing(&self, as_of: AsOf) -> Option<Standing> {
        let rows = self.status.iter().map(toml::Spanned::get_ref);
        rows.map(|row| (row, self.learned(row, as_of.known_to)))
            .filter(|(row, learned)| learned.last() <= as_of.known && covers(row, as_of.on).is_possible())
            .max_by_key(|(row, learned)| (*learned, covers(row, as_of.on) == Ternary::Yes))
            .map(|(row, _)| Standing {
                state: row.state,
                certain: covers(row, as_of.on) == Ternary::Yes,
            })
    }

    /// When somebody learned of a row: the addressee of a letter before the public.
    fn learned(&self, row: &StatusRow, knower: Knower) -> When {
        if knower == Knower::Public {
            return row.known_from;
        }
        let first = self.dates.known_from == Some(row.known_from);
        row.known_to_addressee
            .or(self.dates.known_to_addressee.filter(|_| first))
            .unwrap_or(row.known_from)
    }

    /// Whether it binds on that day: in force, or standing in the code where `codified` is asked.
    pub(crate) fn binds_on(&self, as_of: AsOf) -> Ternary {
        let binding = |row: &StatusRow| match row.state {
            State::InForce => true,
            State::CodifiedNotEnforced | State::ComplianceLater => as_of.codified,
            _ => false,
        };
        let rows = self.status.iter().map(toml::Spanned::get_ref);
        let mut possible: Vec<(&StatusRow, When, Ternary)> = rows
            .map(|row| (row, self.learned(row, as_of.known_to)))
            .filter(|(_, learned)| learned.last() <= as_of.known)
            .map(|(row, learned)| (row, learned, covers(row, as_of.on)))
            .filter(|(_, _, covered)| covered.is_possible())
            .collect();
        possible.sort_by_key(|(_, learned, covered)| (std::cmp::Reverse(*learned), *covered != Ternary::Yes));
        // Rows known last come first. One that covers the day only perhaps leaves it to those before it,
        // and where they say otherwise, open.
        let mut perhaps: Option<Ternary> = None;
        for (row, _, covered) in possible {
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

    /// Whether its classification table is in effect that day, whenever compliance is due. A table is read as a
    /// whole: it stands from the last day of its rows.
    pub(crate) fn classifies_on(&self, as_of: AsOf) -> bool {
        let begun = self.classify.iter().all(|row| within(row.from, None, as_of.on));
        begun
            && self.standing(as_of).is_some_and(|standing| {
                let effective = matches!(standing.state, State::InForce | State::ComplianceLater)
                    || standing.state == State::CodifiedNotEnforced && as_of.codified;
                effective && standing.certain
            })
    }

    /// Every condition of its review policies and exceptions.
    pub(crate) fn checklist(&self) -> impl Iterator<Item = &ConditionRow> {
        let reviews = self.review.iter().flat_map(|r| &r.conditions);
        reviews.chain(self.exception.iter().flat_map(|r| &r.conditions))
    }

    /// Days on which something about it changes, with what.
    pub(crate) fn boundaries(&self) -> impl Iterator<Item = When> + '_ {
        let rows = self.status.iter().map(toml::Spanned::get_ref);
        let status = rows.flat_map(|r| [Some(r.from), r.until]);
        let pairs = |rows: Vec<[Option<When>; 2]>| rows.into_iter().flatten();
        let inner = pairs(self.classify.iter().map(|r| [r.from, None]).collect())
            .chain(pairs(self.z_item.iter().map(|r| [r.from, r.until]).collect()))
            .chain(pairs(
                self.jurisdiction.iter().map(|r| [r.from, r.until]).collect(),
            ))
            .chain(pairs(self.require.iter().map(|r| [r.from, r.until]).collect()))
            .chain(pairs(self.product.iter().map(|r| [r.from, r.until]).collect()))
            .chain(pairs(self.end_use.iter().map(|r| [r.from, r.until]).collect()))
            .chain(pairs(self.exception.iter().map(|r| [r.from, r.until]).collect()))
            .chain(pairs(self.review.iter().map(|r| [r.from, r.until]).collect()))
            .chain(pairs(self.checklist().map(|c| [c.from, c.until]).collect()));
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
