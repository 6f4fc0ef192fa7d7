//! What changed between two days: which instruments, and for which parts, with the instruments that cause it.

use crate::catalog::Chip;
use crate::rules::survey::timeline::{line, watched};
use crate::rules::{
    AsOf, Instrument, InstrumentForm, Knower, LawBook, RulesError, State, Transaction, Verdict, Watched,
};
use crate::scenario::Side;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;

/// A day asked, with the day of knowledge it is asked under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Day asked.
    pub on: Date,
    /// Day of knowledge.
    pub known: Date,
    /// Whose knowledge.
    pub known_to: Knower,
}

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

/// A part to be compared, with the countries that the register of makers gives.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// The chip.
    pub chip: &'a Chip,
    /// Country of its designer.
    pub designer: Option<&'a str>,
    /// Country of its foundry.
    pub foundry: Option<&'a str>,
    /// Everything but the days.
    pub transaction: Transaction,
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
        let compared = parts
            .par_iter()
            .enumerate()
            .map(|(index, part)| self.part(index, part, (from, to), &instruments))
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
        &self,
        index: usize,
        part: &Part<'_>,
        (from, to): (Moment, Moment),
        changed: &[InstrumentChange],
    ) -> Result<Option<PartChange>, RulesError> {
        let at = |moment: Moment| {
            let tx = Transaction {
                on: moment.on,
                known: moment.known,
                known_to: moment.known_to,
                ..part.transaction.clone()
            };
            self.check(part.chip, part.designer, part.foundry, &tx)
        };
        let (before, after) = (at(from)?, at(to)?);
        let (was, is) = (watched(&before), watched(&after));
        Ok((was != is).then(|| PartChange {
            index,
            instruments: causes(&before, &after, |id| changed.iter().any(|c| c.id == id)),
            chip: after.chip,
            to: after.to,
            before: was,
            after: is,
            hypothetical: after.hypothetical,
            text: line(&was, &is),
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

/// Of the instruments that either verdict rests on, those whose own state differs; where none does (rows or
/// country groups with dates of their own), those that only one verdict rests on; else those behind the second.
pub(crate) fn causes(before: &Verdict, after: &Verdict, changed: impl Fn(&str) -> bool) -> Vec<String> {
    let (old, new) = (behind(before), behind(after));
    let mut both: Vec<&str> = new.clone();
    both.extend(old.iter().filter(|id| !new.contains(id)));
    let turned = |id: &&str| changed(id);
    let one_side = |id: &&str| old.contains(id) != new.contains(id);
    let mut found: Vec<&str> = both.iter().copied().filter(turned).collect();
    if found.is_empty() {
        found = both.iter().copied().filter(one_side).collect();
    }
    if found.is_empty() {
        found = new;
    }
    found.into_iter().map(str::to_owned).collect()
}

/// Instruments a verdict rests on: those that decide first, then the others it cites.
fn behind(verdict: &Verdict) -> Vec<&str> {
    let decide = verdict.us.why.iter().chain(&verdict.cn.why).map(String::as_str);
    let cited = verdict.citations.iter().map(|c| c.instrument.as_str());
    let mut ids: Vec<&str> = Vec::new();
    for id in decide.chain(cited) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}
