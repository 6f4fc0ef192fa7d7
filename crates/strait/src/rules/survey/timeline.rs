//! What changed when for one chip and destination.

use crate::rules::survey::part::decided;
use crate::rules::survey::watched::{compared, instruments, line};
use crate::rules::{AsOf, AspectChange, Instrument, LawBook, Part, Transaction, Watched};
use jiff::civil::Date;
use serde::Serialize;

/// One day on which the verdict changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimelineEvent {
    /// The day.
    pub on: Date,
    /// Before it.
    pub before: Watched,
    /// From it on.
    pub after: Watched,
    /// Each part of the answer that changed, with its own instruments.
    pub changes: Vec<AspectChange>,
    /// Instruments that cause the change.
    pub instruments: Vec<String>,
    /// One line.
    pub text: String,
}

impl LawBook {
    /// Every day on which the verdict for this part changed, up to the day of knowledge and as known then.
    pub fn timeline(&self, part: &Part<'_>) -> Vec<TimelineEvent> {
        let base = &part.transaction;
        let mut days: Vec<Date> = self
            .instruments
            .iter()
            .flat_map(Instrument::boundaries)
            .flat_map(|when| [Some(when.first()), Some(when.last()), when.last().tomorrow().ok()])
            .flatten()
            .chain(self.places.boundaries())
            .chain([self.first_instrument])
            .filter(|day| *day <= base.known && *day > Date::MIN)
            .collect();
        days.sort();
        days.dedup();
        let item = part.item();
        let law = |on: Date| self.day(AsOf { on, ..AsOf::of(base) }).ok();
        let Some(mut before) = days.first().and_then(|d| d.yesterday().ok()).and_then(law) else {
            return Vec::new();
        };
        let mut events = Vec::new();
        for on in days {
            let Some(after) = law(on) else { continue };
            let tx = Transaction { on, ..base.clone() };
            if let (Ok(old), Ok(new)) = (decided(&before, &item, &tx), decided(&after, &item, &tx)) {
                let (was, is, changes) = compared((&before, &old), (&after, &new));
                if !changes.is_empty() {
                    events.push(TimelineEvent {
                        on,
                        before: was,
                        after: is,
                        instruments: instruments(&changes),
                        text: line(&changes),
                        changes,
                    });
                }
            }
            before = after;
        }
        events
    }
}
