//! What changed between two days: which instruments, and for which parts, with the instruments that cause it.

use crate::rules::survey::part::{LawAt, decided};
use crate::rules::survey::watched::{compared, instruments, line};
use crate::rules::{
    AsOf, AspectChange, Instrument, InstrumentForm, LawBook, Moment, Part, RulesError, State, Watched,
};
use crate::scenario::Side;
use rayon::prelude::*;
use serde::Serialize;

/// What an instrument did between two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turned {
    /// Came into force, or under compliance.
    Began,
    /// Was in force and no longer is.
    Ended,
    /// Another state, neither in force before nor after.
    Changed,
}

/// One instrument whose state differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InstrumentChange {
    /// Instrument id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Formal citation, where there is one.
    pub cite: Option<String>,
    /// Whose it is.
    pub side: Side,
    /// Form.
    pub form: InstrumentForm,
    /// What it did.
    pub turned: Turned,
    /// State on the first day; `None` where it was not known of.
    pub before: Option<State>,
    /// State on the second day.
    pub after: Option<State>,
}

/// One part whose verdict differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartChange {
    /// Where it stands among the parts given, from 0.
    pub index: usize,
    /// Chip.
    pub chip: String,
    /// Destination.
    pub to: String,
    /// Verdict on the first day.
    pub before: Watched,
    /// Verdict on the second.
    pub after: Watched,
    /// Whether the chip was not announced on the second day either.
    pub hypothetical: bool,
    /// Each part of the answer that differs, with its own instruments.
    pub changes: Vec<AspectChange>,
    /// Instruments that cause the difference.
    pub instruments: Vec<String>,
    /// One line.
    pub text: String,
}

/// What changed between two days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LawDiff {
    /// First day.
    pub from: Moment,
    /// Second day.
    pub to: Moment,
    /// Instruments whose state differs, US first.
    pub instruments: Vec<InstrumentChange>,
    /// Parts whose verdict differs, in the order given.
    pub parts: Vec<PartChange>,
    /// Parts whose verdict is the same.
    pub unchanged: usize,
}

impl LawBook {
    /// Compares two days: the state of every instrument, and the verdict on every part.
    ///
    /// # Errors
    /// An unknown country, or two instruments that contradict one another on either day.
    pub fn diff(&self, from: Moment, to: Moment, parts: &[Part<'_>]) -> Result<LawDiff, RulesError> {
        let instruments: Vec<InstrumentChange> = self
            .instruments
            .iter()
            .filter_map(|i| instrument(i, from, to))
            .collect();
        let laws = (LawAt::new(self, from)?, LawAt::new(self, to)?);
        let compared = parts
            .par_iter()
            .enumerate()
            .map(|(index, part)| Self::part(index, part, (&laws.0, &laws.1), (from, to)))
            .collect::<Result<Vec<_>, _>>()?;
        let changed: Vec<PartChange> = compared.into_iter().flatten().collect();
        Ok(LawDiff {
            from,
            to,
            unchanged: parts.len() - changed.len(),
            instruments,
            parts: changed,
        })
    }

    fn part(
        index: usize,
        part: &Part<'_>,
        (from, to): (&LawAt<'_>, &LawAt<'_>),
        moments: (Moment, Moment),
    ) -> Result<Option<PartChange>, RulesError> {
        let item = part.item();
        let (first, second) = (part.at(moments.0), part.at(moments.1));
        let (old, new) = (from.day(part), to.day(part));
        let before = decided(old, &item, &first)?;
        let after = decided(new, &item, &second)?;
        let (was, is, changes) = compared((old, &before), (new, &after));
        let announced = part.chip.market.announced.as_ref().map(|a| a.value);
        Ok((!changes.is_empty()).then(|| PartChange {
            index,
            chip: part.chip.id.0.clone(),
            to: new.book.code(&second.to).to_owned(),
            before: was,
            after: is,
            hypothetical: announced.is_none_or(|a| a.first() > moments.1.on),
            instruments: instruments(&changes),
            text: line(&changes),
            changes,
        }))
    }
}

fn instrument(i: &Instrument, from: Moment, to: Moment) -> Option<InstrumentChange> {
    let state = |moment: Moment| {
        i.state_as_of(AsOf {
            on: moment.on,
            known: moment.known,
            known_to: moment.known_to,
            codified: false,
        })
    };
    let (before, after) = (state(from), state(to));
    let holds = |state: Option<State>| matches!(state, Some(State::InForce | State::ComplianceLater));
    let turned = match (holds(before), holds(after)) {
        _ if before == after => return None,
        (false, true) => Turned::Began,
        (true, false) => Turned::Ended,
        (false, false) | (true, true) => Turned::Changed,
    };
    Some(InstrumentChange {
        id: i.id.clone(),
        title: i.title.clone(),
        cite: i.cite.short().map(str::to_owned),
        side: i.side,
        form: i.form,
        turned,
        before,
        after,
    })
}
