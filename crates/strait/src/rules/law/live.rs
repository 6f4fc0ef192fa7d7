//! A row whose instrument binds on a day, or may, with the countries that it reaches.

use crate::rules::deal::ask::Ask;
use crate::rules::words::countries::{Countries, CountryId};
use crate::rules::{Instrument, Ternary};

/// Which countries a row reaches by destination, and which by headquarters or parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) place: Option<Countries>,
    pub(crate) who: Option<Countries>,
}

impl Reach {
    pub(crate) fn place(self, to: CountryId) -> bool {
        self.place.is_some_and(|set| set.contains(to))
    }

    pub(crate) fn who(self, headquarters: CountryId, parent: CountryId) -> bool {
        self.who
            .is_some_and(|set| set.contains(headquarters) || set.contains(parent))
    }

    /// Whether it reaches the destination, or the end user's headquarters or parent.
    pub(crate) fn of(self, ask: &Ask<'_>) -> bool {
        self.place(ask.to.id) || self.who(ask.headquarters.id, ask.parent.id)
    }
}

/// A row whose instrument binds that day, or may.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Live<'b, R> {
    pub(crate) by: &'b Instrument,
    pub(crate) row: &'b R,
    /// Yes, or unknown where its dates are not exact enough.
    pub(crate) held: Ternary,
    pub(crate) reach: Reach,
    /// Destinations that may be meant (letters), outside which it is silent (requirements, reviews), or where a
    /// designer sits (jurisdiction, presumptions) or remote users (red flags).
    pub(crate) other: Option<Countries>,
}

impl<R> Live<'_, R> {
    /// Whether it reaches the destination or the party, and speaks of this destination at all.
    pub(crate) fn speaks_of(&self, ask: &Ask<'_>) -> bool {
        self.reach.of(ask) && self.other.is_none_or(|within| within.contains(ask.to.id))
    }
}
