//! What changed when for one chip and destination, and what is dated to come.

use crate::catalog::Chip;
use crate::rules::{ChinaState, Classification, Instrument, LawBook, License, Review, Transaction, Verdict};
use crate::scenario::Side;
use jiff::civil::Date;
use serde::Serialize;

/// The parts of a verdict a timeline watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Watched {
    /// Classification.
    pub classification: Classification,
    /// License.
    pub license: License,
    /// Review policy.
    pub review: Option<Review>,
    /// State on the China side.
    pub cn_state: ChinaState,
}

/// One day on which the verdict changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimelineEvent {
    /// The day.
    pub on: Date,
    /// Before it.
    pub before: Watched,
    /// From it on.
    pub after: Watched,
    /// Instruments that begin, end or decide that day.
    pub instruments: Vec<String>,
    /// One line.
    pub text: String,
}

/// A dated end or start still ahead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Upcoming {
    /// The day, as exact as known.
    pub on: String,
    /// Instrument.
    pub instrument: String,
    /// Its title.
    pub title: String,
    /// What happens then.
    pub what: String,
}

pub(crate) fn watched(verdict: &Verdict) -> Watched {
    Watched {
        classification: verdict.us.classification,
        license: verdict.us.license,
        review: verdict.us.review,
        cn_state: verdict.cn.state,
    }
}

impl LawBook {
    /// Every day on which the verdict for this chip and destination changed, up to the day of knowledge
    /// and as known then.
    pub fn timeline(
        &self,
        chip: &Chip,
        designer_country: Option<&str>,
        base: &Transaction,
    ) -> Vec<TimelineEvent> {
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
        let at = |on: Date| {
            let tx = Transaction { on, ..base.clone() };
            self.check(chip, designer_country, None, &tx).ok()
        };
        let Some(first) = days.first().and_then(|d| d.yesterday().ok()) else {
            return Vec::new();
        };
        let Some(mut before) = at(first) else {
            return Vec::new();
        };
        let mut events = Vec::new();
        for day in days {
            let Some(after) = at(day) else { continue };
            let (was, is) = (watched(&before), watched(&after));
            if was != is {
                events.push(TimelineEvent {
                    on: day,
                    text: line(&was, &is),
                    instruments: self.behind(&before, &after, day),
                    before: was,
                    after: is,
                });
            }
            before = after;
        }
        events
    }

    /// Instruments whose state changes that day among those either verdict names; else all it newly names.
    fn behind(&self, before: &Verdict, after: &Verdict, day: Date) -> Vec<String> {
        let mut named: Vec<&String> = Vec::new();
        let ids = |v: &'_ Verdict| {
            v.citations
                .iter()
                .map(|c| c.instrument.clone())
                .collect::<Vec<_>>()
        };
        let (old, new) = (ids(before), ids(after));
        for id in old.iter().chain(&new) {
            if !named.contains(&id) && old.contains(id) != new.contains(id) {
                named.push(id);
            }
        }
        if named.is_empty() {
            let begins = |i: &&Instrument| i.boundaries().any(|w| w.first() == day || w.last() == day);
            return self
                .instruments
                .iter()
                .filter(|i| new.contains(&i.id))
                .filter(begins)
                .map(|i| i.id.clone())
                .collect();
        }
        named.into_iter().cloned().collect()
    }

    /// Dated starts, ends and compliance days after `on`, as known on `known`.
    pub fn upcoming(&self, on: Date, known: Date) -> Vec<Upcoming> {
        let mut found: Vec<(Date, Upcoming)> = Vec::new();
        let mut add = |instrument: &Instrument, when: crate::figure::When, what: String| {
            if when.first() > on {
                found.push((
                    when.first(),
                    Upcoming {
                        on: when.to_string(),
                        instrument: instrument.id.clone(),
                        title: instrument.title.clone(),
                        what,
                    },
                ));
            }
        };
        for instrument in &self.instruments {
            if instrument.dates.known_from.is_some_and(|k| k.last() > known) {
                continue;
            }
            let side = if instrument.side == Side::Us {
                "US"
            } else {
                "China"
            };
            for row in instrument.status.iter().map(toml::Spanned::get_ref) {
                if row.known_from.last() <= known {
                    let state = row.state.words();
                    add(instrument, row.from, format!("{side}: becomes {state}"));
                }
            }
            if let Some(day) = instrument.dates.compliance {
                add(instrument, day, format!("{side}: must be complied with"));
            }
            if let Some(day) = instrument.dates.ends {
                add(instrument, day, format!("{side}: ends"));
            }
        }
        found.sort_by(|a, b| (a.0, &a.1.instrument).cmp(&(b.0, &b.1.instrument)));
        found.dedup();
        found.into_iter().map(|(_, upcoming)| upcoming).collect()
    }
}

pub(crate) fn line(was: &Watched, is: &Watched) -> String {
    let mut parts = Vec::new();
    let mut differ = |what: &str, a: &str, b: &str| {
        if a != b {
            parts.push(format!(
                "{what} {} -> {}",
                a.replace('_', " "),
                b.replace('_', " ")
            ));
        }
    };
    let review = |review: Option<Review>| review.map_or("none", Review::name);
    differ(
        "classification",
        was.classification.name(),
        is.classification.name(),
    );
    differ("license", was.license.name(), is.license.name());
    differ("review", review(was.review), review(is.review));
    differ("China side", was.cn_state.name(), is.cn_state.name());
    parts.join("; ")
}
